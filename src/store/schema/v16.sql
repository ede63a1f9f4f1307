-- Teams are one whatever the case of their names. What this loses the next judging says again.
DROP TABLE owner;
CREATE TABLE owner (
    -- Whose each challenge is, as of the last judging. One that nobody owns has no row.
    challenge TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    name      TEXT    NOT NULL COLLATE NOCASE,
    owned_by  TEXT    NOT NULL, -- configuration, anecdote, assignee, codeowners
    PRIMARY KEY (challenge, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_by_name ON owner (name, challenge);
DELETE FROM judging;

CREATE TABLE theme (
    -- The themes of the configuration that each challenge is part of, as of the last judging.
    challenge TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (challenge, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX theme_by_name ON theme (name, challenge);

CREATE TABLE pattern (
    -- How often what was met when and by whom, as of the last judging: counting it takes reading every anecdote.
    kind TEXT    NOT NULL, -- category, theme: dated anecdotes by quarter; team: challenges of a theme by team;
                           -- shared: anecdotes of the challenges that most teams met, by team; topic: a day it came up
    what TEXT    NOT NULL,
    met  TEXT    NOT NULL, -- a quarter, a team, a day
    many INTEGER NOT NULL,
    PRIMARY KEY (kind, what, met)
) STRICT, WITHOUT ROWID;

CREATE TABLE pattern_basis (
    -- What the patterns were counted of: a fingerprint of the documents in force and of the themes; one row.
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    basis TEXT    NOT NULL
) STRICT;

-- Look-ups that could not tell, for the page that says why.
CREATE INDEX ticket_untold ON ticket (lookup, lookup_says) WHERE lookup IN ('hidden', 'unknown');

-- Since when a digest is no longer configured; what waits for it is kept, and not sent.
ALTER TABLE digest ADD COLUMN gone_at TEXT;
