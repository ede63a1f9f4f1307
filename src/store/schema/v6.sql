CREATE TABLE delivery (
    -- The last webhook deliveries taken in, each once. What they said is not kept: the tickets that they named are asked for.
    seq         INTEGER NOT NULL PRIMARY KEY,
    tracker     TEXT    NOT NULL,
    id          TEXT    NOT NULL, -- the sender's, the same when it is sent again
    received_at TEXT    NOT NULL,
    nudged      INTEGER NOT NULL, -- how many cited tickets it named
    UNIQUE (tracker, id)
) STRICT;

CREATE TABLE nudge (
    -- Cited tickets that a delivery named and that were not asked for since.
    ticket   TEXT    NOT NULL PRIMARY KEY COLLATE NOCASE,
    delivery INTEGER NOT NULL -- the last one
) STRICT, WITHOUT ROWID;

CREATE INDEX ticket_by_native_id ON ticket (native_id) WHERE native_id IS NOT NULL;
CREATE INDEX ticket_by_moved_to ON ticket (moved_to) WHERE moved_to IS NOT NULL;
