-- Visits and what was done at them.

-- Every visit as it arrived, by the name that its source gives it. What can't be admitted waits here; when the source sends it again,
-- mended, it is tried again. An admitted visit is never changed by its source.
CREATE TABLE intake (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    reasons TEXT COLLATE "C" NOT NULL,
    encounter_id BIGINT,
    first_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, source, external_id)
);
CREATE INDEX intake_by_state ON intake (practice_id, state, first_ms, id);

CREATE TABLE encounter (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    child_id BIGINT NOT NULL,
    provider_id BIGINT NOT NULL,
    location_id BIGINT NOT NULL,
    service_date TEXT COLLATE "C" NOT NULL,
    place_of_service TEXT COLLATE "C" NOT NULL,
    diagnoses TEXT COLLATE "C" NOT NULL,
    details TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    taken_in_ms BIGINT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, source, external_id),
    FOREIGN KEY (practice_id, child_id) REFERENCES child (practice_id, id)
);
CREATE INDEX encounter_of_child ON encounter (practice_id, child_id, service_date);
CREATE INDEX encounter_by_state ON encounter (practice_id, state, service_date, id);

CREATE TABLE charge_line (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    encounter_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    procedure_code TEXT COLLATE "C" NOT NULL,
    modifiers TEXT COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    cents BIGINT NOT NULL,
    pointers TEXT COLLATE "C" NOT NULL,
    ndc TEXT COLLATE "C",
    ndc_quantity TEXT COLLATE "C",
    ndc_unit TEXT COLLATE "C",
    cvx TEXT COLLATE "C",
    fee_schedule TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, encounter_id, position),
    FOREIGN KEY (practice_id, encounter_id) REFERENCES encounter (practice_id, id)
);
