//! Minutes: dated lines into meetings.

use super::{auto, passages, shown_minutes};
use crate::domain::document::{Form, Kind};

const NOTES: &str = "\
Platform hour
[inform] explains what to write here
2023-12-20
(Dave) Metrics move
Related: elsewhere
[inform] (Kelly) A drawing: https://x.example/d
Dave: thanks
[Ned] Two ways to fork
Xavier: not known
2023-12-13
[quest](Hilary) - access to the api
[Robert]
Use the metrics
(aside) more
[musings/questions] (Alex D.) Who?
2023-12-06
[Ned] Why?
[Chris] Reasons
December 1, 2023:
Skipped, everybody was away.
2023-02-30
";

#[test]
fn minutes_in_plain_text() {
    let document = auto("notes.txt", NOTES);
    assert_eq!((document.form, document.kind), (Form::Text, Kind::Minutes));
    insta::assert_snapshot!(shown_minutes(&document), @"
    2023-12-20
      4 -|Dave|Metrics move
        5 -: Related: elsewhere
      6 inform|Kelly|A drawing: https://x.example/d
        7 Dave: thanks
      8 -|Ned|Two ways to fork (assumed)
        9 -: Xavier: not known
    2023-12-13
      11 quest|Hilary|access to the api
        12 Robert: Use the metrics
        14 -: (aside) more
      15 musings/questions|Alex D.|Who?
    2023-12-06
      17 -|Ned|Why?
        18 Chris: Reasons
    2023-12-01 skipped
    ! 21:1 malformed-row: the date `2023-02-30` is no day of the calendar, so no meeting starts here
    ");
    insta::assert_snapshot!(passages(&document), @r##"
    text - "Platform hour\n[inform] explains what to write here\n2023-12-20"
    topic 0.0 "(Dave) Metrics move"
    reply 0.0 "Related: elsewhere"
    topic 0.1 "[inform] (Kelly) A drawing: https://x.example/d"
    reply 0.1 "Dave: thanks"
    topic 0.2 "[Ned] Two ways to fork"
    reply 0.2 "Xavier: not known"
    topic 1.0 "[quest](Hilary) - access to the api"
    reply 1.0 "[Robert]\nUse the metrics"
    reply 1.0 "(aside) more"
    topic 1.1 "[musings/questions] (Alex D.) Who?"
    topic 2.0 "[Ned] Why?"
    reply 2.0 "[Chris] Reasons"
    text - "December 1, 2023:\nSkipped, everybody was away.\n2023-02-30"
    "##);
}

pub(super) const NESTED: &str = "\
# Platform hour

- not a topic

## 2023-12-20

Present: Ann, Bob

- [inform] (Ned) Labels [OPS-1](https://jira.example/browse/OPS-1)
  - (Dave) nice
    - deeper
  - [ ] @ned: write it down
  - [x] Bob tells others
- Forks
  and more

  a second paragraph
- [quest](Hilary) - api

### Action items

- Ann asks for access

## Notes of December 13, 2023

### [ideation] (Jeremy) Burden

- bugs
- upgrades

### Roadmap

text

## 2023-12-06 (cancelled)

- nobody came

## Archive

- 2022-01-05
  - [inform] old
  - (Dave) older
- other
";

#[test]
fn minutes_in_markdown() {
    let document = auto("notes.md", NESTED);
    assert_eq!((document.form, document.kind), (Form::Markdown, Kind::Minutes));
    insta::assert_snapshot!(shown_minutes(&document), @"
    2023-12-20
      9 inform|Ned|Labels OPS-1
        10 Dave: nice
        11 -: deeper
        12 ned will: write it down
        13 - will: Bob tells others
      14 -|-|Forks and more
        17 -: a second paragraph
      18 quest|Hilary|api
        22 - will: Ann asks for access
    2023-12-13
      26 ideation|Jeremy|Burden
        28 -: bugs
        29 -: upgrades
      31 -|-|Roadmap (assumed)
        33 -: text
    2023-12-06 skipped
    2022-01-05
      42 inform|-|old
      43 -|Dave|older
    ");
}

#[test]
fn what_is_agreed_on_under_a_topic_is_a_follow_up() {
    let nested = "## 2023-12-20\n\n- [quest] (Dave) Slow builds\n  - Follow-up: Bob to file OPS-2\n  - Dave will ask about OPS-3\n  \
                  - Bob will ask\n- TODO: write it down\n- Next topic\n";
    let document = auto("notes.md", nested);
    insta::assert_snapshot!(shown_minutes(&document), @"
    2023-12-20
      3 quest|Dave|Slow builds
        6 -: Bob will ask
        4 Bob will: file OPS-2
        5 Dave will: ask about OPS-3
        7 - will: write it down
      8 -|-|Next topic
    ");
    insta::assert_snapshot!(passages(&document), @r#"
    topic 0.0 "[quest] (Dave) Slow builds"
    follow-up 0.0 "Follow-up: Bob to file OPS-2"
    follow-up 0.0 "Dave will ask about OPS-3"
    reply 0.0 "Bob will ask"
    follow-up 0.0 "TODO: write it down"
    topic 0.1 "Next topic"
    "#);
    let plain = "2023-12-20\nTODO: no topic yet\n[quest] (Dave) Slow builds\nDave: Action: ask\nAI: Ann to file OPS-2\n\
                 Dave to ask\nDave: Dave will ask\n[inform] TODO: lists\n";
    insta::assert_snapshot!(shown_minutes(&auto("notes.txt", plain)), @"
    2023-12-20
      2 -|-|TODO: no topic yet
      3 quest|Dave|Slow builds
        7 Dave: Dave will ask
        4 Dave will: ask
        5 Ann will: file OPS-2
        6 Dave will: ask
      8 inform|-|TODO: lists
    ");
}

#[test]
fn a_changelog_is_no_minutes() {
    let document =
        auto("CHANGELOG.md", "# Changelog\n\n## [1.2.0] - 2023-01-02\n\n- Added x\n\n## 1.1.0 (2022-01-02)\n\n- y\n");
    assert_eq!(document.kind, Kind::Prose);
}

#[test]
fn who_is_to_do_it_is_told_by_the_words_alone() {
    let document = auto(
        "hour.md",
        "## 2023-12-20\n- [quest] (Ned) Keys?\n  - Bob to make an issue of it\n  - Talk to infra first\n  - @ann will ask\n\
         - [ ] Carol to rotate keys\n- [ ] Talk to infra\n- [ ] Note: nothing\n- [x] CI will be green\n",
    );
    insta::assert_snapshot!(shown_minutes(&document), @"
    2023-12-20
      2 quest|Ned|Keys?
        4 -: Talk to infra first
        3 Bob will: make an issue of it
        5 ann will: ask
        6 Carol will: rotate keys
        7 - will: Talk to infra
        8 - will: Note: nothing
        9 - will: CI will be green
    ");
}
