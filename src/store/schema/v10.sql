-- When the closing was looked at closely last; unknown for looks before this version.
ALTER TABLE ticket ADD COLUMN last_look TEXT;

CREATE TABLE unlooked (
    -- Closings at which a closer look failed. A row goes when a look succeeds, or the ticket is open again.
    ticket  TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    closing TEXT NOT NULL, -- JSON
    since   TEXT NOT NULL, -- when a look at this closing failed first
    last    TEXT NOT NULL  -- and last
) STRICT, WITHOUT ROWID;
