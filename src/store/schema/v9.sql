CREATE TABLE chore (
    -- When something about the store itself was last done.
    name    TEXT NOT NULL PRIMARY KEY, -- backup
    done_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
