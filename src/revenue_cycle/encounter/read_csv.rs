//! Charges as CSV: one row a charge line, the rows of one visit grouped by `encounter_id`.
//!
//! ```csv
//! encounter_id,service_date,child_id,family_name,given_names,birth_date,sex,payer_id,member_id,rendering_npi,diagnoses,code,modifiers,units,charge,pointers,cvx,lot,counselled
//! V-1001,2026-11-16,C-77,Rivera,Ana Luz,2022-05-01,F,60054,W123456789,1234567893,Z00.129 Z23,99392,25,1,185.00,1,,,
//! V-1001,,,,,,,,,,,90707,,1,110.00,2,03,A1,yes
//! V-1001,,,,,,,,,,,90460,,1,40.00,2,,,
//! V-1001,,,,,,,,,,,90461,,2,80.00,2,,,
//! ```
//!
//! The header names the columns, in any order; a name that is not known is a fault, so that a misspelt one is not lost. Required
//! columns: `encounter_id`, `code`. Columns of the visit may be empty after its first row; where they are filled they must agree.
//!
//! * Visit: `encounter_id`, `service_date`, `place_of_service` (11), `location_id`, `location_name`, `admission_date`,
//!   `discharge_date`, `authorization`, `diagnoses` (separated by spaces or `;`), `epsdt_referrals` (what an EPSDT screening led to: `AV`,
//!   `S2`, `ST` separated in the same way, or `NU` for none; empty means that nobody asked).
//! * Child: `child_id`, `mrn`, `family_name`, `given_names`, `birth_date`, `sex` (F, M, U), `phone`, `address`, `city`, `state`, `zip`.
//! * Guardian: `guardian_id`, `guardian_family_name`, `guardian_given_names`, `guardian_relationship`, `guardian_birth_date`, `guardian_phone`,
//!   `guardian_email`.
//! * Coverage: `payer_id`, `payer_name`, `plan_name`, `member_id`, `group_number`; one; more come by JSON.
//! * Practitioner: `rendering_id`, `rendering_name`, `rendering_npi`.
//! * Line: `code`, `modifiers` and `pointers` (separated by spaces, `;` or `:`), `units` (1), `charge`, `ndc`, `ndc_quantity`,
//!   `ndc_unit`, `cvx`, `lot`, `route`, `counselled` (yes, no), `funding` (private, vfc, state), `eligibility` (V01–V08).
//!
//! UTF-8 with or without BOM, line ends of any kind. Dates are `YYYY-MM-DD`, money is `185.00`.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use csv::{ByteRecord, ReaderBuilder};
use jiff::civil::Date;

use super::check;
use super::model::{
    Address, CoverageFacts, DoseFacts, EncounterDraft, ExternalKey, GuardianFacts, LineDraft, LocationFacts, NdcQuantity,
    PractitionerFacts, Sex,
};
use super::unreadable::{FAULTS_MAX, Fault, Unreadable};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::reference::vaccine::{self, Route};
use crate::reference::{Ndc, PlaceOfService, ProcedureCode};

/// Largest file that is read: some two hundred thousand lines of charges.
pub const FILE_MAX: usize = 32 << 20;

/// Columns that tell about the visit: the same on every row of it, or empty after the first.
#[rustfmt::skip]
const VISIT_COLUMNS: &[&str] = &[
    "service_date", "place_of_service", "location_id", "location_name", "admission_date", "discharge_date", "authorization", "diagnoses",
    "epsdt_referrals",
    "child_id", "mrn", "family_name", "given_names", "birth_date", "sex", "phone", "address", "city", "state", "zip",
    "guardian_id", "guardian_family_name", "guardian_given_names", "guardian_relationship", "guardian_birth_date", "guardian_phone", "guardian_email",
    "payer_id", "payer_name", "plan_name", "member_id", "group_number", "rendering_id", "rendering_name", "rendering_npi",
];

