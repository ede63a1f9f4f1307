CREATE TABLE marker (
    -- Waivers that authors wrote into a document.
    document  TEXT    NOT NULL REFERENCES document (path) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    code      TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    until     TEXT    NOT NULL, -- the last day on which it holds
    line      INTEGER NOT NULL,
    col       INTEGER NOT NULL,
    challenge INTEGER,          -- the position of the challenge in whose row it stands
    covers    INTEGER NOT NULL, -- the line that it covers where that is nobody's row
    PRIMARY KEY (document, position)
) STRICT;
