-- Messages that a tenant's rules are tried with before they are published: who writes to whom, the header fields that
-- conditions look at, the kind. Never a message's content (src/tenant/test_case.rs).
CREATE TABLE test_case (
    tenant  TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id      TEXT   NOT NULL,
    time_ms BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    -- JSON.
    data    TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- Facts of people that were put right by hand. They lie apart from the people, whom a directory, a CSV file or the tenant
-- file writes anew, and outlive those who go and come again.
CREATE TABLE person_override (
    tenant  TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    person  TEXT   NOT NULL,
    fact    TEXT   NOT NULL,
    -- Empty: nothing is shown.
    value   TEXT   NOT NULL,
    time_ms BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    PRIMARY KEY (tenant, person, fact)
);
