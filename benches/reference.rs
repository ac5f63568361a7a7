//! What a question to the code tables costs once they are open, and what opening them costs.

use std::hint::black_box;
use std::time::Instant;

use divan::Bencher;
use jiff::civil::{Date, date};
use pediclaim::reference::carc::{self, Group};
use pediclaim::reference::operator::{Indicator, Kind, NcciTable, OperatorTables, Period, Row};
use pediclaim::reference::{Cvx, Icd10, Ndc, ProcedureCode, icd10, vaccine};

const DAY: Date = date(2026, 5, 18);

/// What `cargo bench -- WORD` is compared with.
pub const NAME: &str = "reference_tables";

/// Prints what the first question to each table takes: it opens the table.
pub fn opening() {
    let first = |what: &str, ask: &dyn Fn()| {
        let began = Instant::now();
        ask();
        println!("{NAME}, first question to {what}: {:.1?}", began.elapsed());
    };
    first("ICD-10-CM", &|| {
        black_box(icd10::lookup(&Icd10::literal("Z00129")));
    });
    first("its exclusions", &|| {
        black_box(icd10::excludes1(&Icd10::literal("Z00129"), &Icd10::literal("Z025")));
    });
    first("vaccines", &|| {
        black_box(vaccine::product_of(Cvx::literal(146)).is_ok());
    });
    first("drug codes", &|| {
        black_box(vaccine::by_ndc(Ndc::parse("49281059058").expect("an NDC")).len());
    });
    first("adjustment reasons", &|| {
        black_box(carc::route(Group::Contractual, "45", false, false));
    });
}

#[divan::bench]
fn diagnosis_on_a_date(bencher: Bencher<'_, '_>) {
    let code = Icd10::literal("Z00129");
    bencher.bench(|| icd10::status_on(black_box(&code), DAY));
}

#[divan::bench]
fn diagnoses_that_exclude_each_other(bencher: Bencher<'_, '_>) {
    let (a, b) = (Icd10::literal("Z00129"), Icd10::literal("H6691"));
    bencher.bench(|| icd10::excludes1(black_box(&a), black_box(&b)));
}

#[divan::bench]
fn vaccine_of_a_product(bencher: Bencher<'_, '_>) {
    let code = ProcedureCode::literal("90697");
    bencher.bench(|| vaccine::product(black_box(code), Some(Cvx::literal(146))));
}

#[divan::bench]
fn vaccine_of_a_drug_code(bencher: Bencher<'_, '_>) {
    let ndc = Ndc::parse("49281059058").expect("an NDC");
    bencher.bench(|| vaccine::by_ndc(black_box(ndc)));
}

#[divan::bench]
fn route_of_an_adjustment(bencher: Bencher<'_, '_>) {
    bencher.bench(|| carc::route(Group::Contractual, black_box("45"), false, false));
}

#[divan::bench]
fn pair_of_the_operators_file(bencher: Bencher<'_, '_>) {
    let code = |number: u32| ProcedureCode::parse(&format!("{number:05}")).expect("five digits");
    let codes: Vec<ProcedureCode> = (90_460..90_560).map(code).collect();
    let mut tables = OperatorTables::for_codes(codes.iter().map(ProcedureCode::as_str));
    let pairs = codes.iter().flat_map(|column1| {
        codes.iter().map(|column2| Row::Pair {
            column1: *column1,
            column2: *column2,
            indicator: Indicator::WithModifier,
            from: date(2013, 1, 1),
            to: None,
        })
    });
    tables.add(Kind::PtpMedicaid, Period { from: date(2026, 4, 1), to: None }, pairs);
    bencher.bench(|| tables.pair(NcciTable::Medicaid, black_box(codes[50]), black_box(codes[60]), DAY));
}
