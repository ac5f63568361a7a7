-- What arrives: files as they came, and what acknowledgments said of claims.

CREATE TABLE inbound_file (
    id INTEGER NOT NULL PRIMARY KEY,
    submitter_id INTEGER,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    archive_id INTEGER NOT NULL REFERENCES archive (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    received_ms INTEGER NOT NULL,
    times_received INTEGER NOT NULL
);
CREATE INDEX inbound_by_state ON inbound_file (state, received_ms, id);

CREATE TABLE acknowledgment (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    inbound_file_id INTEGER NOT NULL REFERENCES inbound_file (id),
    segment INTEGER NOT NULL,
    kind TEXT NOT NULL,
    claim_id INTEGER,
    batch_id INTEGER,
    code TEXT NOT NULL,
    outcome TEXT NOT NULL,
    icn TEXT,
    effective_date TEXT,
    PRIMARY KEY (practice_id, id)
);
CREATE INDEX acknowledgment_of_claim ON acknowledgment (practice_id, claim_id);
