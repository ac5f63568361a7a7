//! How fast the parts are that see every byte and every claim. `cargo bench` runs all of it; `cargo bench -- WORD` what has the word in
//! its name.
//!
//! On PostgreSQL too when `PEDICLAIM_TEST_POSTGRES` names a cluster, as for the tests. `PEDICLAIM_BENCH_CLAIMS` says how many claims the
//! claims list is measured at: 20,000 when it isn't set, to be tried; 1,000,000 for the figure that counts, after some minutes of filling.

mod claims_list;
mod office;
#[path = "../tests/support/postgres.rs"]
mod postgres;
mod reference;

use std::hint::black_box;
use std::sync::LazyLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, Divan};
use jiff::civil::Date;
use pediclaim::clearinghouse::simulator::Simulator;
use pediclaim::edi::claim_837p::{read_837p, write_claims};
use pediclaim::edi::remittance_835::{Claims, Prover, prove, read_835, write_835};
use pediclaim::edi::{Delimiters, Event, Reader, SegmentWriter, TransactionSet, read_all};
use pediclaim::family::coverage::active_on;
use pediclaim::platform::ids::ClaimId;
use pediclaim::revenue_cycle::claim::build::{ClaimFacts, build, pcn};
use pediclaim::revenue_cycle::claim::model::ClaimContent;
use pediclaim::revenue_cycle::encounter::Encounter;
use pediclaim::revenue_cycle::scrub::{self, PayerFacts, ScrubInput};
use pediclaim::revenue_cycle::submission::plan;

use office::{ANSWERED, FIRST_DAY, Office, Sample, engines};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    // `cargo test --benches` asks for one round of everything, which single measurements have no use for.
    let timed = std::env::args().any(|arg| arg == "--bench");
    let wanted = |name: &str| timed && (words.is_empty() || words.iter().any(|word| name.contains(word)));
    if wanted(reference::NAME) {
        reference::opening();
    }
    Divan::from_args().main();
    if wanted(claims_list::NAME) {
        claims_list::measure();
    }
}

/// Visits behind the samples: their claims are about 3 MB of X12, more than the caches of most machines.
const VISITS: usize = 2000;

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| Office::open("sqlite").expect("SQLite is always there").sample(VISITS));

/// The claims of the sample as one interchange.
static CLAIMS: LazyLock<Vec<u8>> = LazyLock::new(|| interchange(&SAMPLE));

/// What the simulated payers answer to [`CLAIMS`], remittance by remittance.
static REMITTANCES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut payers = Simulator::new(office::prompt_payers()).expect("the settings make sense");
    payers.receive("837P-000000001.edi", &CLAIMS, FIRST_DAY);
    let answers = payers.answers(ANSWERED).into_iter().map(|answer| answer.bytes);
    answers.filter(|bytes| sets(bytes).any(|set| set.kind() == "835")).collect()
});

fn sets(bytes: &[u8]) -> impl Iterator<Item = TransactionSet> {
    let events = read_all(bytes).expect("what we write can be read");
    events.into_iter().filter_map(|event| if let Event::Transaction(set) = event { Some(set) } else { None })
}

fn interchange(sample: &Sample) -> Vec<u8> {
    let (submitter, at) = (&sample.setup.submitters[0], FIRST_DAY.at(12, 0, 0, 0));
    let set = plan::transaction_set(submitter, "0001", "B1", at, sample.claims.iter().cloned());
    write_claims(&plan::envelope(submitter, 1, 1, at), &[set]).expect("what passed the edits can be written").bytes
}

/// Bytes to segments, the elements of each counted.
#[divan::bench]
fn tokenize(bencher: Bencher) {
    bencher.counter(BytesCount::of_slice(&*CLAIMS)).bench(|| {
        let mut elements = 0;
        for event in Reader::new(CLAIMS.as_slice()) {
            if let Ok(Event::Transaction(set)) = event {
                elements += set.segments().map(|segment| segment.elements()).sum::<usize>();
            }
        }
        elements
    });
}

