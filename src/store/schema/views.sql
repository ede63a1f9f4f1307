-- For people who ask with SQL: these stay when the tables below them change. docs/store.md tells how to use them.
CREATE VIEW tickets_now AS
    -- Every ticket ever asked for: where it stands and what is thought of it.
    SELECT ticket.id, ticket.url, ticket.title, ticket.state, ticket.reason, ticket.closed, ticket.closed_at,
           ticket.closed_by, ticket.lookup, ticket.moved_to, ticket.asked_at, ticket.good_at,
           verdict.verdict, verdict.confidence, verdict.judged_at AS verdict_since
    FROM ticket LEFT JOIN verdict ON verdict.ticket = ticket.id AND verdict.current = 1;

CREATE VIEW challenges_now AS
    -- Every challenge of the documents in force, best known first.
    SELECT challenge.id, challenge.category, challenge.title, challenge.occurrences, standing.standing,
           standing.priority, standing.because, standing.judged_at AS standing_since,
           challenge.document, challenge.line
    FROM challenge
    JOIN document ON document.path = challenge.document AND document.retired_at IS NULL
    LEFT JOIN standing ON standing.challenge = challenge.id AND standing.current = 1;

CREATE VIEW citations_now AS
    -- Which ticket is cited where, and as what.
    SELECT reference.ticket, reference.role, reference.within, challenge.id AS challenge, challenge.title,
           reference.document, reference.line, reference.col AS column
    FROM reference
    JOIN document ON document.path = reference.document AND document.retired_at IS NULL
    LEFT JOIN challenge ON challenge.document = reference.document AND challenge.position = reference.challenge;

CREATE VIEW findings_now AS
    -- What is worth a person's time now. Waived findings are in it, with accepted = 1, or 2 where put off.
    SELECT code, severity, challenge, ticket, path, line, message, hint, first_seen_at, fingerprint, accepted
    FROM finding WHERE cleared_at IS NULL;

CREATE VIEW history AS
    -- What changed and when dragnet saw it: tickets, verdicts and standings on one line of time.
    SELECT seen_at AS at, 'ticket' AS what, ticket AS id, field, old_value, new_value FROM ticket_change
    UNION ALL
    SELECT judged_at, 'verdict', ticket, 'verdict', NULL, verdict FROM verdict
    UNION ALL
    SELECT judged_at, 'standing', challenge, 'standing', NULL, standing FROM standing;
