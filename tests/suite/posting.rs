//! From an 835 to the ledger and the month, on both engines: remittances are taken in, posted, repeated, reversed and tampered with, and
//! `verify` and the month's report say what is true.

use std::io::Cursor;

use jiff::civil::date;
use jiff::tz::TimeZone;
use pediclaim::edi::{Event, Reader, TransactionSet};
use pediclaim::platform::archive;
use pediclaim::platform::audit::{self, Actor, MacKey};
use pediclaim::platform::clock::{Clock, Millis};
use pediclaim::platform::database::{DatabaseUrl, Db, Engine};
use pediclaim::platform::ids::{
    ChargeLineId, ClaimId, EncounterId, FamilyId, InboundFileId, PayerId, PracticeId, RemittanceClaimId, RemittanceId,
};
use pediclaim::platform::money::Money;
use pediclaim::revenue_cycle::ledger::store::{
    Entry, account_balances, close_period, family_balances, history_of_lines, line_balances, post,
};
use pediclaim::revenue_cycle::ledger::{Account, Bucket, PayerOrder, Transfer, charge_journal};
use pediclaim::revenue_cycle::posting::{self, PostChunkArgs};
use pediclaim::revenue_cycle::remittance::model::RemittanceState;
use pediclaim::revenue_cycle::remittance::{self, Received};
use pediclaim::revenue_cycle::report::{Span, revenue_summary, to_text};
use pediclaim::revenue_cycle::verify::{digest, verify};
use pediclaim::revenue_cycle::worklist;
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};

use crate::postgres::{drop_database, fresh_database};

const NPI: &str = "1234567893";
const OTHER_NPI: &str = "1679576722";
const BLUE: PayerId = PayerId(11);
const STATE: PayerId = PayerId(12);
const PRACTICE: PracticeId = PracticeId(1);

