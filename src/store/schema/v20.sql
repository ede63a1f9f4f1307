-- What it was before, where that was something else: what turned since a moment is found by it, and not by everything
-- that was judged since.
ALTER TABLE verdict ADD COLUMN was TEXT;
ALTER TABLE standing ADD COLUMN was TEXT;

UPDATE standing SET was = (SELECT before.standing FROM standing AS before
                           WHERE before.challenge = standing.challenge AND before.seq < standing.seq
                           ORDER BY before.seq DESC LIMIT 1);
UPDATE verdict SET was = before.verdict
FROM (SELECT seq, lag(verdict) OVER (PARTITION BY ticket ORDER BY seq) AS verdict FROM verdict) AS before
WHERE before.seq = verdict.seq AND before.verdict <> verdict.verdict;

-- What changed since a moment. Of these, only challenges that are new have something to write in a first pass.
CREATE INDEX verdict_turned ON verdict (judged_at) WHERE was IS NOT NULL;
CREATE INDEX standing_moved ON standing (judged_at) WHERE was IS NOT NULL;
CREATE INDEX standing_came ON standing (judged_at) WHERE was IS NULL;
CREATE INDEX challenge_gone ON challenge_seen (gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX finding_before ON finding (fingerprint) WHERE cleared_at IS NOT NULL;

-- How many flags stood is counted by what was accepted.
CREATE INDEX finding_accepted ON finding (code, fingerprint) WHERE cleared_at IS NULL AND accepted = 1;

-- The rest of what lists of challenges go by: JSON lists of the quarters in which it was met, of whose it is (in lower case)
-- and of its themes.
ALTER TABLE ranked ADD COLUMN quarters TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ranked ADD COLUMN owners TEXT NOT NULL DEFAULT '[]';
ALTER TABLE ranked ADD COLUMN themes TEXT NOT NULL DEFAULT '[]';
UPDATE ranked SET
    quarters = (SELECT json_group_array(DISTINCT substr(date, 1, 4) || '-Q' || ((CAST(substr(date, 6, 2) AS INTEGER) + 2) / 3))
                FROM anecdote WHERE anecdote.document = ranked.document AND anecdote.challenge = ranked.position
                                    AND length(date) >= 7),
    owners = (SELECT json_group_array(lower(name)) FROM owner WHERE owner.challenge = ranked.challenge),
    themes = (SELECT json_group_array(name) FROM theme WHERE theme.challenge = ranked.challenge);

-- In the order of lists, with all that they are filtered by but what has an index of its own: whatever is chosen, the pages
-- of a list and its counts are read from here alone.
DROP INDEX ranked_by_priority;
CREATE INDEX ranked_by_priority ON ranked (priority, challenge, standing, since, quarters, owners, themes);