/// Remittances as a clearinghouse sends them for a whole group of practices.
static LARGE_835: LazyLock<Vec<u8>> = LazyLock::new(|| repeated(&REMITTANCES, "HP", "005010X221A1"));

/// Claims as a clearinghouse takes them from a whole group of practices.
static LARGE_837P: LazyLock<Vec<u8>> = LazyLock::new(|| repeated(std::slice::from_ref(&*CLAIMS), "HC", "005010X222A1"));

/// One interchange of 50 MB with the transaction sets of these, over and over: past the caches of every machine.
fn repeated(files: &[Vec<u8>], group: &str, version: &str) -> Vec<u8> {
    const SIZE: usize = 50_000_000;
    let sets: Vec<TransactionSet> = files.iter().flat_map(|file| sets(file)).collect();
    let mut file = files[0].iter().take_while(|&&byte| byte != b'~').copied().collect::<Vec<u8>>();
    file.extend_from_slice(format!("~GS*{group}*A*B*20261007*0930*1*X*{version}~").as_bytes());
    let mut count = 0;
    for set in sets.iter().cycle() {
        file.extend_from_slice(set.raw());
        count += 1;
        if file.len() >= SIZE {
            break;
        }
    }
    let trailer = format!("GE*{count}*1~IEA*1*{}~", sets[0].interchange().control_number);
    file.extend_from_slice(trailer.as_bytes());
    file
}

/// Bytes to segments and elements, 50 MB.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn tokenize_50_mb(bencher: Bencher) {
    bencher.counter(BytesCount::of_slice(&*LARGE_835)).bench(|| {
        let sets =
            Reader::new(LARGE_835.as_slice()).filter_map(|event| if let Ok(Event::Transaction(set)) = event { Some(set) } else { None });
        sets.map(|set| set.segments().map(|segment| segment.elements()).sum::<usize>()).sum::<usize>()
    });
}

/// 835: bytes to claims that are proved to the cent, one claim in memory at a time, 50 MB.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn stream_and_prove_835_50_mb(bencher: Bencher) {
    bencher.counter(BytesCount::of_slice(&*LARGE_835)).bench(|| {
        for event in Reader::new(LARGE_835.as_slice()) {
            let Ok(Event::Transaction(set)) = event else { continue };
            let (mut claims, mut prover) = (Claims::of(&set), Prover::default());
            claims.by_ref().for_each(|claim| prover.claim(black_box(&claim)));
            let (remittance, findings) = claims.finish();
            assert!(findings.is_empty() && prover.finish(&remittance.payment, &remittance.provider_adjustments).is_ok());
        }
    });
}

/// 837P: bytes to claims, one set in memory at a time, 50 MB.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn stream_837p_50_mb(bencher: Bencher) {
    bencher.counter(BytesCount::of_slice(&*LARGE_837P)).bench(|| {
        for event in Reader::new(LARGE_837P.as_slice()) {
            let Ok(Event::Transaction(set)) = event else { continue };
            let (claims, findings) = read_837p(&set);
            assert!(findings.is_empty());
            black_box(claims);
        }
    });
}

/// 835: bytes to remittances that are proved to the cent.
#[divan::bench]
fn read_and_prove_835(bencher: Bencher) {
    bencher.counter(BytesCount::new(REMITTANCES.iter().map(Vec::len).sum::<usize>())).bench(|| {
        for file in REMITTANCES.iter() {
            for set in sets(file) {
                let (remittance, findings) = read_835(&set);
                assert!(findings.is_empty() && prove(&remittance).is_ok());
                black_box(remittance);
            }
        }
    });
}

/// 835: remittances to bytes, as the simulated payers do.
#[divan::bench]
fn write_835s(bencher: Bencher) {
    let remittances: Vec<_> = REMITTANCES.iter().flat_map(|file| sets(file)).map(|set| read_835(&set).0).collect();
    bencher.counter(BytesCount::new(REMITTANCES.iter().map(Vec::len).sum::<usize>())).bench(|| {
        let mut writer = SegmentWriter::new(Delimiters::default());
        remittances.iter().for_each(|remittance| write_835(remittance, &mut writer));
        writer.finish()
    });
}

