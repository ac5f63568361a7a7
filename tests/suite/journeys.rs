//! Golden journeys: a visit goes in, the 837P is the sample's, the sample's answers come back, and ledger and report are the sample's.
//!
//! Each folder of `edi-samples/journeys` holds one. What depends on a database's life (claim numbers, control numbers) is checked by its form,
//! must agree wherever it stands, and is then put in the place of the sample's. `PEDICLAIM_BLESS=1` writes the folders anew from what the
//! program does now, with answers of the simulator; the difference is to be read before it is kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use jiff::civil::Date;
use pediclaim::clearinghouse::simulator::{Lag, Scenario, Simulator, SimulatorConfig};
use pediclaim::platform::database::Engine;
use pediclaim::platform::ids::JournalId;
use pediclaim::revenue_cycle::report::{Span, revenue_summary, to_text};
use pediclaim::revenue_cycle::{claim, ledger};

use crate::support::{TestPractice, World};

/// Days from the visit to its payment.
const DAYS_TO_PAYMENT: u32 = 10;

/// What partners say, in the order in which it comes.
const ANSWERS: [&str; 4] = ["ta1.edi", "999.edi", "277ca.edi", "835.edi"];

both_engines! {
    async fn the_journey_01_well_child_paid_is_told_to_the_byte(practice in World::silent()) {
        journey(practice, "01-well-child-paid", Scenario::Paid, "paid").await;
    }

    async fn the_journey_02_one_line_denied_is_told_to_the_byte(practice in World::silent()) {
        journey(practice, "02-one-line-denied", Scenario::LineDenied, "partially_paid").await;
    }
}

/// The folder of one journey.
struct Folder(PathBuf);

impl Folder {
    fn read(&self, name: &str) -> Vec<u8> {
        let path = self.0.join(name);
        std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; PEDICLAIM_BLESS=1 writes it", path.display()))
    }

    /// Compares with a sample, or writes it.
    fn compare(&self, name: &str, found: &[u8]) {
        if is_blessing() {
            std::fs::write(self.0.join(name), found).unwrap();
        }
        let (sample, found) = (String::from_utf8_lossy(&self.read(name)).into_owned(), String::from_utf8_lossy(found).into_owned());
        // One segment a line, so that a difference can be read.
        assert_eq!(found.replace('~', "~\n"), sample.replace('~', "~\n"), "{name} differs; see edi-samples/README.md");
        assert_eq!(found, sample, "{name} differs");
    }
}

fn is_blessing() -> bool {
    std::env::var_os("PEDICLAIM_BLESS").is_some()
}

async fn journey(practice: &TestPractice, name: &str, scenario: Scenario, end: &str) {
    if is_blessing() && practice.engine() != Engine::Sqlite {
        return;
    }
    let folder = Folder(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("edi-samples/journeys").join(name));
    if practice.engine() == Engine::Postgres {
        // Other numbers than the sample's: what is compared is what was meant.
        practice.second_submits().await;
    }
    let visit = serde_json::from_slice(&folder.read("encounter.json")).unwrap();
    let taken = practice.intake_json(&visit).await;
    assert_eq!((taken.admitted, practice.reasons().await), (1, Vec::new()), "{taken:?}");
    practice.submit().await;

    let (interchange, sent) = practice.sent().await.pop().unwrap();
    let delivered = std::fs::read(practice.partner().join("outbox").join(&interchange.file_name)).unwrap();
    assert_eq!(delivered, sent, "what was delivered is what is kept");
    if is_blessing() {
        answer(&folder, &sent, practice.clock.today(&practice.setup.practice.time_zone), scenario);
    }
    let sample = if is_blessing() { sent.clone() } else { folder.read("837p.edi") };
    let numbers = Numbers::pair(&sent, &sample);
    folder.compare("837p.edi", &numbers.in_sample(&sent));

    for answer in &ANSWERS[..3] {
        let file = practice.receive(answer, numbers.in_answer(&folder.read(answer))).await;
        assert_eq!((file.state.as_str(), file.error), ("processed", None), "{answer}");
    }
    assert_eq!(practice.the_claim().await.state, "accepted_payer");
    practice.advance_days(i64::from(DAYS_TO_PAYMENT));
    let file = practice.receive(ANSWERS[3], numbers.in_answer(&folder.read(ANSWERS[3]))).await;
    assert_eq!((file.state.as_str(), file.error), ("processed", None));
    assert_eq!(practice.the_claim().await.state, end);

    folder.compare("ledger.txt", entries(practice).await.as_bytes());
    let month = Span::month_of(practice.clock.today(&practice.setup.practice.time_zone));
    let report = revenue_summary(&practice.db, practice.id(), month).await.unwrap();
    assert!(report.ties());
    folder.compare("report.txt", to_text(&report).as_bytes());
}

