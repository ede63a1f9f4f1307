//! Dates as people write them, by tables, and against the pattern.

use proptest::prelude::*;

use super::{DATE, all, found, leading, stands_alone};

/// `date`, `~date` when approximate, `!` when there is no such date, `-` when none is written.
fn shown(text: &str) -> String {
    match leading(text) {
        None => "-".to_owned(),
        Some(written) => {
            let date = written.date.map_or_else(|_| "!".to_owned(), |date| date.to_string());
            format!("{}{date}", if written.approximate { "~" } else { "" })
        }
    }
}

#[test]
fn dates_are_read_as_exactly_as_they_are_written() {
    for (text, expected) in [
        ("April 6, 2020: x", "2020-04-06"),
        ("Sep 18, 2020 - x", "2020-09-18"),
        ("June 10, 2020 SRE-84 -", "2020-06-10"),
        ("~Aug, 2021: x", "~2021-08"),
        ("Sept 18 2020", "2020-09-18"),
        ("Sept. 18th, 2020", "2020-09-18"),
        ("2021-08-14", "2021-08-14"),
        ("2021-8-4", "2021-08-04"),
        ("2021/08/14", "2021-08-14"),
        ("2021-08", "2021-08"),
        ("2021-08-14T10:00Z", "2021-08-14"),
        ("14 Aug 2021", "2021-08-14"),
        ("14. August 2021", "2021-08-14"),
        ("14th of August, 2021", "2021-08-14"),
        ("Aug 2021", "2021-08"),
        ("AUGUST 2021", "2021-08"),
        ("Aug. 2021", "2021-08"),
        ("Q3 2021", "~2021-07"),
        ("2021 Q1", "~2021-01"),
        ("2021-Q4", "~2021-10"),
        ("2021", "2021"),
        ("Wed, Aug 4, 2021", "2021-08-04"),
        ("Wednesday 4 August 2021", "2021-08-04"),
        ("circa 2021", "~2021"),
        ("c. 2021", "~2021"),
        ("around Aug 2021", "~2021-08"),
        ("about Aug 4, 2021", "~2021-08-04"),
        ("mid-August 2021", "~2021-08"),
        ("early 2021", "~2021"),
        ("≈ 2021-08", "~2021-08"),
        ("Aug 3-5, 2021", "~2021-08-03"),
        ("Aug 3 – 5, 2021", "~2021-08-03"),
        ("3-5 Aug 2021", "~2021-08-03"),
        ("8/14/2021", "2021-08-14"),
        ("14/8/2021", "2021-08-14"),
        ("5/5/2021", "2021-05-05"),
        ("14.8.2021", "2021-08-14"),
        ("Feb 29, 2020", "2020-02-29"),
        ("20240102: x", "2024-01-02"),
        ("2024/01/02", "2024-01-02"),
        ("02.01.2024", "2024-01-02"),
        ("Jan '24", "2024-01"),
        ("~January ’24: x", "~2024-01"),
        ("Jan 2, '24", "2024-01-02"),
        ("2 Jan ’24", "2024-01-02"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn days_that_are_none_are_refused() {
    for text in [
        "Feb 30, 2021",
        "2021-02-29",
        "20210230",
        "2021-13-01",
        "2021-13",
        "31 June 2021",
        "3/4/2021",
        "45/45/2021",
        "1/2/24",
        "14/8/21",
    ] {
        assert_eq!(shown(text), "!", "{text}");
    }
}

#[test]
fn what_only_contains_digits_is_no_date() {
    for text in [
        "",
        "May we",
        "Aug 14",
        "1202",
        "2021st",
        "20211314",
        "120210814",
        "202108141",
        "Jan 24",
        "x 2021",
        "v2021",
        "2021.1",
        "2021_a",
        "3000",
    ] {
        assert_eq!(shown(text), "-", "{text}");
    }
    assert_eq!(all("CVE-2021-1234, release/2021-08, a.2021").count(), 0);
}

#[test]
fn all_dates_of_a_text_are_found_with_their_bytes() {
    let text = "é since May 5, 2020 and ~June 2020; 2021-08-14.";
    let found: Vec<&str> = all(text).map(|written| &text[written.span]).collect();
    assert_eq!(found, ["May 5, 2020", "~June 2020", "2021-08-14"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn whatever_the_pattern_finds_is_found(
        text in concat!(
            r"(2021-08-14|2021-13-40|20210814|2021|20|19|8|14|1/2/|/24|'21|’24|Q3 ?|q|3-5|th|of |[0-9]{1,4}|Aug[ .]?|~?may,? |JAN  ?|september |Aug 14, |14 Aug ",
            r"|Wed, |sun|mid-|end of |circa |c\.|~|≈|–|-|/|'|’|[.,(|é™T_#\n\t ]|T10:00| {40}|a{80}){0,14}",
        ),
    ) {
        let shortcut: Vec<_> = found(&text).map(|date| date.start..date.end).collect();
        let matches = DATE.find_iter(&text).map(|date| date.range());
        let everywhere: Vec<_> = matches.filter(|span| stands_alone(&text, span)).collect();
        prop_assert_eq!(shortcut, everywhere);
    }
}
