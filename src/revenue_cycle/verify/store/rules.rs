//! Invariants that one statement each can prove. Every statement gives one row: records checked, records at fault, the key of the first.
//! `CROSS JOIN` tells SQLite, whose planner has no statistics, where to begin; PostgreSQL decides for itself.

use crate::platform::database::Statement;
use crate::statements;

/// An invariant and the statement that looks for what breaks it.
pub(super) struct Rule {
    /// What must hold.
    pub name: &'static str,
    /// Gives (checked, at fault, first key).
    pub statement: &'static Statement,
}

const fn rule(name: &'static str, statement: &'static Statement) -> Rule {
    Rule { name, statement }
}

/// Of each practice; `$1` is the practice.
pub(super) static RULES: &[Rule] = &[
    rule("the trial balance is zero", &TRIAL_BALANCE),
    rule("line balances are the sums of their entries", &LINE_BALANCES),
    rule("family balances are the sums of their entries", &FAMILY_BALANCES),
    rule("day balances are the sums of their month's entries", &DAY_BALANCES),
    rule("remittance clearing is zero for each remittance", &CLEARING),
    rule("what claims of a remittance were paid is posted or unposted", &CLAIM_MONEY),
    rule("a remittance's payment is booked once", &REMITTANCE_MONEY),
    rule("provider adjustments are booked to the cent", &PLB_MONEY),
    rule("a remittance that is held has no entries", &HELD),
    rule("a remittance has all of its claims", &REMITTANCE_CLAIMS),
    rule("a remittance claim with money is posted by one journal", &POSTED_ONCE),
    rule("a claim's total is the sum of its lines", &CLAIM_TOTALS),
    rule("a claim's payments are those that were posted", &CLAIM_PAYMENTS),
    rule("a claim line belongs to a charge of the same visit", &CLAIM_LINES),
    rule("a claim number leads to its claim", &PCNS),
    rule("a remittance claim is matched to a claim of this practice", &MATCHES),
    rule("an entry belongs to charges, families and payers of this practice", &ENTRY_OWNERS),
    rule("a journal belongs to records of this practice", &JOURNAL_OWNERS),
    rule("no journal was posted to a month after it was closed", &CLOSED_PERIODS),
    rule("batched claims are of the batch's payer and practice", &BATCHES),
];

/// Of what belongs to no practice.
pub(super) static GLOBAL_RULES: &[Rule] =
    &[rule("a received file is in the archive with its hash", &INBOUND_FILES), rule("a sent interchange is in the archive", &INTERCHANGES)];

