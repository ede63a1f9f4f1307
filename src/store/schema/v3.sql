CREATE TABLE waiver (
    -- Findings that people accepted by command. One that was taken back or renewed keeps its row.
    seq        INTEGER NOT NULL PRIMARY KEY,
    code       TEXT    NOT NULL,
    ticket     TEXT    COLLATE NOCASE,
    challenge  TEXT,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    until      TEXT    NOT NULL, -- the last day on which it holds
    decided_at TEXT    NOT NULL,
    ended_at   TEXT              -- when it was taken back or renewed
) STRICT;

CREATE TABLE decision (
    -- Verdicts that people gave. One that was taken back or decided again keeps its row; at most one of a ticket is in force.
    seq        INTEGER NOT NULL PRIMARY KEY,
    ticket     TEXT    NOT NULL COLLATE NOCASE,
    verdict    TEXT    NOT NULL,
    decided_by TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    decided_at TEXT    NOT NULL,
    basis      TEXT    NOT NULL, -- JSON: the rules' own judgement then, and the closing as it looked
    ended_at   TEXT              -- when it was taken back, or decided again
) STRICT;
CREATE UNIQUE INDEX decision_in_force ON decision (ticket) WHERE ended_at IS NULL;
