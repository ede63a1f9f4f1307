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
