//! What people write where something has changed, without saying that it was the work: it is no evidence, and takes the
//! edge off a lone word against the work beside it. Written as in the lexicon.

use super::Claim;
use super::lexicon::Entry;

/// Phrases that hint at a change.
pub(super) const HINTS: &[Entry] = &[(
    Claim::Hinted,
    0.0,
    &[
        // What it does now, it did not do before.
        "now (?:[^ ,]+ly )?[a-z]{2,}s",
        "now (?:[^ ,]+ )?(?:possible|available|able to|there|in place|part of|green|correct|documented|live)",
        "(?:works?|exists?|throws?|prints?|shows?|lists?|skips?|exits?|ignores?|accepts?|handles?|returns?|raises?|reports?|rejects?|respects?|warns?|passes) (?:[^ ,]+ ){0,3}?now (?:,|and|$)",
        "(?:it|this|that|which|everything|all|both|still|and) (?:also |all |just )?works?(?: ,| $| even| in| on| with| there| everywhere| again| fine| too)",
        "(?:works?|builds?|runs?|compiles?|starts?|loads?|pass|passes|passing) again",
        "(?:tests?|ci|build|builds|pipelines?|nightl[^ ]+|suite|checks?) (?:[^ ,]+ ){0,2}?(?:pass|passes|passed|passing|green|succeed|succeeds)",
        "(?:all|everything|nightly|ci) (?:is )?green",
        "(?:is|are) now (?:[^ ,]+ly )?[a-z]{2,}ed",
        "@version is (?:on|up|available|live|released)",
        "<(?:out|up|live|available) now(?: ,| $| @url)",
        "should (?:now |all )?[a-z]+ (?:[^ ,]+ ){0,5}?(?:again|properly|correctly)(?: ,|$)",
        "should (?:now|be (?:good|fine|ok|okay|right|better|gone|visible|available)) (?:[^ ,]+ ){0,3}?(?:now|again|on {TRUNK}|in {TRUNK}|with @version)",
        "(?:go|goes|went|runs?|comes?|loads?|starts?|builds?|points?|reads?|takes?|gets) (?:[^ ,]+ ){0,4}?now(?: ,|$)",
        "(?:it|that|this|everything) (?:builds|compiles|runs|starts|loads|installs|passes|connects)(?: ,|$| now| fine| again)",
        // A change, taken for granted.
        "(?:fix|patch|hotfix|implementation|new version) (?:has been |is |was |are |went |goes |should be |will be )*(?:confirmed|on|in|out|part of|queued|scheduled|verified|tested)",
        "(?:after|since|with|until|thanks to|following) (?:[^ ,]+ ){0,3}?(?:fix|deploy|deployment|rollout|upgrade|update|patch|rewrite|refactoring|refactor|migration|merge|changes?|@ref|@sha|@version)",
        "<(?:gone|solved|better|fine|ok|okay|good) (?:with|since|after|in|on|for me|now)",
        "(?:is|are) gone (?:now|in|with|since|after|,|$)",
        "(?:in|from|as of|starting with|available in|part of|included in|comes? with|shipped with|released with|out with|out in|went out with) (?:the )?(?:[^ ,]+ )?(?:@version|master|main|trunk|nightly|nightlies|develop|snapshot|next release|latest release|upcoming release)",
        "@version (?:has|does|is out|contains|includes|fixes|supports|handles)",
        "@sha",
        "(?:went|go|goes) (?:out|live)",
        "(?:changelog|release notes?) (?:[^ ,]+ )?(?:has|have|says?|lists?|mentions?|of)",
        "there (?:you|we) go",
        "<(?:voil(?:a|à)|et voil(?:a|à)|tada|here it is|here you are|enjoy)",
        // What was asked for is there.
        "(?:everything|all|most|what) (?:[^ ,]+ )?(?:asked for|listed|requested|described|mentioned|needed|wanted|promised)(?: [^ ,]+){0,4}? (?:is|are|exists?|works?|has been|have been|was|were)",
        "(?:does|do|covers|cover|is|has|have) (?:exactly |just |basically )?what (?:was|is|you|i|we|they|the ticket|this ticket|the issue|this issue) (?:[^ ,]+ ){0,2}?(?:asked|wanted|requested|need|needed|asks|wants|described|want)",
        "nothing (?:is |else is |more is )?left (?:to do|here|open|to be done)",
        "(?:got|get|getting) (?:around|round) to (?:it|this|that)",
        "as promised",
    ],
)];
