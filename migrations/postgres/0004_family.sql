-- Whom it is about: family accounts, children, coverages.

CREATE TABLE family (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    guarantor_last TEXT COLLATE "C" NOT NULL,
    guarantor_first TEXT COLLATE "C" NOT NULL,
    guarantor_birth_date TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    zip TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, external_id)
);

CREATE TABLE child (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    family_id BIGINT NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    last_name TEXT COLLATE "C" NOT NULL,
    first_name TEXT COLLATE "C" NOT NULL,
    birth_date TEXT COLLATE "C" NOT NULL,
    sex TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    city TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    zip TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, external_id),
    FOREIGN KEY (practice_id, family_id) REFERENCES family (practice_id, id)
);
CREATE INDEX child_of_family ON child (practice_id, family_id);

-- coverage_rank 1 is primary; member_id_scope tells whom the member id names (domain.md 1.4); the subscriber's columns are empty when
-- the child is the subscriber.
CREATE TABLE coverage (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    child_id BIGINT NOT NULL,
    payer_id BIGINT NOT NULL,
    coverage_rank BIGINT NOT NULL,
    member_id TEXT COLLATE "C" NOT NULL,
    member_id_scope TEXT COLLATE "C" NOT NULL,
    relationship TEXT COLLATE "C" NOT NULL,
    group_number TEXT COLLATE "C",
    subscriber_last TEXT COLLATE "C",
    subscriber_first TEXT COLLATE "C",
    subscriber_birth_date TEXT COLLATE "C",
    subscriber_sex TEXT COLLATE "C",
    effective_from TEXT COLLATE "C" NOT NULL,
    effective_to TEXT COLLATE "C",
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, child_id, payer_id, member_id, effective_from),
    FOREIGN KEY (practice_id, child_id) REFERENCES child (practice_id, id),
    FOREIGN KEY (practice_id, payer_id) REFERENCES payer (practice_id, id)
);
CREATE INDEX coverage_of_child ON coverage (practice_id, child_id, coverage_rank);
