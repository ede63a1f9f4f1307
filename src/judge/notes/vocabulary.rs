//! The vocabulary of notes: named pieces from which the patterns are assembled.
//!
//! A piece may use those above it, as `{NAME}`. Line breaks and what follows them up to the first word are only layout,
//! so a line ends after `|` or before a brace, never at a space that counts.

/// Name and piece, in the order in which they may use each other.
pub(super) const PIECES: &[(&str, &str)] = &[
    // Words in front that change nothing.
    (
        "FILL",
        r"(?:(?:but|however|although|though|whereas|
            unfortunately|sadly|alas|fyi|nb|note|that|update|edit|correction|status|actually|apparently|
            in fact|in the end|in practice|as it turns out|it (?:seems|appears|turns out|turned out)(?: that)?|
            as far as (?:we|i) know|afaik|(?:we|i) (?:think|believe|hear)(?: that)?|
            so|also|and|then|well|yet|now|again|finally|eventually|later|since then|meanwhile|in the meantime|by now|
            in \d{4}|as of \w+(?: \d{4})?|
            (?:the )?(?:\w+ )?\w+ (?:says?|said|reports?|reported|confirms|confirmed|tells us|told us)(?: that)?) )*?",
    ),
    // The ticket or its work.
    (
        "TICKET",
        r"(?:(?:this|that|the|our|these|both|all|the original)(?: of (?:this|these|the))?
            (?: (?:actual|real|planned|promised|whole|original|jira|github|linked|cited|above))?
            (?: (?:tickets?|issues?|story|stories|tasks?|epic|pr|pull request|works?|work item|item|remedy|card|fix|
                change))
            (?: (?:itself|here|above|in question|on it|for it|
                (?:on|for|in|of|behind|under|described in) (?:this|the)(?: (?:ticket|issue|task|story|epic|pr))?))*|
            (?:the )?tickets? work|tickets?|task|story|pr|pull request|this|that|work)",
    ),
    ("PRONOUN", r"(?:it|they|which|both|neither of them|none of it|none of this|all of it|all of this)"),
    ("OURS", r"(?:{TICKET}|{PRONOUN}) "),
    // Those who did it, or did not.
    (
        "WE",
        r"(?:we|i|nobody|no one|noone|the team|our team|the (?:\w+ )?(?:team|squad|assignee|authors?)|somebody|
            someone)",
    ),
    // Verbs and adverbs between a subject and what is said of it, without a negation.
    (
        "AUX",
        r"(?:(?:was|is|were|are|has|have|had|been|be|got|get|did|does|do|
            just|actually|really|ever|still|truly|even|also|technically|apparently|sadly|unfortunately|simply|itself|
            so far|as yet|since|now|later|eventually|finally|meanwhile|in the meantime|by now|already|indeed|in fact|
            in the end|then|again|though|however|
            marked as|marked|closed as|closed|set to|ended up|ended|remains|remained|stayed) )*?",
    ),
    ("LEAD", r"^{FILL}(?:{OURS})?{AUX}"),
    // What may stand before a negation only.
    ("MODAL", r"(?:(?:will|can|could) )?"),
    // A negation with the adverbs behind it. "Not only" and "not just" negate nothing.
    (
        "NOT",
        r"(?:not|never)(?: (?:actually|really|ever|been|be|being|yet|truly|even|properly|quite|in fact|get|got|
            getting|have|at all|still))* ",
    ),
    ("WHOLLY", r"(?:fully|completely|entirely|wholly|totally|quite|all)"),
    (
        "DONE",
        r"(?:completed?|done|finished|fixed|implemented|resolved|delivered|addressed|merged|shipped|released|deployed|
            rolled out|solved|landed|built|carried out|handled)",
    ),
    (
        "BEGUN",
        r"(?:started|begun|worked on|picked up|tackled|attempted|touched|followed through|prioriti[sz]ed|scheduled)",
    ),
    // What the work's own verbs look like in the active voice.
    (
        "DO",
        r"(?:completed?|finish(?:ed)?|fix(?:ed)?|do|did|done|implement(?:ed)?|resolved?|deliver(?:ed)?|address(?:ed)?|
            start(?:ed)?|land(?:ed)?|build|built|solved?|(?:get|got|gotten) (?:to|around to|round to)|
            follow(?:ed)? (?:up|through)(?: on)?|work(?:ed)? on|pick(?:ed)? up|ha(?:d|ve) time for)",
    ),
    // What such a verb may have for its object, if it is to be the ticket's work.
    (
        "OBJECT",
        r"(?: (?:it|this|that|any of (?:it|this)|anything|
            (?:the|this|that|any|our)(?: actual| real| rest of the| planned)? (?:work|ticket|issue|task|story|fix|
                changes?)|
            doing (?:it|this)|to (?:it|this)))?",
    ),
    // Continuations that turn "not done" into "done in another way or at another time".
    (
        "ELSEWHERE",
        r"(?: (?:until|till|before|by|in time|on time|on schedule|
            as (?:planned|described|specified|intended|designed|originally)|the way|without|in (?:one|a|this|that|the)|
            at first|initially|originally|at the time|back then|at that time|for (?:a|years|months|weeks)|overnight|
            manually|automatically|alone|here|only|just|to (?:plan|spec)|upstream)\b)",
    ),
    // Continuations that limit "done".
    (
        "LIMITED",
        r"(?: (?:\w+ )?(?:partially|partly|in parts?|halfway|except|apart from|incompletely|incorrectly|badly|mostly|
            to some extent|temporarily|for now|only for|for the most part))",
    ),
    // Continuations that put "done" off.
    ("LATER", r"(?: (?:when|if|once|as soon as|until|unless|whenever|after (?:the|we|this|that|it)|before)\b)"),
    // How a clause may go on once everything is said.
    (
        "ENDS",
        r"(?:$| (?:because|due|as|after|since|in|for|by|and|at|on|again|later|too|when|with|via|through|under|now|of|to|
            which|that|so|entirely|completely|altogether|long ago|years ago|last|early|also|thanks|until|till|within|
            shortly|soon|an? (?:few )?(?:days?|weeks?|months?|years?|sprints?)|\w+ (?:days|weeks|months|years|sprints)|
            \d|otherkey))",
    ),
    // Joins a subject to what it is.
    ("BE", r"(?:was|is|were|are|has been|remains|remained|became|turned out(?: to be)?|ended up(?: as| being)?)"),
    // Articles and belittlements before a noun.
    (
        "DET",
        r"(?:(?:just|only|merely|purely|basically|mostly|really|actually|more of|nothing but|no more than|
            little more than|another|a|an|the|one|as|quick|dirty|ugly|small|nasty|short) )*",
    ),
    ("ONLY", r"(?:just|only|merely|simply|purely|basically|mostly|nothing but|no more than)"),
    (
        "HACK",
        r"(?:work ?arounds?|hacks?|band ?aid|stop ?gap(?: measure| fix)?|
            (?:short|near) ?term (?:fix|solution|measure|mitigation|patch)|
            (?:temporary|interim|quick|tactical|makeshift) (?:fix|solution|measure|patch|mitigation|repair)|
            mitigation|sticking plaster|quick ?fix)",
    ),
    (
        "SPIKE",
        r"(?:spike|poc|proof of concept|investigation|research|discovery|exploration|experiment|prototype|
            feasibility study|analysis|time ?boxed spike)",
    ),
    (
        "CHECKED",
        r"(?:checks?|checked|tests?|tested|tried|tries|explored?s?|investigated|evaluated|looked (?:at|into)|examined|
            studied|prototyped|validated|researched|probed|compared)",
    ),
    (
        "GUESS",
        r"(?:hypothesis|hypotheses|theory|idea|approach|experiment|attempt|spike|poc|prototype|proof of concept|guess|
            trial)",
    ),
    // A guess that the ticket was about, up to what became of it.
    (
        "THE_GUESS",
        r"^{FILL}(?:(?:{TICKET}|{PRONOUN}|{WE}) (?:\w+ ){0,8}?|
            (?:(?:checked|tested|tried|explored|investigated) )?(?:(?:the|a|an|our|its|that|one|this) )?
            (?:(?:particular|initial|first|original|only|one|main|underlying|tested) ){0,2}){GUESS}
            (?: (?:it|this ticket|we|they|that|which|was|were|had|tested|tried|checked|here|behind|of|
                this)){0,5} {AUX}",
    ),
];