/// Writes what simulated payers answer to an 837P.
fn answer(folder: &Folder, sent: &[u8], today: Date, scenario: Scenario) {
    let lag = Lag { min: DAYS_TO_PAYMENT, max: DAYS_TO_PAYMENT };
    let config = SimulatorConfig { shares: BTreeMap::from([(scenario, 10_000)]), lag, ..SimulatorConfig::default() };
    let mut simulator = Simulator::new(config).unwrap();
    simulator.receive("837p.edi", sent, today);
    let answers = simulator.answers(today.saturating_add(jiff::Span::new().days(i64::from(DAYS_TO_PAYMENT))));
    let names = ["TA1", "999", "277CA", "835"];
    assert_eq!(answers.len(), names.len(), "one answer of each kind");
    for (kind, file) in names.into_iter().zip(ANSWERS) {
        let answer = answers.iter().find(|answer| answer.name.starts_with(kind)).unwrap();
        std::fs::write(folder.0.join(file), &answer.bytes).unwrap();
    }
}

/// The whole ledger of the practice, an entry a line.
async fn entries(practice: &TestPractice) -> String {
    let (mut db, id) = (&practice.db, practice.id());
    let lines = claim::store::lines(&mut db, id, practice.the_claim().await.id).await.unwrap();
    let journals = ledger::store::journals_after(&mut db, id, JournalId(0), 1_000).await.unwrap();
    let mut text = String::new();
    for journal in journals {
        writeln!(text, "{} {}", journal.effective_date, journal.kind).unwrap();
        for t in ledger::store::journal_transfers(&mut db, id, journal.id, journal.id).await.unwrap() {
            let line =
                lines.iter().find(|l| Some(l.charge_line_id) == t.charge_line_id).map(|l| format!("{} {}", l.position, l.procedure_code));
            let why = t.adjustment.unwrap_or_default();
            let cause = t.segment.map(|s| format!("segment {s}")).unwrap_or_default();
            let what = format!("{:<10}{:<18}{:<20}{:<24}", line.unwrap_or_default(), t.kind, t.debit_account, t.credit_account);
            writeln!(text, "{}", format!("  {what}{:>10}  {why:<8}{cause}", t.cents.to_string()).trim_end()).unwrap();
        }
    }
    text
}

/// What a number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// ISA13: nine digits.
    Interchange,
    /// GS06: digits.
    Group,
    /// BHT03: names the submitter, the interchange and the set.
    Batch,
    /// CLM01: C and letters or digits.
    Claim,
    /// REF*6R: the claim's number and the line's.
    Line,
}

impl Kind {
    /// What stands at an element, if it is a number of ours; elements count from 1.
    fn at(segment: &[&str], element: usize) -> Option<Kind> {
        match (segment[0], element) {
            ("ISA", 13) | ("IEA", 2) => Some(Kind::Interchange),
            ("GS", 6) | ("GE", 2) => Some(Kind::Group),
            ("BHT", 3) => Some(Kind::Batch),
            ("CLM", 1) => Some(Kind::Claim),
            ("REF", 2) if segment[1] == "6R" => Some(Kind::Line),
            _ => None,
        }
    }

