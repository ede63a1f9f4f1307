CREATE TABLE written (
    -- When statuses were last written into a document where it lives, or taken out of it.
    path TEXT NOT NULL PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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
