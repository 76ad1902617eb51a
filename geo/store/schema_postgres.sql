-- The catalogue of a store in PostgreSQL: the tables of schema.sql, columns in the same order, so that rows can be
-- copied from one to the other as they are. What is said there is not repeated here.

-- One row: the name that the folder of this store bears, and the version of these tables.
CREATE TABLE atlas_store (
    store_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL
);

CREATE TABLE batches (
    batch_id BIGINT PRIMARY KEY,
    label TEXT NOT NULL,
    format TEXT NOT NULL,
    source TEXT NOT NULL,
    source_version TEXT,
    snapshot_date TEXT,
    n_rows_in BIGINT NOT NULL,
    n_accepted BIGINT NOT NULL,
    n_refused BIGINT NOT NULL,
    n_duplicates BIGINT NOT NULL,
    n_located BIGINT NOT NULL,
    first_day TEXT,
    last_day TEXT,
    file_sha256 TEXT NOT NULL,
    rows_sha256 TEXT NOT NULL,
    notes TEXT NOT NULL,
    summary TEXT NOT NULL,
    actor TEXT NOT NULL,
    added_at TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1)),
    is_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1)),
    CHECK (n_rows_in = n_accepted + n_refused + n_duplicates),
    CHECK (n_located BETWEEN 0 AND n_accepted)
);

CREATE TABLE batch_files (
    batch_id BIGINT NOT NULL REFERENCES batches (batch_id),
    part BIGINT NOT NULL,
    name TEXT NOT NULL UNIQUE,
    n_bytes BIGINT NOT NULL,
    n_rows BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (batch_id, part)
);

CREATE TABLE supersedes (
    newer_id BIGINT NOT NULL REFERENCES batches (batch_id),
    older_id BIGINT NOT NULL REFERENCES batches (batch_id),
    PRIMARY KEY (newer_id, older_id),
    CHECK (older_id < newer_id)
);

CREATE INDEX batches_by_file ON batches (file_sha256);
CREATE INDEX batches_by_source ON batches (source);

CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    changes_view INTEGER NOT NULL CHECK (changes_view IN (0, 1)),
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE mappings (
    name TEXT COLLATE "C" PRIMARY KEY,
    toml TEXT NOT NULL,
    actor TEXT NOT NULL,
    saved_at TEXT NOT NULL
);

CREATE TABLE decisions (
    decision_id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    details TEXT NOT NULL,
    actor TEXT NOT NULL,
    made_at TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1))
);

CREATE TABLE decision_members (
    decision_id BIGINT NOT NULL REFERENCES decisions (decision_id),
    position BIGINT NOT NULL,
    incident_id TEXT NOT NULL,
    PRIMARY KEY (decision_id, position)
);

CREATE INDEX decision_members_by_incident ON decision_members (incident_id);

-- Numbers without gaps, as SQLite gives them: nothing is deleted, and changes are made one at a time.
CREATE FUNCTION next_batch() RETURNS BIGINT LANGUAGE sql
AS 'SELECT coalesce(max(batch_id), 0) + 1 FROM batches';
ALTER TABLE batches ALTER COLUMN batch_id SET DEFAULT next_batch();
CREATE FUNCTION next_decision() RETURNS BIGINT LANGUAGE sql
AS 'SELECT coalesce(max(decision_id), 0) + 1 FROM decisions';
ALTER TABLE decisions ALTER COLUMN decision_id SET DEFAULT next_decision();

CREATE FUNCTION refuse() RETURNS TRIGGER LANGUAGE plpgsql
AS 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = ''integrity_constraint_violation''; END';
CREATE TRIGGER batches_stay BEFORE UPDATE OF
    batch_id, label, format, source, source_version, snapshot_date, n_rows_in, n_accepted, n_refused, n_duplicates,
    n_located, first_day, last_day, file_sha256, rows_sha256, notes, summary, actor, added_at
ON batches EXECUTE FUNCTION refuse('a batch is never changed');
CREATE TRIGGER batches_kept BEFORE DELETE OR TRUNCATE ON batches
EXECUTE FUNCTION refuse('a batch is never deleted');
CREATE TRIGGER batch_files_stay BEFORE UPDATE ON batch_files
EXECUTE FUNCTION refuse('a batch is never changed');
CREATE TRIGGER batch_files_kept BEFORE DELETE OR TRUNCATE ON batch_files
EXECUTE FUNCTION refuse('a batch is never deleted');
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
EXECUTE FUNCTION refuse('the audit is append only');
CREATE TRIGGER audit_kept BEFORE DELETE OR TRUNCATE ON audit
EXECUTE FUNCTION refuse('the audit is append only');
