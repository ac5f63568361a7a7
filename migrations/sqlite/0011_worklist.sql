-- What needs a person: work items of every stage in one table, and the deadlines behind them.

CREATE TABLE work_item (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    unique_key TEXT NOT NULL,
    message TEXT NOT NULL,
    state TEXT NOT NULL,
    assigned_to TEXT,
    due_date TEXT,
    created_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    resolution TEXT,
    PRIMARY KEY (practice_id, id)
);
CREATE UNIQUE INDEX work_item_open_once ON work_item (practice_id, unique_key) WHERE state = 'open';
CREATE INDEX work_item_list ON work_item (practice_id, state, due_date, created_ms, id);
CREATE INDEX work_item_of_subject ON work_item (practice_id, subject_kind, subject_id);

CREATE TABLE deadline (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    kind TEXT NOT NULL,
    claim_id INTEGER NOT NULL,
    due_date TEXT NOT NULL,
    next_alert_date TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (practice_id, kind, claim_id)
);
CREATE INDEX deadline_next ON deadline (practice_id, state, next_alert_date);