statements! {
    PRACTICES = "SELECT id, code FROM practice ORDER BY code";
    TRIAL_BALANCE = "SELECT COUNT(*), COUNT(CASE WHEN total <> 0 THEN 1 END), MIN(CASE WHEN total <> 0 THEN CAST(total AS TEXT) END) FROM (
        SELECT COALESCE(SUM(debit_cents - credit_cents), 0) AS total FROM day_balance WHERE practice_id = $1) x";
    LINE_BALANCES = "SELECT COUNT(*), COUNT(CASE WHEN kept <> made THEN 1 END), MIN(CASE WHEN kept <> made THEN CAST(record AS TEXT) || ' ' || account END)
        FROM (SELECT record, account, SUM(kept) AS kept, SUM(made) AS made FROM (
            SELECT charge_line_id AS record, account, cents AS kept, 0 AS made FROM line_balance WHERE practice_id = $1
            UNION ALL SELECT charge_line_id, debit_account, 0, cents FROM transfer
                WHERE practice_id = $1 AND charge_line_id IS NOT NULL AND debit_account LIKE 'AR:%'
            UNION ALL SELECT charge_line_id, credit_account, 0, -cents FROM transfer
                WHERE practice_id = $1 AND charge_line_id IS NOT NULL AND credit_account LIKE 'AR:%'
        ) parts GROUP BY record, account) sums";
    FAMILY_BALANCES = "SELECT COUNT(*), COUNT(CASE WHEN kept <> made THEN 1 END), MIN(CASE WHEN kept <> made THEN CAST(record AS TEXT) || ' ' || account END)
        FROM (SELECT record, account, SUM(kept) AS kept, SUM(made) AS made FROM (
            SELECT family_id AS record, account, cents AS kept, 0 AS made FROM family_balance WHERE practice_id = $1
            UNION ALL SELECT family_id, debit_account, 0, cents FROM transfer
                WHERE practice_id = $1 AND family_id IS NOT NULL AND (debit_account LIKE 'AR:%' OR debit_account = 'UNAPPLIED')
            UNION ALL SELECT family_id, credit_account, 0, -cents FROM transfer
                WHERE practice_id = $1 AND family_id IS NOT NULL AND (credit_account LIKE 'AR:%' OR credit_account = 'UNAPPLIED')
        ) parts GROUP BY record, account) sums";
    DAY_BALANCES = "SELECT COUNT(*), COUNT(CASE WHEN kept <> made THEN 1 END),
            MIN(CASE WHEN kept <> made THEN period || ' ' || account || ' ' || kind END)
        FROM (SELECT period, account, kind, side, SUM(kept) AS kept, SUM(made) AS made FROM (
            SELECT SUBSTR(day, 1, 7) AS period, account, kind, 1 AS side, debit_cents AS kept, 0 AS made FROM day_balance WHERE practice_id = $1
            UNION ALL SELECT SUBSTR(day, 1, 7), account, kind, 2, credit_cents, 0 FROM day_balance WHERE practice_id = $1
            UNION ALL SELECT j.period, t.debit_account, t.kind, 1, 0, t.cents FROM transfer t
                JOIN journal j ON j.practice_id = t.practice_id AND j.id = t.journal_id WHERE t.practice_id = $1
            UNION ALL SELECT j.period, t.credit_account, t.kind, 2, 0, t.cents FROM transfer t
                JOIN journal j ON j.practice_id = t.practice_id AND j.id = t.journal_id WHERE t.practice_id = $1
        ) parts GROUP BY period, account, kind, side) sums";
    CLEARING = "SELECT COUNT(*), COUNT(CASE WHEN total <> 0 THEN 1 END), MIN(CASE WHEN total <> 0 THEN CAST(remittance_id AS TEXT) END)
        FROM (SELECT j.remittance_id, SUM(CASE WHEN t.debit_account = 'REMITTANCE_CLEARING' THEN t.cents ELSE 0 END)
                - SUM(CASE WHEN t.credit_account = 'REMITTANCE_CLEARING' THEN t.cents ELSE 0 END) AS total
            FROM transfer t JOIN journal j ON j.practice_id = t.practice_id AND j.id = t.journal_id
            WHERE t.practice_id = $1 AND (t.debit_account = 'REMITTANCE_CLEARING' OR t.credit_account = 'REMITTANCE_CLEARING')
            GROUP BY j.remittance_id) sums";
    CLAIM_MONEY = "SELECT COUNT(*), COUNT(CASE WHEN paid <> booked THEN 1 END), MIN(CASE WHEN paid <> booked THEN CAST(id AS TEXT) END)
        FROM (SELECT r.id, (SELECT COALESCE(SUM(rc.paid_cents), 0) FROM remittance_claim rc WHERE rc.practice_id = r.practice_id AND rc.remittance_id = r.id) AS paid,
            (SELECT COALESCE(SUM(CASE WHEN t.debit_account = 'REMITTANCE_CLEARING' THEN t.cents ELSE -t.cents END), 0) FROM journal j CROSS JOIN transfer t
                WHERE t.practice_id = j.practice_id AND t.journal_id = j.id AND j.practice_id = r.practice_id AND j.remittance_id = r.id AND t.kind IN ('INS_PAYMENT', 'TAKEBACK', 'UNPOSTED_CASH')) AS booked
            FROM remittance r WHERE r.practice_id = $1 AND r.state IN ('posting', 'posted', 'review')) sums";
    REMITTANCE_MONEY = "SELECT COUNT(*), COUNT(CASE WHEN paid <> booked THEN 1 END), MIN(CASE WHEN paid <> booked THEN CAST(id AS TEXT) END)
        FROM (SELECT r.id, r.paid_cents AS paid, (SELECT COALESCE(SUM(t.cents), 0) FROM journal j CROSS JOIN transfer t
                WHERE t.practice_id = j.practice_id AND t.journal_id = j.id AND j.practice_id = r.practice_id AND j.remittance_id = r.id AND t.kind = 'REMITTANCE') AS booked
            FROM remittance r WHERE r.practice_id = $1 AND r.state IN ('storing', 'posting', 'posted', 'review')) sums";
    PLB_MONEY = "SELECT COUNT(*), COUNT(CASE WHEN stated <> booked THEN 1 END), MIN(CASE WHEN stated <> booked THEN CAST(id AS TEXT) END)
        FROM (SELECT r.id, (SELECT COALESCE(SUM(p.cents), 0) FROM provider_adjustment p WHERE p.practice_id = r.practice_id AND p.remittance_id = r.id) AS stated,
            (SELECT COALESCE(SUM(CASE WHEN t.credit_account = 'REMITTANCE_CLEARING' THEN t.cents ELSE -t.cents END), 0) FROM journal j CROSS JOIN transfer t
                WHERE t.practice_id = j.practice_id AND t.journal_id = j.id AND j.practice_id = r.practice_id AND j.remittance_id = r.id AND t.kind = 'PLB') AS booked
            FROM remittance r WHERE r.practice_id = $1 AND r.state IN ('storing', 'posting', 'posted', 'review')) sums";
    HELD = "SELECT COUNT(*), COUNT(CASE WHEN journals > 0 THEN 1 END), MIN(CASE WHEN journals > 0 THEN CAST(id AS TEXT) END)
        FROM (SELECT r.id, (SELECT COUNT(*) FROM journal j WHERE j.practice_id = r.practice_id AND j.remittance_id = r.id) AS journals
            FROM remittance r WHERE r.practice_id = $1 AND r.state NOT IN ('storing', 'posting', 'posted', 'review')) sums";
    REMITTANCE_CLAIMS = "SELECT COUNT(*), COUNT(CASE WHEN claim_count <> stored THEN 1 END), MIN(CASE WHEN claim_count <> stored THEN CAST(id AS TEXT) END)
        FROM (SELECT r.id, r.claim_count, (SELECT COUNT(*) FROM remittance_claim rc WHERE rc.practice_id = r.practice_id AND rc.remittance_id = r.id) AS stored
            FROM remittance r WHERE r.practice_id = $1 AND r.state <> 'storing') sums";
    POSTED_ONCE = "SELECT COUNT(*), COUNT(CASE WHEN journals <> wanted THEN 1 END), MIN(CASE WHEN journals <> wanted THEN CAST(id AS TEXT) END)
        FROM (SELECT rc.id, CASE WHEN rc.state = 'posted' THEN 1 ELSE 0 END AS wanted,
            (SELECT COUNT(*) FROM journal j WHERE j.practice_id = rc.practice_id AND j.effect_key = 'posting:' || CAST(rc.id AS TEXT)) AS journals
            FROM remittance_claim rc WHERE rc.practice_id = $1 AND rc.paid_cents <> 0) sums";
    CLAIM_TOTALS = "SELECT COUNT(*), COUNT(CASE WHEN charge_cents <> total THEN 1 END), MIN(CASE WHEN charge_cents <> total THEN CAST(id AS TEXT) END)
        FROM (SELECT c.id, c.charge_cents, (SELECT COALESCE(SUM(l.cents), 0) FROM claim_line l WHERE l.practice_id = c.practice_id AND l.claim_id = c.id) AS total
            FROM claim c WHERE c.practice_id = $1) sums";
    CLAIM_PAYMENTS = "SELECT COUNT(*), COUNT(CASE WHEN paid_cents <> posted THEN 1 END), MIN(CASE WHEN paid_cents <> posted THEN CAST(id AS TEXT) END)
        FROM (SELECT c.id, c.paid_cents, (SELECT COALESCE(SUM(rc.paid_cents), 0) FROM remittance_claim rc
                WHERE rc.practice_id = c.practice_id AND rc.claim_id = c.id AND rc.state = 'posted'
                AND rc.payer_order = CASE c.responsibility WHEN 'P' THEN 1 WHEN 'S' THEN 2 WHEN 'T' THEN 3 ELSE 0 END) AS posted
            FROM claim c WHERE c.practice_id = $1 AND c.responsibility IN ('P', 'S', 'T')) sums";
    CLAIM_LINES = "SELECT COUNT(*), COUNT(CASE WHEN g.id IS NULL THEN 1 END),
            MIN(CASE WHEN g.id IS NULL THEN CAST(l.claim_id AS TEXT) || ' line ' || CAST(l.position AS TEXT) END)
        FROM claim_line l JOIN claim c ON c.practice_id = l.practice_id AND c.id = l.claim_id
        LEFT JOIN charge_line g ON g.practice_id = l.practice_id AND g.id = l.charge_line_id AND g.encounter_id = c.encounter_id
        WHERE l.practice_id = $1";
    PCNS = "SELECT COUNT(*), COUNT(CASE WHEN p.pcn IS NULL THEN 1 END), MIN(CASE WHEN p.pcn IS NULL THEN CAST(c.id AS TEXT) END)
        FROM claim c LEFT JOIN pcn p ON p.pcn = c.pcn AND p.practice_id = c.practice_id AND p.claim_id = c.id WHERE c.practice_id = $1";
    MATCHES = "SELECT COUNT(*), COUNT(CASE WHEN c.id IS NULL THEN 1 END), MIN(CASE WHEN c.id IS NULL THEN CAST(rc.id AS TEXT) END)
        FROM remittance_claim rc LEFT JOIN claim c ON c.practice_id = rc.practice_id AND c.id = rc.claim_id
        WHERE rc.practice_id = $1 AND rc.claim_id IS NOT NULL";
    ENTRY_OWNERS = "SELECT COUNT(*), COUNT(CASE WHEN lost THEN 1 END), MIN(CASE WHEN lost THEN CAST(id AS TEXT) END)
        FROM (SELECT t.id, ((t.charge_line_id IS NOT NULL AND g.id IS NULL) OR (t.family_id IS NOT NULL AND f.id IS NULL)
                OR (t.payer_id IS NOT NULL AND p.id IS NULL)) AS lost FROM transfer t
            LEFT JOIN charge_line g ON g.practice_id = t.practice_id AND g.id = t.charge_line_id
            LEFT JOIN family f ON f.practice_id = t.practice_id AND f.id = t.family_id
            LEFT JOIN payer p ON p.practice_id = t.practice_id AND p.id = t.payer_id WHERE t.practice_id = $1) owners";
    JOURNAL_OWNERS = "SELECT COUNT(*), COUNT(CASE WHEN lost THEN 1 END), MIN(CASE WHEN lost THEN CAST(id AS TEXT) END)
        FROM (SELECT j.id, ((j.encounter_id IS NOT NULL AND e.id IS NULL) OR (j.claim_id IS NOT NULL AND c.id IS NULL)
                OR (j.remittance_id IS NOT NULL AND r.id IS NULL) OR (j.remittance_claim_id IS NOT NULL AND rc.id IS NULL)
                OR (j.reverses_id IS NOT NULL AND o.id IS NULL)) AS lost FROM journal j
            LEFT JOIN encounter e ON e.practice_id = j.practice_id AND e.id = j.encounter_id
            LEFT JOIN claim c ON c.practice_id = j.practice_id AND c.id = j.claim_id
            LEFT JOIN remittance r ON r.practice_id = j.practice_id AND r.id = j.remittance_id
            LEFT JOIN remittance_claim rc ON rc.practice_id = j.practice_id AND rc.id = j.remittance_claim_id
            LEFT JOIN journal o ON o.practice_id = j.practice_id AND o.id = j.reverses_id WHERE j.practice_id = $1) owners";
    CLOSED_PERIODS = "SELECT COUNT(*), COUNT(CASE WHEN j.posted_ms > p.closed_ms THEN 1 END), MIN(CASE WHEN j.posted_ms > p.closed_ms THEN CAST(j.id AS TEXT) END)
        FROM period p JOIN journal j ON j.practice_id = p.practice_id AND j.period = p.period WHERE p.practice_id = $1 AND p.state = 'closed'";
    BATCHES = "SELECT COUNT(*), COUNT(CASE WHEN c.id IS NULL OR c.payer_id <> b.payer_id THEN 1 END),
            MIN(CASE WHEN c.id IS NULL OR c.payer_id <> b.payer_id THEN CAST(bc.claim_id AS TEXT) END)
        FROM batch_claim bc JOIN batch b ON b.practice_id = bc.practice_id AND b.id = bc.batch_id
        LEFT JOIN claim c ON c.practice_id = bc.practice_id AND c.id = bc.claim_id WHERE bc.practice_id = $1";
    INBOUND_FILES = "SELECT COUNT(*), COUNT(CASE WHEN a.id IS NULL OR a.sha256 <> f.sha256 THEN 1 END),
            MIN(CASE WHEN a.id IS NULL OR a.sha256 <> f.sha256 THEN CAST(f.id AS TEXT) END)
        FROM inbound_file f LEFT JOIN archive a ON a.id = f.archive_id";
    INTERCHANGES = "SELECT COUNT(*), COUNT(CASE WHEN a.id IS NULL THEN 1 END), MIN(CASE WHEN a.id IS NULL THEN CAST(i.id AS TEXT) END)
        FROM interchange i LEFT JOIN archive a ON a.id = i.archive_id";
}
