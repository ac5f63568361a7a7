-- Who bills, and whom: locations, providers, payers with their dated rules, fee schedules, trading partners, users and keys.

CREATE TABLE location (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    place_of_service TEXT NOT NULL,
    npi TEXT,
    clia TEXT,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);

CREATE TABLE provider (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    npi TEXT NOT NULL,
    taxonomy TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);
CREATE INDEX provider_by_npi ON provider (practice_id, npi);

CREATE TABLE submitter (
    id INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    sender_qualifier TEXT NOT NULL,
    sender_id TEXT NOT NULL,
    receiver_qualifier TEXT NOT NULL,
    receiver_id TEXT NOT NULL,
    receiver_name TEXT NOT NULL,
    usage TEXT NOT NULL,
    connection TEXT NOT NULL
);

-- Interchange, group and batch numbers: taken in the transaction that stores the interchange, never reused; gaps are fine.
CREATE TABLE control_number (
    submitter_id INTEGER NOT NULL REFERENCES submitter (id),
    kind TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (submitter_id, kind)
);

CREATE TABLE payer (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    class TEXT NOT NULL,
    filing_indicator TEXT NOT NULL,
    payer_number TEXT NOT NULL,
    era_payer_id TEXT NOT NULL,
    submitter_id INTEGER,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);

-- How a payer differs from its class: typed keys, dated values; the newest range that covers the date of service wins.
CREATE TABLE payer_rule (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    payer_id INTEGER NOT NULL,
    rule_key TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    value TEXT NOT NULL,
    PRIMARY KEY (practice_id, payer_id, rule_key, effective_from)
);

CREATE TABLE fee (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    schedule TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    procedure_code TEXT NOT NULL,
    modifier TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, schedule, effective_from, procedure_code, modifier)
);

CREATE TABLE app_user (
    id INTEGER NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    state TEXT NOT NULL
);

-- Keys of the HTTP interface: only the SHA-256 is kept, the token is shown once.
CREATE TABLE api_key (
    id INTEGER NOT NULL PRIMARY KEY,
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    label TEXT NOT NULL,
    token_sha256 TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL
);

-- Answers that were given to writes with an Idempotency-Key: the same key gets the same answer.
CREATE TABLE idempotency (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    api_key_id INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_sha256 TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, api_key_id, idempotency_key)
);
