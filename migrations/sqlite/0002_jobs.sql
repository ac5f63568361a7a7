-- Background jobs: the truth about what is due stands here; the queue of the job library only dispatches.

CREATE TABLE job (
    id INTEGER NOT NULL PRIMARY KEY,
    practice_id INTEGER,
    kind TEXT NOT NULL,
    args TEXT NOT NULL,
    unique_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    attempts_max INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    process_id TEXT,
    started_ms INTEGER,
    ended_ms INTEGER,
    last_error TEXT
);
CREATE INDEX job_due ON job (state, due_ms, id);

-- Which processes are alive: a process renews its lease by the wall clock; its jobs are taken over when the lease has ended.
CREATE TABLE job_process (
    id TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    lease_until_wall_ms INTEGER NOT NULL
);

-- The last tick of each schedule that was turned into a job; it only ever grows.
CREATE TABLE schedule_tick (
    schedule TEXT NOT NULL PRIMARY KEY,
    tick_ms INTEGER NOT NULL
);
