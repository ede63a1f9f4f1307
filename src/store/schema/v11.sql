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
    body       BLOB NOT NULL,
    PRIMARY KEY (source, path)
) STRICT;
