-- Where evidence could be looked for then, if some of it could not be had; empty: look at the next occasion; absent: all of
-- it was looked for.
ALTER TABLE judging ADD COLUMN again TEXT;

-- That evidence was looked for once more and is as it was is no change.
DROP TRIGGER elsewhere_changed;
CREATE TRIGGER elsewhere_changed AFTER UPDATE ON elsewhere
WHEN (old.closing, old.mentions) IS NOT (new.closing, new.mentions)
BEGIN DELETE FROM judging; END;

CREATE TABLE written (
    -- When statuses were last written into a document where it lives, or taken out of it.
    path TEXT NOT NULL PRIMARY KEY,
    at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
