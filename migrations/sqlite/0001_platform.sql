-- The ground everything stands on: keys, the audit trail and its seals, files, effects, settings of a process.
-- Habits of the schema: money is integer cents, dates are ISO text, instants are UTC milliseconds, JSON is text; no booleans (states are
-- words, flags are 0/1); records of a practice carry practice_id first in their key; nothing sorts by id.

CREATE TABLE id_lease (
    name TEXT NOT NULL PRIMARY KEY,
    next_id INTEGER NOT NULL
);

CREATE TABLE practice (
    id INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    npi TEXT NOT NULL,
    tax_id_kind TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    taxonomy TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    phone TEXT NOT NULL,
    contact TEXT NOT NULL,
    time_zone TEXT NOT NULL
);

-- What happened, by whom: one row a transition, never changed.
CREATE TABLE event (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    detail TEXT,
    epoch INTEGER NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (practice_id, id)
);
CREATE INDEX event_of_subject ON event (practice_id, subject_kind, subject_id, at_ms, id);

-- Count and running hash of the append-only rows of one epoch; a sealed epoch takes no more rows. h0..h3 are the sums of the four
-- 32-bit words of the rows' MACs: a sum needs no order, so writers never wait for each other longer than for this one row at commit.
CREATE TABLE seal_head (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    table_name TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    h0 INTEGER NOT NULL,
    h1 INTEGER NOT NULL,
    h2 INTEGER NOT NULL,
    h3 INTEGER NOT NULL,
    sealed_ms INTEGER,
    mac TEXT,
    PRIMARY KEY (practice_id, table_name, epoch)
);

-- Every byte sent or received, as it was (gzip), with the SHA-256 of the plain bytes.
CREATE TABLE archive (
    id INTEGER NOT NULL PRIMARY KEY,
    sha256 TEXT NOT NULL,
    byte_count INTEGER NOT NULL,
    gzip_bytes BLOB NOT NULL,
    stored_ms INTEGER NOT NULL
);
CREATE INDEX archive_by_hash ON archive (sha256);

-- Effects that happened, written in the transaction of the effect: what stands here is never done again.
CREATE TABLE effect (
    effect_key TEXT NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL
);

CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'event is append-only'); END;
CREATE TRIGGER archive_is_append_only_update BEFORE UPDATE ON archive BEGIN SELECT RAISE(ABORT, 'archive is append-only'); END;
CREATE TRIGGER archive_is_append_only_delete BEFORE DELETE ON archive BEGIN SELECT RAISE(ABORT, 'archive is append-only'); END;
