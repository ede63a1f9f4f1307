//! The little grammar of notes: regular expressions over normalised clauses, assembled from named pieces.
//!
//! Each pattern is anchored at the clause's start, because what stands there tells whose clause it is. The first
//! pattern that matches gives the claim; patterns that void or soften others come before them.

use std::sync::LazyLock;

use regex::Regex;

use super::Claim;

/// Built once; the patterns are constants of this file.
pub(super) static GRAMMAR: LazyLock<Grammar> = LazyLock::new(Grammar::new);

/// What a clause opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The ticket, its work, or those who did it.
    Ticket,
    /// A pronoun, which means what was spoken of last.
    Pronoun,
    /// An imperative or a mere connection: what was spoken of stays.
    LeftOut,
    /// Anything else.
    Other,
}

/// All patterns.
#[derive(Debug)]
pub(super) struct Grammar {
    /// Where a sentence falls into clauses.
    pub(super) boundaries: Regex,
    /// A token that names a ticket.
    pub(super) key: Regex,
    ticket: Regex,
    pronoun: Regex,
    left_out: Regex,
    /// What each pattern claims; `None` where it only keeps the later ones from matching.
    claims: Vec<(Option<Claim>, Regex)>,
}

/// Words in front that change nothing.
const FILL: &str = r"(?:(?:but|however|although|though|whereas|unfortunately|sadly|alas|fyi|nb|note|that|update|edit|correction|actually|apparently|in fact|in the end|in practice|as it turns out|it (?:seems|appears|turns out|turned out)(?: that)?|so|also|and|then|well|as far as (?:we|i) know|afaik|(?:we|i) (?:think|believe|hear)(?: that)?|status|again|finally|eventually|later|since then|meanwhile|in the meantime|by now|now|yet|in \d{4}|as of \w+(?: \d{4})?) )*?";
/// The ticket or its work.
const TICKET: &str = r"(?:(?:this|that|the|our|these|both|all|the original)(?: of (?:this|these|the))?(?: (?:actual|real|planned|promised|whole|original|jira|github|linked|cited|above))?(?: (?:tickets?|issues?|story|stories|tasks?|epic|pr|pull request|works?|work item|item|remedy|card|fix|change))(?: (?:itself|here|above|in question|on it|for it|(?:on|for|in|of|behind|under|described in) (?:this|the)(?: (?:ticket|issue|task|story|epic|pr))?))*|this|that|work)";
/// A pronoun for it.
const PRONOUN: &str = r"(?:it|they|which|both|neither of them|none of it|none of this|all of it|all of this)";
/// Those who did it, or did not.
const WE: &str =
    r"(?:we|i|nobody|no one|noone|the team|our team|the (?:\w+ )?(?:team|squad|assignee|authors?)|somebody|someone)";
/// Verbs and adverbs between a subject and what is said of it, without a negation.
const AUX: &str = r"(?:(?:was|is|were|are|has|have|had|been|be|got|get|did|does|do|just|actually|really|ever|still|truly|even|also|technically|apparently|sadly|unfortunately|simply|so far|as yet|itself|marked as|marked|resolved but|closed but|closed as|closed|set to|ended up|ended|since|now|later|eventually|finally|meanwhile|in the meantime|by now|already|indeed|in fact|in the end|then|again|though|however|remains|remained|stayed) )*?";
/// What may still come: only a negation makes a claim of it.
const MODAL: &str = r"(?:(?:will|can|could) )?";
/// A negation with the adverbs behind it. `not only` and `not just` negate nothing.
const NOT: &str = r"(?:not|never)(?: (?:actually|really|ever|been|be|being|yet|truly|even|properly|quite|in fact|get|got|getting|have|at all|still))* ";
const WHOLLY: &str = r"(?:fully|completely|entirely|wholly|totally|quite|all)";
const DONE: &str = r"(?:completed?|done|finished|fixed|implemented|resolved|delivered|addressed|merged|shipped|released|deployed|rolled out|solved|landed|built|carried out|handled)";
const BEGUN: &str = r"(?:started|begun|worked on|picked up|tackled|attempted|touched|followed through)";
/// Continuations that turn "not done" into "done in another way or at another time".
const ELSEWHERE: &str = r"(?: (?:until|till|before|by|in time|on time|on schedule|as (?:planned|described|specified|intended|designed|originally)|the way|without|in (?:one|a|this|that|the)|at first|initially|originally|at the time|back then|at that time|for (?:a|years|months|weeks)|overnight|manually|automatically|alone|here|only|just|to (?:plan|spec)|upstream)\b)";
/// Continuations after "done" that take it back, put it off, or limit it.
const LIMITED: &str = r"(?: (?:\w+ )?(?:partially|partly|in parts?|halfway|except|apart from|incompletely|incorrectly|badly|mostly|to some extent|temporarily|for now|only for|for the most part))";
const LATER: &str =
    r"(?: (?:when|if|once|as soon as|until|unless|whenever|after (?:the|we|this|that|it|ecommerce)|before)\b)";