/// Columns that tell about one charge line.
#[rustfmt::skip]
const LINE_COLUMNS: &[&str] = &[
    "code", "modifiers", "units", "charge", "pointers", "ndc", "ndc_quantity", "ndc_unit", "cvx", "lot", "route", "counselled", "funding",
    "eligibility",
];

/// Reads a file of charges; `source` is the name of the feed. One draft a visit, in the order of their first rows.
///
/// # Errors
/// When the file is larger than [`FILE_MAX`] or has any fault: all are told, each with its line and column, and nothing is taken.
pub fn read(bytes: &[u8], source: &str) -> Result<Vec<EncounterDraft>, Unreadable> {
    if bytes.len() > FILE_MAX {
        return Err(Unreadable::too_large(bytes.len(), FILE_MAX));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = Header::of(reader.byte_headers().map_err(|_| Unreadable::one("line 1", "not a CSV header"))?)?;

    let mut visits: Vec<(EncounterDraft, HashMap<&'static str, String>)> = Vec::new();
    let mut by_id: HashMap<String, usize> = HashMap::new();
    let mut faults = Vec::new();
    let mut record = ByteRecord::new();
    while faults.len() < FAULTS_MAX {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => {
                faults.push(Fault { place: format!("line {}", reader.position().line()), what: "not a CSV row".to_owned() });
                break;
            }
        }
        let mut row = Row { header: &header, record: &record, line: record.position().map_or(0, csv::Position::line), faults: &mut faults };
        if record.len() != header.columns.len() {
            row.fault("", format!("{} cells under {} columns", record.len(), header.columns.len()));
            continue;
        }
        let Some(id) = row.text("encounter_id") else {
            row.fault("encounter_id", "empty");
            continue;
        };
        let at = *by_id.entry(id.clone()).or_insert_with(|| {
            visits.push((EncounterDraft::new(ExternalKey { source: source.to_owned(), id }), HashMap::new()));
            visits.len() - 1
        });
        let (draft, filled) = &mut visits[at];
        if row.agree(filled) {
            row.visit(draft);
        }
        if let Some(line) = row.line_draft() {
            draft.lines.push(line);
        }
    }
    if !faults.is_empty() {
        faults.truncate(FAULTS_MAX);
        return Err(Unreadable { faults });
    }
    Ok(visits
        .into_iter()
        .map(|(mut draft, _)| {
            check::check(&mut draft);
            draft
        })
        .collect())
}

/// Which column of the file is which of ours.
struct Header {
    columns: Vec<&'static str>,
}

impl Header {
    fn of(record: &ByteRecord) -> Result<Header, Unreadable> {
        let (mut columns, mut faults) = (Vec::new(), Vec::new());
        for (at, name) in record.iter().enumerate() {
            let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
            let known = std::iter::once(&"encounter_id").chain(VISIT_COLUMNS).chain(LINE_COLUMNS).find(|known| **known == name);
            match known {
                Some(known) if columns.contains(known) => {
                    faults.push(Fault { place: format!("line 1, column {known}"), what: "stands twice".to_owned() });
                }
                Some(known) => columns.push(known),
                None => faults.push(Fault { place: format!("line 1, column {}", at + 1), what: "unknown column name".to_owned() }),
            }
        }
        if faults.is_empty() {
            let missing = ["encounter_id", "code"].into_iter().filter(|required| !columns.contains(required));
            faults.extend(missing.map(|required| Fault { place: format!("line 1, column {required}"), what: "missing".to_owned() }));
        }
        faults.truncate(FAULTS_MAX);
        if faults.is_empty() { Ok(Header { columns }) } else { Err(Unreadable { faults }) }
    }
}

/// One row, and where its faults go.
struct Row<'a> {
    header: &'a Header,
    record: &'a ByteRecord,
    line: u64,
    faults: &'a mut Vec<Fault>,
}

