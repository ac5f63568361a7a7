-- What needs a person: work items of every stage in one table, and the deadlines behind them.

CREATE TABLE work_item (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    stage TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    subject_kind TEXT COLLATE "C" NOT NULL,
    subject_id BIGINT NOT NULL,
    unique_key TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    assigned_to TEXT COLLATE "C",
    due_date TEXT COLLATE "C",
    created_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    resolution TEXT COLLATE "C",
    PRIMARY KEY (practice_id, id)
);
CREATE UNIQUE INDEX work_item_open_once ON work_item (practice_id, unique_key) WHERE state = 'open';
CREATE INDEX work_item_list ON work_item (practice_id, state, due_date, created_ms, id);
CREATE INDEX work_item_of_subject ON work_item (practice_id, subject_kind, subject_id);

CREATE TABLE deadline (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    kind TEXT COLLATE "C" NOT NULL,
    claim_id BIGINT NOT NULL,
    due_date TEXT COLLATE "C" NOT NULL,
    next_alert_date TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, kind, claim_id)
);
CREATE INDEX deadline_next ON deadline (practice_id, state, next_alert_date);
