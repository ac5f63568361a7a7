-- What leaves: interchanges, their transaction sets (batches), and the claims in them, as they were sent.

CREATE TABLE interchange (
    id INTEGER NOT NULL PRIMARY KEY,
    submitter_id INTEGER NOT NULL REFERENCES submitter (id),
    isa13 INTEGER NOT NULL,
    gs06 INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    archive_id INTEGER NOT NULL REFERENCES archive (id),
    read_back TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    sent_ms INTEGER,
    UNIQUE (submitter_id, isa13),
    UNIQUE (submitter_id, gs06)
);
CREATE INDEX interchange_by_state ON interchange (state, created_ms, id);

CREATE TABLE batch (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    interchange_id INTEGER NOT NULL REFERENCES interchange (id),
    payer_id INTEGER NOT NULL,
    set_number TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    claim_count INTEGER NOT NULL,
    charge_cents INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (interchange_id, set_number)
);

-- Where each claim stands in the bytes that were sent.
CREATE TABLE batch_claim (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    batch_id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    first_segment INTEGER NOT NULL,
    snapshot TEXT NOT NULL,
    PRIMARY KEY (practice_id, batch_id, claim_id),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);
CREATE INDEX batch_of_claim ON batch_claim (practice_id, claim_id);

CREATE TRIGGER batch_claim_is_append_only_update BEFORE UPDATE ON batch_claim BEGIN SELECT RAISE(ABORT, 'batch_claim is append-only'); END;
CREATE TRIGGER batch_claim_is_append_only_delete BEFORE DELETE ON batch_claim BEGIN SELECT RAISE(ABORT, 'batch_claim is append-only'); END;
