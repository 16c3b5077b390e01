-- How many messages came through, by time: what dashboards show, also of tenants that keep no records. Ids of
-- signatures, words for reasons and numbers; nothing of a message, nobody's address. As with `decision`, no foreign key.
CREATE TABLE flow (
    tenant   TEXT   NOT NULL,
    start_ms BIGINT NOT NULL,
    -- A minute, later an hour, then a day.
    span_ms  BIGINT NOT NULL,
    site     TEXT   NOT NULL,
    -- The process that counts, which writes no row but its own; empty once rows were merged.
    writer   TEXT   NOT NULL,
    -- JSON (src/store/flow/counts.rs).
    counts   TEXT   NOT NULL,
    PRIMARY KEY (tenant, start_ms, span_ms, site, writer)
);
CREATE INDEX flow_span ON flow (span_ms, start_ms);

-- Held by whoever merges rows.
INSERT INTO feed (id, change_number) VALUES ('flow', 0);
