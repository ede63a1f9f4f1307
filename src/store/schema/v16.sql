-- Since when a digest is no longer configured; what waits for it is kept, and not sent.
ALTER TABLE digest ADD COLUMN gone_at TEXT;
