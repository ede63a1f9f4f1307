//! The report as a lead meets it, whole.

use super::sample::World;
use super::world::{outage, quiet, sample};
use crate::report::{Style, markdown, text};

fn plain(width: usize) -> Style {
    Style { color: false, width }
}

#[test]
fn a_lead_reads_broken_promises_first() {
    insta::assert_snapshot!(text(&sample().report(), plain(100)), @"
    4 broken promises in 12 challenges · 14 tickets · as of 21 November 2026, 21:17 UTC

    BROKEN PROMISES

     1. Token issuer settings differ between services
        Its remedy was closed as done; the work was never finished, and the pain came back.
        Authentication Clean-up · met twice, last about August 2021 · broken since 4 May 2021, 5 years
        ago · flagged 2 weeks ago · docs/challenges.md:16:20
        ✗ jira:ARCHBOM-1202 undone, proven · closed as Done on 4 May 2021, 5 years ago
          “One issuer setting for all services”
          https://openedx.atlassian.net/browse/ARCHBOM-1202
          - says undone: the register's note says that the work was never finished
            (docs/challenges.md:16:260)
          - says done: its resolution is Done, which is a claim and not yet work
        → to clear it: reopen ARCHBOM-1202, or cite the ticket that does the work

     2. Payment sees expired token signatures
        Its remedy was closed as done; the work was never finished.
        Authentication Clean-up · met once, last 20 November 2019 · broken since 17 August 2020, 6 years
        ago · flagged 2 weeks ago · docs/challenges.md:19:20
        ✗ jira:ARCHBOM-1152 undone, proven · closed as Done on 17 August 2020, 6 years ago
          “Renew signatures before they expire”
          https://openedx.atlassian.net/browse/ARCHBOM-1152
          - says undone: the register's note says that the work was never finished
            (docs/challenges.md:19:260)
        → to clear it: reopen ARCHBOM-1152, or cite the ticket that does the work

     3. Token cookies do not work on a developer's machine
        Its remedy was closed as Won't Do, and nothing else is promised.
        Authentication Clean-up · met twice, last 13 May 2020 · broken since 30 November 2020, 5 years
        ago · flagged 2 weeks ago · docs/challenges.md:18:20
        ✗ jira:ARCHBOM-1218 undone, likely · closed as Won't Do on 30 November 2020, 5 years ago
          “Cookies on localhost”
          https://openedx.atlassian.net/browse/ARCHBOM-1218
          - says undone: it was resolved as Won't Do
        → to clear it: cite another remedy, or accept it with a waiver

     4. Refreshing the token cookie fails now and then
        Its remedy was done and did not help.
        Authentication Clean-up · broken since 12 March 2020, 6 years ago · flagged 2 weeks ago ·
        docs/challenges.md:21:20
        ✓ jira:ARCHBOM-1150 done, likely · closed as Done on 12 March 2020, 6 years ago
          “Does a longer leeway help?”
          https://openedx.atlassian.net/browse/ARCHBOM-1150
          - did not help: the register's note says that it tried one idea, and the idea was wrong
            (docs/challenges.md:21:260)
        → to clear it: cite what is tried next

    LINKS TO MEND (2)

      ✗ openedx/wg-frontend#126 is not there · docs/arch-hours.md:30:120
        → correct the number, or remove the link
      ! SRE-84 is PSRE-84 now · docs/challenges.md:23:120
        in “Administrators of services are kept by hand”
        → write PSRE-84

    OPEN AND UNTOUCHED (1)

      ! ARCHBOM-107 has been open and untouched for 4 years · docs/challenges.md:17:120
        in “Token authentication is not the default in the LMS”
        → work on it, or close it and say why

    CLOSED, AND NOTHING SHOWS THE WORK (1)

      · axim-engineering#990 was closed, and nothing shows the work · docs/arch-hours.md:30:120

    THE OTHER CHALLENGES

      ○ 1 promised: Token authentication is not the default in the LMS
      – 7 no remedy: Builds fail when the network hiccups; The main branch fails at random; Contract
        tests cannot sign in at the provider; Keys for outside services take days; Administrators of
        services are kept by hand; and 2 more

    HOUSEKEEPING

      1 occurrence count below its anecdotes · 3 anecdotes without date or team

    AS OF

      jira answered 2 minutes ago
      github answered 2 minutes ago
      docs/challenges.md read 3 minutes ago
      docs/arch-hours.md read 3 minutes ago

    NEXT

      dragnet why jira:ARCHBOM-1202                      # everything behind one verdict
      dragnet report --format html --output report.html  # this report as a page
      dragnet check --fail-on never                      # every finding with its line and column
    ");
}

#[test]
fn an_outage_is_said_first_and_overturns_nothing() {
    let all = text(&outage().report(), plain(80));
    let first: String = all.split_inclusive('\n').take(28).collect();
    insta::assert_snapshot!(first, @"
    4 broken promises in 12 challenges · 14 tickets · as of 21 November 2026, 21:17
    UTC

    ! Not the whole picture:
      - jira could not be asked: https://openedx.atlassian.net: answered 503. What
        is shown of it was true 3 hours ago.
      - docs/arch-hours.md could not be read: no such file. The version read 3
        minutes ago is in force.
      - 9 of 14 tickets could not be asked for.

    BROKEN PROMISES

     1. Token issuer settings differ between services
        Its remedy was closed as done; the work was never finished, and the pain
        came back.
        Authentication Clean-up · met twice, last about August 2021 · broken since 4
        May 2021, 5 years ago · flagged 2 weeks ago · docs/challenges.md:16:20
        ✗ jira:ARCHBOM-1202 undone, proven · closed as Done on 4 May 2021, 5 years
          ago
          “One issuer setting for all services”
          could not be asked (answered 503); what is shown was true 3 hours ago
          https://openedx.atlassian.net/browse/ARCHBOM-1202
          - says undone: the register's note says that the work was never finished
            (docs/challenges.md:16:260)
          - says done: its resolution is Done, which is a claim and not yet work
        → to clear it: reopen ARCHBOM-1202, or cite the ticket that does the work

     2. Payment sees expired token signatures
    ");
    let (before, after) = (sample().report().counts(), outage().report().counts());
    assert_eq!((before.standings, before.verdicts), (after.standings, after.verdicts));
}

#[test]
fn when_there_is_nothing_to_say_it_is_said_kindly() {
    insta::assert_snapshot!(text(&quiet().report(), plain(80)), @"
    No broken promises in 1 challenge · 1 ticket · as of 21 November 2026, 21:17 UTC

    Nothing needs you: every promise is kept or still open. Enjoy the quiet.

    THE CHALLENGES

      ✓ 1 cleared: Token issuer settings differ between services

    AS OF

      jira answered 2 minutes ago
      docs/challenges.md read 3 minutes ago

    NEXT

      dragnet why jira:ARCHBOM-1202                      # everything behind one verdict
      dragnet report --format html --output report.html  # this report as a page
    ");
    insta::assert_snapshot!(text(&World::empty().report(), plain(80)), @"
    No challenges found · 0 tickets · as of 21 November 2026, 21:17 UTC

    No challenges and no tickets were found in the documents named, so there is
    nothing to say.
    ");
}

#[test]
fn colours_change_nothing_but_the_colour() {
    for world in [sample(), outage(), quiet()] {
        for width in [40, 80, 120] {
            let colored = text(&world.report(), Style { color: true, width });
            assert!(colored.contains('\u{1b}'));
            assert_eq!(anstream::adapter::strip_str(&colored).to_string(), text(&world.report(), plain(width)));
        }
    }
}

#[test]
fn lines_keep_to_the_width_but_for_what_is_copied_whole() {
    for width in [40, 60, 80, 120] {
        for line in text(&sample().report(), plain(width)).lines() {
            let whole = line.contains("https://") || line.trim_start().starts_with("dragnet ");
            assert!(whole || textwrap::core::display_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn markdown_fits_a_wiki_or_a_pull_request() {
    let out = markdown(&sample().report()).replace('\u{200b}', "<ZWSP>");
    insta::assert_snapshot!(out, @r"
    # 4 broken promises in 12 challenges

    14 tickets · as of 21 November 2026, 21:17 UTC

    ## Broken promises

    ### 1\. Token issuer settings differ between services

    Authentication Clean-up · met twice, last about August 2021 · broken since 4 May 2021, 5 years ago · `docs/challenges.md:16:20`

    **Its remedy was closed as done; the work was never finished, and the pain came back.**

    - ✗ **undone, proven**: [jira:ARCHBOM-1202](https://openedx.atlassian.net/browse/ARCHBOM-1202) “One issuer setting for all services”, closed as Done on 4 May 2021, 5 years ago
      - *says undone*: the register's note says that the work was never finished (`docs/challenges.md:16:260`)
      - *says done*: its resolution is Done, which is a claim and not yet work ([source](https://openedx.atlassian.net/browse/ARCHBOM-1202))
    - **To clear it:** reopen ARCHBOM-1202, or cite the ticket that does the work

    ### 2\. Payment sees expired token signatures

    Authentication Clean-up · met once, last 20 November 2019 · broken since 17 August 2020, 6 years ago · `docs/challenges.md:19:20`

    **Its remedy was closed as done; the work was never finished.**

    - ✗ **undone, proven**: [jira:ARCHBOM-1152](https://openedx.atlassian.net/browse/ARCHBOM-1152) “Renew signatures before they expire”, closed as Done on 17 August 2020, 6 years ago
      - *says undone*: the register's note says that the work was never finished (`docs/challenges.md:19:260`)
    - **To clear it:** reopen ARCHBOM-1152, or cite the ticket that does the work

    ### 3\. Token cookies do not work on a developer's machine

    Authentication Clean-up · met twice, last 13 May 2020 · broken since 30 November 2020, 5 years ago · `docs/challenges.md:18:20`

    **Its remedy was closed as Won't Do, and nothing else is promised.**

    - ✗ **undone, likely**: [jira:ARCHBOM-1218](https://openedx.atlassian.net/browse/ARCHBOM-1218) “Cookies on localhost”, closed as Won't Do on 30 November 2020, 5 years ago
      - *says undone*: it was resolved as Won't Do ([source](https://openedx.atlassian.net/browse/ARCHBOM-1218))
    - **To clear it:** cite another remedy, or accept it with a waiver

    ### 4\. Refreshing the token cookie fails now and then

    Authentication Clean-up · broken since 12 March 2020, 6 years ago · `docs/challenges.md:21:20`

    **Its remedy was done and did not help.**

    - ✓ **done, likely**: [jira:ARCHBOM-1150](https://openedx.atlassian.net/browse/ARCHBOM-1150) “Does a longer leeway help?”, closed as Done on 12 March 2020, 6 years ago
      - *did not help*: the register's note says that it tried one idea, and the idea was wrong (`docs/challenges.md:21:260`)
    - **To clear it:** cite what is tried next

    ## Links to mend (2)

    | Ticket | What | Where | What would clear it |
    | --- | --- | --- | --- |
    | [github:openedx/wg-frontend\#126](https://github.com/openedx/wg-frontend/issues/126) | ✗ openedx/wg-frontend\#<ZWSP>126 is not there | `docs/arch-hours.md:30:120` | correct the number, or remove the link |
    | [jira:SRE-84](https://openedx.atlassian.net/browse/SRE-84) | ! SRE-84 is PSRE-84 now | Administrators of services are kept by hand `docs/challenges.md:23:120` | write PSRE-84 |

    ## Open and untouched (1)

    | Ticket | What | Where | What would clear it |
    | --- | --- | --- | --- |
    | [jira:ARCHBOM-107](https://openedx.atlassian.net/browse/ARCHBOM-107) | ! ARCHBOM-107 has been open and untouched for 4 years | Token authentication is not the default in the LMS `docs/challenges.md:17:120` | work on it, or close it and say why |

    ## Closed, and nothing shows the work (1)

    | Ticket | What | Where | What would clear it |
    | --- | --- | --- | --- |
    | [github:openedx/axim-engineering\#990](https://github.com/openedx/axim-engineering/issues/990) | · axim-engineering\#<ZWSP>990 was closed, and nothing shows the work | `docs/arch-hours.md:30:120` |  |

    ## Register

    | Category | Challenge | Standing | Tickets | Met |
    | --- | --- | --- | --- | --- |
    | Jenkins and Test Infrastructure Issues | Builds fail when the network hiccups | – no remedy | ✓ [jira:INFRA-39](https://openedx.atlassian.net/browse/INFRA-39) done | met twice, last 6 April 2020 |
    | Jenkins and Test Infrastructure Issues | The main branch fails at random | – no remedy | ≈ [jira:BOM-1161](https://openedx.atlassian.net/browse/BOM-1161) unverified | met once, last 3 March 2020 |
    | Authentication Clean-up | Token issuer settings differ between services | ✗ broken promise | ✗ [jira:ARCHBOM-1202](https://openedx.atlassian.net/browse/ARCHBOM-1202) undone | met twice, last about August 2021 |
    | Authentication Clean-up | Token authentication is not the default in the LMS | ○ promised | ○ [jira:ARCHBOM-107](https://openedx.atlassian.net/browse/ARCHBOM-107) open<br>✓ [jira:AA-664](https://openedx.atlassian.net/browse/AA-664) done<br>✗ [github:edx/edx-platform\#26582](https://github.com/edx/edx-platform/issues/26582) undone | met twice, last 16 February 2021 |
    | Authentication Clean-up | Token cookies do not work on a developer's machine | ✗ broken promise | ✗ [jira:ARCHBOM-1218](https://openedx.atlassian.net/browse/ARCHBOM-1218) undone | met twice, last 13 May 2020 |
    | Authentication Clean-up | Payment sees expired token signatures | ✗ broken promise | ✗ [jira:ARCHBOM-1152](https://openedx.atlassian.net/browse/ARCHBOM-1152) undone | met once, last 20 November 2019 |
    | Authentication Clean-up | Contract tests cannot sign in at the provider | – no remedy |  |  |
    | Authentication Clean-up | Refreshing the token cookie fails now and then | ✗ broken promise | ✓ [jira:ARCHBOM-1150](https://openedx.atlassian.net/browse/ARCHBOM-1150) done |  |
    | Credentials for integrations | Keys for outside services take days | – no remedy |  | met twice, last 9 June 2020 |
    | Authorization | Administrators of services are kept by hand | – no remedy | ✓ [jira:SRE-84](https://openedx.atlassian.net/browse/SRE-84) done | met 3 times, last 10 June 2020 |
    | Pipeline | Security merges block everybody | – no remedy |  | met once, last 18 September 2020 |
    | Masquerading | Acting as another user trips the checks | – no remedy |  | met once |

    ## Housekeeping

    - 1 occurrence count below its anecdotes
    - 3 anecdotes without date or team

    ## As of

    - `jira` answered 2 minutes ago
    - `github` answered 2 minutes ago
    - `docs/challenges.md` read 3 minutes ago
    - `docs/arch-hours.md` read 3 minutes ago
    ");
}

#[test]
fn markdown_says_what_could_not_be_asked() {
    let all = markdown(&outage().report());
    let first: String = all.split_inclusive('\n').take(10).collect();
    insta::assert_snapshot!(first, @"
    # 4 broken promises in 12 challenges

    14 tickets · as of 21 November 2026, 21:17 UTC

    > **Not the whole picture:**
    >
    > - jira could not be asked: https://openedx.atlassian.net: answered 503. What is shown of it was true 3 hours ago.
    > - docs/arch-hours.md could not be read: no such file. The version read 3 minutes ago is in force.
    > - 9 of 14 tickets could not be asked for.
    ");
}