/// The database behind the product's back: seeds it, and tampers with it.
enum Back {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Back {
    async fn run(&self, sql: &str) {
        for statement in sql.split(";\n").filter(|s| !s.trim().is_empty()) {
            let statement = AssertSqlSafe(statement.to_owned());
            match self {
                Back::Sqlite(pool) => drop(pool.execute(statement).await.unwrap()),
                Back::Postgres(pool) => drop(pool.execute(statement).await.unwrap()),
            }
        }
    }
}

/// A practice with children, visits and sent claims, and a second practice that must never be touched.
struct World {
    db: Db,
    back: Back,
    clock: Clock,
    files: i64,
    url: String,
    _folder: tempfile::TempDir,
}

impl World {
    async fn open(engine: Engine) -> Option<World> {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("practice.db").display()),
            Engine::Postgres => fresh_database().await?,
        };
        let db = Db::open(&DatabaseUrl::parse(&url).unwrap(), MacKey::from_bytes([7; 32])).await.unwrap();
        let back = match engine {
            Engine::Sqlite => Back::Sqlite(SqlitePool::connect(&url).await.unwrap()),
            Engine::Postgres => Back::Postgres(PgPool::connect(&url).await.unwrap()),
        };
        let clock = Clock::fixed_at(Millis::noon_of(date(2026, 12, 7), &zone()));
        let world = World { db, back, clock, files: 0, url, _folder: folder };
        world.seed().await;
        Some(world)
    }

    async fn seed(&self) {
        for (practice, npi) in [(1, NPI), (2, OTHER_NPI)] {
            self.back
                .run(&format!(
                    "INSERT INTO practice VALUES ({practice}, 'p{practice}', 'Sample Pediatrics', '{npi}', 'EI', '74123456{practice}', '208000000X',
                        '1 Oak St', 'Dallas', 'TX', '752010001', '8005550100', 'Office', 'America/Chicago');
                    INSERT INTO payer VALUES ({practice}, 11, 'blue', 'Sample Blue', 'commercial', 'CI', '00900', '00900', NULL);
                    INSERT INTO payer VALUES ({practice}, 12, 'state', 'State Medicaid', 'medicaid_ffs', 'MC', 'TXMCD', 'TXMCD', NULL);
                    INSERT INTO provider VALUES ({practice}, 5, 'lee', 'Lee', 'Ann', '{npi}', '208000000X');
                    INSERT INTO family VALUES ({practice}, 21, 'F1', 'Rivera', 'Ana', NULL, NULL, '2 Elm St', 'Dallas', 'TX', '75201');
                    INSERT INTO child VALUES ({practice}, 31, 21, 'K1', 'Rivera', 'Mateo', '2026-07-16', 'M', '2 Elm St', 'Dallas', 'TX', '75201');
                    INSERT INTO coverage (practice_id, id, child_id, payer_id, coverage_rank, member_id, member_id_scope, relationship, effective_from)
                        VALUES ({practice}, 41, 31, 11, 1, 'XYZ1', 'person', '18', '2026-01-01');
                    INSERT INTO coverage (practice_id, id, child_id, payer_id, coverage_rank, member_id, member_id_scope, relationship, effective_from)
                        VALUES ({practice}, 42, 31, 12, 2, 'MCD1', 'person', '18', '2026-01-01')"
                ))
                .await;
        }
    }

    /// A visit with one line a charge (dollars), charged and claimed from both payers: claim `visit * 10 + 1` of the first, `+ 2` of the second.
    async fn visit(&self, practice: i64, visit: i64, charges: &[i64]) {
        let total: i64 = charges.iter().sum::<i64>() * 100;
        let mut sql = format!(
            "INSERT INTO encounter (practice_id, id, source, external_id, child_id, provider_id, location_id, service_date, place_of_service,
                diagnoses, details, state, taken_in_ms) VALUES ({practice}, {visit}, 'csv', 'V{visit}', 31, 5, 1, '2026-11-16', '11', 'Z00129', '{{}}', 'admitted', 0);\n"
        );
        for (n, charge) in (1..).zip(charges) {
            sql.push_str(&format!(
                "INSERT INTO charge_line (practice_id, id, encounter_id, position, procedure_code, modifiers, units, cents, pointers, fee_schedule)
                    VALUES ({practice}, {}, {visit}, {n}, '99213', '', 1, {}, '1', 'standard');\n",
                visit * 10 + n,
                charge * 100
            ));
        }
        for (n, payer, coverage, responsibility) in [(1, 11, 41, "P"), (2, 12, 42, "S")] {
            let (claim, pcn) = (visit * 10 + n, pcn(practice, visit, n));
            sql.push_str(&format!(
                "INSERT INTO claim (practice_id, id, pcn, encounter_id, child_id, family_id, payer_id, coverage_id, responsibility, version, frequency,
                    service_date, charge_cents, paid_cents, state, state_ms, created_ms, content, content_sha256)
                    VALUES ({practice}, {claim}, '{pcn}', {visit}, 31, 21, {payer}, {coverage}, '{responsibility}', 1, '1', '2026-11-16', {total}, 0,
                    'transmitted', 0, 0, '{{}}', '{}');\n
                INSERT INTO pcn VALUES ('{pcn}', {practice}, {claim});\n",
                archive::sha256_hex(b"{}")
            ));
            for (line, charge) in (1..).zip(charges) {
                sql.push_str(&format!(
                    "INSERT INTO claim_line (practice_id, claim_id, position, charge_line_id, line_number, procedure_code, modifiers, units, cents)
                        VALUES ({practice}, {claim}, {line}, {}, '{pcn}-{line}', '99213', '', 1, {});\n",
                    visit * 10 + line,
                    charge * 100
                ));
            }
        }
        self.back.run(&sql).await;
        let lines: Vec<(ChargeLineId, Money)> =
            (1..).zip(charges).map(|(n, charge)| (ChargeLineId(visit * 10 + n), Money::from_cents(charge * 100))).collect();
        let journal = charge_journal(EncounterId(visit), FamilyId(21), date(2026, 11, 16), Some(BLUE), &lines).unwrap();
        let mut tx = self.db.begin().await.unwrap();
        post(&mut tx, &self.entry(practice), &[journal]).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn entry(&self, practice: i64) -> Entry {
        Entry { practice: PracticeId(practice), zone: zone(), actor: Actor::System, now: self.clock.now() }
    }

    /// Archives a file and takes in its remittance.
    async fn receive(&mut self, text: &str) -> Received {
        self.files += 1;
        let packed = archive::pack(text.as_bytes()).unwrap();
        let sha256 = packed.sha256.clone();
        let mut tx = self.db.begin().await.unwrap();
        let archived = archive::store(&mut tx, packed, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let file = self.files;
        // The same bytes in two files differ in nothing but their names here.
        self.back
            .run(&format!(
                "INSERT INTO inbound_file VALUES ({file}, NULL, 'f{file}', '{sha256}', {archived}, '835', 'received', NULL, 0, 1)"
            ))
            .await;
        remittance::receive(&self.db, &self.clock, Actor::System, InboundFileId(file), &set(text)).await.unwrap()
    }

    /// Posts a remittance's claims, a few at a time.
    async fn post(&self, remittance: RemittanceId) {
        for first in [1, 3, 5] {
            let args = PostChunkArgs { practice: PRACTICE, remittance, first, last: first + 1 };
            posting::run(&self.db, &self.clock, Actor::System, args).await.unwrap();
        }
    }

    async fn take(&mut self, text: &str) -> RemittanceId {
        let Received::Booked(PRACTICE, id) = self.receive(text).await else { panic!("not booked") };
        self.post(id).await;
        id
    }

    async fn balance(&self, account: Account) -> Money {
        account_balances(&mut &self.db, PRACTICE, "2099-12-31").await.unwrap().get(&account).copied().unwrap_or_default()
    }

    async fn reasons(&self) -> Vec<String> {
        worklist::count_open(&mut &self.db, PRACTICE).await.unwrap().into_iter().map(|(_, reason, _)| reason).collect()
    }

    async fn remittance_states(&self) -> Vec<String> {
        remittance::list(&mut &self.db, PRACTICE, None, 100).await.unwrap().into_iter().map(|row| row.state).collect()
    }

    async fn assert_verified(&self) {
        let found = verify(&self.db).await.unwrap();
        let failed: Vec<_> = found.failed().collect();
        assert!(failed.is_empty(), "{failed:?}");
        let month = revenue_summary(&self.db, PRACTICE, Span::parse("2026-12", "2026-12").unwrap()).await.unwrap();
        assert!(month.ties(), "{}", to_text(&month));
    }

    async fn close(self) {
        self.db.close().await;
        match self.back {
            Back::Sqlite(pool) => pool.close().await,
            Back::Postgres(pool) => {
                pool.close().await;
                drop_database(&self.url).await;
            }
        }
    }
}

