CREATE TABLE listing (
    -- How far the listing of what changed was followed in each home (a repository, a Jira), with each credential.
    tracker    TEXT NOT NULL,
    place      TEXT NOT NULL, -- owner/repo in lower case; * for a Jira
    credential TEXT NOT NULL, -- its fingerprint
    since      TEXT,          -- where the next listing begins, by the tracker's clock
    tag        TEXT,          -- the ETag of the listing from there
    begun_at   TEXT NOT NULL, -- when the pass began that came so far; it speaks for tickets seen since then
    PRIMARY KEY (tracker, place, credential)
) STRICT, WITHOUT ROWID;

-- When a ticket was asked for itself, where only listings have spoken for it since.
ALTER TABLE ticket ADD COLUMN listed_since TEXT;
