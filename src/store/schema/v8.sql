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

-- Closings that were looked at before anything was followed are looked at once more.
UPDATE ticket SET details = json_remove(details, '$.closing.updated_at')
WHERE json_extract(details, '$.closing') IS NOT NULL;
