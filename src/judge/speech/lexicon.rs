//! What people write around a closing, as data: for each claim the phrases that make it and how strongly they do.
//!
//! Phrases are regular expressions over [`super::sentence::Sentence::words`]. `{NAME}` stands for a piece of [`PIECES`],
//! `_` for up to three words of any kind, `<` for the sentence's start; a phrase begins and ends with whole words. A phrase counts only where the grammar finds no negation, condition or
//! mere talk about it. All of them are general: none belongs to a project, a person or a tracker.

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
        "(?:fixed|resolved|solved|addressed|implemented|done|completed|complete|finished|corrected|handled|delivered|taken care of|sorted out|sorted)",
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
        "(?:this|it|that|(?:this |the |your )?(?:issue|ticket|bug|bug report|request|feature request|feature|report|question|discussion|pr|pull request|patch|proposal|suggestion|task|story))",
    ),
    ("WE", "(?:we|i|they|you|maintainers?|developers?|the team|nobody|no one|upstream)"),
    ("PERSON", "(?:customer|reporter|author|op|submitter|requester|user|he|she|they|you|@user|nobody|no one)"),
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
            "<(?:and )?(?:now |just |also )?(?:merged|committed|landed|applied|pushed|shipped|released|deployed)(?: ,| $| by hand| manually| this| it| to| in| as| thanks| with)",
            "{CHANGE} {WAS} {ADV}{LANDED}",
            "(?:i|we) (?:have |had |has )?(?:just |now |also |already |went ahead and )?(?:committed|merged|landed|applied|checked in|backported|cherry picked)",
            "(?:just|now) (?:committed|merged|landed|applied)",
            "{LANDED} (?:manually|by hand)",
            "committed (?:revision|rev|the (?:patch|fix|change))",
            "(?:pushed|checked) (?:it |this |in |the |a |fix |patch |change |commit )*(?:to|into|in|on) (?:the )?(?:[^ ,]+ )?(?:master|main|trunk|head|develop|mainline)",
            "(?:got|went|made it|is|are|it is) in (?:through|with|via|to (?:master|main|trunk)|@version|master|main|trunk|the (?:latest|current|next|upcoming)|$)",
            "{AT} (?:commit|revision|changeset) @sha",
            "{TRUNK} , @sha",
            "(?:pushing|pushed) [^ ,]+ to (?:the )?(?:master|main|trunk|develop)",
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
        ],
    ),
    (
        Claim::Fixed,
        0.8,
        &[
            "{THING} {WAS} {ADV}(?:a )?{FIXED}",
            "{THING} {WAS} {ADV}(?:supported|in place|available|improved) (?:now|since|in|as)",
            "(?:already|now|since|long since|finally|meanwhile|therefore) (?:been )?(?:fixed|resolved|implemented|done|addressed|solved|completed|supported)",
            "<(?:is |now |all |also |already |this |it )*(?:fixed|done|resolved|completed|implemented|solved|addressed)(?: now| already| here| ,| $| in| on| for| with| thanks| and)",
            "{FIXED} (?:[^ ,]+ )?(?:in|on|for|with|as of|from|since) (?:the )?(?:[^ ,]+ )?{TRUNK}",
            "{CLOSE} (?:[^ ,]+ ){0,3}?(?:as|since|because) (?:[^ ,]+ ){0,3}?(?:fixed|resolved|done|complete|completed|implemented|delivered|finished|addressed|merged|landed|released|shipped|applied)",
            "(?:i|we|you|they|@user) (?:have |had )?already (?:did|done|fixed|implemented|added|resolved) (?:it|this|that)",
            "(?:resolves|solves|fixes|implements|addresses) (?:this|the) (?:ticket|issue|bug|problem|request)",
            "(?:i|we) (?:have |had )?(?:just |now |also |already |finally )?(?:fixed|implemented|resolved|completed|finished) (?:this|it|that|the|all|these)",
            "(?:fix|patch|feature|implementation|support|pr|pull request) (?:for this |for it |is |was |has been |have been |been )*(?:available|included|released|in place|live|deployed|shipped|out) (?:in|with|as|since|now|on)",
        ],
    ),
    (
        Claim::Verified,
        0.85,
        &[
            "verified (?:fixed|fix|the fix|as fixed|working|works|on|in|with|using|this|by|against|and|successfully|it)",
            "(?:fix|improvement|feature|change|patch|implementation|behaviou?r|ticket|issue) (?:[^ ,]+ )?verified",
            "(?:qa|qe|ft|fr|uat|functional tests?|functional review|acceptance|verification|regression tests?|smoke tests?) (?:and [^ ]+ )?(?:passed|approved|successful|done|complete|ok)",
            "confirm(?:ed)? (?:[^ ,]+ ){0,3}?(?:fixed|resolved|fix works|solved)",
            "tested (?:and|it|this|the fix|ok|successfully)(?: [^ ,]+)? (?:works|working|fixed|ok|passes|fine|good)",
        ],
    ),
    (
        Claim::Gone,
        0.66,
        &[
            "no longer (?:[^ ,]+ )?(?:happens?|happening|occurs?|occurring|occuring|reproduces?|reproducible|crash(?:es|ing)?|an? (?:issue|problem)|fails?|failing|exists?|present|affected|broken|getting|appears?)",
            "(?:do|does|did|is|are) {NOT} (?:[^ ,]+ )?(?:crash|crashing|happen|happening|occur|occurring|fail|failing|an? (?:issue|problem)|broken|reproducible) (?:[^ ,]+ ){0,2}?(?:{MORE}|today|now|currently|as of|in @version|with @version|in the latest)",
            "{NOT} (?:an? )?(?:[^ ,]+ )?(?:issue|problem|bug) {MORE}",
            "works? (?:fine |well |great |correctly |properly |as expected |ok |perfectly )?(?:now|again|in @version|with @version|since @version|for me now|as of|in the latest|with the latest)",
            "should (?:now |already |all |also )*be (?:now |already |all )*{FIXED} (?:now|in|by|with|as of|since)",
            "now (?:[^ ,]+ )?(?:works|working|behaves|functions) as (?:designed|intended|expected|documented)",
            "working (?:fine |well |great |correctly |properly |as expected |perfectly )?(?:now|again|since)",
        ],
    ),
];