fn zone() -> TimeZone {
    TimeZone::get("America/Chicago").unwrap()
}

fn pcn(practice: i64, visit: i64, claim: i64) -> String {
    format!("C{practice}V{visit}X{claim}")
}

/// One 835: the payer's id, the trace number, the payment, and its segments from the first CLP to the last PLB, a line each.
fn era(payer: &str, npi: &str, trace: &str, paid: &str, body: &str) -> String {
    let body: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut segments = vec![
        "ST*835*0001".to_owned(),
        format!("BPR*I*{paid}*C*ACH*CCP*01*111000025*DA*123456*1741000000**01*111000614*DA*987654*20261207"),
        format!("TRN*1*{trace}*1741000000"),
        "N1*PR*SAMPLE PAYER".to_owned(),
        format!("REF*2U*{payer}"),
        format!("N1*PE*SAMPLE PEDIATRICS*XX*{npi}"),
        "LX*1".to_owned(),
    ];
    segments.extend(body.into_iter().map(str::to_owned));
    segments.push(format!("SE*{}*0001", segments.len() + 1));
    let isa = "ISA*00*          *00*          *ZZ*PAYER00900     *ZZ*PEDBILL        *261207*0930*^*00501*000000201*0*T*:";
    let all: Vec<String> = [isa.to_owned(), "GS*HP*PAYER00900*PEDBILL*20261207*0930*201*X*005010X221A1".to_owned()]
        .into_iter()
        .chain(segments)
        .chain(["GE*1*201".to_owned(), "IEA*1*000000201".to_owned()])
        .collect();
    all.join("~") + "~"
}

fn set(text: &str) -> TransactionSet {
    let mut reader = Reader::new(Cursor::new(text.as_bytes()));
    loop {
        match reader.next_event().unwrap() {
            Some(Event::Transaction(set)) => return set,
            Some(_) => {}
            None => panic!("no transaction set"),
        }
    }
}