impl Row<'_> {
    fn fault(&mut self, column: &str, what: impl Into<String>) {
        let place = if column.is_empty() { format!("line {}", self.line) } else { format!("line {}, column {column}", self.line) };
        self.faults.push(Fault { place, what: what.into() });
    }

    /// The cell of a column, trimmed; `None` when empty or not among the file's columns. Bytes that are no UTF-8 are a fault.
    fn text(&mut self, column: &'static str) -> Option<String> {
        let at = self.header.columns.iter().position(|known| *known == column)?;
        match std::str::from_utf8(self.record.get(at)?) {
            Ok(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Err(_) => {
                self.fault(column, "not UTF-8");
                None
            }
        }
    }

    fn phi(&mut self, column: &'static str) -> Option<Phi<String>> {
        self.text(column).map(Phi::from)
    }

    /// The cell as a typed value; our own error types never repeat the text.
    fn parsed<T: FromStr<Err: Display>>(&mut self, column: &'static str) -> Option<T> {
        match self.text(column)?.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(column, error.to_string());
                None
            }
        }
    }

    /// The cell as a value of a type whose own errors would repeat it.
    fn told<T>(&mut self, column: &'static str, wanted: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            self.fault(column, wanted);
        }
        value
    }

    fn date(&mut self, column: &'static str) -> Option<Date> {
        self.told(column, "not a date: YYYY-MM-DD", |text| text.parse().ok())
    }

    /// The cell as a list of typed values.
    fn list<T: FromStr>(&mut self, column: &'static str, separators: &[char], wanted: &str) -> Vec<T> {
        let read = |text: &str| text.split(separators).filter(|part| !part.is_empty()).map(|part| part.parse().ok()).collect();
        self.told(column, wanted, read).unwrap_or_default()
    }

    /// Whether the row has something new to say about its visit; a cell that contradicts an earlier row is a fault.
    fn agree(&mut self, filled: &mut HashMap<&'static str, String>) -> bool {
        let mut new = filled.is_empty();
        for column in VISIT_COLUMNS {
            let Some(text) = self.text(column) else { continue };
            match filled.get(column) {
                Some(known) if *known == text => {}
                Some(_) => self.fault(column, "contradicts an earlier row of this encounter"),
                None => {
                    new = true;
                    filled.insert(column, text);
                }
            }
        }
        new
    }

    /// Writes what the row says about its visit into the draft; empty cells leave what earlier rows said.
    fn visit(&mut self, draft: &mut EncounterDraft) {
        fn set<T>(place: &mut Option<T>, value: Option<T>) {
            if value.is_some() {
                *place = value;
            }
        }
        set(&mut draft.service_date, self.date("service_date"));
        set(&mut draft.admission_date, self.date("admission_date"));
        set(&mut draft.discharge_date, self.date("discharge_date"));
        set(&mut draft.authorization, self.phi("authorization"));
        draft.place_of_service = self.parsed::<PlaceOfService>("place_of_service").unwrap_or(draft.place_of_service);
        let diagnoses = self.list("diagnoses", &[' ', ';'], "not ICD-10-CM codes separated by spaces");
        if !diagnoses.is_empty() {
            draft.diagnoses = diagnoses;
        }
        let referrals = self.list("epsdt_referrals", &[' ', ';'], "not AV, S2, ST or NU");
        if !referrals.is_empty() {
            draft.epsdt_referrals = referrals;
        }

        let child = &mut draft.child;
        set(&mut child.external_id, self.phi("child_id"));
        set(&mut child.mrn, self.phi("mrn"));
        set(&mut child.family_name, self.phi("family_name"));
        set(&mut child.given_names, self.phi("given_names"));
        set(&mut child.birth_date, self.date("birth_date").map(Phi::new));
        set(&mut child.phone, self.phi("phone"));
        child.sex = self.told("sex", "not F, M or U", sex).unwrap_or(child.sex);
        let place = [self.text("address"), self.text("city"), self.text("state"), self.text("zip")];
        if place.iter().any(Option::is_some) {
            let [line, city, state, zip] = place.map(Option::unwrap_or_default);
            child.address = Some(Phi::new(Address { lines: vec![line], city, state, zip: zip.replace('-', "") }));
        }

        let guardian = GuardianFacts {
            external_id: self.phi("guardian_id"),
            family_name: self.phi("guardian_family_name"),
            given_names: self.phi("guardian_given_names"),
            relationship: self.text("guardian_relationship"),
            birth_date: self.date("guardian_birth_date").map(Phi::new),
            phone: self.phi("guardian_phone"),
            email: self.phi("guardian_email"),
            address: None,
        };
        set(&mut draft.guardian, Some(guardian).filter(|guardian| *guardian != GuardianFacts::default()));
        let coverage = CoverageFacts {
            payer_id: self.text("payer_id"),
            payer_name: self.text("payer_name"),
            plan_name: self.text("plan_name"),
            member_id: self.phi("member_id"),
            group_number: self.phi("group_number"),
            ..CoverageFacts::default()
        };
        if coverage != CoverageFacts::default() {
            draft.coverages = vec![coverage];
        }
        let rendering = PractitionerFacts {
            external_id: self.text("rendering_id"),
            name: self.phi("rendering_name"),
            npi_as_sent: self.text("rendering_npi"),
        };
        set(&mut draft.rendering, Some(rendering).filter(|rendering| *rendering != PractitionerFacts::default()));
        let location = LocationFacts { external_id: self.text("location_id"), name: self.text("location_name") };
        set(&mut draft.location, Some(location).filter(|location| *location != LocationFacts::default()));
    }

    /// The charge line of the row; `None` only together with a fault.
    fn line_draft(&mut self) -> Option<LineDraft> {
        if self.text("code").is_none() {
            self.fault("code", "empty");
        }
        let code: Option<ProcedureCode> = self.parsed("code");
        let modifiers = self.list("modifiers", &[' ', ';', ':'], "not modifiers of two characters each");
        let units = self.told("units", "not a number of units from 1 on", |text| text.parse().ok().filter(|units| *units > 0));
        let charge: Option<Money> = self.parsed("charge");
        let pointers = self.list("pointers", &[' ', ';', ':'], "not positions of diagnoses");
        let ndc = self.ndc();
        let code = code?;
        let dose = self.dose(code);
        let pointers = if pointers.is_empty() { vec![1] } else { pointers };
        Some(LineDraft { code, modifiers, units: units.unwrap_or(1), charge, pointers, ndc, dose })
    }

    fn ndc(&mut self) -> Option<NdcQuantity> {
        let ndc: Ndc = self.parsed("ndc")?;
        match (self.text("ndc_quantity"), self.text("ndc_unit")) {
            (Some(quantity), Some(unit)) => Some(NdcQuantity { ndc, quantity, unit }),
            (None, _) => {
                self.fault("ndc_quantity", "an NDC needs its quantity");
                None
            }
            (_, None) => {
                self.fault("ndc_unit", "an NDC needs its unit");
                None
            }
        }
    }

    fn dose(&mut self, code: ProcedureCode) -> Option<DoseFacts> {
        let cvx = self.parsed("cvx")?;
        let usual = vaccine::product(code, Some(cvx)).map_or(Route::Injection, |product| product.route);
        Some(DoseFacts {
            cvx,
            lot: self.text("lot"),
            route: self.parsed("route").unwrap_or(usual),
            counselled: self.told("counselled", "not yes or no", yes),
            funding: self.parsed("funding").unwrap_or_default(),
            eligibility: self.parsed("eligibility"),
        })
    }
}

