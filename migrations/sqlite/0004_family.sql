-- Whom it is about: family accounts, children, coverages.

CREATE TABLE family (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    guarantor_last TEXT NOT NULL,
    guarantor_first TEXT NOT NULL,
    guarantor_birth_date TEXT,
    phone TEXT,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, external_id)
);

CREATE TABLE child (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    family_id INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    last_name TEXT NOT NULL,
    first_name TEXT NOT NULL,
    birth_date TEXT NOT NULL,
    sex TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    state TEXT NOT NULL,
    zip TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, external_id),
    FOREIGN KEY (practice_id, family_id) REFERENCES family (practice_id, id)
);
CREATE INDEX child_of_family ON child (practice_id, family_id);

-- coverage_rank 1 is primary; member_id_scope tells whom the member id names (domain.md 1.4); the subscriber's columns are empty when
-- the child is the subscriber.
CREATE TABLE coverage (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    child_id INTEGER NOT NULL,
    payer_id INTEGER NOT NULL,
    coverage_rank INTEGER NOT NULL,
    member_id TEXT NOT NULL,
    member_id_scope TEXT NOT NULL,
    relationship TEXT NOT NULL,
    group_number TEXT,
    subscriber_last TEXT,
    subscriber_first TEXT,
    subscriber_birth_date TEXT,
    subscriber_sex TEXT,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, child_id, payer_id, member_id, effective_from),
    FOREIGN KEY (practice_id, child_id) REFERENCES child (practice_id, id),
    FOREIGN KEY (practice_id, payer_id) REFERENCES payer (practice_id, id)
);
CREATE INDEX coverage_of_child ON coverage (practice_id, child_id, coverage_rank);
