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
