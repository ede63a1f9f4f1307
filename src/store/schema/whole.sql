-- A new store at once: what the migrations come to, statement by statement as SQLite keeps them. A test holds it against them.

CREATE TABLE lease (
    -- Who may write during a pass. The term grows by one with every taking; a write under an older term is refused.
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     TEXT,             -- absent when released
    term       INTEGER NOT NULL,
    since      TEXT    NOT NULL, -- when this term began
    renewed_at TEXT    NOT NULL,
    expires_at TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
    -- One pass. One that was killed keeps an empty end.
    seq        INTEGER NOT NULL PRIMARY KEY,
    started_at TEXT    NOT NULL,
    ended_at   TEXT,
    complete   INTEGER NOT NULL DEFAULT 0, -- every source read, every ticket answered for
    asked      INTEGER NOT NULL DEFAULT 0,
    unknown    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE document (
    -- A document, and the look of its last good version, which the tables below hold.
    path          TEXT NOT NULL PRIMARY KEY, -- as the user named it
    source        TEXT NOT NULL,             -- the source's name in the configuration
    form          TEXT,                      -- absent until it was read once
    kind          TEXT,                      -- register, minutes, prose
    fingerprint   TEXT,                      -- SHA-256 of everything understood, to tell an unchanged version
    first_seen_at TEXT NOT NULL,
    read_at       TEXT,                      -- when the version in force was last read
    trouble       TEXT,                      -- why it could not be read since
    trouble_at    TEXT,                      -- when that was last seen
    retired_at    TEXT                       -- no longer configured since; kept, and out of every report
, digest TEXT, title TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE challenge (
    -- One row of a register, as the version in force says it.
    document    TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position    INTEGER NOT NULL, -- from 0, in the order of the document
    id          TEXT    NOT NULL,
    category    TEXT,
    title       TEXT    NOT NULL,
    line        INTEGER NOT NULL,
    col         INTEGER NOT NULL,
    occurrences INTEGER,
    status      TEXT    NOT NULL,
    tickets     TEXT    NOT NULL, -- JSON list of ids
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX challenge_by_id ON challenge (id);
CREATE TABLE challenge_seen (
    -- Since when a challenge is known, and when it left its document. Survives edits of the document.
    document      TEXT NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    id            TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    gone_at       TEXT,
    PRIMARY KEY (document, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE anecdote (
    -- One report inside a challenge.
    document    TEXT    NOT NULL,
    challenge   INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    date        TEXT,             -- 2021-08-14, 2021-08 or 2021
    approximate INTEGER NOT NULL,
    teams       TEXT    NOT NULL, -- JSON list
    text        TEXT    NOT NULL,
    line        INTEGER NOT NULL,
    col         INTEGER NOT NULL,
    tickets     TEXT    NOT NULL, -- JSON list of ids
    PRIMARY KEY (document, challenge, position),
    FOREIGN KEY (document, challenge) REFERENCES challenge (document, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE note (
    -- One note of a challenge's status cell.
    document  TEXT    NOT NULL,
    challenge INTEGER NOT NULL,
    position  INTEGER NOT NULL,
    ticket    TEXT    COLLATE NOCASE,
    text      TEXT    NOT NULL,
    line      INTEGER NOT NULL,
    col       INTEGER NOT NULL,
    PRIMARY KEY (document, challenge, position),
    FOREIGN KEY (document, challenge) REFERENCES challenge (document, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE meeting (
    -- One meeting of minutes.
    document TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    date     TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    col      INTEGER NOT NULL,
    skipped  INTEGER NOT NULL,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE topic (
    -- One subject of a meeting.
    document   TEXT    NOT NULL,
    meeting    INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    intention  TEXT,
    speaker    TEXT,
    text       TEXT    NOT NULL,
    line       INTEGER NOT NULL,
    col        INTEGER NOT NULL,
    assumed    INTEGER NOT NULL,
    replies    TEXT    NOT NULL, -- JSON list of {speaker, text, place}
    follow_ups TEXT    NOT NULL, -- JSON list of {owner, text, place}
    tickets    TEXT    NOT NULL, links TEXT NOT NULL DEFAULT '[]', -- JSON list of ids
    PRIMARY KEY (document, meeting, position),
    FOREIGN KEY (document, meeting) REFERENCES meeting (document, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE reference (
    -- One ticket named at one place. Whose part that is: challenge (with anecdote or note), or meeting and topic, or
    -- nobody's; each a position in the tables above.
    document  TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    ticket    TEXT    NOT NULL COLLATE NOCASE,
    url       TEXT,
    line      INTEGER NOT NULL,
    col       INTEGER NOT NULL,
    text      TEXT    NOT NULL, -- the exact slice of the document
    within    TEXT    NOT NULL,
    role      TEXT    NOT NULL, -- remedy or mention
    challenge INTEGER,
    anecdote  INTEGER,
    note      INTEGER,
    meeting   INTEGER,
    topic     INTEGER,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_by_ticket ON reference (ticket);
CREATE TABLE unclaimed (
    -- What looks like a ticket and belongs to no tracker, once for each project or host.
    document TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    home     TEXT    NOT NULL,
    example  TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    col      INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE problem (
    -- What could not be understood whole.
    document TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code     TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    col      INTEGER NOT NULL,
    message  TEXT    NOT NULL,
    hint     TEXT,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracker (
    -- One tracker's health.
    id           TEXT NOT NULL PRIMARY KEY,
    worked_at    TEXT, -- when it last answered as it should; never goes back
    trouble      TEXT, -- outage, limit, credentials, misread, unasked
    trouble_says TEXT,
    asked_at     TEXT
, api_url TEXT, traits TEXT, traits_at TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE ticket (
    -- What is known of a ticket under the id that documents cite, also after it moved.
    id              TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    -- The last look-up, whatever it gave.
    lookup          TEXT NOT NULL,
    lookup_says     TEXT,
    asked_at        TEXT NOT NULL,
    -- The last look-up that proved something: found, moved or gone.
    proven          TEXT,
    proven_at       TEXT,
    moved_to        TEXT COLLATE NOCASE,
    -- The last good answer; all of it absent together when there was none.
    good_at         TEXT, -- when it was true
    tracker_id      TEXT COLLATE NOCASE, -- the id under which the tracker knows it
    native_id       TEXT,
    url             TEXT,
    kind            TEXT,
    title           TEXT,
    closed          INTEGER,
    state           TEXT,
    status_category TEXT,
    reason          TEXT,
    merged          INTEGER,
    created_at      TEXT,
    updated_at      TEXT,
    closed_at       TEXT,
    closed_by       TEXT,
    duplicate_of    TEXT COLLATE NOCASE,
    listed_since TEXT, last_look TEXT, closing TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE ticket_change (
    -- What changed about a ticket and when a pass saw it. Only ever added to.
    ticket    TEXT    NOT NULL COLLATE NOCASE,
    seq       INTEGER NOT NULL, -- from 1 for each ticket, oldest first
    seen_at   TEXT    NOT NULL,
    field     TEXT    NOT NULL,
    old_value TEXT,
    new_value TEXT,
    PRIMARY KEY (ticket, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE verdict (
    -- Verdicts on tickets. A row is added when verdict or evidence change; the last one of a cited ticket is current.
    seq        INTEGER NOT NULL PRIMARY KEY,
    ticket     TEXT    NOT NULL COLLATE NOCASE,
    judged_at  TEXT    NOT NULL,
    verdict    TEXT    NOT NULL,
    confidence REAL    NOT NULL,
    evidence   TEXT    NOT NULL, -- JSON list, strongest first
    current    INTEGER NOT NULL
, was TEXT) STRICT;
CREATE UNIQUE INDEX verdict_current ON verdict (ticket) WHERE current = 1;
CREATE INDEX verdict_by_ticket ON verdict (ticket, seq);
CREATE TABLE standing (
    -- Where challenges stand. A row is added when the standing changes; the last one of a judged challenge is current.
    seq       INTEGER NOT NULL PRIMARY KEY,
    challenge TEXT    NOT NULL,
    judged_at TEXT    NOT NULL,
    standing  TEXT    NOT NULL,
    because   TEXT    NOT NULL, -- as of the last judging
    priority  INTEGER NOT NULL, -- as of the last judging
    current   INTEGER NOT NULL
, broken_on TEXT, was TEXT) STRICT;
CREATE UNIQUE INDEX standing_current ON standing (challenge) WHERE current = 1;
CREATE TABLE finding (
    -- Findings by fingerprint. One that clears keeps its row; if it comes back, that is a new row with a new first_seen_at.
    seq           INTEGER NOT NULL PRIMARY KEY,
    fingerprint   TEXT    NOT NULL,
    code          TEXT    NOT NULL,
    severity      TEXT    NOT NULL,
    challenge     TEXT,
    ticket        TEXT    COLLATE NOCASE,
    path          TEXT,
    line          INTEGER,
    col           INTEGER,
    message       TEXT    NOT NULL,
    hint          TEXT,
    first_seen_at TEXT    NOT NULL,
    cleared_at    TEXT
, accepted INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE UNIQUE INDEX finding_uncleared ON finding (fingerprint) WHERE cleared_at IS NULL;
CREATE TABLE parked (
    -- Answers of the last pass that were not believed yet: too many of one tracker's tickets would have turned at once.
    -- A row goes when an answer for its ticket is believed.
    ticket    TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    turn      TEXT NOT NULL, -- closed, gone, hidden
    parked_at TEXT NOT NULL
) STRICT;
CREATE TABLE waiver (
    -- Findings that people accepted by command. One that was taken back or renewed keeps its row.
    seq        INTEGER NOT NULL PRIMARY KEY,
    code       TEXT    NOT NULL,
    ticket     TEXT    COLLATE NOCASE,
    challenge  TEXT,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    until      TEXT    NOT NULL, -- the last day on which it holds
    decided_at TEXT    NOT NULL,
    ended_at   TEXT              -- when it was taken back or renewed
, manner TEXT NOT NULL DEFAULT 'accepted') STRICT;
CREATE TABLE decision (
    -- Verdicts that people gave. One that was taken back or decided again keeps its row; at most one of a ticket is in force.
    seq        INTEGER NOT NULL PRIMARY KEY,
    ticket     TEXT    NOT NULL COLLATE NOCASE,
    verdict    TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    decided_at TEXT    NOT NULL,
    basis      TEXT    NOT NULL, -- JSON: the rules' own judgement then, and the closing as it looked
    ended_at   TEXT              -- when it was taken back, or decided again
) STRICT;
CREATE UNIQUE INDEX decision_in_force ON decision (ticket) WHERE ended_at IS NULL;
CREATE TABLE listing (
    -- How far the listing of what changed was followed in each home (a repository, a Jira), with each credential.
    tracker    TEXT NOT NULL,
    place      TEXT NOT NULL, -- owner/repo in lower case; * for a Jira
    credential TEXT NOT NULL, -- its fingerprint
    since      TEXT,          -- where the next listing begins, by the tracker's clock
    tag        TEXT,          -- the ETag of the listing from there
    begun_at   TEXT NOT NULL, -- when the pass began that came so far; it speaks for tickets seen since then
    PRIMARY KEY (tracker, place, credential)
) STRICT, WITHOUT ROWID;
CREATE TABLE marker (
    -- Waivers that authors wrote into a document.
    document  TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    code      TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    until     TEXT    NOT NULL, -- the last day on which it holds
    line      INTEGER NOT NULL,
    col       INTEGER NOT NULL,
    challenge INTEGER,          -- the position of the challenge in whose row it stands
    covers    INTEGER NOT NULL, -- the line that it covers where that is nobody's row
    PRIMARY KEY (document, position)
) STRICT;
CREATE TABLE delivery (
    -- The last webhook deliveries taken in, each once. What they said is not kept: the tickets that they named are asked for.
    seq         INTEGER NOT NULL PRIMARY KEY,
    tracker     TEXT    NOT NULL,
    id          TEXT    NOT NULL, -- the sender's, the same when it is sent again
    received_at TEXT    NOT NULL,
    nudged      INTEGER NOT NULL, -- how many cited tickets it named
    UNIQUE (tracker, id)
) STRICT;
CREATE TABLE nudge (
    -- Cited tickets that a delivery named and that were not asked for since.
    ticket   TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    delivery INTEGER NOT NULL -- the last one
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_by_native_id ON ticket (native_id) WHERE native_id IS NOT NULL;
CREATE INDEX ticket_by_moved_to ON ticket (moved_to) WHERE moved_to IS NOT NULL;
CREATE TABLE follow (
    -- What a closed ticket points at, as of the last closer look at it.
    ticket TEXT NOT NULL COLLATE NOCASE,
    target TEXT NOT NULL COLLATE NOCASE,
    why    TEXT NOT NULL, -- gave-way: it is said to have taken the ticket's place; named, linked: the work may be there
    at     TEXT,          -- when it was named, where that is told
    PRIMARY KEY (ticket, target, why)
) STRICT, WITHOUT ROWID;
CREATE TABLE elsewhere (
    -- What other trackers show of a closed ticket's work, looked for once a closing. Where nothing was found, nothing
    -- stands here of it but that it was looked for.
    ticket    TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    looked_at TEXT NOT NULL,
    closing   TEXT NOT NULL, -- JSON: the closing that it was looked for
    scope     TEXT NOT NULL, -- where it was looked for
    mentions  TEXT NOT NULL  -- JSON list
) STRICT, WITHOUT ROWID;
CREATE TABLE chore (
    -- When something about the store itself was last done.
    name    TEXT NOT NULL PRIMARY KEY, -- backup
    done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE unlooked (
    -- Closings at which a closer look failed. A row goes when a look succeeds, or the ticket is open again.
    ticket  TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    closing TEXT NOT NULL, -- JSON
    since   TEXT NOT NULL, -- when a look at this closing failed first
    last    TEXT NOT NULL  -- and last
) STRICT, WITHOUT ROWID;
CREATE TABLE fetched (
    -- Sources whose documents are fetched, with what they said of their state.
    source TEXT NOT NULL PRIMARY KEY,
    tag    TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE copy (
    -- The last version of each document that was fetched.
    source     TEXT NOT NULL,
    path       TEXT NOT NULL,
    version    TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    body       BLOB NOT NULL, doubted TEXT, title TEXT,
    PRIMARY KEY (source, path)
) STRICT;
CREATE TABLE detail (
    -- What surrounds a ticket's closing: comments, events, links and more. Most open tickets have none.
    ticket TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    told   TEXT NOT NULL -- JSON
) STRICT;
CREATE TABLE judging (
    -- What the last judging went by; one row. It goes as soon as anything changes that judging looks at, so that as long
    -- as it stands, what was judged holds.
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    terms TEXT    NOT NULL, -- fingerprint of rules, policy and configured waivers
    since TEXT    NOT NULL, -- when it was
    until TEXT    NOT NULL  -- from when on a date makes a difference
, again TEXT) STRICT;
CREATE INDEX reference_by_challenge ON reference (document, challenge);
CREATE TRIGGER document_came AFTER INSERT ON document BEGIN DELETE FROM judging; END;
CREATE TRIGGER document_went AFTER DELETE ON document BEGIN DELETE FROM judging; END;
CREATE TRIGGER document_changed AFTER UPDATE ON document
WHEN (old.fingerprint, old.source, old.trouble, old.retired_at)
     IS NOT (new.fingerprint, new.source, new.trouble, new.retired_at)
BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_came AFTER INSERT ON ticket BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_went AFTER DELETE ON ticket BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_changed AFTER UPDATE OF lookup, lookup_says, proven, moved_to, tracker_id, native_id, url, kind, title,
    closed, state, status_category, reason, merged, created_at, updated_at, closed_at, closed_by, duplicate_of ON ticket
WHEN (old.lookup, old.lookup_says, old.proven, old.moved_to, old.good_at IS NULL, old.tracker_id, old.native_id, old.url,
      old.kind, old.title, old.closed, old.state, old.status_category, old.reason, old.merged, old.created_at,
      old.updated_at, old.closed_at, old.closed_by, old.duplicate_of)
     IS NOT (new.lookup, new.lookup_says, new.proven, new.moved_to, new.good_at IS NULL, new.tracker_id, new.native_id,
      new.url, new.kind, new.title, new.closed, new.state, new.status_category, new.reason, new.merged, new.created_at,
      new.updated_at, new.closed_at, new.closed_by, new.duplicate_of)
BEGIN DELETE FROM judging; END;
CREATE TRIGGER detail_came AFTER INSERT ON detail BEGIN DELETE FROM judging; END;
CREATE TRIGGER detail_went AFTER DELETE ON detail BEGIN DELETE FROM judging; END;
CREATE TRIGGER detail_changed AFTER UPDATE ON detail BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_change_came AFTER INSERT ON ticket_change BEGIN DELETE FROM judging; END;
CREATE TRIGGER follow_came AFTER INSERT ON follow BEGIN DELETE FROM judging; END;
CREATE TRIGGER follow_went AFTER DELETE ON follow BEGIN DELETE FROM judging; END;
CREATE TRIGGER follow_changed AFTER UPDATE ON follow BEGIN DELETE FROM judging; END;
CREATE TRIGGER elsewhere_came AFTER INSERT ON elsewhere BEGIN DELETE FROM judging; END;
CREATE TRIGGER elsewhere_went AFTER DELETE ON elsewhere BEGIN DELETE FROM judging; END;
CREATE TRIGGER decision_came AFTER INSERT ON decision BEGIN DELETE FROM judging; END;
CREATE TRIGGER decision_went AFTER DELETE ON decision BEGIN DELETE FROM judging; END;
CREATE TRIGGER decision_changed AFTER UPDATE ON decision BEGIN DELETE FROM judging; END;
CREATE TRIGGER waiver_came AFTER INSERT ON waiver BEGIN DELETE FROM judging; END;
CREATE TRIGGER waiver_went AFTER DELETE ON waiver BEGIN DELETE FROM judging; END;
CREATE TRIGGER waiver_changed AFTER UPDATE ON waiver BEGIN DELETE FROM judging; END;
CREATE TRIGGER elsewhere_changed AFTER UPDATE ON elsewhere
WHEN (old.closing, old.mentions) IS NOT (new.closing, new.mentions)
BEGIN DELETE FROM judging; END;
CREATE TABLE written (
    -- When statuses were last written into a document where it lives, or taken out of it.
    path TEXT NOT NULL PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE ranked (
    -- Every challenge of the documents in force, with what lists of them go by.
    challenge TEXT    NOT NULL PRIMARY KEY,
    document  TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    category  TEXT    NOT NULL, -- empty where there is none
    standing  TEXT    NOT NULL, -- unknown until it was judged
    priority  INTEGER NOT NULL, -- its rank among all; a large number until it was judged
    since     TEXT              -- since when it stands there; absent until it was judged
, quarters TEXT NOT NULL DEFAULT '[]', owners TEXT NOT NULL DEFAULT '[]', themes TEXT NOT NULL DEFAULT '[]') STRICT, WITHOUT ROWID;
CREATE INDEX ranked_by_place ON ranked (document, position, standing);
CREATE INDEX ranked_by_standing ON ranked (standing, priority);
CREATE INDEX ranked_by_since ON ranked (standing, since);
CREATE INDEX ranked_by_category ON ranked (category, standing, priority);
CREATE TABLE ranked_team (
    -- The teams that a challenge happened to, with where it stands.
    challenge TEXT NOT NULL,
    team      TEXT NOT NULL COLLATE NOCASE,
    standing  TEXT NOT NULL,
    PRIMARY KEY (challenge, team)
) STRICT, WITHOUT ROWID;
CREATE INDEX ranked_team_by_name ON ranked_team (team, standing);
CREATE TRIGGER ranked_went AFTER DELETE ON ranked
BEGIN DELETE FROM ranked_team WHERE challenge = old.challenge; END;
CREATE TRIGGER ranked_moved AFTER UPDATE OF standing ON ranked WHEN old.standing <> new.standing
BEGIN UPDATE ranked_team SET standing = new.standing WHERE challenge = new.challenge; END;
CREATE TABLE ranked_count (
    -- How many challenges stand where: of all, of a document, of a category, of a team.
    grouped  TEXT    NOT NULL, -- all, document, category, team
    folded   TEXT    NOT NULL, -- the name; a team's without its case
    standing TEXT    NOT NULL,
    name     TEXT    NOT NULL, -- as it is written somewhere
    many     INTEGER NOT NULL,
    PRIMARY KEY (grouped, folded, standing)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
    -- How many verdicts and findings the last judging came to: counted then, because counting them takes reading them all.
    what    TEXT    NOT NULL, -- verdict or finding
    name    TEXT    NOT NULL, -- the verdict or the finding's code
    tracker TEXT    NOT NULL, -- the verdict's tracker; empty for a finding
    many    INTEGER NOT NULL,
    PRIMARY KEY (what, name, tracker)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_by_word ON verdict (verdict, ticket) WHERE current = 1;
CREATE INDEX finding_by_code ON finding (code, seq) WHERE cleared_at IS NULL AND NOT accepted;
CREATE INDEX finding_open ON finding (seq) WHERE cleared_at IS NULL AND NOT accepted;
CREATE INDEX finding_of_challenge ON finding (challenge) WHERE cleared_at IS NULL;
CREATE INDEX finding_of_ticket ON finding (ticket) WHERE cleared_at IS NULL;
CREATE INDEX standing_by_challenge ON standing (challenge, seq);
CREATE INDEX ticket_by_closing ON ticket (closed_by, closed_at) WHERE closed_by IS NOT NULL;
CREATE TABLE sought_row (
    -- What each row of the index `sought` is about: that keeps the words alone.
    id       INTEGER NOT NULL PRIMARY KEY,
    kind     TEXT    NOT NULL,                -- challenge, topic or ticket
    document TEXT,                            -- absent for tickets
    name     TEXT    NOT NULL COLLATE NOCASE, -- the id of the challenge or the ticket; of a topic, a fingerprint
    print    INTEGER NOT NULL,                -- a fingerprint of its words
    meeting  INTEGER,                         -- where a topic stands
    topic    INTEGER
) STRICT;
CREATE INDEX sought_row_by_document ON sought_row (document) WHERE document IS NOT NULL;
CREATE INDEX sought_row_of_ticket ON sought_row (name) WHERE kind = 'ticket';
CREATE VIRTUAL TABLE sought USING fts5 (
    title, body, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE digest (
    -- Digests by their names, and what each told last.
    name     TEXT NOT NULL PRIMARY KEY,
    since    TEXT NOT NULL, -- when it was first configured
    told_at  TEXT,          -- when its turn came last, whether there was anything to tell or not
    spoke_at TEXT,          -- when something was put into the outbox last
    scope    TEXT,          -- JSON: of which part of everything it told then
    picture  TEXT,          -- JSON: what that part was then
    sent     INTEGER NOT NULL DEFAULT 0, -- messages that arrived
    repeats  INTEGER NOT NULL DEFAULT 0  -- tries after one of which nobody knows whether it arrived
, gone_at TEXT, refused INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE subscriber (
    -- Who gets a digest by mail. A row that says when somebody left is kept, and keeps them from being written to.
    digest  TEXT NOT NULL,
    address TEXT NOT NULL COLLATE NOCASE,
    token   TEXT NOT NULL UNIQUE, -- the end of the address at which they leave
    left_at TEXT,
    PRIMARY KEY (digest, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE outbox (
    -- Messages: those that wait, those that nobody took, and those of the last months that were sent.
    seq       INTEGER NOT NULL PRIMARY KEY,
    key       TEXT    NOT NULL UNIQUE,     -- of its content, its digest and its recipient
    digest    TEXT    NOT NULL,
    recipient TEXT    NOT NULL,            -- a mail address; empty where the channel leads to one place
    content   TEXT    NOT NULL,            -- JSON
    queued_at TEXT    NOT NULL,
    due_at    TEXT    NOT NULL,            -- not to be tried before
    tries     INTEGER NOT NULL DEFAULT 0,
    trying    TEXT,                        -- since when somebody tries; after a crash it stays
    unsure    INTEGER NOT NULL DEFAULT 0,  -- whether a try ended so that nobody knows whether it arrived
    sent_at   TEXT,
    failed_at TEXT,                        -- when it was given up
    says      TEXT                         -- what went wrong last
) STRICT;
CREATE INDEX outbox_waiting ON outbox (due_at) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE TABLE citation (
    -- What a document cites besides tickets: each place, or for hosts that are not looked at the first one and how many.
    document TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sort     TEXT    NOT NULL, -- record, search, page, file, login, elsewhere
    target   TEXT    NOT NULL, -- a record's name, an address, a host
    line     INTEGER NOT NULL,
    col      INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (document, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE target (
    -- What is known of what is cited besides tickets.
    target    TEXT NOT NULL PRIMARY KEY,
    lookup    TEXT NOT NULL, -- what looking gave last
    says      TEXT,
    title     TEXT,
    status    TEXT,          -- what a record's own file says
    asked_at  TEXT NOT NULL,
    proven    TEXT,          -- the last look that proved something: found or gone
    proven_at TEXT
) STRICT, WITHOUT ROWID;
CREATE TRIGGER target_came AFTER INSERT ON target BEGIN DELETE FROM judging; END;
CREATE TRIGGER target_went AFTER DELETE ON target BEGIN DELETE FROM judging; END;
CREATE TRIGGER target_changed AFTER UPDATE ON target
WHEN (old.lookup, old.says, old.title, old.status, old.proven) IS NOT (new.lookup, new.says, new.title, new.status, new.proven)
BEGIN DELETE FROM judging; END;
CREATE TABLE register_change (
    -- What changed in a register from one version to the next, as it was seen. Only ever added to.
    seq       INTEGER NOT NULL PRIMARY KEY,
    document  TEXT    NOT NULL,
    challenge TEXT    NOT NULL,
    title     TEXT    NOT NULL, -- as it was then
    turn      TEXT    NOT NULL, -- appeared, left, retitled, split-from, merged-into, carried-over, anecdote, note …
    other     TEXT,             -- the other challenge
    text      TEXT,             -- an anecdote, a note, the title before
    version   TEXT    NOT NULL, -- of the document: a page's number, a hash
    seen_at   TEXT    NOT NULL
) STRICT;
CREATE INDEX register_change_by_challenge ON register_change (challenge, seq);
CREATE INDEX register_change_by_other ON register_change (other, seq) WHERE other IS NOT NULL;
CREATE INDEX waiver_until_change ON waiver (ticket) WHERE manner = 'until-change' AND ended_at IS NULL;
CREATE TABLE audit (
    -- What people decided and took back, and what woke a snooze. Only ever added to.
    seq        INTEGER NOT NULL PRIMARY KEY,
    at         TEXT    NOT NULL,
    decided_by TEXT,             -- absent where a ticket's change did it, or where that was not told
    deed       TEXT    NOT NULL, -- accepted, snoozed, decided, took-back, woke
    code       TEXT,
    ticket     TEXT    COLLATE NOCASE,
    challenge  TEXT,
    reason     TEXT,
    before     TEXT,             -- what was in force before it
    after      TEXT              -- what is in force after it
) STRICT;
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
CREATE TABLE snapshot (
    -- What stood at the end of a day, in numbers: a row for everything, and one for each register, category and team.
    scope  TEXT NOT NULL, -- all, register, category, team
    name   TEXT NOT NULL, -- of the register (its path), the category or the team; empty for what has none
    day    TEXT NOT NULL,
    counts TEXT NOT NULL, -- JSON
    PRIMARY KEY (scope, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshot_by_day ON snapshot (day);
CREATE INDEX finding_by_first_seen ON finding (first_seen_at);
CREATE INDEX finding_by_cleared ON finding (cleared_at) WHERE cleared_at IS NOT NULL;
CREATE TABLE owner (
    -- Whose each challenge is, as of the last judging. One that nobody owns has no row.
    challenge TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    name      TEXT    NOT NULL COLLATE NOCASE,
    owned_by  TEXT    NOT NULL, -- configuration, anecdote, assignee, codeowners
    PRIMARY KEY (challenge, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_by_name ON owner (name, challenge);
CREATE TABLE theme (
    -- The themes of the configuration that each challenge is part of, as of the last judging.
    challenge TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (challenge, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX theme_by_name ON theme (name, challenge);
CREATE TABLE pattern (
    -- How often what was met when and by whom, as of the last judging: counting it takes reading every anecdote.
    kind TEXT    NOT NULL, -- category, theme: dated anecdotes by quarter; team: challenges of a theme by team;
                           -- shared: anecdotes of the challenges that most teams met, by team; topic: a day it came up
    what TEXT    NOT NULL,
    met  TEXT    NOT NULL, -- a quarter, a team, a day
    many INTEGER NOT NULL,
    PRIMARY KEY (kind, what, met)
) STRICT, WITHOUT ROWID;
CREATE TABLE pattern_basis (
    -- What the patterns were counted of: a fingerprint of the documents in force and of the themes; one row.
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    basis TEXT    NOT NULL
) STRICT;
CREATE INDEX ticket_untold ON ticket (lookup, lookup_says) WHERE lookup IN ('hidden', 'unknown');
CREATE INDEX meeting_by_date ON meeting (date);
CREATE TABLE wait (
    -- What must not be asked for a while, be it for tickets or for documents: a server, with a credential.
    origin       TEXT NOT NULL,    -- scheme, host and port
    credential   TEXT NOT NULL,    -- its fingerprint
    scope        TEXT NOT NULL,    -- a quota's name; empty for everything
    reserve      INTEGER NOT NULL, -- it holds for those who leave at least this part of the quota, in percent, to others
    until        TEXT NOT NULL,
    trouble      TEXT NOT NULL,
    trouble_says TEXT NOT NULL,
    PRIMARY KEY (origin, credential, scope, reserve)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_ticket ON audit (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX audit_by_challenge ON audit (challenge) WHERE challenge IS NOT NULL;
CREATE INDEX topic_with_links ON topic (document, meeting) WHERE links != '[]';
CREATE INDEX verdict_turned ON verdict (judged_at) WHERE was IS NOT NULL;
CREATE INDEX standing_moved ON standing (judged_at) WHERE was IS NOT NULL;
CREATE INDEX standing_came ON standing (judged_at) WHERE was IS NULL;
CREATE INDEX challenge_gone ON challenge_seen (gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX finding_before ON finding (fingerprint) WHERE cleared_at IS NOT NULL;
CREATE INDEX finding_accepted ON finding (code, fingerprint) WHERE cleared_at IS NULL AND accepted = 1;
CREATE INDEX ranked_by_priority ON ranked (priority, challenge, standing, since, quarters, owners, themes);
