CREATE TABLE written (
    -- When statuses were last written into a document where it lives, or taken out of it.
    path TEXT NOT NULL PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
