//! What people write that decides nothing by itself: phrases that point at another ticket, which decides, and such as
//! are said after a closing. Written as in the lexicon.

use super::Claim;
use super::lexicon::Entry;

/// Phrases that point at another ticket, which decides; and such as are said after a closing.
pub(super) const POINTING: &[Entry] = &[
    (
        Claim::Duplicate,
        0.0,
        &[
            "(?:dup|dupe|duped|duplicate|duplicates|duplicated|duplicating) (?:[^ ,]+ ){0,4}?(?:, )?@ref",
            "same (?:[^ ,]+ )?(?:as|like) (?:[^ ,]+ ){0,2}?@ref",
            "already (?:[^ ,]+ )?(?:reported|filed|tracked|covered) (?:[^ ,]+ ){0,3}?@ref",
        ],
    ),
    (
        Claim::Superseded,
        0.0,
        &[
            "(?:superseded|superceded|replaced|obsoleted|subsumed|supplanted) (?:by|with|in) (?:[^ ,]+ ){0,3}?@ref",
            "favor (?:of|for) (?:[^ ,]+ ){0,4}?(?:, )?@ref",
            "(?:tracked|tracking|continued|continuing|continues|covered|discussed|followed up|folded|rolled|consolidated|included|being handled) (?:[^ ,]+ ){0,2}?(?:in|by|at|under|into|with|as part of|over) (?:[^ ,]+ ){0,3}?@ref",
            "@ref instead",
            "(?:new|another) (?:pr|pull request|issue|ticket)(?: is| :| ,| at| in)? @ref",
            "(?:opened|created|submitted|reopened|resubmitted) (?:as|at|in) @ref",
            "@ref (?:supersedes|replaces|obsoletes|subsumes|covers)",
        ],
    ),
    (
        Claim::Moved,
        0.0,
        &[
            "(?:moved|moving|migrated|migrating|transferred|transferring|ported) (?:[^ ,]+ ){0,4}?(?:to|into|over) (?:[^ ,]+ ){0,5}?(?:, )?@(?:ref|url)",
            "(?:moved|moving|migrated|migrating|transferred|transferring) (?:[^ ,]+ ){0,4}?(?:to|into) (?:[^ ,]+ ){0,3}?(?:repo|repository|tracker|discussions?|jira|github|gitlab|bugzilla|(?:another|other|different|their|new) project)",
            "(?:moved|moving|migrated|migrating|transferred|transferring) (?:this|it|that|the (?:issue|ticket|discussion|request|question)) (?:[^ ,]+ )?(?:there|elsewhere|out|upstream|over)",
            "(?:refiled|re filed|filed|continue|continued) (?:[^ ,]+ )?(?:as|in|at|under|over at) @ref",
            "conver(?:ted|ting) (?:[^ ,]+ ){0,3}?(?:to|into) (?:an? )?discussion",
        ],
    ),
    (
        Claim::Stopgap,
        0.6,
        &[
            "(?:short|near) term (?:fix|solution|measure|mitigation|patch)",
            "(?:temporary|interim|stop ?gap|band ?aid|quick and dirty) (?:fix|solution|measure|patch|mitigation|work ?around)",
            "(?:added|put in|applied|committed|merged|implemented|introduced|used|using|with|via|by) (?:[^ ,]+ )?(?:an? |the |some )(?:[^ ,]+ )?(?:hack|work ?around|band ?aid|stop ?gap)",
            "<(?:add|apply|implement|introduce|put in|use) (?:an? |the |some )?(?:[^ ,]+ )?(?:hack|work ?around|band ?aid|stop ?gap)",
            "<(?:hack|work ?around|band ?aid|stop ?gap|quick fix) (?:, )?(?:for|against|to|around)",
            "(?:just|only|merely|simply) (?:checked|tested|tried|explored|investigated|evaluated) (?:[^ ,]+ ){0,3}?(?:hypothesis|theory|idea|assumption|guess)",
            "(?:just|only|merely|simply) (?:hides|masks|papers over|mitigates|works around)",
            "(?:hypothesis|theory|experiment|spike|prototype|poc) (?:[^ ,]+ ){0,5}?(?:{NOT} (?:[^ ,]+ )?(?:pan|panned|work|worked|hold|held|help|helped|confirmed|succeed)|failed|was wrong|turned out (?:to be )?(?:wrong|false))",
        ],
    ),
    (
        Claim::StillThere,
        0.7,
        &[
            "still (?:[^ ,]+ ){0,2}?(?:happens?|happening|occurs?|occurring|broken|present|reproduces?|reproducible|seeing|fails?|failing|an issue|a problem|not (?:fixed|working|resolved|done|implemented)|exists?|crash[^ ]*|getting|affected|missing|unresolved|the case|have this|see this|experiencing)",
            "(?:was|were|has|is|been) never (?:[^ ,]+ )?(?:changed|fixed|implemented|done|merged|landed|resolved|addressed|finished|completed)",
            "never (?:actually |really )?(?:changed|happened|got (?:fixed|implemented|done|merged))",
            "{NOT} (?:[^ ,]+ ){0,2}?(?:fixed|resolved|solved|implemented|done|completed|merged)",
            "(?:happens|happening|occurs|broken|fails|failing|back|regressed) again",
            "(?:has|have|this) regressed",
            "(?:needs|should|must|has) to be re ?opened",
            "please re ?open",
        ],
    ),
    (
        Claim::Reverted,
        0.85,
        &[
            "(?:was|were|been|being|got|is|to be|have|has|had|we|i|,) (?:[^ ,]+ )?(?:reverted|backed out|rolled back)",
            "<(?:reverted|backed out|rolled back)",
            "revert(?:ed|ing|s)? (?:this|it|in|by|via|the change|because|due|as)",
        ],
    ),
    (Claim::Relanded, 0.88, &["re ?(?:landed|applied|merged)", "(?:landed|merged|applied) again"]),
    (
        Claim::Reopened,
        0.0,
        &["<(?:[^ ,]+ ){0,2}?re ?open(?:ing|ed)", "re ?opening (?:this|it|to|as|for|because|since)"],
    ),
];