/// Three visits answered by the first payer: paid with a share, a line denied, a share of Medicaid's kind of trouble (an unknown code); a
/// claim nobody knows; money taken back and interest.
fn first_answer() -> String {
    era(
        "00900",
        NPI,
        "EFT1",
        "411.25",
        &format!(
            "CLP*{a}*1*200*80*60*12*ICN-A*11*1
             SVC*HC:99213*200*80**1
             CAS*CO*45*60
             CAS*PR*2*60
             REF*6R*{a}-1
             CLP*{b}*1*270*140**12*ICN-B*11*1
             SVC*HC:99213*180*140**1
             CAS*CO*45*40
             REF*6R*{b}-1
             SVC*HC:99213*90*0**1
             CAS*CO*97*90
             REF*6R*{b}-2
             CLP*{c}*1*100*90**12*ICN-C*11*1
             SVC*HC:99213*100*90**1
             CAS*CO*QQ*10
             REF*6R*{c}-1
             CLP*NOBODY*1*150*150**12*ICN-D*11*1
             NM1*QC*1*DOE*JO****MI*XYZ1
             SVC*HC:99213*150*150**1
             DTM*472*20261116
             PLB*{NPI}*20261231*WO:ICN2025Z9*50*L6:ICN-A*-1.25",
            a = pcn(1, 100, 1),
            b = pcn(1, 200, 1),
            c = pcn(1, 300, 1),
        ),
    )
}

fn second_answer() -> String {
    let a = pcn(1, 100, 2);
    era(
        "TXMCD",
        NPI,
        "EFT2",
        "40",
        &format!(
            "CLP*{a}*2*200*40**MC*ICN-S*11*1
             SVC*HC:99213*200*40**1
             CAS*OA*23*140
             CAS*CO*45*20
             REF*6R*{a}-1"
        ),
    )
}

async fn seeded(engine: Engine) -> Option<World> {
    let world = World::open(engine).await?;
    for (practice, visit, charges) in [(1, 100, &[200][..]), (1, 200, &[180, 90]), (1, 300, &[100]), (1, 400, &[150]), (2, 900, &[77])] {
        world.visit(practice, visit, charges).await;
    }
    Some(world)
}

#[tokio::test]
async fn a_remittance_is_booked_posted_and_ties_to_the_cent_on_both_engines() {
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        let Received::Booked(PRACTICE, id) = world.receive(&first_answer()).await else { panic!("not booked") };
        // Before any claim is posted all of its money is unposted.
        assert_eq!(world.balance(Account::UnpostedCash).await, Money::from_cents(-46_000));
        assert_eq!(world.balance(Account::RemittanceClearing).await, Money::ZERO);
        world.assert_verified().await;
        world.post(id).await;
        // The unknown reason and the unknown claim stay unposted, the others don't wait for them.
        assert_eq!(world.balance(Account::UnpostedCash).await, Money::from_cents(-24_000));
        assert_eq!(world.balance(Account::EftReceivable).await, Money::from_cents(41_125));
        assert_eq!(world.balance(Account::InterestIncome).await, Money::from_cents(-125));
        assert_eq!(world.balance(Account::TakebackClearing).await, Money::from_cents(5_000));
        assert_eq!(world.reasons().await, ["DENIAL_NCCI", "SECONDARY_DUE", "UNKNOWN_CODE", "UNMATCHED_CLAIM", "PLB_TAKEBACK"]);
        assert_eq!(world.remittance_states().await, ["review"]);
        let buckets = line_balances(&mut &world.db, PRACTICE, &[ChargeLineId(2001), ChargeLineId(2002), ChargeLineId(1001)]).await.unwrap();
        let second = PayerOrder::new(2).unwrap();
        assert_eq!(buckets[&ChargeLineId(2002)][&Account::Receivable(Bucket::Denied(PayerOrder::PRIMARY))], Money::from_cents(9_000));
        assert_eq!(buckets[&ChargeLineId(1001)][&Account::Receivable(Bucket::Insurance(second))], Money::from_cents(6_000));
        assert!(!buckets.contains_key(&ChargeLineId(2001)));
        // An entry opens down to the segment that made it.
        let entries = history_of_lines(&mut &world.db, PRACTICE, &[ChargeLineId(2002)]).await.unwrap();
        let denied = entries.iter().find(|entry| entry.transfer.adjustment.as_deref() == Some("CO-97")).unwrap();
        let segments: Vec<String> = first_answer().split('~').map(str::to_owned).collect();
        assert_eq!(segments[usize::try_from(denied.transfer.segment.unwrap()).unwrap() - 1], "CAS*CO*97*90");
        world.assert_verified().await;
        let month = revenue_summary(&world.db, PRACTICE, Span::parse("2026-12", "2026-12").unwrap()).await.unwrap();
        assert_eq!((month.insurance_payments, month.contractual), (Money::from_cents(22_000), Money::from_cents(10_000)));
        assert_eq!((month.gross_charges, month.charges_by_service_date), (Money::from_cents(72_000), Money::ZERO));
        world.close().await;
    }
}