const HACK: &str = r"(?:work ?arounds?|hacks?|band ?aid|stop ?gap(?: measure| fix)?|(?:short|near) ?term (?:fix|solution|measure|mitigation|patch)|(?:temporary|interim|quick|tactical|makeshift) (?:fix|solution|measure|patch|mitigation|repair)|mitigation|sticking plaster|quick ?fix)";
const SPIKE: &str = r"(?:spike|poc|proof of concept|investigation|research|discovery|exploration|experiment|prototype|feasibility study|analysis|time ?boxed spike)";
const GUESS: &str = r"(?:hypothesis|hypotheses|theory|idea|approach|experiment|attempt|spike|poc|prototype|proof of concept|guess|trial)";
/// How a clause may go on once everything is said.
const ENDS: &str = r"(?:$| (?:because|due|as|after|since|in|for|by|and|at|on|again|later|too|when|with|via|through|under|now|of|to|which|that|so|entirely|completely|altogether|long ago|years ago|last|early|also|thanks|until|till|within|shortly|soon|an? (?:few )?(?:days?|weeks?|months?|years?|sprints?)|\w+ (?:days|weeks|months|years|sprints)|\d|otherkey))";
/// Joins a subject to what it is.
const BE: &str = r"(?:was|is|were|are|has been|remains|remained|became|turned out(?: to be)?|ended up(?: as| being)?)";
/// Articles and belittlements before a noun.
const DET: &str = r"(?:(?:just|only|merely|purely|basically|mostly|really|actually|more of|nothing but|no more than|little more than|another|a|an|the|one|as|quick|dirty|ugly|small|nasty|short) )*";
/// What an active verb may have done or not done, if it is to be the ticket's work.
const OBJECT: &str = r"(?: (?:it|this|that|any of (?:it|this)|anything|(?:the|this|that|any|our)(?: actual| real| rest of the| planned)? (?:work|ticket|issue|task|story|fix|changes?)|doing (?:it|this)|to (?:it|this)))?";

/// A pattern with what it claims.
type Pattern = (Option<Claim>, String);

fn all(claim: Claim, patterns: impl IntoIterator<Item = String>) -> Vec<Pattern> {
    patterns.into_iter().map(|pattern| (Some(claim), pattern)).collect()
}

/// The ticket or a pronoun for it, with the space behind.
fn ours() -> String {
    format!("(?:{TICKET}|{PRONOUN}) ")
}

/// What may stand before a claim: fillers, the ticket or nothing, verbs and adverbs.
fn lead() -> String {
    format!("^{FILL}(?:{})?{AUX}", ours())
}

fn superseded() -> Vec<Pattern> {
    let lead = lead();
    all(
        Claim::Superseded,
        [
            format!(r"{lead}(?:superseded|replaced|obsoleted|subsumed|overtaken|absorbed) by\b"),
            format!(r"{lead}(?:abandoned |dropped |declined |rejected )?in favou?r of\b"),
            format!(
                r"{lead}(?:moved|migrated|continue[sd]|folded|merged|rolled|split|tracked|transferred|followed up|carried on)(?: \w+)? (?:to|into|in|by|under|with) (?:\w+ ){{0,2}}?otherkey"
            ),
            format!(r"{lead}(?:a )?(?:duplicate|dupe?) of\b"),
            format!(r"^{FILL}see (?:\w+ ){{0,2}}?otherkey instead"),
            format!(r"^{FILL}otherkey (?:superseded|supersedes|replaced|replaces|took over|takes over)"),
        ],
    )
}

