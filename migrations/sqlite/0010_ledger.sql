-- The ledger: append-only and double-entry by construction. One transfer moves cents from one account to another; a journal groups the
-- transfers of one act and says who, when, why and from what. Balances are derived, written in the same transaction, recomputed by verify.

CREATE TABLE journal (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    effect_key TEXT NOT NULL,
    posted_ms INTEGER NOT NULL,
    effective_date TEXT NOT NULL,
    period TEXT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    encounter_id INTEGER,
    claim_id INTEGER,
    remittance_id INTEGER,
    remittance_claim_id INTEGER,
    segment INTEGER,
    reverses_id INTEGER,
    epoch INTEGER NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, effect_key)
);
CREATE INDEX journal_of_claim ON journal (practice_id, claim_id);
CREATE INDEX journal_of_remittance ON journal (practice_id, remittance_id);
CREATE INDEX journal_of_period ON journal (practice_id, period, id);
CREATE INDEX journal_by_business_date ON journal (practice_id, kind, effective_date);

CREATE TABLE transfer (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    id INTEGER NOT NULL,
    journal_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL,
    cents INTEGER NOT NULL CHECK (cents > 0),
    family_id INTEGER,
    charge_line_id INTEGER,
    payer_id INTEGER,
    adjustment TEXT,
    segment INTEGER,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, journal_id, position),
    FOREIGN KEY (practice_id, journal_id) REFERENCES journal (practice_id, id)
);
CREATE INDEX transfer_of_line ON transfer (practice_id, charge_line_id);

CREATE TABLE line_balance (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    charge_line_id INTEGER NOT NULL,
    account TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, charge_line_id, account)
);

CREATE TABLE family_balance (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    family_id INTEGER NOT NULL,
    account TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, family_id, account)
);

CREATE TABLE day_balance (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    day TEXT NOT NULL,
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    debit_cents INTEGER NOT NULL,
    credit_cents INTEGER NOT NULL,
    PRIMARY KEY (practice_id, day, account, kind)
);

-- A closed period takes no more journals.
CREATE TABLE period (
    practice_id INTEGER NOT NULL REFERENCES practice (id),
    period TEXT NOT NULL,
    state TEXT NOT NULL,
    closed_ms INTEGER,
    PRIMARY KEY (practice_id, period)
);

CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER transfer_is_append_only_update BEFORE UPDATE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;
CREATE TRIGGER transfer_is_append_only_delete BEFORE DELETE ON transfer BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END;
CREATE TRIGGER journal_in_open_period BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM period p WHERE p.practice_id = NEW.practice_id AND p.period = NEW.period AND p.state = 'closed')
BEGIN SELECT RAISE(ABORT, 'the period is closed'); END;
