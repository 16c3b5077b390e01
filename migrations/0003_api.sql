-- Who may use the API. Of a token itself only the SHA-256 is kept, in hex: it is random, so nobody can guess it from
-- that.
CREATE TABLE token (
    id           TEXT   NOT NULL PRIMARY KEY,
    hash         TEXT   NOT NULL UNIQUE,
    name         TEXT   NOT NULL,
    -- NULL: of the whole region, for the operator.
    tenant       TEXT   REFERENCES tenant (id) ON DELETE CASCADE,
    -- Words with a blank between.
    scopes       TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    created_by   TEXT   NOT NULL,
    expires_ms   BIGINT NOT NULL,
    revoked_ms   BIGINT,
    last_used_ms BIGINT
);
CREATE INDEX token_tenant ON token (tenant);

-- Who changed what, written by the transaction that changed it. A row outlives its tenant; `*` is the region.
CREATE TABLE audit (
    -- UUIDv7, so that rows lie in the order of time.
    id       TEXT   NOT NULL PRIMARY KEY,
    tenant   TEXT   NOT NULL,
    time_ms  BIGINT NOT NULL,
    author   TEXT   NOT NULL,
    action   TEXT   NOT NULL,
    object   TEXT   NOT NULL,
    -- JSON: what it was, and what it is now.
    before   TEXT,
    after    TEXT,
    reason   TEXT,
    -- Of the tenant, by this change.
    revision BIGINT
);
CREATE INDEX audit_tenant ON audit (tenant, id);

-- What goes for the whole region; `bypass` while everything is relayed unsigned.
CREATE TABLE region (
    id    TEXT NOT NULL PRIMARY KEY,
    -- JSON.
    value TEXT NOT NULL
);
