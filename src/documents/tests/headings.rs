//! Headings into columns, by tables.

use crate::documents::columns::{Column, Own};
use crate::documents::contents::Holds;
use crate::documents::headings::name;
use crate::domain::document::Headings;

/// One letter for each column: Category, Title, Anecdotes, Number, Status, Remedy, or a dash.
fn named(header: &str, holds: &[Holds]) -> String {
    named_with(header, &Headings::default(), holds)
}

fn named_with(header: &str, own: &Headings, holds: &[Holds]) -> String {
    let headings: Vec<String> = header.split('|').map(str::to_owned).collect();
    let letter = |column| match column {
        Column::Category => 'C',
        Column::Title => 'T',
        Column::Anecdotes => 'A',
        Column::Occurrences => 'N',
        Column::Status => 'S',
        Column::Remedy => 'R',
        Column::Other => '-',
    };
    let below = |nth: usize| holds.get(nth).copied().unwrap_or_default();
    name(&headings, &Own::new(own), below).into_iter().map(letter).collect()
}

#[test]
fn words_of_the_configuration_come_before_those_that_are_known_anyway() {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let own = Headings {
        category: words(&["Bereich"]),
        title: words(&["Hindernis", "Name"]),
        anecdotes: words(&["Berichte der Teams"]),
        occurrences: words(&["Häufigkeit", "回数"]),
        status: words(&["Maßnahme", "Estado"]),
        tickets: words(&["Vorgang", "チケット"]),
    };
    for (header, expected) in [
        ("Bereich | Hindernis | Berichte der Teams (mit Datum) | HÄUFIGKEIT | Maßnahme", "CTANS"),
        ("**Estado** | 回数 | Name", "SNT"),
        ("Issue | Name | Status", "-TS"),
        ("Name des Hindernisses | Maßnahme?", "TS"),
        ("Area | Issue | Maßnahme", "CTS"),
        ("Vorname | Status", "-S"),
        ("Name | Maßnahme | Ticket", "TSR"),
        ("Hindernis | Maßnahme | Vorgang | Vorgang der Partner", "TSRR"),
        // Without a status the first of them is the status.
        ("Hindernis | チケット | Ticket", "TSR"),
        ("Issue | Status | Related incidents (Vorgang)", "TSA"),
        ("Issue | Status | Vorgang: related incidents", "TSR"),
    ] {
        assert_eq!(named_with(header, &own, &[]), expected, "{header}");
    }
    // What somebody said is so, whatever stands below.
    assert_eq!(named_with("Name | Summary | Status", &own, &[Holds::Tickets, Holds::Words, Holds::Words]), "T-S");
}

#[test]
fn columns_are_known_by_many_words_in_any_order() {
    for (header, expected) in [
        ("Category | Issue | Team anecdotes (with dates) | Number of occurrences | Status", "CTANS"),
        ("Status|Count|Examples|Problem|Area", "SNATC"),
        ("Challenge | Reports | # | Tickets", "TANS"),
        ("Title | Remedy", "TS"),
        ("Problem area | Problem | Jira issue", "CTS"),
        ("Issue | Issue status", "TS"),
        ("Issue number | Issue | Owner", "-T-"),
        ("Issue | Issue", "T-"),
        ("Pain point | How often? | Fix", "TNS"),
        ("**Issue** | Times seen", "TN"),
        ("Name | Since", "--"),
        ("Examples of the problem | Problem | Number of problems", "ATN"),
        ("", "-"),
        ("Pain point | Evidence | Votes | Remediation", "TANS"),
        ("Friction | Impact | +1s | Mitigation", "TANS"),
        ("Problem | Description | Frequency | Solution", "TANS"),
        ("Topic | Details | # | Actions", "TANS"),
        ("Summary | Notes | Tracking", "TAS"),
        ("Description | Status", "TS"),
        ("Description | Issue | Link(s)", "ATS"),
        ("Issue | Status | Links | Notes", "TS-A"),
        ("Issue | Notes | Owner", "T--"),
        ("Notes | Links | Topic of the day", "---"),
        (" | Issue | Status", "CTS"),
        (" | Category | Issue | Status", "-CTS"),
        (" | Name | Status", "--S"),
        ("Topic | Links", "--"),
        ("Action needed | Issue | Status", "-TS"),
    ] {
        assert_eq!(named(header, &[]), expected, "{header}");
    }
}

