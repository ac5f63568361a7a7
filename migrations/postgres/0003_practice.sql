-- Who bills, and whom: locations, providers, payers with their dated rules, fee schedules, trading partners, users and keys.

CREATE TABLE location (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    place_of_service TEXT COLLATE "C" NOT NULL,
    npi TEXT COLLATE "C",
    clia TEXT COLLATE "C",
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    zip TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);

CREATE TABLE provider (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    last_name TEXT COLLATE "C" NOT NULL,
    first_name TEXT COLLATE "C" NOT NULL,
    npi TEXT COLLATE "C" NOT NULL,
    taxonomy TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);
CREATE INDEX provider_by_npi ON provider (practice_id, npi);

CREATE TABLE submitter (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    contact TEXT COLLATE "C" NOT NULL,
    phone TEXT COLLATE "C" NOT NULL,
    sender_qualifier TEXT COLLATE "C" NOT NULL,
    sender_id TEXT COLLATE "C" NOT NULL,
    receiver_qualifier TEXT COLLATE "C" NOT NULL,
    receiver_id TEXT COLLATE "C" NOT NULL,
    receiver_name TEXT COLLATE "C" NOT NULL,
    usage TEXT COLLATE "C" NOT NULL,
    connection TEXT COLLATE "C" NOT NULL
);

-- Interchange, group and batch numbers: taken in the transaction that stores the interchange, never reused; gaps are fine.
CREATE TABLE control_number (
    submitter_id BIGINT NOT NULL REFERENCES submitter (id),
    kind TEXT COLLATE "C" NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (submitter_id, kind)
);

CREATE TABLE payer (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    class TEXT COLLATE "C" NOT NULL,
    filing_indicator TEXT COLLATE "C" NOT NULL,
    payer_number TEXT COLLATE "C" NOT NULL,
    era_payer_id TEXT COLLATE "C" NOT NULL,
    submitter_id BIGINT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, code)
);

-- How a payer differs from its class: typed keys, dated values; the newest range that covers the date of service wins.
CREATE TABLE payer_rule (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    payer_id BIGINT NOT NULL,
    rule_key TEXT COLLATE "C" NOT NULL,
    effective_from TEXT COLLATE "C" NOT NULL,
    effective_to TEXT COLLATE "C",
    value TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, payer_id, rule_key, effective_from)
);

CREATE TABLE fee (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    schedule TEXT COLLATE "C" NOT NULL,
    effective_from TEXT COLLATE "C" NOT NULL,
    procedure_code TEXT COLLATE "C" NOT NULL,
    modifier TEXT COLLATE "C" NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, schedule, effective_from, procedure_code, modifier)
);

CREATE TABLE app_user (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL
);

-- Keys of the HTTP interface: only the SHA-256 is kept, the token is shown once.
CREATE TABLE api_key (
    id BIGINT NOT NULL PRIMARY KEY,
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    label TEXT COLLATE "C" NOT NULL,
    token_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL
);

-- Answers that were given to writes with an Idempotency-Key: the same key gets the same answer.
CREATE TABLE idempotency (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    api_key_id BIGINT NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL,
    request_sha256 TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, api_key_id, idempotency_key)
);
