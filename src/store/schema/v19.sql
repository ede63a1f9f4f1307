-- Messages that were given up.
ALTER TABLE digest ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