fn checked() -> Vec<Pattern> {
    let ours = ours();
    let checks = r"(?:checks?|checked|tests?|tested|tried|tries|explored?s?|investigated|evaluated|looked (?:at|into)|examined|studied|prototyped|validated|researched|probed|compared)";
    let only = "(?:just|only|merely|simply|purely)";
    let guess = format!(
        r"^{FILL}(?:(?:{TICKET}|{PRONOUN}|{WE}) (?:\w+ ){{0,8}}?|(?:(?:the|a|our|its|that|one|this) )?(?:(?:particular|initial|first|original|only|one|main|underlying|tested) ){{0,2}}){GUESS}(?: (?:it|this ticket|we|they|that|which|was|were|had|tested|tried|checked|here|behind|of|it|this)){{0,5}} {AUX}"
    );
    all(
        Claim::OnlyChecked,
        [
            format!(r"^{FILL}{ours}{AUX}{only} (?:\w+ )?{checks} (?:a|an|one|the|some|our|whether|if|for|out)\b"),
            format!(r"^{FILL}(?:{WE} )?{AUX}{only} (?:\w+ )?{checks} (?:\w+ ){{0,4}}{GUESS}"),
            format!(r"^{FILL}{ours}{BE} {AUX}{DET}{SPIKE}(?: only| ticket| task| story)*{ENDS}"),
            format!(r"^{FILL}{only} {DET}{SPIKE}{ENDS}"),
            format!(r"^{FILL}{DET}(?:{SPIKE} only|spike|poc|proof of concept|prototype|experiment)$"),
            format!(
                r"{guess}(?:not|never) (?:\w+ )?(?:pan|panned|works?|worked|hold|held|help|helped|succeed|succeeded|confirm|confirmed|lead|led|prove|proved|proven|solve|solved|fix|fixed|stick|stuck|borne|enough|right|true)\b"
            ),
            format!(
                r"{guess}(?:failed|turned out (?:to be )?(?:wrong|false)|wrong|false|refuted|disproved|disproven|falsified|a dead end|rejected|discarded)\b"
            ),
        ],
    )
}

fn worked_around() -> Vec<Pattern> {
    let (ours, lead) = (ours(), lead());
    let only = "(?:just|only|merely|purely|basically|mostly|nothing but|no more than)";
    all(
        Claim::Workaround,
        [
            format!(r"^{FILL}{ours}{BE} {AUX}{DET}{HACK}(?: only| at best)?{ENDS}"),
            format!(r"^{FILL}{only} {DET}{HACK}{ENDS}"),
            format!(r"^{FILL}{DET}{HACK} only$"),
            format!(r"^{FILL}(?:a|an) {DET}{HACK}$"),
            format!(
                r"^{FILL}(?:(?:{TICKET}|{PRONOUN}|we|they|i|the team) )?{AUX}(?:(?:just|only|merely|simply) )*(?:adds?|added|applied|put in|put|used|uses|implemented|introduced|did|made|delivered|gave|provided|provides|contains|shipped|landed|merged|went for|settled for)(?: us)?(?: just| only| merely| in)* (?:a|an|the|another|one|some|only|just) (?:\w+ ){{0,2}}?{HACK}{ENDS}"
            ),
            format!(
                r"{lead}(?:(?:only|just|merely|simply) )*(?:worked around|papered over|patched over|mitigated|hacked around)\b"
            ),
        ],
    )
}

fn did_not_help() -> Vec<Pattern> {
    let ours = ours();
    all(
        Claim::DidNotHelp,
        [
            format!(
                r"^{FILL}(?:{ours})?{AUX}(?:not|never) (?:\w+ly )?(?:help|helped|pan out|panned out|work out|worked out|work|worked|make (?:a|any|much) difference|made (?:a|any|much) difference|enough)(?: (?:much|at all|enough|us|here|in the end|in practice|in production))*(?:$| (?:because|as|and|so)\b)"
            ),
            format!(
                r"^{FILL}{ours}(?:did|does|has|have) (?:not|never) (?:\w+ly )?(?:solved?|fix(?:ed)?|resolved?|address(?:ed)?|cured?|removed?|improved?|help(?:ed)?)(?: with)? (?:it|this|that|things|anything|(?:the|our|this)(?: \w+)?? (?:problem|issue|cause|challenge|pain|symptom|bug)s?)\b"
            ),
            format!(
                r"^{FILL}(?:the|this|our)(?: (?:underlying|root|actual|real|original|same|whole|basic))* (?:problem|cause|pain|challenge|symptoms?|bug|error|failures?) {AUX}(?:(?:not|never) .*(?:{DONE}|gone|understood|found|known)|(?:still|remains?|persists?|persisted|continues?|came back|returned|reappeared)\b)"
            ),
        ],
    )
}

