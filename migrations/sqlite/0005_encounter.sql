-- Visits and what was done at them.

-- Every visit as it arrived, by the name that its source gives it. What can't be admitted waits here; when the source sends it again,
-- mended, it is tried again. An admitted visit is never changed by its source.
CREATE TABLE intake (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    reasons TEXT NOT NULL,
    encounter_id INTEGER,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, source, external_id)
);
CREATE INDEX intake_by_state ON intake (practice_id, state, first_ms, id);

CREATE TABLE encounter (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    child_id INTEGER NOT NULL,
    provider_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    service_date TEXT NOT NULL,
    place_of_service TEXT NOT NULL,
    diagnoses TEXT NOT NULL,
    details TEXT NOT NULL,
    state TEXT NOT NULL,
    taken_in_ms INTEGER NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, source, external_id),
    FOREIGN KEY (practice_id, child_id) REFERENCES child (practice_id, id)
);
CREATE INDEX encounter_of_child ON encounter (practice_id, child_id, service_date);
CREATE INDEX encounter_by_state ON encounter (practice_id, state, service_date, id);

CREATE TABLE charge_line (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    encounter_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    procedure_code TEXT NOT NULL,
    modifiers TEXT NOT NULL,
    units INTEGER NOT NULL,
    cents INTEGER NOT NULL,
    pointers TEXT NOT NULL,
    ndc TEXT,
    ndc_quantity TEXT,
    ndc_unit TEXT,
    cvx TEXT,
    fee_schedule TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, encounter_id, position),
    FOREIGN KEY (practice_id, encounter_id) REFERENCES encounter (practice_id, id)
);
