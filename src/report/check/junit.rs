//! The check as JUnit's XML: a suite for each document, a case for each finding.
//!
//! A finding that fails the build is a failure, any other a case that passed and says something; what could not be read
//! or asked is an error where it makes the check end with "could not tell". So a reader of the file comes to the same end as the exit code.

use std::collections::BTreeMap;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::{Check, Checked};
use crate::report::{Rows, escape};

/// Every document as a suite; one in which nothing was found holds one case that passed.
pub fn check_junit(check: &Check) -> String {
    let mut suites: BTreeMap<&str, Vec<&Checked>> = BTreeMap::new();
    for document in &check.report.known.documents {
        suites.entry(&document.path).or_default();
    }
    for one in &check.findings {
        let path = one.finding.place.as_ref().map_or(check.home.as_str(), |place| &place.path);
        suites.entry(path).or_default().push(one);
    }
    let mut report = Report::new("dragnet");
    for (path, findings) in suites {
        let path = escape::plain(path, escape::SENTENCE);
        let mut suite = TestSuite::new(path.as_str());
        if findings.is_empty() {
            suite.add_test_case(TestCase::new(path.as_str(), TestCaseStatus::success()));
        }
        suite.add_test_cases(findings.into_iter().map(|one| case(one, check, &path)));
        report.add_test_suite(suite);
    }
    if !check.troubles.is_empty() {
        let mut suite = TestSuite::new("could not tell");
        suite.add_test_cases(check.troubles.iter().map(|trouble| {
            let trouble = escape::plain(trouble, escape::SENTENCE);
            let mut status = TestCaseStatus::success();
            if check.could_not_tell {
                status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(trouble.as_str());
            }
            TestCase::new(trouble.as_str(), status)
        }));
        report.add_test_suite(suite);
    }
    // The writer fails only on names that are no XML, and all of ours are constants.
    let report = report.to_string().unwrap_or_default();
    // The first is the whole report's, whose name is a constant: Jenkins's schema knows no such count there.
    let report = report.replacen(" skipped=\"0\"", "", 1);
    // Written so that they read the same, and command no runner whose log this is.
    report.replace("##[", "#&#35;[").replace("##vso[", "#&#35;vso[")
}

fn case(one: &Checked, check: &Check, path: &str) -> TestCase {
    let finding = one.finding;
    let about = finding.ticket.as_ref().map(ToString::to_string);
    let about = about.or_else(|| finding.challenge.as_ref().map(ToString::to_string)).unwrap_or_default();
    let name = escape::plain(&format!("{} {about}", finding.code), escape::TITLE);
    // The row is told behind it.
    let at =
        one.at(&Rows::default()).map(|at| format!("{}: ", escape::plain(&at, escape::SENTENCE))).unwrap_or_default();
    let says = XmlString::new(format!("{at}{}", one.message(&check.rows)));
    let mut case = if one.fails {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_type(finding.code.word()).set_message(escape::plain(&finding.message, escape::SENTENCE));
        status.set_description(says);
        TestCase::new(name, status)
    } else {
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_system_out(says);
        case
    };
    case.set_classname(path);
    case
}
