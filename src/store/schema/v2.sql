CREATE TABLE parked (
    -- Answers of the last pass that were not believed yet: too many of one tracker's tickets would have turned at once.
    -- A row goes when an answer for its ticket is believed.
    ticket    TEXT NOT NULL PRIMARY KEY COLLATE NOCASE,
    turn      TEXT NOT NULL, -- closed, gone, hidden
    parked_at TEXT NOT NULL
) STRICT;
