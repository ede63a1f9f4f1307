//! Findings on what documents cite besides tickets: records, pages and files that are proven gone.

use std::collections::BTreeMap;

use crate::domain::citation::{KnownTarget, Sort};
use crate::domain::finding::Code;
use crate::domain::known::{KnownCitation, KnownDocument};
use crate::domain::lookup::LookupKind;
use crate::domain::place::Place;
use crate::domain::verdict::{Evidence, Side};

use super::Draft;
use crate::judge::words;

/// One finding for each, wherever it is cited.
pub(super) fn findings(documents: &[KnownDocument]) -> Vec<Draft> {
    let mut gone: BTreeMap<&str, (Sort, &KnownTarget, Vec<&Place>)> = BTreeMap::new();
    for KnownCitation { citation, known } in documents.iter().flat_map(|document| &document.citations) {
        let Some(known) = known.as_ref().filter(|known| known.proven == Some(LookupKind::Gone)) else { continue };
        gone.entry(&citation.target).or_insert((citation.sort, known, Vec::new())).2.push(&citation.place);
    }
    let drafts = gone.into_iter().map(|(target, (sort, known, mut places))| {
        places.sort();
        let proof = match (&known.says, known.proven_at) {
            (Some(says), _) if known.lookup == LookupKind::Gone => says.clone(),
            (_, Some(at)) => format!("so it was on {}", words::day_of(at)),
            (_, None) => "so it was proven".to_owned(),
        };
        let what = if sort == Sort::Record { format!("there is no {target}") } else { format!("{target} is gone") };
        let cited = places.iter().map(|place| Evidence {
            rule: "citation".to_owned(),
            side: Side::Neither,
            strength: 0.0,
            says: format!("cited as {target}"),
            source: Some(place.to_string()),
            at: None,
        });
        Draft {
            place: places.first().map(|place| (*place).clone()),
            hint: Some("correct the link, or take it out".to_owned()),
            evidence: cited.collect(),
            rests_on: known.proven_at,
            weight: f64::from(u32::try_from(places.len()).unwrap_or(u32::MAX)),
            ..Draft::about(Code::BrokenLink, format!("{}|{target}", sort.word()), format!("{what}: {proof}"))
        }
    });
    drafts.collect()
}
