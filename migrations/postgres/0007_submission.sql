-- What leaves: interchanges, their transaction sets (batches), and the claims in them, as they were sent.

CREATE TABLE interchange (
    id BIGINT NOT NULL PRIMARY KEY,
    submitter_id BIGINT NOT NULL REFERENCES submitter (id),
    isa13 BIGINT NOT NULL,
    gs06 BIGINT NOT NULL,
    file_name TEXT COLLATE "C" NOT NULL,
    archive_id BIGINT NOT NULL REFERENCES archive (id),
    read_back TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    sent_ms BIGINT,
    UNIQUE (submitter_id, isa13),
    UNIQUE (submitter_id, gs06)
);
CREATE INDEX interchange_by_state ON interchange (state, created_ms, id);

CREATE TABLE batch (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    interchange_id BIGINT NOT NULL REFERENCES interchange (id),
    payer_id BIGINT NOT NULL,
    set_number TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL UNIQUE,
    claim_count BIGINT NOT NULL,
    charge_cents BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (interchange_id, set_number)
);

-- Where each claim stands in the bytes that were sent.
CREATE TABLE batch_claim (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    batch_id BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    first_segment BIGINT NOT NULL,
    snapshot TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, batch_id, claim_id),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);
CREATE INDEX batch_of_claim ON batch_claim (practice_id, claim_id);

CREATE TRIGGER batch_claim_is_append_only_update BEFORE UPDATE ON batch_claim FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_claim_is_append_only_truncate BEFORE TRUNCATE ON batch_claim FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER batch_claim_is_append_only_delete BEFORE DELETE ON batch_claim FOR EACH ROW EXECUTE FUNCTION refuse_change();
