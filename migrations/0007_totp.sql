-- Authenticator apps (RFC 6238): the secret that an account's owner has in one.
CREATE TABLE totp (
    account      TEXT   NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    -- With the key of the store.
    sealed       TEXT   NOT NULL,
    -- The time step of the last code that was taken; none at it or before it is taken any more.
    last_step    BIGINT NOT NULL,
    created_ms   BIGINT NOT NULL,
    -- NULL until a first code has shown that the app has the secret.
    confirmed_ms BIGINT
);

-- What signs in once each when the app is lost: HMAC-SHA-256 under the app's secret, in hex.
CREATE TABLE recovery (
    account TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hash    TEXT NOT NULL,
    PRIMARY KEY (account, hash)
);
