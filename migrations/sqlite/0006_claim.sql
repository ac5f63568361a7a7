-- Claims: one row a version asked of one payer, its lines, its findings, and the number that comes back to us.

CREATE TABLE claim (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    pcn TEXT NOT NULL UNIQUE,
    encounter_id INTEGER NOT NULL,
    child_id INTEGER NOT NULL,
    family_id INTEGER NOT NULL,
    payer_id INTEGER NOT NULL,
    coverage_id INTEGER NOT NULL,
    responsibility TEXT NOT NULL,
    version INTEGER NOT NULL,
    frequency TEXT NOT NULL,
    service_date TEXT NOT NULL,
    charge_cents INTEGER NOT NULL,
    paid_cents INTEGER NOT NULL,
    state TEXT NOT NULL,
    state_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    icn TEXT,
    batch_id INTEGER,
    content TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    file_by TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, encounter_id, payer_id, version),
    FOREIGN KEY (practice_id, encounter_id) REFERENCES encounter (practice_id, id)
);
CREATE INDEX claim_list ON claim (practice_id, service_date, id);
CREATE INDEX claim_list_of_state ON claim (practice_id, state, service_date, id);
CREATE INDEX claim_of_batch ON claim (practice_id, batch_id);
CREATE INDEX claim_of_icn ON claim (practice_id, icn);

-- PCN to claim: a number comes back from a payer without a practice.
CREATE TABLE pcn (
    pcn TEXT NOT NULL PRIMARY KEY,
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    claim_id INTEGER NOT NULL
);

CREATE TABLE claim_line (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    claim_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    charge_line_id INTEGER NOT NULL,
    line_number TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    modifiers TEXT NOT NULL,
    units INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, claim_id, position),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);

CREATE TABLE finding (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    claim_id INTEGER NOT NULL,
    edit TEXT NOT NULL,
    severity TEXT NOT NULL,
    path TEXT NOT NULL,
    message TEXT NOT NULL,
    catalog_version TEXT NOT NULL,
    found_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);
CREATE INDEX finding_of_claim ON finding (practice_id, claim_id);
