-- What surrounds a closing is most of a ticket and is read when it is judged; what is asked of all tickets, pass after pass, is read
-- and written without it.
CREATE TABLE detail (
    -- What surrounds a ticket's closing: comments, events, links and more. Most open tickets have none.
    ticket TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    told   TEXT NOT NULL -- JSON
) STRICT;

INSERT INTO detail (ticket, told) SELECT id, details FROM ticket WHERE details IS NOT NULL;

-- The closing that was looked at: JSON.
ALTER TABLE ticket ADD COLUMN closing TEXT;
UPDATE ticket SET closing = json_extract(details, '$.closing') WHERE details IS NOT NULL;

ALTER TABLE ticket DROP COLUMN details;

CREATE TABLE judging (
    -- What the last judging went by; one row. It goes as soon as anything changes that judging looks at, so that as long
    -- as it stands, what was judged holds.
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    terms TEXT    NOT NULL, -- fingerprint of rules, policy and configured waivers
    since TEXT    NOT NULL, -- when it was
    until TEXT    NOT NULL  -- from when on a date makes a difference
) STRICT;

-- A portion of a register is read by its rows.
CREATE INDEX reference_by_challenge ON reference (document, challenge);

-- Fingerprint of the bytes that the version in force was read from and of what they were read with.
ALTER TABLE document ADD COLUMN digest TEXT;

-- Whether a person accepted it.
ALTER TABLE finding ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;

-- A document's fingerprint is of everything in the tables below it.
CREATE TRIGGER document_came AFTER INSERT ON document BEGIN DELETE FROM judging; END;
CREATE TRIGGER document_went AFTER DELETE ON document BEGIN DELETE FROM judging; END;
CREATE TRIGGER document_changed AFTER UPDATE ON document
WHEN (old.fingerprint, old.source, old.trouble, old.retired_at)
     IS NOT (new.fingerprint, new.source, new.trouble, new.retired_at)
BEGIN DELETE FROM judging; END;

-- That a ticket was asked for again and is as it was is no change; the dates that depend on it are counted in `until`. What a
-- listing confirmed touches none of these columns.
CREATE TRIGGER ticket_came AFTER INSERT ON ticket BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_went AFTER DELETE ON ticket BEGIN DELETE FROM judging; END;
CREATE TRIGGER ticket_changed AFTER UPDATE OF lookup, lookup_says, proven, moved_to, tracker_id, native_id, url, kind, title,
    closed, state, status_category, reason, merged, created_at, updated_at, closed_at, closed_by, duplicate_of ON ticket
WHEN (old.lookup, old.lookup_says, old.proven, old.moved_to, old.good_at IS NULL, old.tracker_id, old.native_id, old.url,
      old.kind, old.title, old.closed, old.state, old.status_category, old.reason, old.merged, old.created_at,
      old.updated_at, old.closed_at, old.closed_by, old.duplicate_of)
     IS NOT (new.lookup, new.lookup_says, new.proven, new.moved_to, new.good_at IS NULL, new.tracker_id, new.native_id,
      new.url, new.kind, new.title, new.closed, new.state, new.status_category, new.reason, new.merged, new.created_at,
      new.updated_at, new.closed_at, new.closed_by, new.duplicate_of)
BEGIN DELETE FROM judging; END;

CREATE TRIGGER detail_came AFTER INSERT ON detail BEGIN DELETE FROM judging; END;
CREATE TRIGGER detail_went AFTER DELETE ON detail BEGIN DELETE FROM judging; END;
CREATE TRIGGER detail_changed AFTER UPDATE ON detail BEGIN DELETE FROM judging; END;

CREATE TRIGGER ticket_change_came AFTER INSERT ON ticket_change BEGIN DELETE FROM judging; END;

CREATE TRIGGER follow_came AFTER INSERT ON follow BEGIN DELETE FROM judging; END;
CREATE TRIGGER follow_went AFTER DELETE ON follow BEGIN DELETE FROM judging; END;
CREATE TRIGGER follow_changed AFTER UPDATE ON follow BEGIN DELETE FROM judging; END;

CREATE TRIGGER elsewhere_came AFTER INSERT ON elsewhere BEGIN DELETE FROM judging; END;
CREATE TRIGGER elsewhere_went AFTER DELETE ON elsewhere BEGIN DELETE FROM judging; END;
CREATE TRIGGER elsewhere_changed AFTER UPDATE ON elsewhere BEGIN DELETE FROM judging; END;

CREATE TRIGGER decision_came AFTER INSERT ON decision BEGIN DELETE FROM judging; END;
CREATE TRIGGER decision_went AFTER DELETE ON decision BEGIN DELETE FROM judging; END;
CREATE TRIGGER decision_changed AFTER UPDATE ON decision BEGIN DELETE FROM judging; END;

CREATE TRIGGER waiver_came AFTER INSERT ON waiver BEGIN DELETE FROM judging; END;
CREATE TRIGGER waiver_went AFTER DELETE ON waiver BEGIN DELETE FROM judging; END;
CREATE TRIGGER waiver_changed AFTER UPDATE ON waiver BEGIN DELETE FROM judging; END;
