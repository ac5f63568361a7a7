-- What arrives: files as they came, and what acknowledgments said of claims.

CREATE TABLE inbound_file (
    id BIGINT NOT NULL PRIMARY KEY,
    submitter_id BIGINT,
    file_name TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
    archive_id BIGINT NOT NULL REFERENCES archive (id),
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    error TEXT COLLATE "C",
    received_ms BIGINT NOT NULL,
    times_received BIGINT NOT NULL
);
CREATE INDEX inbound_by_state ON inbound_file (state, received_ms, id);

CREATE TABLE acknowledgment (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    inbound_file_id BIGINT NOT NULL REFERENCES inbound_file (id),
    segment BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    claim_id BIGINT,
    batch_id BIGINT,
    code TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    icn TEXT COLLATE "C",
    effective_date TEXT COLLATE "C",
    PRIMARY KEY (practice_id, id)
);
CREATE INDEX acknowledgment_of_claim ON acknowledgment (practice_id, claim_id);
