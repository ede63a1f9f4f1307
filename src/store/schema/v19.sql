-- Where a topic's links lead that name no ticket but a place in a page, which may be a challenge's own. A JSON array.
ALTER TABLE topic ADD COLUMN links TEXT NOT NULL DEFAULT '[]';
CREATE INDEX topic_with_links ON topic (document, meeting) WHERE links != '[]';