fn reverted() -> Vec<Pattern> {
    let lead = lead();
    let out = "(?:to be )?(?:reverted|rolled back|backed out|taken out again|removed again)";
    let again = r"(?:re ?landed|re ?applied|landed again|re ?merged|merged again|redone|done again|re ?implemented)";
    vec![(None, format!(r"{lead}{out}\b.*\b{again}\b")), (Some(Claim::Reverted), format!(r"{lead}{out}{ENDS}"))]
}

fn in_part() -> Vec<Pattern> {
    let lead = lead();
    let mut patterns = vec![(None, format!(r"{lead}(?:mostly|almost|largely|nearly)\b"))];
    patterns.extend(all(
        Claim::InPart,
        [
            format!(r"{lead}{NOT}{WHOLLY} {DONE}\b"),
            format!(r"{lead}{NOT}{DONE} (?:properly|correctly|everywhere|entirely|completely|fully|in full)\b"),
            format!(r"{lead}(?:only |just )?(?:partially|partly|half|incompletely|halfway)(?: been)? {DONE}\b"),
            format!(r"{lead}{DONE}{LIMITED}\b"),
            format!(r"{lead}{DONE} (?:\w+ ){{1,6}}only$"),
            format!(r"{lead}(?:only {DONE}|{DONE} only) (?:for|in|on|the)\b"),
            format!(
                r"^{FILL}(?:much|most|some|parts?|half|the rest|the remainder)(?: of (?:{TICKET}|it))? {AUX}(?:not|never) (?:\w+ ){{0,2}}?{DONE}\b"
            ),
            format!(
                r"^{FILL}only (?:\w+ ){{0,4}}?(?:parts?|phase|half|step|piece|bit|stage|some)(?: \w+){{0,3}}? {AUX}{DONE}\b"
            ),
        ],
    ));
    patterns
}

fn not_done() -> Vec<Pattern> {
    let (ours, lead) = (ours(), lead());
    let verb = r"(?:completed?|finish(?:ed)?|fix(?:ed)?|do|did|done|implement(?:ed)?|resolved?|deliver(?:ed)?|address(?:ed)?|start(?:ed)?|land(?:ed)?|build|built|solved?|(?:get|got|gotten) (?:to|around to|round to)|follow(?:ed)? (?:up|through)(?: on)?|work(?:ed)? on|pick(?:ed)? up|ha(?:d|ve) time for)";
    let mut patterns = vec![(None, format!(r"{lead}{MODAL}{NOT}{DONE}{ELSEWHERE}"))];
    patterns.extend(all(
        Claim::NotDone,
        [
            format!(r"{lead}{MODAL}{NOT}(?:{DONE}|{BEGUN})(?: |$)"),
            format!(
                r"{lead}(?:(?:left|considered|deemed|officially|quietly|effectively) )*(?:incomplete|unfinished|unresolved|undone|unimplemented|unfixed|unaddressed|abandoned|dropped|cancelled|canceled|shelved|de ?scoped|depriorit?i[sz]ed|parked|postponed|deferred|(?:put )?on hold|given up(?: on)?|rejected|declined|still (?:open|pending|outstanding|to do|broken)|to be done|will not (?:do|fix)|(?:far|nowhere near|a long way) from (?:done|finished|complete)){ENDS}"
            ),
            format!(
                r"{lead}closed (?:\w+ ){{0,2}}?(?:without|with no|with nothing)(?: \w+){{0,3}}? (?:work|done|doing|complet\w+|finish\w+|fix\w*|resol\w+|implement\w*|solution|action|changes?)\b"
            ),
            format!(
                r"{lead}closed (?:prematurely|too early|in error|by mistake|mistakenly|accidentally|by accident|by (?:a |the )?(?:stale |triage )?bot|for inactivity|due to inactivity|as stale|for lack of)\b"
            ),
            format!(r"{lead}(?:prematurely|mistakenly|accidentally|wrongly) closed\b"),
            format!(
                r"^{FILL}(?:nothing|none|no (?:actual |real |code )?(?:work|changes?|fix|progress))(?: (?:here|(?:of|on) (?:it|{TICKET})))? {AUX}(?:{DONE}|made|came of (?:it|this)|happened|changed)\b"
            ),
            format!(r"^{FILL}(?:{ours})?{AUX}(?:needs?|needed|has|have|remains?|yet) (?:(?:still|yet) )*to be {DONE}\b"),
            format!(r"^{FILL}(?:{WE}|they) {AUX}{MODAL}{NOT}{verb}{OBJECT}{ENDS}"),
            format!(r"^{FILL}(?:nobody|no one|noone) {AUX}{verb}{OBJECT}{ENDS}"),
            format!(
                r"^{FILL}(?:{WE}|they) {AUX}(?:gave up|given up|abandoned|dropped|shelved|parked|decided against|ran out of time|lost interest)(?: on)?{OBJECT}{ENDS}"
            ),
        ],
    ));
    patterns
}

