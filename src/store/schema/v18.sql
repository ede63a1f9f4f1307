-- What was decided on one ticket or challenge is part of its story.
CREATE INDEX audit_by_ticket ON audit (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX audit_by_challenge ON audit (challenge) WHERE challenge IS NOT NULL;
