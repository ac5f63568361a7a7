//! The operator's code files: loaded once, replaced with what differs, broken off without a trace, asked by the edits.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use pediclaim::platform::audit;
use pediclaim::platform::clock::Millis;
use pediclaim::practice::code_files::store::{self, File, load};
use pediclaim::practice::code_files::{Difference, Loaded};
use pediclaim::practice::{PracticeSetup, fee_file};
use pediclaim::reference::operator::{CodeStatus, Indicator, Kind, LimitPer, NcciTable, OperatorTables, Period, Row, read};
use pediclaim::reference::{Icd10, ProcedureCode, icd10};
use pediclaim::transact;

use crate::support::{TESTER, TestPractice, World, sql};

const NOW: Millis = Millis(1_763_000_000_000);

/// A day of the editions that the tests load.
const DAY: Date = date(2026, 11, 16);

fn file(kind: Kind, from: Date, to: Option<Date>, text: &str) -> File {
    let rows = read::read(kind, [text]).unwrap();
    File { kind, period: Period { from, to }, sha256: pediclaim::platform::archive::sha256_hex(text.as_bytes()), rows }
}

fn cpt(text: &str) -> File {
    file(Kind::Cpt, date(2026, 1, 1), Some(date(2026, 12, 31)), text)
}

fn pairs(from: Date, text: &str) -> File {
    file(Kind::PtpMedicaid, from, None, &format!("Column 1,Column 2,Effective Date,Deletion Date,Modifier\n{text}"))
}

async fn loaded(practice: &TestPractice, file: &File) -> Option<Difference> {
    match load(&practice.db, file, TESTER, NOW, |_| ()).await.unwrap() {
        Loaded::Loaded(_, difference) => Some(difference),
        Loaded::Unchanged(_) => None,
    }
}

async fn tables(practice: &TestPractice, from: Date, to: Date) -> OperatorTables {
    let procedures: BTreeSet<ProcedureCode> = ["90460", "99392", "99999", "96110"].map(|code| code.parse().unwrap()).into();
    let diagnoses: BTreeSet<Icd10> = ["Z00129", "J4549"].map(|code| code.parse().unwrap()).into();
    store::tables(&mut &practice.db, &procedures, &diagnoses, from, to).await.unwrap()
}

/// Loads a file of every shape, replaces one, and asks them.
pub async fn every_shape(practice: &TestPractice) {
    let code = |text: &str| text.parse::<ProcedureCode>().unwrap();
    assert!(tables(practice, DAY, DAY).await.is_empty());
    loaded(practice, &cpt("code,label,to\n99392,ours,\n96110,,2026-06-30\n")).await.unwrap();
    loaded(practice, &pairs(date(2026, 10, 1), "90460,99392,20130101,*,1\n90460,99391,20130101,*,1\n")).await.unwrap();
    let limits = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator\n96110,3,3 Clinical\n";
    loaded(practice, &file(Kind::MueMedicare, date(2026, 10, 1), None, limits)).await.unwrap();
    let order = format!("00001 J4549   1 {:<60} Asthma of a new kind\n", "Asthma");
    loaded(practice, &file(Kind::Icd10cm, date(2026, 10, 1), Some(date(2027, 9, 30)), &order)).await.unwrap();

    let tables = tables(practice, DAY, DAY).await;
    assert_eq!(tables.procedure(code("99392"), DAY), CodeStatus::Valid);
    assert_eq!(["99999", "96110"].map(|text| tables.procedure(code(text), DAY)), [CodeStatus::Unknown; 2]);
    let pair = tables.pair(NcciTable::Medicaid, code("90460"), code("99392"), DAY).unwrap();
    assert_eq!((pair.indicator, pair.edition), (Indicator::WithModifier, date(2026, 10, 1)));
    let limit = tables.limit(NcciTable::Medicare, code("96110"), DAY).unwrap();
    assert_eq!((limit.units, limit.per), (3, LimitPer::Day));
    assert_eq!(tables.diagnosis(Icd10::literal("J4549"), DAY), icd10::CodeStatus::Valid);
    assert_eq!(tables.diagnosis(Icd10::literal("Z00129"), DAY), icd10::CodeStatus::Unknown);
    assert_eq!(tables.diagnosis(Icd10::literal("Z00129"), date(2026, 9, 30)), icd10::CodeStatus::Valid);
    assert_eq!(store::editions(&mut &practice.db).await.unwrap().len(), 4);
    let said = store::rows_of(&mut &practice.db, Kind::Cpt, "99392", DAY).await.unwrap();
    assert!(matches!(&said[..], [Row::Code { label: Some(label), .. }] if label == "ours"), "{said:?}");

    let difference = loaded(practice, &cpt("code,label,to\n99392,theirs,\n99999,,\n")).await.unwrap();
    let named = |code: &str| (1, vec![code.to_owned()]);
    assert_eq!(difference, Difference { since: Some(date(2026, 1, 1)), added: named("99999"), gone: named("96110"), changed: 1 });
    // The files are everybody's: an event of each load stands with every practice.
    practice.note_belongings().await;
}