fn done() -> Vec<Pattern> {
    let (ours, lead) = (ours(), lead());
    let verb = "(?:completed|finished|fixed|did|implemented|resolved|delivered|addressed|solved|landed|built)";
    vec![
        // Repeats what the tracker says.
        (None, format!(r"^{FILL}(?:{ours})?{AUX}(?:closed as|marked as|marked|set to|resolved as) {DONE}\b")),
        // Not yet, or only now and then.
        (None, format!(r"{lead}{DONE}{LATER}")),
        (Some(Claim::Done), format!(r"{lead}{DONE}{ENDS}")),
        (
            Some(Claim::Done),
            format!(
                r"^{FILL}(?:we|they|i|the team|our team|somebody|someone) {AUX}{verb} (?:it|this|that|the work|the ticket|this ticket){ENDS}"
            ),
        ),
    ]
}

impl Grammar {
    fn new() -> Self {
        let claims =
            [superseded(), checked(), worked_around(), did_not_help(), reverted(), in_part(), not_done(), done()]
                .into_iter()
                .flatten()
                .map(|(claim, pattern)| (claim, regex(&pattern)))
                .collect();
        Self {
            boundaries: regex(
                r"(?i)(?<mark>[,()\[\]{}…–—]|\s-{1,2}\s|:\s)|\b(?:but|however|although|though|whereas|and\s+(?:was|were|is|has|had|then|so|never|not|did|only|just|later))\b",
            ),
            key: regex(r"^(?:[A-Za-z][A-Za-z0-9_]+-\d+|(?:[\w.-]+/[\w.-]+)?#\d+)$"),
            ticket: regex(&format!("^{FILL}(?:{TICKET}|{WE})(?: |$)")),
            pronoun: regex(&format!("^{FILL}{PRONOUN}(?: |$)")),
            left_out: regex(&format!(
                "^{FILL}(?:see|cf|ask|please|link|check|contact|refer|because|due|since|as|for|when|where|while|after|before|if|in|on|at|by|with|without)(?: |$)|^{FILL}$"
            )),
            claims,
        }
    }

    /// What the clause opens with.
    pub(super) fn subject(&self, clause: &str) -> Subject {
        // Words are recognised with the space behind them.
        let clause = &format!("{clause} ");
        if self.ticket.is_match(clause) {
            Subject::Ticket
        } else if self.pronoun.is_match(clause) {
            Subject::Pronoun
        } else if self.left_out.is_match(clause) {
            Subject::LeftOut
        } else {
            Subject::Other
        }
    }

    /// What the clause claims, if its subject is the ticket.
    pub(super) fn claim(&self, clause: &str) -> Option<Claim> {
        self.claims.iter().find(|(_, pattern)| pattern.is_match(clause)).and_then(|(claim, _)| *claim)
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns are constants, and a test builds them all")
}
