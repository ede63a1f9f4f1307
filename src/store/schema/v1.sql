-- Version 1. What was released is never edited: a change is a new file with the next number.
-- The comments stand inside the statements so that SQLite keeps them and `.schema` shows them.
-- Every moment is RFC 3339 text in UTC. Ids of tickets are compared without case, as GitHub does.

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
) STRICT, WITHOUT ROWID;

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
    tickets    TEXT    NOT NULL, -- JSON list of ids
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
) STRICT, WITHOUT ROWID;

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
    details         TEXT -- JSON: comments, events, links and what else surrounds the closing
) STRICT, WITHOUT ROWID;

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
) STRICT;
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
) STRICT;
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
) STRICT;
CREATE UNIQUE INDEX finding_uncleared ON finding (fingerprint) WHERE cleared_at IS NULL;
