-- The edges ask for what changed after the last change they have seen. Changes are numbered by one row, which each
-- transaction raises first and holds to its end: so their numbers come in the order of their commits, in every
-- database, and nothing with a lower number ever appears behind somebody's back.
CREATE TABLE feed (
    id            TEXT   NOT NULL PRIMARY KEY,
    change_number BIGINT NOT NULL
);
ALTER TABLE revision ADD COLUMN change_number BIGINT NOT NULL DEFAULT 0;
UPDATE revision SET change_number = ranked.change_number
    FROM (SELECT tenant, ROW_NUMBER() OVER (ORDER BY changed_ms, tenant) AS change_number FROM revision) AS ranked
    WHERE ranked.tenant = revision.tenant;
INSERT INTO feed (id, change_number) SELECT 'tenant', COUNT(*) FROM revision;
CREATE UNIQUE INDEX revision_change_number ON revision (change_number);
DROP INDEX revision_changed;
