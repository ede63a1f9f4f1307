-- What a waiver says of its finding: accepted, snoozed, until-change.
ALTER TABLE waiver ADD COLUMN manner TEXT NOT NULL DEFAULT 'accepted';

-- What a ticket that changes wakes.
CREATE INDEX waiver_until_change ON waiver (ticket) WHERE manner = 'until-change' AND ended_at IS NULL;

-- `finding.accepted` is 2 where it is only put off.

CREATE TABLE audit (
    -- What people decided and took back, and what woke a snooze. Only ever added to.
    seq        INTEGER NOT NULL PRIMARY KEY,
    at         TEXT    NOT NULL,
    decided_by TEXT,             -- absent where a ticket's change did it, or where that was not told
    deed       TEXT    NOT NULL, -- accepted, snoozed, decided, took-back, woke
    code       TEXT,
    ticket     TEXT    COLLATE NOCASE,
    challenge  TEXT,
    reason     TEXT,
    before     TEXT,             -- what was in force before it
    after      TEXT              -- what is in force after it
) STRICT;
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is only added to'); END;

-- What was decided before there was a trail. Who took it back was not kept then; what was replaced is told by what came after.
INSERT INTO audit (at, decided_by, deed, code, ticket, challenge, reason, before, after)
SELECT at, decided_by, deed, code, ticket, challenge, reason, before, after FROM (
    SELECT decided_at AS at, decided_by, 'accepted' AS deed, code, ticket, challenge, reason, NULL AS before,
           'accepted until ' || until AS after, 0 AS late, seq
    FROM waiver
    UNION ALL
    SELECT decided_at, decided_by, 'decided', NULL, ticket, NULL, reason, NULL, verdict, 0, seq FROM decision
    UNION ALL
    SELECT ended_at, NULL, 'took-back', code, ticket, challenge, NULL, 'accepted until ' || until, NULL, 1, seq
    FROM waiver WHERE ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM waiver AS next WHERE next.decided_at = waiver.ended_at AND next.code = waiver.code
            AND next.ticket IS waiver.ticket AND next.challenge IS waiver.challenge)
    UNION ALL
    SELECT ended_at, NULL, 'took-back', NULL, ticket, NULL, NULL, verdict, NULL, 1, seq
    FROM decision WHERE ended_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM decision AS next WHERE next.decided_at = decision.ended_at AND next.ticket = decision.ticket)
) ORDER BY at, late, seq;

-- Since when the promise is broken, as of the last judging: the day of the closing.
ALTER TABLE standing ADD COLUMN broken_on TEXT;

CREATE TABLE owner (
    -- Whose each challenge is, as of the last judging. One that nobody owns has no row.
    challenge TEXT    NOT NULL,
    position  INTEGER NOT NULL,
    name      TEXT    NOT NULL,
    owned_by  TEXT    NOT NULL, -- configuration, anecdote, assignee, codeowners
    PRIMARY KEY (challenge, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX owner_by_name ON owner (name);

CREATE TABLE snapshot (
    -- What stood at the end of a day, in numbers: a row for everything, and one for each register, category and team.
    scope  TEXT NOT NULL, -- all, register, category, team
    name   TEXT NOT NULL, -- of the register (its path), the category or the team; empty for what has none
    day    TEXT NOT NULL,
    counts TEXT NOT NULL, -- JSON
    PRIMARY KEY (scope, name, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshot_by_day ON snapshot (day);

-- What came and went on a day.
CREATE INDEX finding_by_first_seen ON finding (first_seen_at);
CREATE INDEX finding_by_cleared ON finding (cleared_at) WHERE cleared_at IS NOT NULL;
