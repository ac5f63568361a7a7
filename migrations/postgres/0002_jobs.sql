-- Background jobs: the truth about what is due stands here; the queue of the job library only dispatches.

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    practice_id BIGINT,
    kind TEXT COLLATE "C" NOT NULL,
    args TEXT COLLATE "C" NOT NULL,
    unique_key TEXT COLLATE "C" NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    process_id TEXT COLLATE "C",
    started_ms BIGINT,
    ended_ms BIGINT,
    last_error TEXT COLLATE "C"
);
CREATE INDEX job_due ON job (state, due_ms, id);

-- Which processes are alive: a process renews its lease by the wall clock; its jobs are taken over when the lease has ended.
CREATE TABLE job_process (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    role TEXT COLLATE "C" NOT NULL,
    lease_until_wall_ms BIGINT NOT NULL
);

-- The last tick of each schedule that was turned into a job; it only ever grows.
CREATE TABLE schedule_tick (
    schedule TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tick_ms BIGINT NOT NULL
);
