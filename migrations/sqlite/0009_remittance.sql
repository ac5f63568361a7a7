-- 835 remittances: one row a transaction set, its claims, lines, adjustments and provider-level adjustments, each with its segment.

CREATE TABLE remittance (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    inbound_file_id INTEGER NOT NULL REFERENCES inbound_file (id),
    segment INTEGER NOT NULL,
    payer_id INTEGER,
    payer_name TEXT NOT NULL,
    business_key TEXT NOT NULL,
    content_sha256 TEXT NOT NULL,
    trace_number TEXT NOT NULL,
    method TEXT NOT NULL,
    paid_cents INTEGER NOT NULL,
    effective_date TEXT NOT NULL,
    claim_count INTEGER NOT NULL,
    state TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, content_sha256)
);
CREATE UNIQUE INDEX remittance_business_key ON remittance (practice_id, business_key) WHERE state <> 'duplicate_conflict';
CREATE INDEX remittance_list ON remittance (practice_id, effective_date, id);

CREATE TABLE remittance_claim (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    remittance_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    pcn TEXT NOT NULL,
    status TEXT NOT NULL,
    charge_cents INTEGER NOT NULL,
    paid_cents INTEGER NOT NULL,
    patient_cents INTEGER NOT NULL,
    icn TEXT NOT NULL,
    claim_id INTEGER,
    payer_order INTEGER,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, remittance_id, position),
    FOREIGN KEY (practice_id, remittance_id) REFERENCES remittance (practice_id, id)
);
CREATE INDEX remittance_claim_of_claim ON remittance_claim (practice_id, claim_id);
CREATE INDEX remittance_claim_by_icn ON remittance_claim (practice_id, icn);
CREATE INDEX remittance_claim_by_state ON remittance_claim (practice_id, remittance_id, state, position);

CREATE TABLE provider_adjustment (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    remittance_id INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    reference TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, remittance_id, segment, position),
    FOREIGN KEY (practice_id, remittance_id) REFERENCES remittance (practice_id, id)
);
