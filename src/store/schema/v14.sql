-- Where evidence could be looked for then, if some of it could not be had; empty: look at the next occasion; absent: all of
-- it was looked for.
ALTER TABLE judging ADD COLUMN again TEXT;

-- That evidence was looked for once more and is as it was is no change.
DROP TRIGGER elsewhere_changed;
CREATE TRIGGER elsewhere_changed AFTER UPDATE ON elsewhere
WHEN (old.closing, old.mentions) IS NOT (new.closing, new.mentions)
BEGIN DELETE FROM judging; END;

CREATE TABLE written (
    -- When statuses were last written into a document where it lives, or taken out of it.
    path TEXT NOT NULL PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What pages list and search, kept beside the tables that say it and in the transactions that change those: a page reads
-- some rows by an index, and never the whole store.

CREATE TABLE ranked (
    -- Every challenge of the documents in force, with what lists of them go by.
    challenge TEXT    NOT NULL PRIMARY KEY,
    document  TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    category  TEXT    NOT NULL, -- empty where there is none
    standing  TEXT    NOT NULL, -- unknown until it was judged
    priority  INTEGER NOT NULL, -- its rank among all; a large number until it was judged
    since     TEXT              -- since when it stands there; absent until it was judged
) STRICT, WITHOUT ROWID;
CREATE INDEX ranked_by_place ON ranked (document, position, standing);
CREATE INDEX ranked_by_priority ON ranked (priority);
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

INSERT OR IGNORE INTO ranked
SELECT challenge.id, challenge.document, challenge.position, trim(coalesce(category, '')),
       coalesce(standing.standing, 'unknown'), coalesce(priority, 4294967295), judged_at
FROM challenge
JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
LEFT JOIN standing ON standing.challenge = challenge.id AND standing.current = 1;

INSERT OR IGNORE INTO ranked_team
SELECT ranked.challenge, trim(team.value), ranked.standing
FROM ranked
JOIN anecdote ON anecdote.document = ranked.document AND anecdote.challenge = ranked.position,
     json_each(anecdote.teams) AS team
WHERE trim(team.value) <> '';

CREATE TABLE ranked_count (
    -- How many challenges stand where: of all, of a document, of a category, of a team.
    grouped  TEXT    NOT NULL, -- all, document, category, team
    folded   TEXT    NOT NULL, -- the name; a team's without its case
    standing TEXT    NOT NULL,
    name     TEXT    NOT NULL, -- as it is written somewhere
    many     INTEGER NOT NULL,
    PRIMARY KEY (grouped, folded, standing)
) STRICT, WITHOUT ROWID;

INSERT INTO ranked_count SELECT 'all', '', standing, '', count(*) FROM ranked GROUP BY standing;
INSERT INTO ranked_count
SELECT 'document', document, standing, document, count(*) FROM ranked GROUP BY document, standing;
INSERT INTO ranked_count
SELECT 'category', category, standing, category, count(*) FROM ranked GROUP BY category, standing;
INSERT INTO ranked_count
SELECT 'team', lower(team), standing, min(team), count(*) FROM ranked_team GROUP BY lower(team), standing;

CREATE TABLE tally (
    -- How many verdicts and findings the last judging came to: counted then, because counting them takes reading them all.
    what    TEXT    NOT NULL, -- verdict or finding
    name    TEXT    NOT NULL, -- the verdict or the finding's code
    tracker TEXT    NOT NULL, -- the verdict's tracker; empty for a finding
    many    INTEGER NOT NULL,
    PRIMARY KEY (what, name, tracker)
) STRICT, WITHOUT ROWID;

INSERT INTO tally
SELECT 'verdict', verdict, substr(ticket, 1, instr(ticket, ':') - 1), count(*) FROM verdict WHERE current = 1 GROUP BY 2, 3;
INSERT INTO tally
SELECT 'finding', code, '', count(*) FROM finding WHERE cleared_at IS NULL AND NOT accepted GROUP BY code;

CREATE INDEX verdict_by_word ON verdict (verdict, ticket) WHERE current = 1;
CREATE INDEX finding_by_code ON finding (code, seq) WHERE cleared_at IS NULL AND NOT accepted;
CREATE INDEX finding_open ON finding (seq) WHERE cleared_at IS NULL AND NOT accepted;
CREATE INDEX finding_of_challenge ON finding (challenge) WHERE cleared_at IS NULL;
CREATE INDEX finding_of_ticket ON finding (ticket) WHERE cleared_at IS NULL;
CREATE INDEX standing_by_challenge ON standing (challenge, seq);
-- Who closed what at which time: closings by the dozen are seen by it.
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

-- Fingerprints that nothing has: whatever changes is put in anew.
INSERT INTO sought_row (kind, document, name, print) SELECT 'challenge', document, id, 0 FROM challenge;
INSERT INTO sought (rowid, title, body)
SELECT sought_row.id, challenge.title,
       concat_ws(' ', category, status,
                 (SELECT group_concat(concat(text, ' ', teams), ' ') FROM anecdote
                  WHERE anecdote.document = challenge.document AND anecdote.challenge = challenge.position))
FROM challenge JOIN sought_row ON sought_row.document = challenge.document AND sought_row.name = challenge.id;

INSERT INTO sought_row (kind, document, name, print, meeting, topic)
SELECT 'topic', document, concat(meeting, '/', position), 0, meeting, position FROM topic;
INSERT INTO sought (rowid, title, body)
SELECT sought_row.id, topic.text, concat_ws(' ', intention, speaker, replies, follow_ups)
FROM topic JOIN sought_row ON sought_row.document = topic.document AND sought_row.meeting = topic.meeting
                              AND sought_row.topic = topic.position;

INSERT INTO sought_row (kind, name, print) SELECT 'ticket', id, 0 FROM ticket;
INSERT INTO sought (rowid, title, body)
SELECT sought_row.id, concat_ws(' ', ticket.id, title), ''
FROM ticket JOIN sought_row ON sought_row.kind = 'ticket' AND sought_row.name = ticket.id;

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
) STRICT;

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
