-- 835 remittances: one row a transaction set, its claims, lines, adjustments and provider-level adjustments, each with its segment.

CREATE TABLE remittance (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    inbound_file_id BIGINT NOT NULL REFERENCES inbound_file (id),
    segment BIGINT NOT NULL,
    payer_id BIGINT,
    payer_name TEXT COLLATE "C" NOT NULL,
    business_key TEXT COLLATE "C" NOT NULL,
    content_sha256 TEXT COLLATE "C" NOT NULL,
    trace_number TEXT COLLATE "C" NOT NULL,
    method TEXT COLLATE "C" NOT NULL,
    paid_cents BIGINT NOT NULL,
    effective_date TEXT COLLATE "C" NOT NULL,
    claim_count BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    received_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, content_sha256)
);
CREATE UNIQUE INDEX remittance_business_key ON remittance (practice_id, business_key) WHERE state <> 'duplicate_conflict';
CREATE INDEX remittance_list ON remittance (practice_id, effective_date, id);

CREATE TABLE remittance_claim (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    remittance_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    pcn TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    charge_cents BIGINT NOT NULL,
    paid_cents BIGINT NOT NULL,
    patient_cents BIGINT NOT NULL,
    icn TEXT COLLATE "C" NOT NULL,
    claim_id BIGINT,
    payer_order BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, remittance_id, position),
    FOREIGN KEY (practice_id, remittance_id) REFERENCES remittance (practice_id, id)
);
CREATE INDEX remittance_claim_of_claim ON remittance_claim (practice_id, claim_id);
CREATE INDEX remittance_claim_by_icn ON remittance_claim (practice_id, icn);
CREATE INDEX remittance_claim_by_state ON remittance_claim (practice_id, remittance_id, state, position);

CREATE TABLE provider_adjustment (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    remittance_id BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    position BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, remittance_id, segment, position),
    FOREIGN KEY (practice_id, remittance_id) REFERENCES remittance (practice_id, id)
);
