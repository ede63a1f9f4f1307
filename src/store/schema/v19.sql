-- What a document is called where its path does not say so. Pages of wikis are read once more, so that all of them have it.
ALTER TABLE copy ADD COLUMN title TEXT;
ALTER TABLE document ADD COLUMN title TEXT;
UPDATE copy SET version = '' WHERE path LIKE '%/pages/viewpage.action?pageId=%';

-- Where a topic's links lead that name no ticket but a place in a page, which may be a challenge's own. A JSON array.
ALTER TABLE topic ADD COLUMN links TEXT NOT NULL DEFAULT '[]';
CREATE INDEX topic_with_links ON topic (document, meeting) WHERE links != '[]';

-- Messages that were given up.
ALTER TABLE digest ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
