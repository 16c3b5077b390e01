-- Messages that a next hop has while their senders may not know it (src/transit/ledger.rs): keyed hashes, the codes of
-- the answer, the time. Nothing of a message can be told from a row. It lives 25 hours at the most.
CREATE TABLE doubt (
    -- A digest of fingerprint, proof and recipients.
    id          TEXT   NOT NULL PRIMARY KEY,
    tenant      TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    fingerprint TEXT   NOT NULL,
    proof       TEXT   NOT NULL,
    -- 16 octets each, one after the other.
    recipients  TEXT   NOT NULL,
    code        BIGINT NOT NULL,
    enhanced    TEXT   NOT NULL,
    since_ms    BIGINT NOT NULL
);
CREATE INDEX doubt_since ON doubt (since_ms);
CREATE INDEX doubt_tenant ON doubt (tenant);
