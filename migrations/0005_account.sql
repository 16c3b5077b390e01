-- Who signs in to the console. Of a person exactly the eleven facts of the requirements P2 to P12 are kept, and what
-- proves that it is that person; a test fails on any further fact.
CREATE TABLE account (
    id             TEXT   NOT NULL PRIMARY KEY,
    first_name     TEXT   NOT NULL,
    last_name      TEXT   NOT NULL,
    full_name      TEXT   NOT NULL,
    company        TEXT   NOT NULL,
    telephone      TEXT   NOT NULL,
    -- As typed.
    email          TEXT   NOT NULL,
    address_line_1 TEXT   NOT NULL,
    address_line_2 TEXT   NOT NULL,
    city           TEXT   NOT NULL,
    postcode       TEXT   NOT NULL,
    country        TEXT   NOT NULL,
    -- The e-mail address as it is compared.
    login          TEXT   NOT NULL UNIQUE,
    -- Argon2id with its salt, as a PHC string.
    password       TEXT   NOT NULL,
    password_ms    BIGINT NOT NULL,
    -- NULL until the owner has shown that mail to the address arrives.
    verified_ms    BIGINT,
    created_ms     BIGINT NOT NULL
);

-- Who may do what for a tenant.
CREATE TABLE team (
    tenant   TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    account  TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role     TEXT   NOT NULL,
    since_ms BIGINT NOT NULL,
    PRIMARY KEY (tenant, account)
);
CREATE INDEX team_account ON team (account);

-- A browser that needs no code: of what it shows only the SHA-256 is kept, in hex.
CREATE TABLE device (
    id         TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash       TEXT   NOT NULL UNIQUE,
    -- Which browser on what, for its owner to read.
    name       TEXT   NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX device_account ON device (account);

-- Who is signed in; again the SHA-256 of what the browser shows.
CREATE TABLE session (
    hash         TEXT   NOT NULL PRIMARY KEY,
    id           TEXT   NOT NULL UNIQUE,
    account      TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name         TEXT   NOT NULL,
    created_ms   BIGINT NOT NULL,
    seen_ms      BIGINT NOT NULL,
    -- When its owner last showed the password.
    confirmed_ms BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

-- What somebody has to show that was mailed: once, a few tries, for some minutes or hours.
CREATE TABLE challenge (
    -- SHA-256 of what the link or the browser has.
    hash       TEXT   NOT NULL PRIMARY KEY,
    account    TEXT   NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- verify, code or reset
    purpose    TEXT   NOT NULL,
    -- Of the code, keyed by what the browser has and the store has not.
    code_hash  TEXT,
    tries_left BIGINT NOT NULL,
    sent       BIGINT NOT NULL,
    sent_ms    BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX challenge_account ON challenge (account, purpose);
