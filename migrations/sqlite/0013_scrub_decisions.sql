-- What people decide about findings: warnings that are overridden, claim by claim and edit by edit, and the practice's own rules.

CREATE TABLE finding_override (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    claim_id INTEGER NOT NULL,
    edit TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, claim_id, edit),
    FOREIGN KEY (practice_id, claim_id) REFERENCES claim (practice_id, id)
);

-- The file as it was given: the rules are read from it.
CREATE TABLE practice_rule_file (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    content TEXT NOT NULL,
    loaded_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id)
);
