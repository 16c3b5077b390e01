-- What a tenant may use of what is paid for. No row: the operator has said all there is to say, by making the tenant.
CREATE TABLE subscription (
    tenant   TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    state    TEXT   NOT NULL CHECK (state IN ('none', 'trial', 'subscribed')),
    since_ms BIGINT NOT NULL,
    -- NULL: without end.
    ends_ms  BIGINT
);

-- Tenants that leave: their mail is relayed unsigned until none has come for a while; then they are removed.
CREATE TABLE leaving (
    tenant       TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    since_ms     BIGINT NOT NULL,
    -- The newest message since then; at first `since_ms`.
    last_mail_ms BIGINT NOT NULL,
    -- JSON: the mode to come back to.
    mode         TEXT   NOT NULL
);