/// 837P: bytes to claims.
#[divan::bench]
fn read_837ps(bencher: Bencher) {
    bencher.counter(BytesCount::of_slice(&*CLAIMS)).bench(|| sets(&CLAIMS).map(|set| read_837p(&set)).collect::<Vec<_>>());
}

/// 837P: claims to bytes.
#[divan::bench]
fn write_837ps(bencher: Bencher) {
    let (submitter, at) = (&SAMPLE.setup.submitters[0], FIRST_DAY.at(12, 0, 0, 0));
    let set = [plan::transaction_set(submitter, "0001", "B1", at, SAMPLE.claims.iter().cloned())];
    let envelope = plan::envelope(submitter, 1, 1, at);
    bencher.counter(BytesCount::of_slice(&*CLAIMS)).bench(|| write_claims(&envelope, &set));
}

/// A visit to a claim that every edit has looked at.
#[divan::bench]
fn build_and_scrub(bencher: Bencher) {
    bencher.counter(ItemsCount::new(SAMPLE.encounters.len())).bench(|| {
        for encounter in &SAMPLE.encounters {
            black_box(built(&SAMPLE, encounter, FIRST_DAY));
        }
    });
}

/// The same decisions as the job that builds claims takes, without its reading and writing.
fn built(sample: &Sample, encounter: &Encounter, today: Date) -> Option<(ClaimContent, usize)> {
    let setup = &sample.setup;
    let child = sample.households.children.get(&encounter.child)?;
    let coverages = active_on(sample.households.coverages_of(encounter.child), encounter.service_date);
    let coverage = coverages.into_iter().find(|c| setup.payer(c.payer).is_some_and(|p| p.class.takes_claims()))?;
    let payer = setup.payer(coverage.payer)?;
    let rules = payer.rules_on(encounter.service_date);
    let content = build(&ClaimFacts {
        pcn: &pcn(ClaimId(encounter.id.0), 1),
        practice: &setup.practice,
        provider: setup.provider(encounter.provider)?,
        location: setup.location(encounter.location)?,
        payer,
        rules: &rules,
        child,
        coverage,
        encounter,
        order: 1,
    });
    let payer = PayerFacts { name: payer.name.as_str(), class: payer.class, has_route: setup.submitter_of(payer).is_some(), rules: &rules };
    let findings = scrub::scrub(&ScrubInput::of(&content, today, payer)).len();
    Some((content, findings))
}

/// Visits to stored and scrubbed claims: intake and the jobs after it.
#[divan::bench(args = engines(), sample_count = 3, sample_size = 1)]
fn take_in_build_and_scrub(bencher: Bencher, engine: &str) {
    bencher
        .with_inputs(|| Office::open(engine).expect("the engine was there"))
        .input_counter(|_| ItemsCount::new(POSTED_VISITS))
        .bench_local_refs(|office| office.take_in(POSTED_VISITS));
}

/// Visits whose remittances are posted: some hundreds of claims a payer.
const POSTED_VISITS: usize = 1000;

/// Remittances at the partner to money on accounts: fetched, archived, read, proved, stored, matched and posted.
#[divan::bench(args = engines(), sample_count = 3, sample_size = 1)]
fn post_remittances(bencher: Bencher, engine: &str) {
    bencher
        .with_inputs(|| Office::open(engine).expect("the engine was there").with_answers_waiting(POSTED_VISITS))
        .input_counter(|office| ItemsCount::new(office.sent()))
        .bench_local_refs(|office| office.fetch_answers());
}

/// A database that is up to date, opened with all that a program needs: what passes before the first request or job.
#[divan::bench(args = engines(), sample_count = 20, sample_size = 1)]
fn start_up(bencher: Bencher, engine: &str) {
    let office = Office::open(engine).expect("the engine was there");
    bencher.bench_local(|| office.open_again());
}
