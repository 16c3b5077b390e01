-- Who was looked at is remembered also without a photo: `image` and `etag` are empty then. Whoever was looked at longest
-- ago comes first.
ALTER TABLE photo ADD COLUMN checked_ms BIGINT NOT NULL DEFAULT 0;