#[test]
fn tickets_have_columns_of_their_own_beside_a_status() {
    for (header, expected) in [
        ("Issue | Status | Ticket", "TSR"),
        ("Issue | Ticket | Status", "TRS"),
        ("Issue | Jira | PRs", "TSR"),
        ("Area | Issue | State | Tracking", "CTSR"),
        ("Problem | Fix | Current status | Pull request", "TRSR"),
        ("Problem | Mitigation | Solution", "TSR"),
        ("Challenge | Votes | PR(s)", "TNR"),
        ("Title | PR", "TR"),
        ("Issue | Status | Fix version | Ticket owner | PR author", "TS---"),
        ("Issue | Ticket title | Ticket status", "T-S"),
        ("Issue | Status | Ticket | Related tickets | Incident ticket", "TSR--"),
        ("Issue | Status | Related tickets", "TSR"),
        ("Issue | Related tickets", "TS"),
        ("Issue | Incident ticket", "T-"),
    ] {
        assert_eq!(named(header, &[]), expected, "{header}");
    }
}

#[test]
fn what_stands_below_tells_tickets_from_titles() {
    use Holds::{Cited, Tickets, Words};
    for (header, holds, expected) in [
        ("Problem | Issue | Status", [Words, Tickets, Words], "TRS"),
        ("Problem | Issue | Status", [Words, Words, Words], "T-S"),
        ("Issue | Problem | Status", [Tickets, Words, Words], "RTS"),
        ("Issue | Summary | Status", [Tickets, Words, Words], "RTS"),
        ("Issue | Status | Notes", [Tickets, Words, Words], "RST"),
        ("Issue | Status | Owner", [Tickets, Words, Words], "TS-"),
        ("Task | Status | Issue", [Words, Words, Tickets], "TSR"),
        ("Phase | Tracking issue | Status", [Words, Tickets, Words], "TRS"),
        ("Phase | Tracking issue | Target", [Words, Tickets, Words], "-S-"),
        ("Sprint | Issue | Status", [Words, Tickets, Words], "-TS"),
        ("Description | Related issue | Status", [Words, Tickets, Words], "TRS"),
        ("Description | Related issue | Status", [Words, Tickets, Cited], "T-S"),
        ("Problem | Issue | Owner", [Words, Tickets, Words], "TS-"),
        ("Summary | Issue | Owner", [Words, Tickets, Words], "-T-"),
        ("Issue | Severity | Fixed in", [Words, Words, Cited], "T-S"),
        ("Issue | Severity | Fixed in", [Words, Words, Words], "T--"),
    ] {
        assert_eq!(named(header, &holds), expected, "{header}");
    }
}

#[test]
fn numbers_of_rows_count_nothing() {
    use Holds::{Counts, Places, Rising, Words};
    for (header, holds, expected) in [
        ("# | Issue | Status", [Places, Words, Words], "-TS"),
        ("No. | Issue | Status", [Rising, Words, Words], "-TS"),
        ("No. | Issue | Status", [Words, Words, Words], "-TS"),
        ("# | Issue | Status", [Counts, Words, Words], "NTS"),
        ("# | Issue | Votes", [Places, Words, Places], "-TN"),
        ("# | Issue | Times seen", [Counts, Words, Counts], "-TN"),
        ("Issue | # | Status", [Words, Rising, Words], "TNS"),
        ("Issue | # | Status", [Words, Places, Words], "T-S"),
        (" | Issue | Status", [Places, Words, Words], "-TS"),
    ] {
        assert_eq!(named(header, &holds), expected, "{header}");
    }
}

#[test]
fn a_vague_title_beside_a_category_is_none() {
    for header in ["Component | Description", "Area | Summary | Owner", "Theme | Topic | Links"] {
        assert_eq!(named(header, &[]).find('T'), None, "{header}");
    }
}
