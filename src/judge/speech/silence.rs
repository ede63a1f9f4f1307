//! What people write when nobody answers any more, or when they close many tickets at once. Written as in the lexicon.

use super::Claim;
use super::lexicon::Entry;

/// Phrases of silence and of sweeps.
pub(super) const SILENCE: &[Entry] = &[
    (
        Claim::Silence,
        0.85,
        &[
            "(?:due to|because of|given|for|from|after|of) (?:[^ ,]+ ){0,2}?inactivity",
            "(?:issue|ticket|pr|pull request|bug|request|report|discussion|thread) (?:[^ ,]+ ){0,3}?(?:inactive|dormant)",
            "(?:been|being|is|are|was) (?:inactive|dormant) (?:for|since|over)",
            "(?:has|have|had|was|were) {NOT} (?:been )?(?:touched|updated|worked on|looked at|commented on|active) (?:[^ ,]+ )?(?:for|in|since|over)",
            "(?:did|have|has) {NOT} (?:[^ ,]+ )?(?:get|got|gotten|receive|received|hear|heard) (?:[^ ,]+ ){0,3}?(?:information|info|details|response|reply|feedback|answer|reproduction|repro|logs|back|anything|from you)",
            "{CLOSE} (?:[^ ]+ ){0,6}?(?:no|without|missing|lacks|lacking|lack of) (?:an? |any |the |minimal |clear |working |valid )*(?:reproduction|reproducer|repro|reproducible example|steps to reproduce|test case|mcve|details|information|info)",
            "without (?:anyone|anybody|somebody|someone) [^ ]+",
            "(?:insufficient|not enough|too little) (?:information|details?|info|data)",
            "(?:information|details|info|data) (?:[^ ,]+ ){0,2}?(?:is|are) (?:insufficient|missing)",
            "without (?:an? |any )?(?:[^ ,]+ )?(?:answer|response|reply|feedback|activity|updates?|comments?) (?:,|from|for|in|since|$)",
            "no (?:[^ ,]+ )?(?:activity|feedback|movement|progress|reaction|engagement|input|interest|follow through) (?:[^ ,]+ ){0,2}?(?:from|in|for|since|within|received|after|over|on this|here|lately|recently|,|$)",
            "no (?:[^ ,]+ )?(?:follow ups?|comments?) (?:[^ ,]+ ){0,2}?(?:from|in|for|since|within|received|after|over)",
            "no (?:[^ ,]+ )?(?:response|reply|replies|answer|updates?|news|information) (?:[^ ,]+ )?(?:from (?:the )?{PERSON}|in (?:over|more|the last|the past|a|two|three|several|[0-9]+)|for (?:over|more|a|two|three|several|[0-9]+|quite)|since)",
            "{CLOSE} (?:[^ ]+ ){0,7}?no (?:[^ ,]+ )?(?:response|reply|replies|answer|feedback|activity|updates?|news)",
            "no (?:[^ ,]+ )?(?:response|reply|replies|answer|feedback|activity|updates?|news) (?:[^ ]+ ){0,4}?clos(?:e|ed|ing)",
            "{PERSON} (?:has|have|had|did) {NOT} (?:[^ ,]+ ){0,2}?(?:replied|responded|answered|reply|respond|answer|got back|followed up|come back|provided)",
            "(?:has|have) {NOT} (?:[^ ,]+ ){0,2}?(?:had (?:any |recent )*activity|seen (?:any |recent )*activity|been (?:any |much |recent )*(?:activity|progress|updates?|response))",
            "never (?:heard back|replied|responded|got (?:a|an|any) (?:answer|reply|response))",
            "(?:marked|marking|labell?ed|considered|closing|closed) (?:[^ ,]+ )?(?:as )?stale",
            "(?:this|issue|ticket|pr|pull request|bug|request|report) (?:is|has gone|has become|looks|seems|appears|got|went|being) (?:[^ ,]+ ){0,2}?stale",
            "clos(?:e|ed|ing) (?:[^ ,]+ ){0,3}?stale (?:issue|pr|pull request|ticket)s?",
            "(?:due to|because of|given) (?:the )?(?:time passed|passage of time|its age|age|their age)",
            "(?:this|issue|ticket|pr|pull request|bug) (?:[^ ,]+ ){0,4}?auto(?:matically)? ?(?:being )?clos(?:e|ed|ing)",
            "<auto(?:matically)? ?clos(?:e|ed|ing)",
            "(?:still )?(?:waiting|waited) (?:for|on) (?:the |a )?(?:reporter|customer|author|op|submitter|response|reply)",
            "{CLOSE} (?:[^ ,]+ ){0,3}?(?:old|ancient|aged|dormant) (?:issues?|tickets?|bugs?|prs?)",
            "(?:was|were|is|are|has been|have been|had been) {NOT} (?:been )?(?:an?|any|much) (?:[^ ,]+ )?(?:follow ups?|response|reply|replies|feedback|activity|answers?|progress|movement|news|discussion)",
            "no (?:pr|prs|pull requests?|patch|patches|takers?|volunteers?|discussion|test case|reproduction|repro) (?:[^ ,]+ ){0,4}?(?:in|for|since|over|from)",
            "(?:has|have) {NOT} (?:seen|had|got|gotten|received) (?:any |much )*(?:[^ ,]+ )?(?:movement|progress|discussion|traction|activity|attention|comments?|updates?)",
        ],
    ),
    (
        Claim::Swept,
        0.84,
        &[
            "(?:bulk|mass|batch) clos(?:e|ed|ing|ure)",
            "clos(?:e|ed|ing) (?:out )?(?:all|these|many|several|[0-9]+|a (?:bunch|lot|number) of|every|remaining|older) (?:[^ ,]+ ){0,3}?(?:issues|tickets|bugs|prs|pull requests|stories|tasks)",
            "backlog (?:cleanup|clean up|cleaning|grooming|purge|bankruptcy)",
            "(?:cleaning|clean|tidying) (?:up |out )?(?:[^ ,]+ ){0,2}?(?:old|stale|ancient|backlog|unresolved)",
            "(?:non|not|un) ?fixed (?:status|resolution|state|issues?|tickets?)",
        ],
    ),
    (
        Claim::Silence,
        0.78,
        &[
            "{PERSON} (?:is|are|was|were|seems|has gone|went|became|appears) (?:to be |to have )?(?:[^ ,]+ )?(?:unresponsive|silent|inactive|awol|unreachable|gone|not responding|disappeared)",
            "{PERSON} (?:has |have )?(?:deleted|never|disappeared|vanished) (?:[^ ,]+ )?(?:account|came|come|replied|responded|answered|provided|got|followed|gave|sent)",
            "never (?:[^ ,]+ )?(?:came|come|heard|replied|responded|followed|provided|answered)",
            "no (?:[^ ,]+ )?(?:response|reply|replies|answer|feedback) to (?:our|my|the)",
            "{CLOSE} (?:[^ ]+ ){0,4}?(?:need|needs|needed|missing|lacks|lacking|awaiting|pending) (?:more |further |additional )?(?:info|information|details|data|logs|feedback)",
            "(?:waiting|waited) (?:for|on) (?:the |a |an |any |more |further )?(?:feedback|response|reply|input|info|information|confirmation|logs|answer|details)",
            "<(?:stale|inactive|dormant|timed out|no activity|no response|no reply|no feedback|no answer)(?: ,| $| for| since| from| closing)",
            "(?:been|sat|sitting|open|around|here) (?:[^ ,]+ )?(?:for |over )?(?:[^ ,]+ )?(?:years|ages|forever) (?:[^ ,]+ )?(?:without|with no|and no|no)",
            "(?:has|have) {NOT} been touched",
            "{PERSON} (?:has |have )?(?:vanished|disappeared|gone silent)(?: ,| $)",
            "(?:can|could|did) {NOT} (?:[^ ,]+ )?get (?:a|an|any) (?:[^ ,]+ )?(?:reply|answer|response) (?:from|out of) (?:the )?{PERSON}",
            "?(?:can|could|did) {NOT} (?:[^ ,]+ )?get (?:a|an|any) (?:[^ ,]+ )?(?:reply|answer|response)",
            "<incomplete (?:report|ticket|issue|description)",
        ],
    ),
    (
        Claim::Swept,
        0.8,
        &[
            "spring clean[^ ]*",
            "(?:clear|clearing|prune|pruning|trim|trimming|groom|grooming|tidying|cleaning|purging) (?:up |out )?(?:of )?(?:the |our |this |my )?(?:backlog|tracker|queue|board|issue list)",
            "(?:mass|bulk|batch) (?:update|transition|edit|move|clean ?up)",
        ],
    ),
    (
        Claim::Silence,
        0.76,
        &[
            "(?:no one|nobody|none) (?:[^ ,]+ ){0,5}?(?:answered|replied|responded|reacted)",
            "(?:and|but|with|still) no (?:[^ ,]+ )?(?:answer|reply|response|feedback|reaction|news|sign)",
            "(?:reporter|requester|author|op|submitter|customer|user|tenant|client) (?:has |have |since )?(?:left|churned|gone|moved on|quit|dissolved)",
            "(?:author|op|submitter|contributor|reporter|requester) (?:has|have|did|is) {NOT} (?:[^ ,]+ )?(?:addressed|address|updated|update|responding|rebased|rebase|fixed|fix)",
            "still (?:do|does|have|has) {NOT} (?:[^ ,]+ )?(?:have|got|received|the|any)",
            "{CLOSE} (?:[^ ,]+ )?(?:until|unless) (?:someone|somebody|anyone|we|there|you)",
        ],
    ),
    (
        Claim::Swept,
        0.78,
        &[
            "clos(?:e|ed|ing) (?:out )?(?:all|every|everything|anything) (?:[^ ,]+ ){0,3}?(?:older|that|which|without|not)",
            "(?:going|went|working|walking|looking) (?:through|over) (?:the |all |our |these |my )?(?:[^ ,]+ )?(?:old|older|open|stale|ancient|backlog|remaining) ?(?:ones|issues|tickets|bugs|prs|backlog|,|$)",
            "(?:anything|everything|issues|tickets|bugs) older than",
        ],
    ),
];