#[tokio::test]
async fn the_same_remittance_twice_changes_nothing_and_other_content_of_one_payment_is_held() {
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        let id = world.take(&first_answer()).await;
        let before = digest(&world.db).await.unwrap();
        // Again in other delimiters: another file, the same content.
        let again = first_answer().replace('*', "|");
        assert_eq!(world.receive(&again).await, Received::Known(PRACTICE, id));
        world.post(id).await;
        assert_eq!(digest(&world.db).await.unwrap(), before);
        let other = first_answer().replace("CAS*CO*45*40", "CAS*CO*253*40");
        let Received::Held(PRACTICE, _, RemittanceState::DuplicateConflict) = world.receive(&other).await else { panic!("not held") };
        let broken = first_answer().replace("TRN*1*EFT1", "TRN*1*EFT9").replace("CAS*CO*45*40", "CAS*CO*45*41");
        let Received::Held(PRACTICE, _, RemittanceState::OutOfBalance) = world.receive(&broken).await else { panic!("not held") };
        let faulty = first_answer().replace("TRN*1*EFT1", "TRN*1*EFT8").replace("CAS*CO*45*40", "CAS*CO*45*4O");
        let Received::Held(PRACTICE, _, RemittanceState::Faulty) = world.receive(&faulty).await else { panic!("not held") };
        assert_eq!(world.balance(Account::EftReceivable).await, Money::from_cents(41_125));
        let reasons = world.reasons().await;
        for reason in ["DUPLICATE_CONFLICT", "OUT_OF_BALANCE", "REMITTANCE_FAULTY"] {
            assert!(reasons.contains(&reason.to_owned()), "{reason}");
        }
        assert_eq!(world.receive(&era("00900", "1992799997", "EFT7", "0", "")).await, Received::UnknownPayee);
        world.assert_verified().await;
        world.close().await;
    }
}

