//! Places in wikis, as people look them up.

use super::world::sample;
use crate::domain::document::Owner;
use crate::domain::judged::LastJudged;
use crate::domain::known::Known;
use crate::domain::place::Place;
use crate::report::{Rows, diff_text};

const PAGE: &str = "https://wiki.example/page?pageId=7";

/// The sample with its register in a wiki, all on one line as wikis keep it.
fn in_a_wiki(line: u32) -> Known {
    let mut known = sample().known;
    let register = known.documents.iter_mut().find(|document| !document.challenges.is_empty()).unwrap();
    register.path = PAGE.to_owned();
    let mut column = 0;
    let mut moved = |place: &mut Place| {
        column += 10;
        *place = Place { path: PAGE.into(), line, column };
    };
    for challenge in &mut register.challenges {
        moved(&mut challenge.place);
        challenge.anecdotes.iter_mut().for_each(|anecdote| moved(&mut anecdote.place));
        challenge.status.notes.iter_mut().for_each(|note| moved(&mut note.place));
    }
    register.references.iter_mut().for_each(|reference| moved(&mut reference.place));
    known
}

#[test]
fn a_place_in_a_wiki_is_its_page_and_its_row() {
    let known = in_a_wiki(1);
    let rows = Rows::of(&known);
    let register = known.documents.iter().find(|document| document.path == PAGE).unwrap();
    let mut told = 0;
    for (nth, challenge) in register.challenges.iter().enumerate() {
        let expected = format!("{PAGE} row “{}”", challenge.title);
        let its = |owner: &Owner| matches!(owner, Owner::Challenge { challenge, .. } if *challenge == nth);
        let cited = register.references.iter().filter(|reference| its(&reference.owner));
        let anecdotes = challenge.anecdotes.iter().map(|anecdote| &anecdote.place);
        for place in anecdotes.chain(cited.map(|reference| &reference.place)).chain([&challenge.place]) {
            assert_eq!(rows.place(place), expected);
            assert_eq!(rows.source(&place.to_string()), expected);
            assert_eq!(rows.without(&challenge.title).place(place), PAGE);
            told += 1;
        }
    }
    assert!(told > register.challenges.len(), "{told}");
    // Between two places of a row is in it; between two rows may be in either.
    let [one, other] = &register.challenges[..2] else { panic!("{:?}", register.challenges) };
    let shifted = |place: &Place, by: i32| Place { column: place.column.saturating_add_signed(by), ..place.clone() };
    let inside = shifted(&one.anecdotes[0].place, -3);
    assert_eq!(rows.place(&inside), format!("{PAGE} row “{}”", one.title));
    assert_eq!(rows.without(&one.title).place(&inside), PAGE);
    for (between, says) in [
        (shifted(&other.place, -3), format!("{PAGE} row “{}” or below", one.title)),
        (shifted(&one.place, -3), format!("{PAGE} row “{}” or above", one.title)),
        (shifted(&one.place, 1 - 10), PAGE.to_owned()),
        (Place { path: "b".into(), ..inside }, "b:1:17".to_owned()),
    ] {
        assert_eq!(rows.place(&between), says, "{between}");
        assert_eq!(rows.title(&between), None, "{between}");
    }
    assert_eq!(rows.source("https://jira.example/browse/A-1"), "https://jira.example/browse/A-1");
}

#[test]
fn a_line_that_tells_something_is_told_as_well() {
    let known = in_a_wiki(48);
    let challenge = &known.documents.iter().find(|document| document.path == PAGE).unwrap().challenges[0];
    let expected = format!("{PAGE} line 48, row “{}”", challenge.title);
    assert_eq!(Rows::of(&known).place(&challenge.place), expected);
    let before = Place { column: challenge.place.column - 3, ..challenge.place.clone() };
    assert_eq!(Rows::of(&known).place(&before), format!("{PAGE} line 48"));
    // Files are opened by editors, which go by lines.
    let known = sample().known;
    let challenge = known.documents.iter().find_map(|document| document.challenges.first()).unwrap();
    assert_eq!(Rows::of(&known).place(&challenge.place), challenge.place.to_string());
}

#[test]
fn what_judging_again_would_change_leads_to_the_page_as_well() {
    let (known, mut judged) = (in_a_wiki(1), sample().judged);
    let register = known.documents.iter().find(|document| document.path == PAGE).unwrap();
    let challenge = &register.challenges[0];
    let evidence = judged.tickets.iter_mut().find_map(|(_, judgement)| judgement.evidence.first_mut()).unwrap();
    evidence.source = Some(challenge.place.to_string());
    let told = diff_text(&LastJudged::default(), &known, &judged);
    assert!(told.contains(&format!(" ({PAGE} row “{}”)\n", challenge.title)), "{told}");
    assert!(!told.contains(&format!("{PAGE}:1:")), "{told}");
}
