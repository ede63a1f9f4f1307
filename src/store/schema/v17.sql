-- A meeting that stands in two documents counts once.
CREATE INDEX meeting_by_date ON meeting (date);