#[tokio::test]
async fn two_payers_end_with_the_same_balances_in_either_order() {
    for engine in Engine::ALL {
        let mut digests = Vec::new();
        for secondary_first in [false, true] {
            let Some(mut world) = seeded(engine).await else { continue };
            if secondary_first {
                world.take(&second_answer()).await;
                assert_eq!(world.reasons().await, ["PRIOR_PAYER_NOT_POSTED"]);
                world.take(&first_answer()).await;
            } else {
                world.take(&first_answer()).await;
                world.take(&second_answer()).await;
            }
            let family = family_balances(&mut &world.db, PRACTICE, FamilyId(21)).await.unwrap();
            assert_eq!(family.len(), 2, "{family:?}");
            assert!(line_balances(&mut &world.db, PRACTICE, &[ChargeLineId(1001)]).await.unwrap().is_empty());
            assert!(!world.reasons().await.contains(&"PRIOR_PAYER_NOT_POSTED".to_owned()));
            world.assert_verified().await;
            digests.push(digest(&world.db).await.unwrap());
            world.close().await;
        }
        assert!(digests.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[tokio::test]
async fn a_reversal_with_its_correction_replaces_what_was_posted() {
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        world.take(&first_answer()).await;
        let b = pcn(1, 200, 1);
        let reversed = era(
            "00900",
            NPI,
            "EFT3",
            "70",
            &format!(
                "CLP*{b}*1*270*210**12*ICN-B2*11*1
                 REF*F8*ICN-B
                 SVC*HC:99213*180*140**1
                 CAS*CO*45*40
                 REF*6R*{b}-1
                 SVC*HC:99213*90*70**1
                 CAS*CO*45*20
                 REF*6R*{b}-2
                 CLP*{b}*22*-270*-140**12*ICN-B*11*1
                 SVC*HC:99213*-180*-140**1
                 CAS*CO*45*-40
                 REF*6R*{b}-1
                 SVC*HC:99213*-90*0**1
                 CAS*CO*97*-90
                 REF*6R*{b}-2"
            ),
        );
        world.take(&reversed).await;
        assert!(line_balances(&mut &world.db, PRACTICE, &[ChargeLineId(2001), ChargeLineId(2002)]).await.unwrap().is_empty());
        assert!(!world.reasons().await.contains(&"DENIAL_NCCI".to_owned()));
        assert_eq!(world.balance(Account::EftReceivable).await, Money::from_cents(48_125));
        world.assert_verified().await;
        world.close().await;
    }
}

#[tokio::test]
async fn a_claim_in_review_posts_once_a_person_has_matched_it() {
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        let id = world.take(&first_answer()).await;
        let claims = remittance::claims(&mut &world.db, PRACTICE, id, 3, 10).await.unwrap();
        let unmatched = &claims[0];
        assert_eq!((unmatched.pcn.as_str(), unmatched.claim_id, unmatched.state.as_str()), ("NOBODY", None, "review"));
        let content = remittance::claim_content(&mut &world.db, PRACTICE, unmatched.id).await.unwrap();
        let meant = ClaimId(4001);
        assert_eq!(remittance::suggestions(&mut &world.db, PRACTICE, &content).await.unwrap(), [meant]);
        let mut tx = world.db.begin().await.unwrap();
        let now = world.clock.now();
        assert!(posting::retry(&mut tx, PRACTICE, unmatched.id, Some(meant), Actor::System, now).await.unwrap());
        assert!(!posting::retry(&mut tx, PRACTICE, RemittanceClaimId(1), None, Actor::System, now).await.unwrap());
        tx.commit().await.unwrap();
        world.post(id).await;
        assert!(line_balances(&mut &world.db, PRACTICE, &[ChargeLineId(4001)]).await.unwrap().is_empty());
        assert!(!world.reasons().await.contains(&"UNMATCHED_CLAIM".to_owned()));
        world.assert_verified().await;
        world.close().await;
    }
}

#[tokio::test]
async fn a_closed_month_takes_nothing_and_what_is_late_counts_in_the_next() {
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        let mut tx = world.db.begin().await.unwrap();
        assert!(close_period(&mut tx, &world.entry(1), "2026-12").await.unwrap());
        assert!(!close_period(&mut tx, &world.entry(1), "2026-12").await.unwrap());
        tx.commit().await.unwrap();
        let month = |text| Span::parse(text, text).unwrap();
        let before = revenue_summary(&world.db, PRACTICE, month("2026-12")).await.unwrap();
        world.take(&first_answer()).await;
        assert_eq!(revenue_summary(&world.db, PRACTICE, month("2026-12")).await.unwrap(), before);
        let january = revenue_summary(&world.db, PRACTICE, month("2027-01")).await.unwrap();
        assert!(january.ties(), "{}", to_text(&january));
        assert_eq!(january.insurance_payments, Money::from_cents(22_000));
        world.assert_verified().await;
        world.close().await;
    }
}

