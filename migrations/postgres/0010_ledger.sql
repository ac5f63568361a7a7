-- The ledger: append-only and double-entry by construction. One transfer moves cents from one account to another; a journal groups the
-- transfers of one act and says who, when, why and from what. Balances are derived, written in the same transaction, recomputed by verify.

CREATE TABLE journal (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    effect_key TEXT COLLATE "C" NOT NULL,
    posted_ms BIGINT NOT NULL,
    effective_date TEXT COLLATE "C" NOT NULL,
    period TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    encounter_id BIGINT,
    claim_id BIGINT,
    remittance_id BIGINT,
    remittance_claim_id BIGINT,
    segment BIGINT,
    reverses_id BIGINT,
    epoch BIGINT NOT NULL,
    mac TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, effect_key)
);
CREATE INDEX journal_of_claim ON journal (practice_id, claim_id);
CREATE INDEX journal_of_remittance ON journal (practice_id, remittance_id);
CREATE INDEX journal_of_period ON journal (practice_id, period, id);
CREATE INDEX journal_by_business_date ON journal (practice_id, kind, effective_date);

CREATE TABLE transfer (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    id BIGINT NOT NULL,
    journal_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    debit_account TEXT COLLATE "C" NOT NULL,
    credit_account TEXT COLLATE "C" NOT NULL,
    cents BIGINT NOT NULL CHECK (cents > 0),
    family_id BIGINT,
    charge_line_id BIGINT,
    payer_id BIGINT,
    adjustment TEXT COLLATE "C",
    segment BIGINT,
    PRIMARY KEY (practice_id, id),
    UNIQUE (practice_id, journal_id, position),
    FOREIGN KEY (practice_id, journal_id) REFERENCES journal (practice_id, id)
);
CREATE INDEX transfer_of_line ON transfer (practice_id, charge_line_id);

CREATE TABLE line_balance (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    charge_line_id BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, charge_line_id, account)
);

CREATE TABLE family_balance (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    family_id BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, family_id, account)
);

CREATE TABLE day_balance (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    day TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    debit_cents BIGINT NOT NULL,
    credit_cents BIGINT NOT NULL,
    PRIMARY KEY (practice_id, day, account, kind)
);

-- A closed period takes no more journals.
CREATE TABLE period (
    practice_id BIGINT NOT NULL REFERENCES practice (id),
    period TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    closed_ms BIGINT,
    PRIMARY KEY (practice_id, period)
);

CREATE TRIGGER journal_is_append_only_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_append_only_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_is_append_only_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_append_only_update BEFORE UPDATE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_append_only_truncate BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_append_only_delete BEFORE DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM period p WHERE p.practice_id = NEW.practice_id AND p.period = NEW.period AND p.state = 'closed') THEN
        RAISE EXCEPTION 'the period is closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_in_open_period BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION refuse_closed_period();
