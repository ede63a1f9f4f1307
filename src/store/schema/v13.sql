-- Fingerprint of what was seen once in place of a document and held nothing; seen again, it is believed.
ALTER TABLE copy ADD COLUMN doubted TEXT;
