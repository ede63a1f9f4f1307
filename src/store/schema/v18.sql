CREATE TABLE wait (
    -- What must not be asked for a while, be it for tickets or for documents: a server, with a credential.
    origin       TEXT NOT NULL,    -- scheme, host and port
    credential   TEXT NOT NULL,    -- its fingerprint
    scope        TEXT NOT NULL,    -- a quota's name; empty for everything
    reserve      INTEGER NOT NULL, -- it holds for those who leave at least this part of the quota, in percent, to others
    until        TEXT NOT NULL,
    trouble      TEXT NOT NULL,
    trouble_says TEXT NOT NULL,
    PRIMARY KEY (origin, credential, scope, reserve)
) STRICT, WITHOUT ROWID;

INSERT OR REPLACE INTO wait (origin, credential, scope, reserve, until, trouble, trouble_says)
    -- An address up to the first slash after its host.
    SELECT substr(api_url, 1, 7 + instr(substr(api_url, 9) || '/', '/')), value ->> 'credential', value ->> 'scope', 0,
           value ->> 'until', value ->> '$.trouble.kind', value ->> '$.trouble.says'
    FROM tracker, json_each(waits) WHERE api_url IS NOT NULL AND waits IS NOT NULL;

ALTER TABLE tracker DROP COLUMN waits;

-- What was decided on one ticket or challenge is part of its story.
CREATE INDEX audit_by_ticket ON audit (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX audit_by_challenge ON audit (challenge) WHERE challenge IS NOT NULL;
