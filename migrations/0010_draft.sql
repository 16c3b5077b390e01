-- Signatures as somebody is drawing them: no mail is signed with one. At most one a signature; of one that is not there
-- yet it is a proposal.
CREATE TABLE draft (
    tenant       TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    -- Of the signature.
    id           TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    -- Rises with each save, and is never that of a draft that was discarded: it begins with the time.
    version      BIGINT NOT NULL,
    time_ms      BIGINT NOT NULL,
    author       TEXT   NOT NULL,
    state        TEXT   NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'waiting', 'returned')),
    -- Who has asked for it to be published, or has sent it back, when, and what was said to it.
    state_ms     BIGINT,
    state_author TEXT,
    note         TEXT,
    -- JSON: the signature that the draft was begun from; NULL of a proposal. And what it would become.
    base         TEXT,
    data         TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