both_engines! {
    async fn a_file_of_every_shape_is_loaded_and_asked(practice in World::silent()) {
        every_shape(practice).await;
        let events = audit::events_after(&mut &practice.db, practice.id(), 0, 10_000).await.unwrap();
        let told: Vec<&str> = events.iter().filter(|e| e.event == "code_edition.loaded").filter_map(|e| e.detail.as_deref()).collect();
        assert_eq!(told.len(), 5);
        assert_eq!(told[4], "cpt from 2026-01-01: 1 added, 1 gone, 1 changed");
    }

    async fn the_same_file_changes_nothing_and_an_edition_of_another_day_stays(practice in World::silent()) {
        let october = pairs(date(2026, 10, 1), "90460,99392,20130101,*,1\n");
        assert_eq!(loaded(practice, &october).await.unwrap().since, None);
        assert_eq!(loaded(practice, &october).await, None);
        let january = pairs(date(2027, 1, 1), "90460,99392,20130101,20261231,1\n90471,99392,20130101,*,1\n");
        let difference = loaded(practice, &january).await.unwrap();
        assert_eq!((difference.since, difference.added.1, difference.changed), (Some(date(2026, 10, 1)), vec!["90471/99392".to_owned()], 1));
        let both = tables(practice, date(2026, 12, 31), date(2027, 1, 1)).await;
        let pair = |on| both.pair(NcciTable::Medicaid, "90460".parse().unwrap(), "99392".parse().unwrap(), on).is_some();
        assert_eq!([date(2026, 9, 30), date(2026, 12, 31), date(2027, 1, 1)].map(pair), [false, true, false]);
        practice.note_belongings().await;
    }

    async fn a_load_that_was_broken_off_counts_for_nothing_and_the_next_one_clears_it(practice in World::silent()) {
        sql::execute(&practice.db, "INSERT INTO code_edition (id, kind, effective_from, effective_to, state, content_sha256, row_count, loaded_ms, loaded_by)
            VALUES (7, 'cpt', '2026-01-01', '2026-12-31', 'loading', 'x', 2, 1, 'somebody')").await;
        sql::execute(&practice.db, "INSERT INTO code_row (edition_id, code, code2, valid_from, valid_to, number, text)
            VALUES (7, '99999', '', '', NULL, 1, NULL)").await;
        assert!(store::editions(&mut &practice.db).await.unwrap().is_empty());
        assert!(tables(practice, DAY, DAY).await.is_empty());
        loaded(practice, &cpt("code\n99392\n")).await.unwrap();
        assert_eq!(sql::texts(&practice.db, "SELECT code FROM code_row").await, ["99392"]);
        assert_eq!(sql::texts(&practice.db, "SELECT state FROM code_edition ORDER BY state").await, ["current", "replaced"]);
        practice.note_belongings().await;
    }

    async fn prices_of_a_contract_are_loaded_and_counted(practice in World::silent()) {
        let from = date(2026, 7, 1);
        let put = async |text: &str| {
            let fees = fee_file::read(text, &"prairie".parse().unwrap(), from).unwrap();
            transact!(practice.db, |tx| Ok(pediclaim::practice::store::apply_fees(tx, practice.id(), &fees, TESTER, NOW).await?)).unwrap()
        };
        assert_eq!(put("code,amount\n99392,131.20\n99393,140\n").await, (2, 0));
        assert_eq!(put("code,amount\n99392,131.20\n99393,141\n").await, (0, 1));
        assert_eq!(put("code,amount\n99392,131.20\n99393,141\n").await, (0, 0));
        let setup = PracticeSetup::load(&mut &practice.db, practice.id()).await.unwrap();
        let price = |on| setup.fee("prairie", "99393".parse().unwrap(), &[], on).map(|amount| amount.cents());
        assert_eq!([date(2026, 6, 30), from].map(price), [None, Some(14_100)]);
    }
}
