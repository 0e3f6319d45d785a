-- The page before the one that a search was turned to, so that turning it is one statement that can be undone.

ALTER TABLE searches ADD COLUMN page_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE searches DROP COLUMN claimed;
