//! What people write around a closing, as data: for each claim the phrases that make it and how strongly they do.
//!
//! Phrases are regular expressions over [`super::sentence::Sentence::words`]. `{NAME}` stands for a piece of [`PIECES`],
//! `_` for up to three words of any kind, `<` for the sentence's start; a phrase begins and ends with whole words. A phrase
//! counts only where the grammar finds no negation, condition or mere talk about it; one that begins with `~` is also found
//! within a condition, for it is about what would have to happen. One that begins with `?` is said of the parts of a system
//! as well: it is no more than a doubt where its clause does not speak of the ticket. All of them are general: none belongs
//! to a project, a person or a tracker.

use super::Claim;

/// Pieces that phrases share.
pub(super) const PIECES: &[(&str, &str)] = &[
    ("REF", "(?:@ref|@sha|@version)"),
    (
        "THING",
        "(?:this|it|that|these|which|both|all|everything(?: here| above)?|they|(?:the |this |that |your |my )?(?:issue|bug|problem|ticket|request|feature|task|case|error|code|defect|crash|behaviou?r|item|documentation|docs|test))",
    ),
    (
        "CHANGE",
        "(?:this|it|that|which|they|both|all|(?:the |this |that |your |my |a |an )?(?:[^ ]+ )?(?:fix|fixes|patch|patches|change|changes|commit|commits|pr|prs|pull request|mr|merge request|code|work|backport|implementation|@ref))",
    ),
    (
        "WAS",
        "(?:is|are|was|were|has been|have been|had been|got|has|have|been|should have been|would have been|seems|seems to be|seems to have been|appears to be|appears to have been|looks|looks to be)",
    ),
    (
        "ADV",
        "(?:(?:now|already|all|just|also|finally|since|long since|actually|indeed|really|in fact|apparently|mostly|meanwhile|recently|later|completely|fully|properly|then|probably|likely|most likely|been|being|currently|officially|successfully) )*",
    ),
    (
        "FIXED",
        "(?:fixed|resolved|solved|addressed|implemented|done|completed|complete|finished|corrected|handled|delivered|taken care of|dealt with|sorted out|sorted)",
    ),
    (
        "LANDED",
        "(?:merged|committed|landed|applied|integrated|checked in|shipped|released|deployed|cherry picked|backported|rolled out|submitted upstream and merged)",
    ),
    (
        "TRUNK",
        "(?:master|main|trunk|head|nightly|nightlies|mainline|develop|dev|devel|tip|production|prod|latest|stable|next|current|recent|newer|new|upcoming|release|releases|build|builds|version|versions|branch|@version)",
    ),
    ("AT", "(?:by|in|with|via|through|thanks to|as of|as part of|as|since|for|on|under|to|into|from|per)"),
    ("CLOSE", "(?:clos(?:e|ed|es|ing)|mark(?:ed|ing)?|resolv(?:e|ed|ing))"),
    ("NOT", "(?:not|never)"),
    ("MORE", "(?:any ?more|any longer)"),
    // Against the work only what is said of the ticket counts, not of what it is about.
    (
        "TICKET",
        "(?:this|it|that|(?:this |the |your )?(?:issue|ticket|bug|bug report|request|feature request|feature|report|question|discussion|pr|pull request|patch|proposal|suggestion|idea|task|story|epic|initiative|improvement|enhancement))",
    ),
    (
        "WE",
        "(?:we|i|they|you|maintainers?|developers?|the team|nobody|no one|upstream|(?:the )?(?:vendor|supplier|business|customer|management|company))",
    ),
    (
        "US",
        "(?:i|we|they|(?:the )?(?:[^ ,]+ )?(?:team|maintainers?|product|product owner|po|management|board|committee|council|business|customer|client|stakeholders?|sponsor|vendor|group|company|meeting|triage))",
    ),
    (
        "PLAN",
        "(?:project|product|feature|requirement|(?:feature|change|enhancement|this|customer) request|initiative|programme|plan|epic|story|ticket|effort|campaign|proposal|idea|rfc|change|implementation|it|this)",
    ),
    (
        "SHELVED",
        "(?:cut|dropped|cancell?ed|shelved|discontinued|withdrawn|scrapped|axed|descoped|de scoped|put on hold|on hold|on ice|parked|postponed|deferred|rejected|declined|denied|refused|vetoed|abandoned|mothballed)",
    ),
    (
        "CODE",
        "(?:code|code path|path|file|class|method|function|page|screen|component|service|api|endpoint|script|repo|repository|branch|plugin|feature|server|host|environment|project|product|library|job|module|package|tool|app|application)",
    ),
    (
        "DID",
        "(?:rewrote|rewritten|built|added|removed|replaced|swapped|corrected|changed|shipped|patched|upgraded|updated|bumped|raised|increased|extended|renewed|rotated|enabled|created|published|carried|cleaned|switched|converted|refactored|adjusted|installed|reconfigured|restored|deployed|redeployed|rolled out|implemented|fixed|solved|reworked|redesigned|simplified|improved|introduced|provided|delivered|released|pushed|landed|merged|cherry picked|took over|taken over|took in|repaired|migrated)",
    ),
    (
        "DONE",
        "(?:rewritten|replaced|swapped|corrected|patched|upgraded|bumped|raised|increased|extended|renewed|rotated|published|cleaned|restored|redeployed|rolled out|reworked|fixed|solved|repaired|adjusted|installed|carried|included|merged|landed|shipped|released|enabled|refactored|migrated|simplified|improved)",
    ),
    (
        "PERSON",
        "(?:customer|contributor|reporter|author|op|submitter|requester|user|he|she|they|you|@user|nobody|no one)",
    ),
];

