-- Who was asked to join a team, and has not answered yet. Of the mailed link only the SHA-256 is kept, in hex.
CREATE TABLE invitation (
    id         TEXT   NOT NULL PRIMARY KEY,
    tenant     TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    -- As typed.
    email      TEXT   NOT NULL,
    -- The same as it is compared.
    login      TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    hash       TEXT   NOT NULL UNIQUE,
    -- Who has asked, as the audit trail names it.
    invited_by TEXT   NOT NULL,
    sent_ms    BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    UNIQUE (tenant, login)
);
