-- TEXT and BIGINT only: the same schema serves SQLite and PostgreSQL. Times are unix milliseconds, booleans 0 and 1,
-- sealed values base64 (src/store/seal.rs). What only PostgreSQL has lies in postgres/.
--
-- Everything of a tenant has the tenant in its key, and names others of its rows by tenant and id: no row can point
-- into another tenant.

-- A text sealed with the key in force, so that another key is told at once.
CREATE TABLE seal (
    id     TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

-- One row a counter. `tenant` numbers the changes of all tenants: each transaction raises it last and holds it to its
-- end, so the numbers come in the order of the commits, in every database, and nothing with a lower number ever
-- appears behind somebody's back. `network` is held by who claims networks.
CREATE TABLE feed (
    id            TEXT   NOT NULL PRIMARY KEY,
    change_number BIGINT NOT NULL
);
INSERT INTO feed (id, change_number) VALUES ('tenant', 0), ('network', 0);

-- A random number for each transaction that changed tenants, by the last number it took: who has read up to one sees
-- whether it is still the same history. Some are enough.
CREATE TABLE change_mark (
    number BIGINT NOT NULL PRIMARY KEY,
    mark   BIGINT NOT NULL
);

-- What the edges follow. A row outlives its tenant, so that a deletion is seen and a revision never comes twice.
CREATE TABLE revision (
    tenant        TEXT   NOT NULL PRIMARY KEY,
    revision      BIGINT NOT NULL,
    -- NULL only within the transaction that makes the row.
    change_number BIGINT UNIQUE,
    changed_ms    BIGINT NOT NULL,
    -- The revision that last touched people, groups or memberships, and its time: who only saved a signature makes
    -- nobody read half a million people again.
    people_revision BIGINT NOT NULL,
    people_ms       BIGINT NOT NULL,
    deleted       BIGINT NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
);

CREATE TABLE tenant (
    id             TEXT   NOT NULL PRIMARY KEY,
    name           TEXT   NOT NULL,
    -- The tenant file as JSON, without people, groups, images and signatures.
    settings       TEXT   NOT NULL,
    -- About how many octets all of it has.
    octets         BIGINT NOT NULL,
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

-- In the following `data` is the entry of the tenant file as JSON, `position` its place among the others, `source` who
-- keeps the row: an import of a file touches those of `file` only.
CREATE TABLE person (
    tenant      TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    source      TEXT   NOT NULL DEFAULT 'file',
    -- The id at the source.
    external_id TEXT,
    data        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- In lower case. An address has one person of each source; of two sources one wins (src/tenant/fit.rs).
CREATE TABLE person_address (
    tenant  TEXT NOT NULL,
    address TEXT NOT NULL,
    source  TEXT NOT NULL DEFAULT 'file',
    person  TEXT NOT NULL,
    PRIMARY KEY (tenant, address, source),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id) ON DELETE CASCADE
);
-- The person first: a second index that began with the tenant would be as good as the first to a planner that takes the
-- tenant for small.
CREATE INDEX person_address_person ON person_address (person, tenant);

-- A group; its `data` names no members.
CREATE TABLE grp (
    tenant      TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    source      TEXT   NOT NULL DEFAULT 'file',
    external_id TEXT,
    data        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- A member may come before its person does, and go after it: a directory tells of the two apart.
CREATE TABLE member (
    tenant   TEXT   NOT NULL,
    grp      TEXT   NOT NULL,
    kind     TEXT   NOT NULL CHECK (kind IN ('person', 'group')),
    member   TEXT   NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, grp, kind, member),
    FOREIGN KEY (tenant, grp) REFERENCES grp (tenant, id) ON DELETE CASCADE
);

-- The pictures themselves, in base64, by the hash of that (SHA-256, hex).
CREATE TABLE picture (
    tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    hash   TEXT NOT NULL,
    base64 TEXT NOT NULL,
    PRIMARY KEY (tenant, hash)
);

-- An image; its `data` has the hash in the place of the picture.
CREATE TABLE image (
    tenant      TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    source      TEXT   NOT NULL DEFAULT 'file',
    external_id TEXT,
    data        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE signature (
    tenant      TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id          TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    source      TEXT   NOT NULL DEFAULT 'file',
    external_id TEXT,
    data        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

-- Every version of a signature, the one in force included, written by the transaction that changed it.
CREATE TABLE history (
    tenant  TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    kind    TEXT   NOT NULL CHECK (kind = 'signature'),
    id      TEXT   NOT NULL,
    version BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    -- NULL: it was removed.
    data    TEXT,
    PRIMARY KEY (tenant, kind, id, version)
);

-- One row a message. Addresses and Message-ID are in `sealed` only; the hashes find them again. The id alone is the
-- key, since nothing refers to it and its order in time keeps writing cheap. No foreign key names the tenant: there may
-- be millions, which go some at a time when it has gone, and nobody who writes waits for a tenant that is just going.
-- Without the tenant's trace key they are neither found nor opened.
CREATE TABLE decision (
    id               TEXT   NOT NULL PRIMARY KEY,
    tenant           TEXT   NOT NULL,
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
-- Records are looked for by the hash of an address among senders and recipients at once, which no index of senders
-- can answer.
CREATE INDEX decision_time ON decision (tenant, time_ms);
CREATE INDEX decision_message_id ON decision (tenant, message_id_hash);

-- Messages that a next hop has while their senders may not know it (src/transit/ledger.rs): keyed hashes, the codes of
-- the answer, the time. Nothing of a message can be told from a row. It lives 25 hours at the most. As above, no foreign key.
CREATE TABLE doubt (
    -- A digest of fingerprint, proof and recipients.
    id          TEXT   NOT NULL PRIMARY KEY,
    tenant      TEXT   NOT NULL,
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
