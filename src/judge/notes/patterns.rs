//! What clauses claim: for each claim the patterns of its clauses, in the order in which they are tried.
//!
//! Each pattern is anchored at the clause's start, because what stands there tells whose clause it is. The first that
//! matches gives the claim. Where no claim is given, the pattern only keeps the later ones from matching.

use super::Claim;

/// All patterns; laid out and named as in the vocabulary.
pub(super) const PATTERNS: &[(Option<Claim>, &[&str])] = &[
    // What nobody said.
    (
        None,
        &[r"^(?:\w+ ){0,4}?(?:not|never|nobody|no one|noone|none) (?:\w+ ){0,2}?(?:says?|said|reports?|reported|
            confirms?|confirmed|tells us|told us)\b"],
    ),
    (
        Some(Claim::Superseded),
        &[
            r"{LEAD}(?:superseded|replaced|obsoleted|subsumed|overtaken|absorbed) by\b",
            r"{LEAD}(?:abandoned |dropped |declined |rejected )?in favou?r of\b",
            r"{LEAD}(?:moved|migrated|continue[sd]|folded|merged|rolled|split|tracked|transferred|followed up|
                carried on)(?: \w+)? (?:to|into|in|by|under|with) (?:\w+ ){0,2}?otherkey",
            r"{LEAD}(?:a )?(?:duplicate|dupe?) of\b",
            r"^{FILL}see (?:\w+ ){0,2}?otherkey instead",
            r"^{FILL}otherkey (?:superseded|supersedes|replaced|replaces|took over|takes over)",
        ],
    ),
    (
        Some(Claim::OnlyChecked),
        &[
            r"^{FILL}{OURS}{AUX}{ONLY} (?:\w+ )?{CHECKED} (?:a|an|one|the|some|our|whether|if|for|out)\b",
            r"^{FILL}(?:{WE} )?{AUX}{ONLY} (?:\w+ )?{CHECKED} (?:\w+ ){0,4}{GUESS}",
            r"^{FILL}only {CHECKED}$",
            r"^{FILL}(?:{OURS})?{BE} {AUX}{DET}{SPIKE}(?: only| ticket| task| story)*{ENDS}",
            r"^{FILL}{ONLY} {DET}{SPIKE}{ENDS}",
            r"^{FILL}{DET}(?:{SPIKE} only|spike|poc|proof of concept|prototype|experiment)$",
            r"{THE_GUESS}(?:not|never) (?:\w+ )?(?:pan|panned|works?|worked|hold|held|help|helped|succeed|succeeded|
                confirm|confirmed|lead|led|prove|proved|proven|solve|solved|fix|fixed|stick|stuck|borne|enough|right|
                true)\b",
            r"{THE_GUESS}(?:failed|turned out (?:to be )?(?:wrong|false)|wrong|false|refuted|disproved|disproven|
                falsified|a dead end|rejected|discarded)\b",
        ],
    ),
    (
        Some(Claim::Workaround),
        &[
            r"^{FILL}(?:{OURS})?{BE} {AUX}{DET}{HACK}(?: only| at best)?{ENDS}",
            r"^{FILL}{ONLY} {DET}{HACK}{ENDS}",
            r"^{FILL}{DET}{HACK} only$",
            r"^{FILL}(?:a|an) {DET}{HACK}$",
            r"^{FILL}(?:(?:{TICKET}|{PRONOUN}|we|they|i|the team) )?{AUX}(?:(?:just|only|merely|simply) )*
                (?:adds?|added|applied|put in|put|used|uses|implemented|introduced|did|made|delivered|gave|provided|
                provides|contains|shipped|landed|merged|went for|settled for)(?: us)?(?: just| only| merely| in)*
                (?: (?:a|an|the|another|one|some|only|just)) (?:\w+ ){0,2}?{HACK}{ENDS}",
            r"{LEAD}(?:(?:only|just|merely|simply) )*
                (?:worked around|papered over|patched over|mitigated|hacked around)\b",
        ],
    ),
    (
        Some(Claim::DidNotHelp),
        &[
            r"^{FILL}(?:{OURS})?{AUX}(?:not|never) (?:\w+ly )?(?:help|helped|pan out|panned out|work out|worked out|
                work|worked|make (?:a|any|much) difference|made (?:a|any|much) difference|enough)
                (?: (?:much|at all|enough|us|here|in the end|in practice|in production))*
                (?:$| (?:because|as|and|so)\b)",
            r"^{FILL}(?:{WE}|they|people|users|teams) still (?:see|sees|hit|hits|get|meet|experience|run into)
                (?: \w+){0,3}$",
            r"^{FILL}(?:it|this|that) (?:still|keeps) (?:happens?|happening|occurs?|occurring|persists?|breaks?)\b",
            r"^{FILL}(?:{OURS})?(?:did|does|has|have) (?:not|never) (?:\w+ly )?(?:solved?|fix(?:ed)?|resolved?|
                address(?:ed)?|cured?|removed?|improved?|help(?:ed)?)(?: with)? (?:it|this|that|things|anything|
                (?:the|our|this)(?: \w+)?? (?:problem|issue|cause|challenge|pain|symptom|bug)s?)\b",
            r"^{FILL}(?:the|this|our)(?: (?:underlying|root|actual|real|original|same|whole|basic))*
                (?: (?:problem|cause|pain|challenge|symptoms?|bug|error|failures?)) {AUX}
                (?:(?:not|never) .*(?:{DONE}|gone|understood|found|known)|
                (?:still|remains?|persists?|persisted|continues?|came back|returned|reappeared)\b)",
        ],
    ),
    // Taken out and brought back.
    (
        None,
        &[r"{LEAD}(?:to be )?(?:reverted|rolled back|backed out|taken out|removed)\b.*\b(?:re ?landed|re ?applied|
                landed again|re ?merged|merged again|redone|done again|re ?implemented)\b"],
    ),
    (
        Some(Claim::Reverted),
        &[r"{LEAD}(?:to be )?(?:reverted|rolled back|backed out|taken out again|removed again){ENDS}"],
    ),
    // Nobody means much by the missing bit.
    (None, &[r"{LEAD}(?:mostly|almost|largely|nearly)\b"]),
    (
        Some(Claim::InPart),
        &[
            r"{LEAD}{NOT}{WHOLLY} {DONE}\b",
            r"{LEAD}{NOT}{DONE} (?:properly|correctly|everywhere|entirely|completely|fully|in full)\b",
            r"{LEAD}(?:only |just )?(?:partially|partly|half|incompletely|halfway)(?: been)? {DONE}\b",
            r"{LEAD}{DONE}{LIMITED}\b",
            r"^{FILL}(?:(?:{OURS})?{BE} {AUX})?{DET}(?:partial|incomplete|half) (?:fix|solution|remedy|implementation|step)\b",
            r"{LEAD}(?:only )?(?:{DONE}|covered|covers|addresses) (?:only )?(?:a )?(?:parts?|half|some) of\b",
            r"{LEAD}{DONE} (?:\w+ ){1,6}only$",
            r"{LEAD}(?:only {DONE}|{DONE} only) (?:for|in|on|the)\b",
            r"^{FILL}(?:much|most|some|parts?|half|the rest|the remainder)(?: of (?:{TICKET}|it))? {AUX}
                (?:not|never) (?:\w+ ){0,2}?{DONE}\b",
            r"^{FILL}only (?:\w+ ){0,4}?(?:parts?|phase|half|step|piece|bit|stage|some)(?: \w+){0,3}? {AUX}{DONE}\b",
        ],
    ),
    // Done in another way, or at another time.
    (None, &[r"{LEAD}{MODAL}{NOT}{DONE}{ELSEWHERE}"]),
    (
        Some(Claim::NotDone),
        &[
            r"{LEAD}{MODAL}{NOT}(?:{DONE}|{BEGUN})(?: |$)",
            r"^{FILL}(?:neither|none)(?: of (?:them|these|those|the (?:\w+ )?(?:tickets|issues|tasks|stories)|
                (?:these|those) (?:\w+ )?(?:tickets|issues|tasks|stories)))? {AUX}(?:{DONE}|{BEGUN}){ENDS}",
            r"{LEAD}(?:(?:left|considered|deemed|officially|quietly|effectively) )*(?:incomplete|unfinished|unresolved|
                undone|unimplemented|unfixed|unaddressed|abandoned|dropped|cancelled|canceled|shelved|de ?scoped|
                depriorit?i[sz]ed|parked|postponed|deferred|(?:put )?on hold|given up(?: on)?|rejected|declined|
                still (?:open|pending|outstanding|to do|broken)|to be done|will not (?:do|fix)|
                (?:far|nowhere near|a long way) from (?:done|finished|complete)){ENDS}",
            r"{LEAD}closed (?:\w+ ){0,2}?(?:without|with no|with nothing)(?: \w+){0,3}? (?:work(?:ed on)?|done|doing|
                complet\w+|finish\w+|fix\w*|resol\w+|implement\w*|solution|action|changes?)\b",
            r"{LEAD}closed (?:(?:due to|because of|for) (?:a |the )?(?:lack|want) of|prematurely|too early|in error|by mistake|mistakenly|accidentally|by accident|
                by (?:a |the )?(?:stale |triage )?bot|for inactivity|due to inactivity|as stale|for lack of)\b",
            r"{LEAD}(?:prematurely|mistakenly|accidentally|wrongly) closed\b",
            r"^{FILL}(?:(?:the|this|that) )?work {AUX}{NOT}(?:happened|happen|materiali[sz]ed?)\b",
            r"{LEAD}{NOT}(?:happened|happen|materiali[sz]ed)(?:$| (?:yet|because|due)\b)",
            r"^{FILL}(?:nothing|none|no (?:actual |real |code )?(?:work|changes?|fix|progress))
                (?: (?:here|(?:of|on) (?:it|{TICKET})))? {AUX}(?:{DONE}|made|came of (?:it|this)|happened|changed)\b",
            r"^{FILL}(?:{OURS})?{AUX}(?:needs?|needed|has|have|remains?|yet) (?:(?:still|yet) )*to be {DONE}\b",
            r"^{FILL}(?:{WE}|they) {AUX}{MODAL}{NOT}{DO}{OBJECT}{ENDS}",
            r"^{FILL}(?:nobody|no one|noone) {AUX}{DO}{OBJECT}{ENDS}",
            r"^{FILL}(?:{WE}|they) {AUX}(?:gave up|given up|abandoned|dropped|shelved|parked|decided against|
                ran out of time|lost interest)(?: on)?{OBJECT}{ENDS}",
            r"^{FILL}(?:{WE}|they) (?:ended up|decided|chose|agreed) (?:not|never) (?:to )?(?:doing|do|fixing|fix|
                completing|complete|finishing|finish|implementing|implement)\b{OBJECT}{ENDS}",
        ],
    ),
    // Repeats what the tracker says; or puts it off.
    (None, &[r"{LEAD}(?:closed as|marked as|marked|set to|resolved as) {DONE}\b", r"{LEAD}{DONE}{LATER}"]),
    (
        Some(Claim::Done),
        &[
            r"{LEAD}{DONE}{ENDS}",
            r"^{FILL}(?:all|everything)(?: of (?:it|this))? {AUX}{DONE}{ENDS}",
            r"^{FILL}(?:we|they|i|the team|our team|somebody|someone) {AUX}(?:completed|finished|fixed|did|implemented|
                resolved|delivered|addressed|solved|landed|built) (?:it|this|that|the work|the ticket|this ticket)
                {ENDS}",
        ],
    ),
];