fn sex(text: &str) -> Option<Sex> {
    match text {
        "F" | "f" => Some(Sex::Female),
        "M" | "m" => Some(Sex::Male),
        "U" | "u" => Some(Sex::Unknown),
        _ => None,
    }
}

fn yes(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Verdict;
    use super::*;

    /// The example of the module's documentation.
    fn example() -> String {
        let source = include_str!("read_csv.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let inside = source.skip_while(|line| !line.contains("```csv")).skip(1).take_while(|line| !line.contains("```"));
        inside.map(|line| format!("{}\n", line.trim_start())).collect()
    }

    fn faults(text: &str) -> Vec<String> {
        read(text.as_bytes(), "csv").unwrap_err().faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_documented_example_is_one_billable_visit() {
        let drafts = read(example().as_bytes(), "csv").unwrap();
        let draft = &drafts[0];
        assert_eq!((drafts.len(), draft.verdict(), draft.issues.len()), (1, Verdict::Billable, 0));
        assert_eq!((draft.lines.len(), draft.diagnoses.len(), draft.lines[3].units), (4, 2, 2));
        assert_eq!(draft.lines[1].dose.as_ref().unwrap().counselled, Some(true));
    }

    #[test]
    fn a_bom_and_windows_line_ends_change_nothing() {
        let plain = read(example().as_bytes(), "csv").unwrap();
        let windows = format!("\u{feff}{}", example().replace('\n', "\r\n"));
        assert_eq!(read(windows.as_bytes(), "csv").unwrap(), plain);
    }

    #[test]
    fn rows_of_a_visit_need_not_stand_together() {
        let drafts = read(b"encounter_id,code\n1,99213\n2,99214\n1,87880\n", "csv").unwrap();
        assert_eq!(drafts.iter().map(|draft| draft.lines.len()).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_column_and_without_its_value() {
        let text = "encounter_id,birth_date,sex,code,units,charge,ndc,cvx,counselled\n\
                    1,5/1/2022,Rivera,hello,0,1.005,4928154503,x,maybe\n\
                    ,,,99213,,,,,\n\
                    2,,,,,,,,\n\
                    3,,,99213\n\
                    4,,,99213,,,49281-545-03,,\n";
        assert_eq!(
            faults(text),
            [
                "line 2, column birth_date: not a date: YYYY-MM-DD",
                "line 2, column sex: not F, M or U",
                "line 2, column code: not a procedure code: five letters or digits, at least one digit",
                "line 2, column units: not a number of units from 1 on",
                "line 2, column charge: has more than two decimal places",
                "line 2, column ndc: a ten-digit NDC without hyphens is ambiguous",
                "line 3, column encounter_id: empty",
                "line 4, column code: empty",
                "line 5: 4 cells under 9 columns",
                "line 6, column ndc_quantity: an NDC needs its quantity",
            ]
        );
    }

    #[test]
    fn what_a_screening_led_to_is_told_or_unknown() {
        let referrals = |cell: &str| {
            read(format!("encounter_id,code,epsdt_referrals\n1,99392,{cell}\n").as_bytes(), "csv").map(|d| d[0].epsdt_referrals.clone())
        };
        use super::super::model::EpsdtReferral::{AvailableNotUsed, NewServices, None};
        assert_eq!((referrals("NU").unwrap(), referrals("").unwrap()), (vec![None], vec![]));
        assert_eq!(referrals("ST;AV").unwrap(), [NewServices, AvailableNotUsed]);
        assert_eq!(faults("encounter_id,code,epsdt_referrals\n1,99392,no\n"), ["line 2, column epsdt_referrals: not AV, S2, ST or NU"]);
    }

    #[test]
    fn rows_that_contradict_each_other_are_a_fault() {
        assert_eq!(
            faults("encounter_id,service_date,code\n1,2026-01-01,99213\n1,2026-01-02,87880\n"),
            ["line 3, column service_date: contradicts an earlier row of this encounter"]
        );
    }

    #[test]
    fn a_misspelt_doubled_or_missing_column_is_a_fault() {
        assert_eq!(faults("encounter_id,cod\n1,99213\n"), ["line 1, column 2: unknown column name"]);
        assert_eq!(faults("encounter_id,code,code\n"), ["line 1, column code: stands twice"]);
        assert_eq!(faults("encounter_id\n1\n"), ["line 1, column code: missing"]);
        assert_eq!(faults(""), ["line 1, column encounter_id: missing", "line 1, column code: missing"]);
    }

    proptest::proptest! {
        #[test]
        fn random_bytes_and_a_broken_example_never_panic(bytes: Vec<u8>, at: usize, byte: u8) {
            let _ = read(&bytes, "csv");
            let mut text = example().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            let _ = read(&text, "csv");
        }
    }
}
