-- What a document is called where its path does not say so. Pages of wikis are read once more, so that all of them have it.
ALTER TABLE copy ADD COLUMN title TEXT;
ALTER TABLE document ADD COLUMN title TEXT;
UPDATE copy SET version = '' WHERE path LIKE '%/pages/viewpage.action?pageId=%';
