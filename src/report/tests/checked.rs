//! What `check` gives out: each format whole, within the limits of its readers, and valid whatever anybody wrote.

use proptest::prelude::*;
use serde_json::Value;

use super::hostile::poisoned;
use super::properties::written;
use super::sample::{World, id};
use super::world::{outage, sample};
use crate::domain::finding::{Code, Finding, Severity};
use crate::report::{
    Check, Checked, Spot, Style, check_badge, check_github, check_gitlab, check_json, check_junit, check_markdown,
    check_rdjson, check_sarif, check_shields, check_text,
};

fn style() -> Style {
    Style { color: false, width: 100 }
}

/// A check of everything that the sample has; errors fail.
pub(super) fn check(world: &World) -> Check<'_> {
    of(world, world.judged.findings.iter())
}

fn of<'a>(world: &'a World, findings: impl Iterator<Item = &'a Finding>) -> Check<'a> {
    let checked = |finding: &'a Finding| {
        let spot = finding.place.as_ref().map(|place| {
            let line = format!("{}the words and what is around", "x".repeat(place.column as usize % 300));
            Spot::new(&format!("below/{}", place.path), &line, place.column % 300, 9)
        });
        Checked {
            finding,
            counts: true,
            known: false,
            fails: finding.severity == Severity::Error,
            spot,
            elsewhere: &[],
        }
    };
    Check {
        in_part: false,
        report: world.report(),
        findings: findings.map(checked).collect(),
        home: "dragnet.toml".to_owned(),
        troubles: world.known.trackers.iter().filter_map(|one| Some(one.trouble.as_ref()?.says.clone())).collect(),
        could_not_tell: true,
        unknown: world.report().counts().lookups.unknown,
        scope: None,
        unasked: false,
        rows: crate::report::Rows::of(&world.known),
    }
}

fn three(world: &World) -> Check<'_> {
    let codes = [Code::BrokenLink, Code::MovedTicket, Code::ClosedUnverified];
    let first = |code: Code| world.judged.findings.iter().find(|finding| finding.code == code).unwrap();
    of(world, codes.into_iter().map(first))
}

