-- TEXT and BIGINT only: the same schema serves SQLite and PostgreSQL. Times are unix milliseconds, booleans 0 and 1,
-- sealed values base64 (see src/store/seal.rs).

-- A text sealed with the store's key, so that another key is told at once.
CREATE TABLE seal (
    id     TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

CREATE TABLE tenant (
    id             TEXT   NOT NULL PRIMARY KEY,
    name           TEXT   NOT NULL,
    -- The tenant file as JSON.
    file           TEXT   NOT NULL,
    -- How long decision records are kept; 0 keeps none.
    retention_days BIGINT NOT NULL DEFAULT 90 CHECK (retention_days BETWEEN 0 AND 365),
    created_ms     BIGINT NOT NULL,
    changed_ms     BIGINT NOT NULL
);

-- What belongs to one tenant only: its domains, its Microsoft tenant id, the certificate name and networks that prove
-- it. The primary key is what keeps two tenants apart.
CREATE TABLE claim (
    kind   TEXT NOT NULL,
    value  TEXT NOT NULL,
    tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, value)
);
CREATE INDEX claim_tenant ON claim (tenant);

CREATE TABLE secret (
    tenant TEXT NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    sealed TEXT NOT NULL
);

-- The client certificate that a tenant's next hop knows us by.
CREATE TABLE certificate (
    tenant       TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    chain        TEXT   NOT NULL,
    sealed_key   TEXT   NOT NULL,
    not_after_ms BIGINT NOT NULL,
    changed_ms   BIGINT NOT NULL
);

-- What the edges poll. A row outlives its tenant, so that a deletion is seen and a number never comes twice.
CREATE TABLE revision (
    tenant     TEXT   NOT NULL PRIMARY KEY,
    revision   BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    deleted    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX revision_changed ON revision (changed_ms);

-- One row a message. Addresses and Message-ID are in `sealed` only; the hashes find them again.
CREATE TABLE decision (
    id               TEXT   NOT NULL PRIMARY KEY,
    tenant           TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    time_ms          BIGINT NOT NULL,
    site             TEXT   NOT NULL,
    message_id_hash  TEXT   NOT NULL,
    sender_hash      TEXT   NOT NULL,
    recipient_hashes TEXT   NOT NULL,
    sealed           TEXT   NOT NULL,
    person           TEXT,
    kind             TEXT,
    -- JSON: by leg the ids of the signatures, or the reason for none.
    legs             TEXT   NOT NULL,
    revision         BIGINT NOT NULL,
    octets_in        BIGINT NOT NULL,
    octets_out       BIGINT NOT NULL,
    next_hop_code    BIGINT,
    verdict          TEXT   NOT NULL,
    -- JSON: milliseconds by stage.
    stages           TEXT   NOT NULL
);
CREATE INDEX decision_time ON decision (tenant, time_ms);
CREATE INDEX decision_message_id ON decision (tenant, message_id_hash);
CREATE INDEX decision_sender ON decision (tenant, sender_hash);