/// Phrases against it.
pub(super) const AGAINST_IT: &[Entry] = &[
    (
        Claim::Refused,
        0.9,
        &[
            "{WE} (?:[^ ,]+ )?(?:will|would|shall) {NOT} (?:[^ ,]+ ){0,2}?(?:fix|fixing|do|doing|implement|implementing|support|supporting|add|adding|change|changing|merge|accept|backport|backporting|pursue|pursuing|make|making|continue|consider|work on|working on|address)",
            "will {NOT} (?:[^ ,]+ )?(?:fix|be (?:[^ ,]+ )?(?:fixed|implemented|merged|accepted|addressed|backported|supported|added|included|done|pursued|fixing|implementing|adding|supporting|backporting))",
            "(?:this|that|it) will {NOT} happen(?: ,| for| in this| in the| unless| here|$)",
            "(?:am|are) (?:[^ ,]+ )?(?:not|never) going to (?:be )?(?:[^ ,]+ )?(?:fix|fixing|do|doing|implement|implementing|support|supporting|add|adding|change|changing|merge|merging|work on|working on|make|making|pursue|pursuing|tag|accept|accepting|include|including)",
            "is (?:[^ ,]+ )?(?:not|never) going to (?:happen|be (?:fixed|implemented|supported|added|changed|merged|done|accepted|included))",
            "no (?:[^ ,]+ )?plans? (?:to|for|on|of|at|currently|right|in|from|here)",
            "no (?:[^ ,]+ )?action (?:is |was )?(?:planned|intended)",
            "{NOT} (?:currently |being |actively )?plann(?:ed|ing)",
            "no (?:[^ ,]+ )?intentions? (?:to|of)",
            "do {NOT} (?:[^ ,]+ )?(?:intend|plan|want) to (?:fix|implement|support|add|do|change|merge|pursue|have)",
            "(?:is|are|be|was|as|considered|seems|feels|falls) (?:[^ ,]+ )?(?:out|outside) (?:of )?(?:the |our )?(?:[^ ,]+ )?scope",
            "<(?:out|outside) (?:of )?(?:the |our )?scope",
            "beyond the scope",
            "(?:decided|decide|agreed|chose|opted|voted|choosing) (?:[^ ,]+ )?(?:not to|against)",
            "{CLOSE} (?:[^ ,]+ ){0,4}?as (?:an? |being )?(?:invalid|will not fix|will not do|not planned|rejected|declined|obsolete|outdated|stale|incomplete|not reproducible|no repro|cannot reproduce|can not reproduce|abandoned|inactive|not a bug|not an issue|non issue|by design|working as intended|works as designed)",
            "as (?:a )?will not (?:fix|do)",
            "mark (?:this |it )?(?:as )?will not fix",
            "(?:rejecting|declining|reject|decline) (?:this|it|the (?:pr|pull request|issue|request|patch|proposal|change))",
            "{TICKET} (?:is|was|has been|got|been) (?:[^ ,]+ )?(?:rejected|declined)",
            "<(?:rejected|declined|rejecting|declining)",
            "<(?:concept |approach )?nac?k",
            "{NOT} (?:[^ ,]+ ){0,2}?actionable",
            "{NOT} (?:worth|feasible|desirable|desired|a good (?:idea|fit)|something we)",
            "{NOT} (?:[^ ,]+ )?interested in",
            "(?:i|we) (?:can|could) {NOT} (?:[^ ,]+ )?(?:support|accept|implement|merge|take) (?:this|it|that|the|in|on|your|a)",
            "let us (?:just |please )?(?:leave|keep) (?:it|this|things) (?:be|as is|as it is|as they are|alone)",
            "(?:i|we) (?:would |will )?(?:prefer|rather) (?:to )?(?:close|not (?:to )?(?:fix|do|add|change|merge|support|implement|have)|keep (?:it|things|this) as)",
        ],
    ),
    (
        Claim::NotABug,
        0.86,
        &[
            "not (?:really |actually |technically )?an? (?:[^ ,]+ )?(?:bug|defect|regression|issue)(?: in| with| of| on| here| ,| $| but| and| as| per| since| because)",
            "non issue",
            "(?:work|works|working|behaves|functions) as (?:designed|intended|documented|specified)",
            "user error|pilot error|operator error|pebkac",
            "(?:my|our) (?:own )?(?:mistake|fault|bad|error|misunderstanding|misconfiguration|misreading)",
            "false (?:alarm|report)",
            "sorry (?:for|about) (?:the |my |that |this )*(?:noise|false|trouble|confusion|spam|misunderstanding|bother)",
            "(?:misunderstood|misread|misconfigured|missed) (?:the|how|that|a|my|some|something|it|this)",
            "invalid (?:issue|bug|ticket|report|request)",
            "(?:is|as|are) (?:by design|expected behaviou?r|intended behaviou?r|the expected behaviou?r|the intended behaviou?r|intentional)",
            "your (?:[^ ,]+ )?(?:software|code|config|configuration|setup|environment|usage) (?:is|was) (?:incorrect|wrong|broken|invalid)",
        ],
    ),
    (
        Claim::Elsewhere,
        0.85,
        &[
            "wrong (?:[^ ,]+ )?(?:repo|repository|tracker|issue tracker|bug tracker)",
            "(?:opened|filed|created|reported|posted|submitted|raised|logged|entered) (?:[^ ,]+ )?(?:in|to|on|against|for|under) the wrong",
            "(?:this|issue|ticket|bug|question|request|report|discussion) (?:[^ ,]+ )?belongs? (?:in|to|on|at|with|elsewhere|over)",
            "not (?:[^ ,]+ ){0,2}?(?:our|your) (?:bug|issue|problem|code|fault)",
            "not (?:an? )?(?:bug|issue|problem) (?:in|with|of) (?:the |our )?[^ ]+",
            "(?:report|file|raise|open|post) (?:this|it|that|an issue|a bug|a ticket|one) (?:[^ ,]+ )?(?:upstream|over at|there|against|with the vendor|in the right|at the)",
            "(?:is|as|it is|an|this) (?:an )?upstream (?:bug|issue|problem)",
            "(?:needs?|requires?|should (?:be|have|go through)|would (?:need|require)|warrants) (?:an? |the )?(?:[^ ,]+ )?(?:rfc|proposal|pep|kep|design doc)",
            "known (?:[^ ,]+ )?(?:jvm|jdk|java|browser|compiler|driver|kernel|os|platform|vendor|library|third party) (?:bug|issue|problem|limitation)",
            "(?:is|be|seems|as|looks) (?:[^ ,]+ )?(?:system|environment|platform|site|machine|setup|installation|os|distro) specific",
            "(?:please|should|better|kindly) (?:be )?(?:ask|asked|post|posted|direct|take|suited|use) (?:[^ ,]+ ){0,5}?(?:stack ?overflow|stack exchange|the forums?|mailing list|discord|slack|discourse|user list|users list|gitter|discussions)",
            "(?:usage|support|how to) (?:question|request)",
        ],
    ),
    (
        Claim::GaveUp,
        0.87,
        &[
            "lack of (?:[^ ,]+ )?(?:interest|time|resources|activity|response|responses|feedback|progress|demand|information|info|bandwidth|consensus|motivation)",
            "no (?:[^ ,]+ )?(?:interest|demand|bandwidth|consensus|resources|capacity) (?:in|for|to|on|here|from|,|$)",
            "no (?:longer )?(?:have |has |having )?(?:the |any |much )?time (?:to|for|on)",
            "(?:do|does|did) {NOT} (?:[^ ,]+ )?have (?:the |any |enough )?(?:time|bandwidth|resources|capacity)",
            "other (?:[^ ,]+ )?(?:priorities|fish)",
            "{TICKET} (?:is|are|has been|was|seems|looks|appears) (?:[^ ,]+ )?abandoned",
            "(?:as|consider(?:ed|ing)? (?:this|it)) abandoned",
            "(?:abandon|abandoning|abandoned) (?:this|it)",
            "(?:i|we|have|has|had|am|are|he|she) (?:[^ ,]+ )?(?:giving|given|gave) (?:it |this )?up",
            "too much (?:work|effort|trouble|hassle)",
            "(?:depriorit[^ ]+|de ?scoped)",
            "{TICKET} (?:is|are|was|has been|have been|will be|needs to be) (?:[^ ,]+ )?(?:shelved|postponed|deferred|parked|put on hold|withdrawn|retracted|dropped)",
            "(?:shelving|postponing|deferring|parking|withdrawing|retracting) (?:this|it|the (?:pr|pull request|patch|ticket|issue|proposal|request|work))",
            "(?:shelved|postponed|deferred|parked) (?:until|for now|indefinitely)",
            "put(?:ting)? (?:this|it) on hold",
            "<(?:withdrawn|abandoned|postponed|deferred)",
            "(?:dropping|dropped) (?:this|it|the (?:idea|pr|pull request|patch|ticket|issue))",
            "clos(?:e|ed|ing) (?:[^ ,]+ ){0,4}?for now",
            "(?:no one|nobody|no body) (?:is |has |was )?(?:[^ ,]+ )?(?:working|interested|time|volunteered|stepped|picked|willing)",
        ],
    ),
    (
        Claim::Silence,
        0.85,
        &[
            "(?:due to|because of|given|for|from|after|of) (?:[^ ,]+ ){0,2}?inactivity",
            "(?:issue|ticket|pr|pull request|bug|request|report|discussion|thread) (?:[^ ,]+ ){0,3}?(?:inactive|dormant)",
            "no (?:[^ ,]+ )?(?:activity|feedback|follow up|movement) (?:[^ ,]+ ){0,2}?(?:from|in|for|since|within|received|after|over|on this|here|lately|recently|,|$)",
            "no (?:[^ ,]+ )?(?:response|reply|replies|answer|updates?|news|information) (?:[^ ,]+ )?(?:from (?:the )?{PERSON}|in (?:over|more|the last|the past|a|two|three|several|[0-9]+)|for (?:over|more|a|two|three|several|[0-9]+|quite)|since)",
            "{CLOSE} (?:[^ ]+ ){0,7}?no (?:[^ ,]+ )?(?:response|reply|replies|answer|feedback|activity|updates?|news)",
            "no (?:[^ ,]+ )?(?:response|reply|replies|answer|feedback|activity|updates?|news) (?:[^ ]+ ){0,4}?clos(?:e|ed|ing)",
            "{PERSON} (?:has|have|had|did) {NOT} (?:[^ ,]+ ){0,2}?(?:replied|responded|answered|reply|respond|answer|got back|followed up|come back|provided)",
            "(?:has|have) {NOT} (?:[^ ,]+ ){0,2}?(?:had (?:any |recent )*activity|seen (?:any |recent )*activity|been (?:any |much |recent )*(?:activity|progress|updates?|response))",
            "never (?:heard back|replied|responded|got (?:a|an|any) (?:answer|reply|response))",
            "(?:marked|marking|labell?ed|considered|closing|closed) (?:[^ ,]+ )?(?:as )?stale",
            "(?:this|issue|ticket|pr|pull request|bug|request|report) (?:is|has gone|has become|looks|seems|got|went|being) (?:[^ ,]+ )?stale",
            "clos(?:e|ed|ing) (?:[^ ,]+ ){0,3}?stale (?:issue|pr|pull request|ticket)s?",
            "(?:due to|because of|given) (?:the )?(?:time passed|passage of time|its age|age|their age)",
            "(?:this|issue|ticket|pr|pull request|bug) (?:[^ ,]+ ){0,4}?auto(?:matically)? ?(?:being )?clos(?:e|ed|ing)",
            "<auto(?:matically)? ?clos(?:e|ed|ing)",
            "(?:still )?(?:waiting|waited) (?:for|on) (?:the |a )?(?:reporter|customer|author|op|submitter|response|reply)",
            "{CLOSE} (?:[^ ,]+ ){0,3}?(?:old|ancient|aged|dormant) (?:issues?|tickets?|bugs?|prs?)",
        ],
    ),
    (
        Claim::Obsolete,
        0.85,
        &[
            "no longer (?:[^ ,]+ )?(?:supported|supports?|maintained|relevant|needed|required|necessary|applicable|applies|apply|makes? sense|in (?:scope|maintenance|development)|interested|pursuing|planned|wanted|under development)",
            "{TICKET} (?:is|are|has|seems|looks) (?:[^ ,]+ )?no longer (?:[^ ,]+ )?(?:valid|active|useful|actual|of interest)",
            "{TICKET} (?:is|are|was|has become|became|seems|looks|has been|been) (?:[^ ,]+ )?(?:obsolete|obsoleted|irrelevant|moot|outdated|out of date)",
            "(?:as|made this|makes this|made it) (?:[^ ,]+ )?(?:obsolete|irrelevant|moot|outdated)",
            "<(?:obsolete|outdated|moot)",
            "{NOT} (?:[^ ,]+ )?(?:relevant|needed|applicable|valid|required|necessary|supported|maintained) (?:{MORE}|now)",
            "do {NOT} (?:[^ ,]+ )?(?:support|maintain|use|ship|need) (?:[^ ,]+ ){0,4}?{MORE}",
            "(?:is|are|being|been|was) (?:[^ ,]+ )?(?:discontinued|end of life|end of lifed|eol|unmaintained|sunset|retired)",
            "(?:project|product|branch|library|tool|plugin|repo|repository|platform) is (?:[^ ,]+ )?dead",
            "overtaken by events",
        ],
    ),
    (
        Claim::Swept,
        0.84,
        &[
            "(?:bulk|mass|batch) clos(?:e|ed|ing|ure)",
            "backlog (?:cleanup|clean up|cleaning|grooming|purge|bankruptcy)",
            "(?:cleaning|clean|tidying) (?:up |out )?(?:[^ ,]+ ){0,2}?(?:old|stale|ancient|backlog|unresolved)",
            "(?:non|not|un) ?fixed (?:status|resolution|state|issues?|tickets?)",
        ],
    ),
    (
        Claim::NotReproduced,
        0.7,
        &[
            "(?:can|could|was|am|were|been|are) {NOT} (?:[^ ,]+ ){0,3}?(?:reproduc[^ ]+|recreat[^ ]+|replicat[^ ]+|repro)",
            "(?:unable|failed|not able) to (?:[^ ,]+ )?(?:reproduce|recreate|replicate|repro)",
            "(?:do|does|did) {NOT} (?:[^ ,]+ )?(?:reproduce|reproduces|repro)",
            "not reproducible",
            "works (?:fine |ok )?for me",
        ],
    ),
    (
        Claim::Instead,
        0.58,
        &[
            "(?:the|a|this|having|there is|with|using|use|an easy|simple|suggested|provided) (?:[^ ,]+ )?work ?around",
            "can (?:nowadays |now |already |also |easily |simply )*be (?:done|achieved|accomplished|worked around) (?:[^ ,]+ ){0,2}?(?:by|using|with|via|manually)",
            "(?:recommend|suggest|advise) (?:[^ ,]+ ){0,2}?(?:to |that you )?(?:upgrade|upgrading|update|updating)",
        ],
    ),
    (
        Claim::NotDone,
        0.8,
        &[
            "{NOT} (?:[^ ,]+ )?(?:been |be |get |getting |really |actually |fully |yet |ever )*(?:fixed|implemented|done|merged|landed|completed|addressed|resolved|finished|solved|delivered|committed)",
            "nothing (?:was |has been |is |will be )?(?:[^ ,]+ )?(?:done|changed|fixed|implemented|merged)",
        ],
    ),
    (
        Claim::Mistake,
        0.86,
        &[
            "(?:is|looks like|appears to be|ai|as|seems like) (?:[^ ,]+ )?(?:spam|slop|gibberish)",
            "<(?:this is |this was )?(?:just |only )?(?:a )?test (?:only|issue|ticket|pr|please ignore)",
            "<(?:please )?ignore this",
            "please ignore",
            "(?:do not|not for) merg(?:e|ing)",
            "(?:pressed|hit|clicked|pushed|picked|chose|selected|opened) (?:[^ ,]+ ){0,3}?wrong (?:[^ ,]+ )?(?:button|branch|upstream|target|base|repo|repository)",
            "(?:opened|created|filed|submitted|raised|sent|made|posted) (?:[^ ,]+ ){0,2}?(?:by (?:mistake|accident)|in error|accidentally|mistakenly|in the wrong|against the wrong|to the wrong)",
            "accidentally (?:opened|filed|submitted)",
        ],
    ),
];

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
            "(?:moved|moving|migrated|migrating|transferred|transferring) (?:[^ ,]+ ){0,4}?(?:to|into) (?:[^ ,]+ ){0,3}?(?:repo|repository|tracker|discussions?|jira|github|gitlab|bugzilla|(?:another|other|different|their) project)",
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
