-- What people decide about findings: warnings that are overridden, claim by claim and edit by edit, and the practice's own rules.

CREATE TABLE finding_override (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    claim_id BIGINT NOT NULL,
    edit TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, claim_id, edit),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);

-- The file as it was given: the rules are read from it.
CREATE TABLE practice_rule_file (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    content TEXT COLLATE "C" NOT NULL,
    loaded_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id)
);
