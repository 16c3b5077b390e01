-- Acts are chained: each row has the next number of its tenant (`*` is the region) and a hash over its content and the
-- hash of the row before (src/store/audit/chain.rs). Rows that were there before get theirs when the program next opens
-- the store, for a database has no SHA-256.
ALTER TABLE audit ADD COLUMN ip TEXT;
ALTER TABLE audit ADD COLUMN number BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX audit_number ON audit (tenant, number);
CREATE INDEX audit_unchained ON audit (tenant) WHERE number IS NULL;

-- Where each chain ends, and where it begins once old acts have expired. Its row is held by whoever adds an act.
CREATE TABLE audit_head (
    tenant       TEXT   NOT NULL PRIMARY KEY,
    number       BIGINT NOT NULL,
    hash         TEXT   NOT NULL,
    -- Of the last act that has expired.
    expired      BIGINT NOT NULL DEFAULT 0,
    expired_hash TEXT   NOT NULL DEFAULT ''
);