#[tokio::test]
async fn verify_finds_every_kind_of_tampering() {
    let tampering = [
        ("line balances are the sums", "UPDATE line_balance SET cents = cents + 1 WHERE practice_id = 1 AND charge_line_id = 2002"),
        (
            "family balances are the sums",
            "UPDATE family_balance SET cents = cents - 1 WHERE practice_id = 1 AND account = 'AR:INS1:DENIED'",
        ),
        (
            "the trial balance is zero",
            "UPDATE day_balance SET debit_cents = debit_cents + 1 WHERE practice_id = 1 AND account = 'EFT_RECEIVABLE'",
        ),
        ("every journal carries the MAC", "UPDATE transfer SET cents = cents + 1 WHERE practice_id = 1 AND adjustment = 'CO-97'"),
        ("every journal carries the MAC", "UPDATE journal SET reason = 'x' WHERE practice_id = 1 AND kind = 'REMITTANCE'"),
        ("every event carries its MAC", "UPDATE event SET actor = 'user:1' WHERE practice_id = 1"),
        (
            "no journal was added or removed",
            "UPDATE seal_head SET row_count = row_count + 1 WHERE practice_id = 1 AND table_name = 'journal'",
        ),
        (
            "the seals of the audit trail hold",
            "UPDATE seal_head SET sealed_ms = sealed_ms + 1 WHERE practice_id = 1 AND table_name = 'event'",
        ),
        (
            "what claims of a remittance were paid",
            "UPDATE remittance_claim SET paid_cents = paid_cents + 1 WHERE practice_id = 1 AND position = 1",
        ),
        ("a remittance's payment is booked once", "UPDATE remittance SET paid_cents = paid_cents + 1 WHERE practice_id = 1"),
        ("provider adjustments are booked", "UPDATE provider_adjustment SET cents = cents + 1 WHERE practice_id = 1 AND code = 'WO'"),
        ("a claim's total is the sum", "UPDATE claim_line SET cents = cents + 1 WHERE practice_id = 1 AND claim_id = 1001"),
        ("a claim's content has its hash", "UPDATE claim SET content = '{ }' WHERE practice_id = 1 AND id = 1001"),
        ("every archived file has its hash", "UPDATE archive SET byte_count = byte_count + 1"),
        (
            "a remittance claim is matched to a claim of this practice",
            "UPDATE remittance_claim SET claim_id = 9001 WHERE practice_id = 1 AND position = 4",
        ),
    ];
    for engine in Engine::ALL {
        let Some(mut world) = seeded(engine).await else { continue };
        world.take(&first_answer()).await;
        let mut tx = world.db.begin().await.unwrap();
        assert_eq!(audit::seal(&mut tx, PRACTICE, world.clock.now()).await.unwrap(), 2);
        tx.commit().await.unwrap();
        world.take(&second_answer()).await;
        world.assert_verified().await;
        // What the triggers guard is opened first, as somebody with the database's own rights could.
        match &world.back {
            Back::Sqlite(_) => {
                for table in ["journal", "transfer", "event", "archive"] {
                    world.back.run(&format!("DROP TRIGGER {table}_is_append_only_update")).await;
                }
            }
            Back::Postgres(_) => {
                for table in ["journal", "transfer", "event", "archive"] {
                    world.back.run(&format!("ALTER TABLE {table} DISABLE TRIGGER USER")).await;
                }
            }
        }
        let mut known: Vec<String> = Vec::new();
        for (expected, sql) in tampering {
            world.back.run(sql).await;
            let found = verify(&world.db).await.unwrap();
            let failed: Vec<String> = found.failed().map(|check| check.name.to_owned()).collect();
            assert!(failed.iter().any(|name| name.starts_with(expected)), "{sql}: {failed:?}");
            assert!(known.iter().all(|name| failed.contains(name)), "{sql} hides an earlier fault");
            known = failed;
        }
        assert!(verify(&world.db).await.unwrap().failed().all(|check| check.practice.as_deref() != Some("p2")));
        world.close().await;
    }
}

#[tokio::test]
async fn a_journal_is_posted_once_and_its_negation_undoes_it() {
    for engine in Engine::ALL {
        let Some(world) = seeded(engine).await else { continue };
        let lines = [(ChargeLineId(4001), Money::from_cents(15_000))];
        let charged = charge_journal(EncounterId(400), FamilyId(21), date(2026, 11, 16), Some(BLUE), &lines).unwrap();
        let mut tx = world.db.begin().await.unwrap();
        let again = post(&mut tx, &world.entry(1), std::slice::from_ref(&charged)).await.unwrap();
        assert_eq!((again.posted, again.known), (0, 1));
        let undone = charged.negation("void:400".to_owned(), date(2026, 12, 1), "entered in error".to_owned());
        assert_eq!(post(&mut tx, &world.entry(1), &[undone]).await.unwrap().posted, 1);
        let mut stray = charged.negation("void:401".to_owned(), date(2026, 12, 1), String::new());
        stray.reverses = Some("charges:nobody".to_owned());
        assert!(post(&mut tx, &world.entry(1), &[stray]).await.is_err());
        drop(tx);
        let owed = line_balances(&mut &world.db, PRACTICE, &[ChargeLineId(4001)]).await.unwrap();
        assert_eq!(owed[&ChargeLineId(4001)][&Account::Receivable(Bucket::Insurance(PayerOrder::PRIMARY))], Money::from_cents(15_000));
        assert!(Transfer::deposit(Money::ZERO).is_none() && STATE != BLUE);
        world.close().await;
    }
}
