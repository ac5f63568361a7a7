//! The claims list of a large practice: how long the slowest twentieth of the pages takes.

use std::time::{Duration, Instant};

use jiff::ToSpan;
use pediclaim::command::bench;
use pediclaim::platform::ids::ClaimId;
use pediclaim::revenue_cycle::claim::ClaimState;
use pediclaim::revenue_cycle::claim::store::{self, PageStart};

use crate::office::{Office, RUNTIME, engines};

/// What `cargo bench -- WORD` is compared with.
pub const NAME: &str = "claims_list";

/// Claims, unless `PEDICLAIM_BENCH_CLAIMS` says otherwise.
const CLAIMS: u32 = 20_000;

/// Rows of a page.
const PAGE: u32 = 200;

/// Pages of each kind: the 95th percentile is the tenth slowest.
const PAGES: u32 = 200;

/// Fills a database on each engine and prints the times of its pages.
pub fn measure() {
    let claims = std::env::var("PEDICLAIM_BENCH_CLAIMS").map_or(CLAIMS, |n| n.parse().expect("PEDICLAIM_BENCH_CLAIMS is a number"));
    for engine in engines() {
        let office = Office::empty(engine).expect("the engine was there");
        let began = Instant::now();
        RUNTIME.block_on(bench::seed(&office.program, claims)).expect("the database is filled");
        println!("{NAME}, {engine}: {claims} claims, filled in {:.0?}; {PAGES} pages of {PAGE} rows each", began.elapsed());
        for state in [None, Some(ClaimState::Ready), Some(ClaimState::Draft)] {
            let of = state.map_or("all", ClaimState::code);
            report(&format!("{of}, first page"), times(&office, state, |_| PageStart::default()));
            // Pages begin on all days of the year that was filled, and inside of the day.
            let inside = |n: u32| PageStart {
                service_date: bench::FIRST_DAY.saturating_add(i64::from(n * 360 / PAGES).days()).to_string(),
                id: ClaimId(i64::MAX),
            };
            report(&format!("{of}, a page inside"), times(&office, state, inside));
        }
    }
}

fn times(office: &Office, state: Option<ClaimState>, start: impl Fn(u32) -> PageStart) -> Vec<Duration> {
    let db = &office.program.db;
    RUNTIME.block_on(async {
        let practice = office.program.practice(None).await.expect("there is one practice").practice.id;
        let mut times = Vec::new();
        for n in 0..PAGES {
            let start = start(n);
            let began = Instant::now();
            let rows = store::list(&mut &*db, practice, state, &start, PAGE).await.expect("the list can be read");
            times.push(began.elapsed());
            assert!(rows.len() <= PAGE as usize);
        }
        times
    })
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[times.len() * percent / 100];
    println!("  {what:<32} p50 {:>9.2?}   p95 {:>9.2?}   slowest {:>9.2?}", at(50), at(95), times[times.len() - 1]);
}