/// A claim, how strongly its phrases make it, and the phrases.
pub(super) type Entry = (Claim, f64, &'static [&'static str]);

/// Phrases for the work.
pub(super) const FOR_THE_WORK: &[Entry] = &[
    (
        Claim::Landed,
        0.88,
        &[
            "{LANDED} (?:[^ ,]+ ){0,2}?{AT} _{REF}",
            "{LANDED} (?:it |this |them |that )?(?:[^ ,]+ )?(?:to|into|in|on|for|onto|from) (?:the |our )?(?:[^ ,]+ )?{TRUNK}",
            "<(?:and )?(?:now |just |also )?(?:merged|committed|landed|applied|pushed|shipped|released|deployed|delivered|rolled out|published|installed)(?: ,| $| by hand| manually| upstream| everywhere| this| it| to| into| in| as| thanks| with| now)",
            "pulled (?:it |this |that |them |the (?:fix|patch|change) )?(?:in|into|in to|to) (?:the |our )?(?:[^ ,]+ )?{TRUNK}",
            "{CHANGE} {WAS} {ADV}{LANDED}",
            "(?:i|we) (?:have |had |has )?(?:just |now |also |already |went ahead and )?(?:committed|merged|landed|applied|checked in|backported|cherry picked)",
            "(?:just|now|already) (?:committed|merged|landed|applied)",
            "{LANDED} (?:[^ ,]+ )?(?:manually|by hand|separately)",
            ", (?:and )?(?:now )?(?:merged|deployed|released|committed|shipped|landed|applied) (?:,|$)",
            "committed (?:revision|rev|the (?:patch|fix|change))",
            "(?:this|it|that|fix|patch|change|pr|feature) (?:is|are|was|got|went) (?:now |already |finally )*in (?:now|already|,|$)",
            "(?:fix|patch|change|pr|it|this|feature|that) (?:[^ ,]+ )?(?:made it|went|got|goes) (?:in ?to|in) (?:the )?(?:[^ ,]+ )?{TRUNK}",
            "(?:fix|patch|change|feature|solution) (?:[^ ,]+ )?(?:delivered|deployed|released|shipped|merged|committed|provided|applied|installed) (?:to|in|with|on|as|into|,|$)",
            "(?:pushed|checked) (?:it |this |in |the |a |fix |patch |change |commit )*(?:to|into|in|on) (?:the )?(?:[^ ,]+ )?(?:master|main|trunk|head|develop|mainline)",
            "(?:got|went|made it|is|are|it is) in (?:through|with|via|to (?:master|main|trunk)|@version|master|main|trunk|the (?:latest|current|next|upcoming)|$)",
            "{AT} (?:commit|revision|changeset) @sha",
            "{TRUNK} , @sha",
            "<(?:now |it is |this is )*live(?: ,| $| now| since| on| in)",
            "in {TRUNK} (?:as|via|with|by) @(?:sha|ref|version)",
            "already in (?:the )?{TRUNK}",
            "(?:is|are|went|got) in as part of @(?:ref|sha|version)",
            "(?:rebased|squashed) (?:[^ ,]+ ){0,3}?and (?:pushed|merged|landed)",
            "(?:pushing|pushed) [^ ,]+ to (?:the )?(?:master|main|trunk|develop)",
            "<(?:merged|committed|landed|applied|pushed|shipped|released|deployed|imported|incorporated|squashed) (?:[^ ,]+ ){0,6}?(?:, )?(?:in|as|with|via|by|at|under) (?:[^ ,]+ )?(?:, )?{REF}",
            "<(?:now )?(?:merged|committed|landed|applied|pushed) (?:the|your|both|all|that) [^ ,]+",
            "(?:imported|incorporated|squashed) (?:[^ ,]+ ){0,4}?(?:, )?@sha",
            "(?:is|are|went|got) in (?:since|as of|from|starting with) (?:[^ ,]+ )?@version",
            "already on (?:the )?{TRUNK}",
            "(?:i|we) (?:have |just |also )*(?:took|taken|pulled|picked|grabbed|incorporated|imported|absorbed) (?:this|it|that|your|the|these|those)(?: [^ ,]+)?(?: in| into| with| as| ,| $)",
            "(?:got|get|have|had) (?:it|this|that|those|them|these) in(?: ,| $| too| already| now| with| as| via)",
            "<(?:the )?(?:pr|patch|fix|pull request|branch) (?:merged|landed|committed|applied)",
        ],
    ),
    (
        Claim::FixedBy,
        0.88,
        &[
            "{FIXED} (?:[^ ,]+ )?{AT} _{REF}",
            "(?:added|removed|introduced|included|supported|available|improved|updated|changed|replaced|rewritten|documented) (?:now |already )?(?:in|by|via|through|with|since|as of|as part of) (?:[^ ,]+ ){0,2}?{REF}",
            "closed (?:by|via|through|with) (?:the )?(?:pr |pull request |commit |merge request )?@(?:ref|sha)",
            "<(?:closes|fixes|resolves|fix|fixed|done|closed|resolved)(?: | , )(?:in |by |via |with )?(?:pr |pull request |commit )?@(?:ref|sha)",
            "@(?:ref|sha) (?:[^ ,]+ ){0,2}?(?:fixes|fixed|resolves|resolved|solves|solved|implements|implemented|addresses|addressed) (?:this|it|the)",
            "(?:improved|fixed|implemented|introduced|added|resolved) by @ref",
            "<(?:i |we |have |just |now |also )*(?:added|implemented|introduced|improved) (?:[^ ,]+ ){0,6}?(?:in|with|by|via) @(?:ref|sha|version)",
            "(?:available|included|released|supported|possible) (?:now |already )*(?:from|since|as of|starting (?:with|from|in)|with|in) (?:the )?(?:[^ ,]+ )?(?:@version|release|version)",
            "@version (?:, )?(?:which|that) (?:has|includes|contains|fixes|ships)",
            "@(?:ref|sha) (?:closes|closed|covers|handles|does|did) (?:this|it)",
        ],
    ),
    (
        Claim::Fixed,
        0.8,
        &[
            "{THING} {WAS} {ADV}(?:a )?{FIXED}",
            "{THING} {WAS} {ADV}(?:supported|in place|available|improved) (?:now|since|in|as)",
            "(?:already|now|since|long since|finally|meanwhile|therefore) (?:been )?(?:fixed|resolved|implemented|done|addressed|solved|completed|supported)",
            "<(?:is |now |all |also |already |this |it )*(?:fixed|done|resolved|completed|implemented|solved|addressed|sorted|sorted out)(?: now| already| here| ,| $| in| on| for| with| thanks| and| behind| via| using)",
            "<(?:okay |ok |, |i |we |have |now |just )*(?:implemented|fixed|added|finished) (?:it|this|that|as (?:described|discussed|planned|requested))",
            "(?:migration|rollout|upgrade|move|refactoring|implementation|deployment) (?:is |was |has been )?(?:now )?(?:finished|done|complete|completed|over)",
            "(?:we|you) (?:now have (?:it|this|that)|have (?:it|this|that) now)",
            "(?:fixed|resolved|implemented|done|solved|merged|released|added) (?:[^ ,]+ ){0,2}?(?:ago|in the meantime|meanwhile)",
            "{FIXED} (?:[^ ,]+ )?(?:in|on|for|with|as of|from|since) (?:the )?(?:[^ ,]+ )?{TRUNK}",
            "{FIXED} (?:separately|previously|already|manually|by hand)",
            "{CLOSE} (?:[^ ,]+ ){0,3}?(?:as|since|because) (?:[^ ,]+ ){0,3}?(?:fixed|resolved|done|complete|completed|implemented|delivered|finished|addressed|merged|landed|released|shipped|applied)",
            "(?:i|we|you|they|@user) (?:have |had )?already (?:did|done|fixed|implemented|added|resolved) (?:it|this|that)",
            "(?:resolves|solves|fixes|implements|addresses) (?:this|the) (?:ticket|issue|bug|problem|request)",
            "(?:i|we) (?:have |had )?(?:just |now |also |already |finally )?(?:fixed|implemented|resolved|completed|finished) (?:this|it|that|the|all|these)",
            "(?:fix|patch|feature|implementation|support|pr|pull request) (?:for this |for it |is |was |has been |have been |been )*(?:available|included|released|in place|live|deployed|shipped|out) (?:in|with|as|since|now|on)",
            "(?:release|version|build|nightly|master|main|trunk|@version) (?:now |already )*(?:has|have|includes?|contains?|ships?(?: with)?|comes with) (?:it|this|the fix|that|these|a fix|support)",
            "(?:everything|all(?: of)?(?: the)?(?: [^ ,]+)?(?: items| tasks| points| parts| sub ?tasks| tasks| steps| work| subtasks| sub tasks| boxes)) (?:[^ ,]+ ){0,3}?(?:is|are|was|were|has been|have been) (?:[^ ,]+ )?(?:done|complete|completed|closed|finished|fixed|resolved|implemented|ticked|in place|merged|addressed)",
            "<(?:, |thanks |thank you |good catch |nice catch |great catch |yep |yes |oops |ok |okay |sorry |@user |all |now |both |and |i have |have )*(?:corrected|added|written|documented|adjusted|renewed|rotated|reworded|repaired|rewritten|translated|published|restored|amended)(?: ,| $| now| here| accordingly| thanks| see)",
            "<back (?:up|online|to normal|in service)",
            "call(?:ing)? (?:it|this|that) (?:done|good|complete|finished|fixed)",
        ],
    ),
    (
        Claim::Verified,
        0.85,
        &[
            "verified (?:fixed|fix|the fix|as fixed|working|works|on|in|with|using|this|by|against|and|successfully|it)",
            "(?:fix|improvement|feature|change|patch|implementation|behaviou?r|ticket|issue) (?:[^ ,]+ )?verified",
            "(?:your|the|this|that|his|her) (?:[^ ,]+ )?(?:fix|patch|change|pr|branch|build|version|commit|release) (?:[^ ,]+ )?(?:works|worked|did it|did the trick|does the trick|solved it|solves it|fixed it|fixes it|helps|helped)",
            "(?:qa|qe|ft|fr|uat|functional tests?|functional review|acceptance|verification|regression tests?|smoke tests?) (?:and [^ ]+ )?(?:passed|approved|successful|done|complete|ok)",
            "confirm(?:ed)? (?:[^ ,]+ ){0,3}?(?:fixed|resolved|fix works|solved)",
            "tested (?:and [^ ]+ |it |this |the fix )?(?:in|on|with|by) (?:qa|uat|staging|production|prod|stage|sit|the test)",
            "(?:accepted|approved|signed off) by (?:the )?(?:product owner|po|customer|client|business|qa|users?)",
            "tested (?:and|it|this|the fix|ok|successfully)(?: [^ ,]+)? (?:works|working|fixed|ok|passes|fine|good)",
        ],
    ),
    (
        // What takes for granted that something was done: too little for a verdict, enough to doubt a word against it.
        Claim::Worked,
        0.55,
        &[
            "(?:since|after|with|following|until|due to|thanks to) (?:the |this |that |your |our |my |last |a )?(?:[^ ,]+ )?(?:fix|fixes|hotfix|deploy|deployment|rollout)",
            "(?:fix|fixes|patch|hotfix|solution) (?:must have |has |have |should have |seems to have |did |is |was |are |got |went |just )*(?:worked|works|helped|helps|hold|holds|held|did it|did the trick|pushed|out|in|live|applied|released|deployed|merged|shipped|landed|included|on its way)",
            "~(?:assum(?:e|ed|ing)|presum(?:e|ed|ing)|guess(?:ing)?|suppose|believe|think) (?:that )?(?:the|this|that|your|our|it) (?:[^ ,]+ )?(?:fix|patch|update|upgrade|change|release|new version|build)(?: [^ ,]+){0,2}? (?:work|works|worked|helped|solved|fixed|resolved|did)",
            "~(?:assum(?:e|ed|ing)|presum(?:e|ed|ing)) (?:that )?(?:it|this|that|everything|all) (?:is |now |all )*(?:works?|working|worked)",
            "(?:it|this|that|which|feature|fix|change) (?:has |have |just |finally |now )*(?:shipped|landed|went (?:live|out|in)|made it (?:in|into)|rolled out)",
            "(?:and|but|then|so|we|i|instead) (?:have |has |just |then |also |finally |now |since |simply |already )*(?:fixed|implemented|removed|replaced|corrected|rewrote|rewritten|migrated|deployed|redeployed|released|merged|reconfigured|upgraded|resolved|repaired|made it|did it|added it|made (?:it|this|that) the default) (?:it|this|that|them|the|all|everything|both|a|an|in|by|with|with @ref)",
            "(?:,|and|[^ ,]+ (?:is|are|was|were|has been|have been)|all others?|rest|everything) (?:now |also |since |all |both |fully |are |is |then )*(?:corrected|fixed|repaired|resolved|adjusted|redeployed|reconfigured|done|complete|completed|finished|in place|implemented|delivered|verified|deployed|released|merged|up and running|working|rolled out) (?:,|$|and)",
            "(?:part|work|backend|frontend|code|main [^ ,]+|functionality|implementation|migration|request|core|everything|bulk of it) (?:is |was |has been |are )?(?:now |all )*(?:done|complete|completed|finished|in place|implemented|delivered|merged|landed|shipped)",
            "(?:removed|dropped|deleted|disabled|retired|switched off|shut down|decommissioned) (?:[^ ,]+ ){0,4}?as (?:requested|asked|planned|agreed|described|discussed|proposed|this|the) ",
            "(?:got|has|have|had|contains?|includes?) (?:the|that|this|a) (?:fix|feature|patch|hotfix)",
            "(?:version|release|@version|build|branch|api|[^ ,]+) (?:which|that) (?:has|have|contains|includes|fixes|supports) (?:it|this|that)",
            "(?:has|have) had (?:this|that|it|support|one) (?:since|for|from|in|as of)",
            "(?:found|identified|located) (?:the |its )?(?:root )?(?:cause|bug|culprit|problem) and",
            "(?:i|we|they|he|she|@user|@ref|@sha|team|ops|vendor|upstream) (?:have |has |had |just |then |also |finally |now |simply |since |instead |went ahead and |both )*{DID} (?:it|this|that|the|them|these|our|a|an|all|both|everything|its|over|in|into|around|his|her|your|their|some|[0-9]+)",
            "(?:is|are|was|were|has been|have been|got|been) (?:now |all |since |also |already |just |finally )*{DONE}",
            "(?:is|are|has been|have been) (?:already updated|updated already|now updated)",
            "(?:and|this|that|which|it) (?:[^ ,]+ )?got (?:corrected|changed|added|removed|updated)",
            "(?:,|;) (?:so |and |now |since |also |i |we |therefore |then )*{DID} (?:it|this|that|there|the|them|by|in|with|an?|and|on|for|from|to|it|over|upstream|,|$)",
            "<(?:so |and |now |since |also |therefore |then )*{DID} (?:it|this|that|there|the|them|by|in|with|an?|on|for|from|over|upstream|,|$)",
            "@ref (?:[^ ,]+ )?(?:includes|contains|has|carried|covers|brings|does|adds|fixes|did|took)",
            "(?:fix|feature|change|it|api|support|that|this|code) (?:is|was|are) (?:indeed |now |also |already |actually |all )*(?:in|there|part of|included)",
            "(?:version|feature|release|fix|it|patch|build) (?:itself )?(?:is|are) (?:now |finally )?out(?: ,| $| now| since)",
            "(?:is|are) (?:an? |the )?(?:[^ ,]+ )?(?:option|flag|setting|switch|button|command|api|built in|fallback)(?: for (?:it|this|that))? (?:now|since|in @version)",
            "(?:supports?|offers|has|have|got) (?:it|this|that) (?:since|now|from|as of|already)",
            "(?:has|have) replaced (?:it|this|that|the|them)",
            "(?:is|are) (?:now )?built in",
            "(?:and|we|i) (?:have |has |now )?(?:migrated|switched|moved) to [^ ,]+",
            "(?:repaired|replaced|corrected|fixed|patched) (?:their|his|her|its)",
            "did (?:our|my|its) own",
            "(?:i|we|they) (?:have |then |just )?(?:wrote|written) (?:our|my|an?|the|it|their)",
            "(?:,|and) merging(?: ,| $| now| this| it)",
            "(?:which|this|that|and) (?:now |also )?(?:completes|finishes|concludes|fixes|solves|resolves)",
            "as (?:this|the) (?:ticket|issue|story|request) (?:asks|asked|proposes|proposed|wanted|wants|requested|says|said|describes)",
            "(?:in|on) production(?: now| since| ,| $)",
            "(?:patch|fix|change) (?:does|did|really|indeed) (?:fix|work|help|solve)",
            "(?:new|right|latest|current|correct|updated) (?:one|build|version|release) (?:is|works|looks) (?:fine|good|ok|okay|well|great)",
            "(?:worked|works|working) around (?:it|this|that|the [^ ,]+) in @version",
            "went in(?:to)? (?:@version|the|with|as)",
            "(?:got|picked|pulled) (?:up |in )?(?:the|their) (?:fix|patch|upstream)",
            "(?:is|are) (?:now |already )*(?:released|available|included|supported|shipped)",
        ],
    ),
    (
        Claim::Gone,
        0.66,
        &[
            "no longer (?:[^ ,]+ )?(?:happens?|happening|occurs?|occurring|occuring|reproduces?|reproducible|crash(?:es|ing)?|an? (?:issue|problem)|fails?|failing|exists?|present|affected|broken|getting|appears?)",
            "(?:do|does|did|is|are) {NOT} (?:[^ ,]+ )?(?:crash|crashing|happen|happening|occur|occurring|fail|failing|an? (?:issue|problem)|broken|reproducible) (?:[^ ,]+ ){0,2}?(?:{MORE}|today|now|currently|as of|in @version|with @version|in the latest)",
            "{NOT} (?:an? )?(?:[^ ,]+ )?(?:issue|problem|bug) {MORE}",
            "(?:can|should|will) {NOT} (?:[^ ,]+ )?(?:crash|happen|occur|fail) {MORE}",
            "(?:error|warning|problem|issue|crash|bug|message|leak|failure|it|this) (?:is|are|has) (?:[^ ,]+ )?gone (?:now|in|with|since|after|,|$)",
            "(?:updat(?:e|ed|ing)|upgrad(?:e|ed|ing)) (?:[^ ,]+ ){0,4}?(?:solved|solves|fixed|fixes|resolved|resolves) (?:it|this|the|that|my)",
            "(?:that|this|which|it) (?:[^ ,]+ )?(?:resolved|solved|fixed) (?:it|this|(?:the|my) (?:problem|issue|bug|error))",
            "(?:thanks|thank you) (?:[^ ,]+ ){0,3}?for (?:testing|verifying|confirming|fixing|resolving|implementing|merging|the (?:[^ ,]+ )?(?:fix|confirmation))",
            "(?:is|are|went|gone|been) (?:now |already )*live (?:now|since|in|on|for|,|$)",
            "(?:is|are|it is) (?:now |already )*on (?:master|main|trunk|develop|production|prod)",
            "(?:i|we) (?:have |had |just |now )*pushed (?:the|a|this|that|another) (?:[^ ,]+ )?(?:fix|change|patch|update|version|release|solution)",
            "works? (?:like a charm|flawlessly)",
            "works? (?:fine |well |great |correctly |properly |as expected |ok |perfectly )?(?:now|again|in @version|with @version|since @version|for me now|as of|in the latest|with the latest)",
            "should (?:now |already |all |also )*be (?:now |already |all )*{FIXED} (?:now|in|by|with|as of|since)",
            "now (?:[^ ,]+ )?(?:works|working|behaves|functions) as (?:designed|intended|expected|documented)",
            "working (?:fine |well |great |correctly |properly |as expected |perfectly )?(?:now|again|since)",
        ],
    ),
];
