-- The catalogue of a store. catalogue.py checks both numbers before it uses a file.

BEGIN;
PRAGMA application_id = 1263552833; -- "KPIA"
PRAGMA user_version = 2;

-- One row a batch. Only the two switches ever change; nothing is deleted.
CREATE TABLE batches (
    batch_id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    format TEXT NOT NULL,
    source TEXT NOT NULL,
    source_version TEXT,
    snapshot_date TEXT,
    n_rows_in INTEGER NOT NULL,
    n_accepted INTEGER NOT NULL,
    n_refused INTEGER NOT NULL,
    n_duplicates INTEGER NOT NULL,
    n_located INTEGER NOT NULL,
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
) STRICT;

-- The Parquet files of a batch, in order: one, or the parts of a bulk result.
CREATE TABLE batch_files (
    batch_id INTEGER NOT NULL REFERENCES batches (batch_id),
    part INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    n_bytes INTEGER NOT NULL,
    n_rows INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (batch_id, part)
) STRICT;

-- A newer edition of a source replaces older ones as long as it is not undone itself.
CREATE TABLE supersedes (
    newer_id INTEGER NOT NULL REFERENCES batches (batch_id),
    older_id INTEGER NOT NULL REFERENCES batches (batch_id),
    PRIMARY KEY (newer_id, older_id),
    CHECK (older_id < newer_id)
) STRICT;

CREATE INDEX batches_by_file ON batches (file_sha256);
CREATE INDEX batches_by_source ON batches (source);

CREATE TRIGGER batches_stay BEFORE UPDATE OF
    batch_id, label, format, source, source_version, snapshot_date, n_rows_in, n_accepted, n_refused, n_duplicates,
    n_located, first_day, last_day, file_sha256, rows_sha256, notes, summary, actor, added_at
ON batches BEGIN SELECT RAISE (ABORT, 'a batch is never changed'); END;
CREATE TRIGGER batches_kept BEFORE DELETE ON batches
BEGIN SELECT RAISE (ABORT, 'a batch is never deleted'); END;
CREATE TRIGGER batch_files_stay BEFORE UPDATE ON batch_files
BEGIN SELECT RAISE (ABORT, 'a batch is never changed'); END;
CREATE TRIGGER batch_files_kept BEFORE DELETE ON batch_files
BEGIN SELECT RAISE (ABORT, 'a batch is never deleted'); END;

-- What was done, by whom and when (UTC). Each row holds the hash of the one before it.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    changes_view INTEGER NOT NULL CHECK (changes_view IN (0, 1)),
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit is append only'); END;

-- Named column mappings, as TOML text.
CREATE TABLE mappings (
    name TEXT PRIMARY KEY,
    toml TEXT NOT NULL,
    actor TEXT NOT NULL,
    saved_at TEXT NOT NULL
) STRICT;

-- What a person or a matching run decided: incidents merged as one event or kept separate, the meaning of a place name.
CREATE TABLE decisions (
    decision_id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    details TEXT NOT NULL,
    actor TEXT NOT NULL,
    made_at TEXT NOT NULL,
    is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1))
) STRICT;

CREATE TABLE decision_members (
    decision_id INTEGER NOT NULL REFERENCES decisions (decision_id),
    position INTEGER NOT NULL,
    incident_id TEXT NOT NULL,
    PRIMARY KEY (decision_id, position)
) STRICT;

CREATE INDEX decision_members_by_incident ON decision_members (incident_id);

COMMIT;
