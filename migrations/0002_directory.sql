-- People and groups that no tenant file names: those of the organisation's directory (`source` is 'directory') and those
-- of CSV files ('csv'). They lie in the tables of the file's own.

-- The full read of the directory in which the row was last seen; 0 of what no directory tells.
ALTER TABLE person ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE grp ADD COLUMN round BIGINT NOT NULL DEFAULT 0;
ALTER TABLE member ADD COLUMN round BIGINT NOT NULL DEFAULT 0;

-- How a tenant's directory is read. The row is there from when the tenant file first asks for it, or a CSV file is
-- taken.
CREATE TABLE directory (
    tenant        TEXT   NOT NULL PRIMARY KEY REFERENCES tenant (id) ON DELETE CASCADE,
    -- The tenant file asks for it.
    enabled       BIGINT NOT NULL DEFAULT 0 CHECK (enabled IN (0, 1)),
    -- When the next run may begin, and before when none may, whoever asks.
    due_ms        BIGINT NOT NULL,
    not_before_ms BIGINT NOT NULL DEFAULT 0,
    -- The next run reads everything.
    everything    BIGINT NOT NULL DEFAULT 0 CHECK (everything IN (0, 1)),
    -- The process that runs, and until when it is believed to live.
    holder        TEXT   NOT NULL DEFAULT '',
    until_ms      BIGINT NOT NULL DEFAULT 0,
    failures      BIGINT NOT NULL DEFAULT 0,
    -- Where to go on (src/directory/cursor.rs).
    read_to       TEXT   NOT NULL DEFAULT '',
    -- JSON: how far the run is; how the last one ended.
    progress      TEXT   NOT NULL DEFAULT '',
    result        TEXT   NOT NULL DEFAULT '',
    -- When Microsoft last gave a token.
    granted_ms    BIGINT,
    -- An administrator was sent to consent: digest of what the answer must carry, and until when.
    asked_digest  TEXT,
    asked_ms      BIGINT,
    -- About how many octets the rows of the directory and of CSV files have.
    octets        BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX directory_due ON directory (enabled, due_ms);

-- Photos of the directory's people; the picture is an image of the tenant.
CREATE TABLE photo (
    tenant TEXT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    person TEXT NOT NULL,
    image  TEXT NOT NULL,
    etag   TEXT NOT NULL,
    PRIMARY KEY (tenant, person)
);

-- Images of the directory name their pictures there.
CREATE INDEX image_external ON image (external_id, tenant);

-- The CSV file in force, and the one before it, which a rollback puts in its place.
CREATE TABLE csv (
    tenant  TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    which   TEXT   NOT NULL CHECK (which IN ('now', 'before')),
    time_ms BIGINT NOT NULL,
    author  TEXT   NOT NULL,
    people  BIGINT NOT NULL,
    PRIMARY KEY (tenant, which)
);
CREATE TABLE csv_person (
    tenant   TEXT   NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    id       TEXT   NOT NULL,
    position BIGINT NOT NULL,
    data     TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
