-- The ground everything stands on: keys, the audit trail and its seals, files, effects, settings of a process.
-- Habits of the schema: money is integer cents, dates are ISO text, instants are UTC milliseconds, JSON is text; no booleans (states are
-- words, flags are 0/1); records of a practice carry practice_id first in their key; nothing sorts by id.

CREATE TABLE id_lease (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    next_id BIGINT NOT NULL
);

CREATE TABLE practice (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    npi TEXT COLLATE "C" NOT NULL,
    tax_id_kind TEXT COLLATE "C" NOT NULL,
    tax_id TEXT COLLATE "C" NOT NULL,
    taxonomy TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    zip TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL
);

-- What happened, by whom: one row a transition, never changed.
CREATE TABLE event (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    from_state TEXT COLLATE "C",
    to_state TEXT COLLATE "C",
    detail TEXT COLLATE "C",
    epoch BIGINT NOT NULL,
    mac TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id)
);
CREATE INDEX event_of_subject ON event (practice_id, subject_kind, subject_id, at_ms, id);

-- Count and running hash of the append-only rows of one epoch; a sealed epoch takes no more rows. h0..h3 are the sums of the four
-- 32-bit words of the rows' MACs: a sum needs no order, so writers never wait for each other longer than for this one row at commit.
CREATE TABLE seal_head (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    table_name TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    h0 BIGINT NOT NULL,
    h1 BIGINT NOT NULL,
    h2 BIGINT NOT NULL,
    h3 BIGINT NOT NULL,
    sealed_ms BIGINT,
    mac TEXT COLLATE "C",
    PRIMARY KEY (practice_id, table_name, epoch)
);

-- Every byte sent or received, as it was (gzip), with the SHA-256 of the plain bytes.
CREATE TABLE archive (
    id BIGINT NOT NULL PRIMARY KEY,
    sha256 TEXT COLLATE "C" NOT NULL,
    byte_count BIGINT NOT NULL,
    gzip_bytes BYTEA NOT NULL,
    stored_ms BIGINT NOT NULL
);
CREATE INDEX archive_by_hash ON archive (sha256);

-- Effects that happened, written in the transaction of the effect: what stands here is never done again.
CREATE TABLE effect (
    effect_key TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at_ms BIGINT NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_append_only_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archive_is_append_only_update BEFORE UPDATE ON archive FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archive_is_append_only_truncate BEFORE TRUNCATE ON archive FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER archive_is_append_only_delete BEFORE DELETE ON archive FOR EACH ROW EXECUTE FUNCTION refuse_change();
