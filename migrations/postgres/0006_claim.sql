-- Claims: one row a version asked of one payer, its lines, its findings, and the number that comes back to us.

CREATE TABLE claim (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    pcn TEXT COLLATE "C" NOT NULL UNIQUE,
    encounter_id BIGINT NOT NULL,
    child_id BIGINT NOT NULL,
    family_id BIGINT NOT NULL,
    payer_id BIGINT NOT NULL,
    coverage_id BIGINT NOT NULL,
    responsibility TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    frequency TEXT COLLATE "C" NOT NULL,
    service_date TEXT COLLATE "C" NOT NULL,
    charge_cents BIGINT NOT NULL,
    paid_cents BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    state_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    icn TEXT COLLATE "C",
    batch_id BIGINT,
    content TEXT COLLATE "C" NOT NULL,
    content_sha256 TEXT COLLATE "C" NOT NULL,
    file_by TEXT COLLATE "C",
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
    pcn TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    claim_id BIGINT NOT NULL
);

CREATE TABLE claim_line (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    claim_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    charge_line_id BIGINT NOT NULL,
    line_number TEXT COLLATE "C" NOT NULL,
    procedure_code TEXT COLLATE "C" NOT NULL,
    modifiers TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, claim_id, position),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);

CREATE TABLE finding (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    claim_id BIGINT NOT NULL,
    edit TEXT COLLATE "C" NOT NULL,
    severity TEXT COLLATE "C" NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    catalog_version TEXT COLLATE "C" NOT NULL,
    found_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);
CREATE INDEX finding_of_claim ON finding (practice_id, claim_id);