#[test]
fn text_names_places_and_ends_in_totals() {
    let world = outage();
    insta::assert_snapshot!(check_text(&three(&world), Severity::Info, style()), @"
    docs/arch-hours.md:30:120: error broken-link: openedx/wg-frontend#126 is not there
       30 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxthe words and what is around
          |                                                        ^^^^^^^^^
        hint: correct the number, or remove the link
    docs/challenges.md:23:120: warning moved-ticket: SRE-84 is PSRE-84 now
       23 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxthe words and what is around
          |                                                        ^^^^^^^^^
        hint: write PSRE-84
    docs/arch-hours.md:30:120: info closed-unverified: axim-engineering#990 was closed, and nothing shows the work
       30 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxthe words and what is around
          |                                                        ^^^^^^^^^
    3 findings (1 error, 1 warning, 1 info) in 12 challenges and 14 tickets; 9 tickets could not be asked for
    ");
    let world = sample();
    insta::assert_snapshot!(check_text(&of(&world, [].into_iter()), Severity::Info, style()), @"no findings in 12 challenges and 14 tickets");
}

#[test]
fn text_without_a_place_names_the_ticket() {
    let world = sample();
    let of_ticket = |ticket: Option<&str>| Finding {
        place: None,
        hint: None,
        ticket: ticket.map(id),
        ..world.judged.findings[0].clone()
    };
    let (with, without) = (of_ticket(Some("jira:A-1")), of_ticket(None));
    let told = check_text(&of(&world, [&with, &without].into_iter()), Severity::Info, style());
    assert!(told.starts_with("jira:A-1: warning closed-undone: "), "{told}");
    assert!(told.contains("\nwarning closed-undone: "), "{told}");
}

#[test]
fn json_holds_findings_and_totals() {
    let world = sample();
    let told: Value = serde_json::from_str(&check_json(&check(&world))).unwrap();
    assert_eq!(told["totals"], serde_json::json!({"errors": 1, "warnings": 6, "infos": 9, "known": 0}));
    assert_eq!(told["findings"].as_array().unwrap().len(), 16);
    assert_eq!((&told["counts"]["tickets"], &told["waived"]), (&14.into(), &serde_json::json!([])));
}

#[test]
fn github_gets_annotations_the_worst_first() {
    let world = sample();
    insta::assert_snapshot!(check_github(&three(&world), Severity::Info), @"
    ::error file=below/docs/arch-hours.md,line=30,col=120,endColumn=129,title=dragnet%3A broken-link::openedx/wg-frontend#126 is not there%0Ahint: correct the number, or remove the link
    ::warning file=below/docs/challenges.md,line=23,col=120,endColumn=129,title=dragnet%3A moved-ticket::SRE-84 is PSRE-84 now%0Ahint: write PSRE-84
    ::notice file=below/docs/arch-hours.md,line=30,col=120,endColumn=129,title=dragnet%3A closed-unverified::axim-engineering#990 was closed, and nothing shows the work
    3 findings (1 error, 1 warning, 1 info) in 12 challenges and 14 tickets
    ");
}

#[test]
fn ten_annotations_of_a_kind_and_the_rest_as_lines() {
    let mut world = sample();
    let warning = world.judged.findings.iter().find(|one| one.severity == Severity::Warning).unwrap().clone();
    let error = world.judged.findings.iter().find(|one| one.severity == Severity::Error).unwrap().clone();
    world.judged.findings = vec![warning; 12];
    world.judged.findings.push(error);
    let told = check_github(&check(&world), Severity::Warning);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("::error "), "{told}");
    assert_eq!(lines[1..].iter().filter(|line| line.starts_with("::warning ")).count(), 10);
    assert_eq!((lines.len(), lines[11]), (15, "GitHub shows 10 annotations of a kind; these are the others:"));
}

/// Each element of an array on a line of its own.
fn lines(array: &Value) -> String {
    array.as_array().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_formats_for_programs_whole() {
    let world = outage();
    let mut check = three(&world);
    check.findings[1].known = true;
    let json = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    insta::assert_snapshot!(lines(&json(check_gitlab(&check))), @r#"
    {"categories":["Clarity"],"check_name":"broken-link","description":"openedx/wg-frontend#126 is not there; hint: correct the number, or remove the link","fingerprint":"broken-link-30","location":{"lines":{"begin":30,"end":30},"path":"below/docs/arch-hours.md"},"severity":"critical","type":"issue"}
    {"categories":["Clarity"],"check_name":"moved-ticket","description":"SRE-84 is PSRE-84 now; hint: write PSRE-84","fingerprint":"moved-ticket-23","location":{"lines":{"begin":23,"end":23},"path":"below/docs/challenges.md"},"severity":"minor","type":"issue"}
    {"categories":["Clarity"],"check_name":"closed-unverified","description":"axim-engineering#990 was closed, and nothing shows the work","fingerprint":"closed-unverified-30","location":{"lines":{"begin":30,"end":30},"path":"below/docs/arch-hours.md"},"severity":"info","type":"issue"}
    "#);
    insta::assert_snapshot!(lines(&json(check_rdjson(&check))["diagnostics"]), @r#"
    {"code":{"value":"broken-link"},"location":{"path":"below/docs/arch-hours.md","range":{"end":{"column":129,"line":30},"start":{"column":120,"line":30}}},"message":"openedx/wg-frontend#126 is not there\nhint: correct the number, or remove the link","severity":"ERROR"}
    {"code":{"value":"moved-ticket"},"location":{"path":"below/docs/challenges.md","range":{"end":{"column":129,"line":23},"start":{"column":120,"line":23}}},"message":"SRE-84 is PSRE-84 now\nhint: write PSRE-84","severity":"WARNING"}
    {"code":{"value":"closed-unverified"},"location":{"path":"below/docs/arch-hours.md","range":{"end":{"column":129,"line":30},"start":{"column":120,"line":30}}},"message":"axim-engineering#990 was closed, and nothing shows the work","severity":"INFO"}
    "#);
    let sarif = json(check_sarif(&check));
    insta::assert_snapshot!(lines(&sarif["runs"][0]["results"]), @r#"
    {"level":"error","locations":[{"physicalLocation":{"artifactLocation":{"uri":"below/docs/arch-hours.md"},"region":{"endColumn":129,"startColumn":120,"startLine":30}}}],"message":{"text":"openedx/wg-frontend#126 is not there\nhint: correct the number, or remove the link"},"partialFingerprints":{"dragnet/v1":"broken-link-30"},"properties":{"counts":true,"ticket":"github:openedx/wg-frontend#126"},"ruleId":"broken-link","ruleIndex":0}
    {"baselineState":"unchanged","level":"warning","locations":[{"physicalLocation":{"artifactLocation":{"uri":"below/docs/challenges.md"},"region":{"endColumn":129,"startColumn":120,"startLine":23}}}],"message":{"text":"SRE-84 is PSRE-84 now\nhint: write PSRE-84"},"partialFingerprints":{"dragnet/v1":"moved-ticket-23"},"properties":{"counts":true,"ticket":"jira:SRE-84"},"ruleId":"moved-ticket","ruleIndex":2}
    {"level":"note","locations":[{"physicalLocation":{"artifactLocation":{"uri":"below/docs/arch-hours.md"},"region":{"endColumn":129,"startColumn":120,"startLine":30}}}],"message":{"text":"axim-engineering#990 was closed, and nothing shows the work"},"partialFingerprints":{"dragnet/v1":"closed-unverified-30"},"properties":{"counts":true,"ticket":"github:openedx/axim-engineering#990"},"ruleId":"closed-unverified","ruleIndex":9}
    "#);
    insta::assert_snapshot!(lines(&sarif["runs"][0]["invocations"]), @r#"{"endTimeUtc":"2026-11-21T21:17:00Z","executionSuccessful":false,"toolExecutionNotifications":[{"level":"warning","message":{"text":"https://openedx.atlassian.net: answered 503"}}]}"#);
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().len(), Code::ALL.len());
}

#[test]
fn junit_and_markdown_whole() {
    let world = outage();
    let mut check = three(&world);
    check.findings[1].known = true;
    insta::assert_snapshot!(check_junit(&check), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="dragnet" tests="4" failures="1" errors="1">
        <testsuite name="docs/arch-hours.md" tests="2" skipped="0" errors="0" failures="1">
            <testcase name="broken-link github:openedx/wg-frontend#126" classname="docs/arch-hours.md">
                <failure message="openedx/wg-frontend#126 is not there" type="broken-link">docs/arch-hours.md:30:120: openedx/wg-frontend#126 is not there
    hint: correct the number, or remove the link</failure>
            </testcase>
            <testcase name="closed-unverified github:openedx/axim-engineering#990" classname="docs/arch-hours.md">
                <system-out>docs/arch-hours.md:30:120: axim-engineering#990 was closed, and nothing shows the work</system-out>
            </testcase>
        </testsuite>
        <testsuite name="docs/challenges.md" tests="1" skipped="0" errors="0" failures="0">
            <testcase name="moved-ticket jira:SRE-84" classname="docs/challenges.md">
                <system-out>docs/challenges.md:23:120: SRE-84 is PSRE-84 now
    hint: write PSRE-84</system-out>
            </testcase>
        </testsuite>
        <testsuite name="could not tell" tests="1" skipped="0" errors="1" failures="0">
            <testcase name="https://openedx.atlassian.net: answered 503">
                <error message="https://openedx.atlassian.net: answered 503"/>
            </testcase>
        </testsuite>
    </testsuites>
    "#);
    insta::assert_snapshot!(check_markdown(&check, Severity::Info).replace('\u{200b}', ""), @r#"
    **dragnet**: 3 findings (1 error, 1 warning, 1 info) in 12 challenges and 14 tickets; 1 of them in the baseline; 9 tickets could not be asked for

    > https://openedx.atlassian.net: answered 503

    | | Where | What |
    | --- | --- | --- |
    | ✗ fails | `docs/arch-hours.md:30:120` | **broken-link** openedx/wg-frontend\#126 is not there<br>correct the number, or remove the link |
    | ! warning | `docs/challenges.md:23:120` | **moved-ticket** SRE-84 is PSRE-84 now (in the baseline)<br>write PSRE-84 |
    | · info | `docs/arch-hours.md:30:120` | **closed-unverified** axim-engineering\#990 was closed, and nothing shows the work |
    "#);
}

/// Six thousand findings, one of them an error that stands last.
fn many() -> World {
    let mut world = sample();
    let of = |severity| world.judged.findings.iter().find(|one| one.severity == severity).unwrap().clone();
    let (info, error) = (of(Severity::Info), of(Severity::Error));
    let long = |n: usize| Finding { message: format!("{n} {}", "long ".repeat(300)), ..info.clone() };
    world.judged.findings = (0..5_999).map(long).collect();
    world.judged.findings.push(error);
    world
}

#[test]
fn what_is_too_much_for_a_reader_is_cut_by_severity_and_said() {
    let world = many();
    let sarif: Value = serde_json::from_str(&check_sarif(&check(&world))).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["level"]), (5_000, &"error".into()));
    let said = run["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(said.contains("1000 more findings, the least severe, were left out"), "{said}");
    let summary = check_markdown(&check(&world), Severity::Info);
    assert!(summary.len() < 1024 * 1024 && summary.len() > 512 * 1024, "{}", summary.len());
    assert!(summary.lines().nth(4).unwrap().contains("broken-link"), "{:?}", summary.lines().nth(4));
    assert!(summary.ends_with("more findings, the least severe, were left out.\n"));
    let lines = check_gitlab(&check(&world));
    let fingerprints: std::collections::BTreeSet<&str> =
        lines.lines().filter(|line| line.contains("\"fingerprint\"")).collect();
    assert_eq!(fingerprints.len(), 6_000);
}

#[test]
fn a_badge_says_what_fails_first_and_nothing_that_others_wrote() {
    let world = many();
    let message = |check: &Check| {
        let json: Value = serde_json::from_str(&check_shields(check)).unwrap();
        let (message, color) =
            (json["message"].as_str().unwrap().to_owned(), json["color"].as_str().unwrap().to_owned());
        assert!(check_badge(check).contains(&format!("<title>tickets: {message}</title>")));
        (message, color)
    };
    let mut checked = check(&world);
    let said = |message: &str, color: &str| (message.to_owned(), color.to_owned());
    assert_eq!(message(&checked), said("1 failing", "red"));
    checked.could_not_tell = true;
    assert_eq!(message(&checked), said("1 failing", "red"));
    checked.findings.iter_mut().for_each(|one| one.fails = false);
    assert_eq!(message(&checked), said("could not tell", "lightgrey"));
    checked.could_not_tell = false;
    assert_eq!(message(&checked), said("1 finding", "yellow"));
    checked.findings.retain(|one| one.finding.severity == Severity::Info);
    assert_eq!(message(&checked), said("fine", "brightgreen"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_written_every_format_stays_what_it_is(written in written()) {
        let world = poisoned(&written);
        let check = check(&world);
        for json in [check_json(&check), check_sarif(&check), check_gitlab(&check), check_rdjson(&check)] {
            prop_assert!(serde_json::from_str::<Value>(&json).is_ok());
        }
        let junit = quick_junit::Report::deserialize_from_str(&check_junit(&check));
        prop_assert!(junit.is_ok(), "{:?}", junit.err());
        let no_xml = check_junit(&check).contains(['\u{fffe}', '\u{ffff}']);
        prop_assert!(!no_xml);
        // As many commands as there are findings, whatever stands in them, and nothing else that a runner obeys.
        let github = check_github(&check, Severity::Info);
        let commands = github.lines().filter(|line| line.trim_start().starts_with("::")).count();
        prop_assert_eq!(commands, 1 + 6 + 9, "{}", github);
        let text = check_text(&check, Severity::Info, style());
        prop_assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{}", text);
        let others = [
            check_json(&check), check_sarif(&check), check_gitlab(&check), check_rdjson(&check), check_junit(&check),
            check_markdown(&check, Severity::Info),
        ];
        for out in [github, text].into_iter().chain(others) {
            prop_assert!(!out.contains("##[") && !out.contains("##vso["), "{}", out);
            prop_assert!(!out.lines().any(|line| line.trim_start().starts_with("::") && !line.contains(",title=dragnet%3A ")), "{}", out);
        }
    }
}