    /// Whether a value has the form of the kind.
    fn fits(self, value: &str) -> bool {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_claim = |text: &str| {
            text.len() > 1
                && text.len() <= 20
                && text.starts_with('C')
                && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        match self {
            Kind::Interchange => value.len() == 9 && digits(value),
            Kind::Group => value.len() <= 9 && digits(value) && !value.starts_with('0'),
            Kind::Batch => value.strip_prefix('B').and_then(|v| v.split_once('I')).is_some_and(|(submitter, rest)| {
                digits(submitter)
                    && rest.split_once('S').is_some_and(|(isa, set)| isa.len() == 9 && digits(isa) && set.len() == 4 && digits(set))
            }),
            Kind::Claim => is_claim(value),
            Kind::Line => value.rsplit_once('-').is_some_and(|(claim, line)| is_claim(claim) && digits(line)),
        }
    }
}

/// Our numbers and the sample's, in pairs.
struct Numbers {
    ours_to_sample: BTreeMap<(Kind, String), String>,
    sample_to_ours: BTreeMap<(Kind, String), String>,
}

impl Numbers {
    /// Pairs the numbers that stand at the same places of two interchanges. Each must have its form, and the same number must stand
    /// wherever the other interchange has the same one.
    fn pair(ours: &[u8], sample: &[u8]) -> Numbers {
        let (ours, sample) = (numbers_of(ours), numbers_of(sample));
        assert_eq!(
            ours.iter().map(|n| n.0).collect::<Vec<_>>(),
            sample.iter().map(|n| n.0).collect::<Vec<_>>(),
            "the same places hold numbers"
        );
        let isa13 = ours.iter().find(|n| n.0 == Kind::Interchange).unwrap().1.clone();
        let mut numbers = Numbers { ours_to_sample: BTreeMap::new(), sample_to_ours: BTreeMap::new() };
        for ((kind, our), (_, their)) in ours.into_iter().zip(sample) {
            assert!(kind.fits(&our) && kind.fits(&their), "{kind:?}: {our} or {their} has another form");
            assert!(kind != Kind::Batch || our.contains(&format!("I{isa13}S")), "the batch names its interchange");
            let known = numbers.ours_to_sample.insert((kind, our.clone()), their.clone());
            assert!(known.is_none_or(|known| known == their), "{kind:?} {our} stands for two numbers of the sample");
            let known = numbers.sample_to_ours.insert((kind, their.clone()), our.clone());
            assert!(known.is_none_or(|known| known == our), "{kind:?} {their} of the sample stands for two numbers");
        }
        numbers
    }

    /// An interchange of ours with the sample's numbers.
    fn in_sample(&self, ours: &[u8]) -> Vec<u8> {
        replaced(ours, |segment, element, value| {
            Kind::at(segment, element).map(|kind| self.ours_to_sample[&(kind, value.to_owned())].clone())
        })
    }

    /// An answer of the sample with our numbers.
    fn in_answer(&self, answer: &[u8]) -> Vec<u8> {
        let is_partners = |id: &str| matches!(id, "ISA" | "IEA" | "GS" | "GE");
        replaced(answer, |segment, element, value| {
            let kinds: &[Kind] = match (segment[0], element) {
                ("TA1", 1) => &[Kind::Interchange],
                ("AK1", 2) => &[Kind::Group],
                (id, _) if is_partners(id) => &[],
                _ => &[Kind::Batch, Kind::Claim, Kind::Line],
            };
            kinds.iter().find_map(|kind| self.sample_to_ours.get(&(*kind, value.to_owned())).cloned())
        })
    }
}

fn numbers_of(bytes: &[u8]) -> Vec<(Kind, String)> {
    let mut numbers = Vec::new();
    replaced(bytes, |segment, element, value| {
        numbers.extend(Kind::at(segment, element).map(|kind| (kind, value.to_owned())));
        None
    });
    numbers
}

/// An interchange with the delimiters `*` and `~`, some of its elements replaced.
fn replaced(bytes: &[u8], mut by: impl FnMut(&[&str], usize, &str) -> Option<String>) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let segments = text.split('~').map(|segment| {
        let elements: Vec<&str> = segment.split('*').collect();
        // A file may have a line break after each segment: the identifier stands behind it.
        let named: Vec<&str> = std::iter::once(elements[0].trim_start()).chain(elements[1..].iter().copied()).collect();
        let elements = elements.iter().enumerate().map(|(place, value)| match place {
            0 => (*value).to_owned(),
            _ => by(&named, place, value).unwrap_or_else(|| (*value).to_owned()),
        });
        elements.collect::<Vec<_>>().join("*")
    });
    segments.collect::<Vec<_>>().join("~").into_bytes()
}

#[test]
fn a_number_of_another_form_or_in_two_roles_is_no_match() {
    let file = |isa: &str, claim: &str, again: &str| format!("ISA*1*2*3*4*5*6*7*8*9*10*11*12*{isa}~CLM*{claim}~CLM*{again}~").into_bytes();
    let sample = file("000000001", "C1", "C2");
    let refused = |ours: Vec<u8>| std::panic::catch_unwind(|| Numbers::pair(&ours, &sample)).is_err();
    assert!(refused(file("00000001", "C1", "C2")) && refused(file("000000007", "C 1", "C2")) && refused(file("000000007", "C5", "C5")));
    let numbers = Numbers::pair(&file("000000007", "C5", "C6"), &sample);
    assert_eq!(numbers.in_sample(&file("000000007", "C5", "C6")), sample);
    assert_eq!(numbers.in_answer(b"TA1*000000001~CLP*C2*1~ISA*000000001~"), b"TA1*000000007~CLP*C6*1~ISA*000000001~");
}
