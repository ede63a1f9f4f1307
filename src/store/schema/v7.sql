-- How a tracker wants to be asked: what it turned out to be (with since when that is known), and what must not be asked
-- for a while. All of it holds for one address.
ALTER TABLE tracker ADD COLUMN api_url TEXT;
ALTER TABLE tracker ADD COLUMN traits TEXT; -- JSON
ALTER TABLE tracker ADD COLUMN traits_at TEXT;
ALTER TABLE tracker ADD COLUMN waits TEXT; -- JSON
