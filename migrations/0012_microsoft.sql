-- Microsoft accounts by which people sign in: two ids, which never change and are never given to anybody else. Neither
-- a name nor an address of Microsoft's is kept: they prove nothing.
CREATE TABLE microsoft (
    -- Of the organisation (`tid`), and of the person in it (`oid`).
    organisation TEXT   NOT NULL,
    person       TEXT   NOT NULL,
    account      TEXT   NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    since_ms     BIGINT NOT NULL,
    PRIMARY KEY (organisation, person)
);

-- Whom Microsoft has just said the owner of a browser is, for the next step of signing in or up; again the SHA-256 of
-- what the browser shows.
CREATE TABLE microsoft_shown (
    hash         TEXT   NOT NULL PRIMARY KEY,
    organisation TEXT   NOT NULL,
    person       TEXT   NOT NULL,
    expires_ms   BIGINT NOT NULL
);

-- How the people of a tenant sign in, where its owner has said something about it.
CREATE TABLE sign_in_rules (
    tenant             TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    -- Nobody else comes in than whoever has signed in with Microsoft at the tenant's own organisation,
    microsoft_required BIGINT NOT NULL,
    -- and whoever has is asked for no code.
    microsoft_suffices BIGINT NOT NULL,
    -- The account of the owner who may still come in by password.
    break_glass        TEXT
);

-- The organisation by whose Microsoft account one has signed in; NULL: by password.
ALTER TABLE session ADD COLUMN organisation TEXT;
