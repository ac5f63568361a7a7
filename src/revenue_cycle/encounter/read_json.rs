//! Our own JSON: visits that the sender has coded. One encounter, an array of them, or `{"encounters": […]}`.
//!
//! ```json
//! {
//!   "id": "V-1001",
//!   "service_date": "2026-11-16",
//!   "place_of_service": "11",
//!   "child": {
//!     "id": "C-77", "mrn": "000123", "family_name": "Rivera", "given_names": "Ana Luz",
//!     "birth_date": "2022-05-01", "sex": "F", "phone": "5550100",
//!     "address": { "lines": ["1 Elm St"], "city": "Springfield", "state": "IL", "zip": "627010001" }
//!   },
//!   "guardian": { "id": "F-12", "family_name": "Rivera", "given_names": "Luz", "relationship": "mother" },
//!   "coverages": [
//!     { "payer_id": "60054", "payer_name": "Sample Health", "member_id": "W123456789", "group_number": "0077",
//!       "subscriber": { "family_name": "Rivera", "given_names": "Luz", "relationship": "mother" } }
//!   ],
//!   "rendering": { "npi": "1234567893", "name": "Sarah Wilson" },
//!   "diagnoses": ["Z00.129", "Z23"],
//!   "lines": [
//!     { "code": "99392", "modifiers": ["25"], "charge": "185.00" },
//!     { "code": "90707", "pointers": [2], "charge": "110.00",
//!       "ndc": { "ndc": "00006-4681-00", "quantity": "0.5", "unit": "ML" },
//!       "dose": { "cvx": "03", "lot": "A1", "counselled": true, "funding": "private", "eligibility": "V01" } },
//!     { "code": "90460", "pointers": [2], "charge": "40.00" },
//!     { "code": "90461", "units": 2, "pointers": [2], "charge": "40.00" }
//!   ]
//! }
//! ```
//!
//! Required: `id`; of a line its `code`; of a dose its `cvx`. Whatever else a claim needs and is not there becomes an issue of the
//! draft. Defaults: place of service 11, one unit, pointer 1, stock `private`, the vaccine's usual route. Where `counselled` is not said it
//! is not known. More fields: `location {id, name}`, `admission_date`, `discharge_date`, `authorization`, `epsdt_referrals` (what an EPSDT
//! screening led to: any of `AV`, `S2`, `ST`, or `NU` alone for none; empty means that nobody asked, and Medicaid's claim waits for the
//! answer), `plan_name`, `valid_from` and `valid_to` of a coverage, `birth_date`, `phone`, `email` and `address` of adults, `route` of a dose (`injection`,
//! `oral`, `nasal`), `answers` of check-in ([`Answers`]): `{"accident": {"kind": "automobile", "date": "2026-05-01", "state": "IL"},
//! "eligibility": "active", "authorization_terms": {"from", "to", "units_left"}, "declined": ["90651"]}`. Children whose guardian has the same `id` share a family account. Money is a string. A field that is not known is a fault, so that a misspelt one is not lost.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::Deserializer;
use serde_json::Value;

use super::answers::Answers;
use super::check;
use super::model::{
    Address, ChildFacts, CoverageFacts, DoseFacts, EncounterDraft, EpsdtReferral, ExternalKey, GuardianFacts, LineDraft, LocationFacts,
    NdcQuantity, PractitionerFacts, Sex,
};
use super::unreadable::{FAULTS_MAX, Fault, Unreadable};
use crate::platform::money::Money;
use crate::platform::phi::Phi;
use crate::reference::vaccine::{self, Funding, Route, VfcEligibility};
use crate::reference::{Cvx, Icd10, Modifier, Ndc, PlaceOfService, ProcedureCode};

/// Largest file that is read: some twenty thousand visits.
pub const FILE_MAX: usize = 32 << 20;

/// Reads a file of visits; `source` is the name of the feed. One draft an encounter, in the order of the file.
///
/// # Errors
/// When the bytes are no JSON, more than [`FILE_MAX`], or any encounter has a fault: then all faulty encounters are told, each with
/// the path of its first fault, and nothing is taken.
pub fn read(bytes: &[u8], source: &str) -> Result<Vec<EncounterDraft>, Unreadable> {
    if bytes.len() > FILE_MAX {
        return Err(Unreadable::too_large(bytes.len(), FILE_MAX));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut json: Value = serde_json::from_slice(bytes).map_err(|error| Unreadable::not_json(&error))?;
    let (prefix, encounters) = match json.get_mut("encounters").map(Value::take) {
        Some(Value::Array(encounters)) => ("encounters", encounters),
        Some(_) => return Err(Unreadable::one("encounters", "not an array")),
        None => match json {
            Value::Array(encounters) => ("", encounters),
            one => ("", vec![one]),
        },
    };
    let (mut drafts, mut faults) = (Vec::with_capacity(encounters.len()), Vec::new());
    for (at, encounter) in encounters.into_iter().enumerate() {
        match serde_path_to_error::deserialize::<_, EncounterJson>(encounter) {
            Ok(encounter) => {
                let mut draft = encounter.into_draft(source);
                check::check(&mut draft);
                drafts.push(draft);
            }
            Err(error) => faults.push(fault(prefix, at, &error)),
        }
        if faults.len() == FAULTS_MAX {
            break;
        }
    }
    if faults.is_empty() { Ok(drafts) } else { Err(Unreadable { faults }) }
}

/// A fault with its path. The deserializer's words may hold a value; only those about fields and our own about codes are told.
fn fault(prefix: &str, at: usize, error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let words = error.inner().to_string();
    let tells_value = ["invalid type", "invalid value", "invalid length", "unknown variant", "invalid digit"];
    let what = match tells_value.iter().any(|start| words.starts_with(start)) {
        true => "not a value that this field takes".to_owned(),
        false => words.split(", expected").next().unwrap_or_default().to_owned(),
    };
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { format!(".{path}") };
    Fault { place: format!("{prefix}[{at}]{path}"), what }
}

/// A calendar date; jiff's own words about a wrong one would repeat it.
pub(super) fn a_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("not a date: YYYY-MM-DD"))
}

/// A birth date.
fn a_private_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Phi<Date>>, D::Error> {
    Ok(a_date(deserializer)?.map(Phi::new))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EncounterJson {
    id: String,
    #[serde(default, deserialize_with = "a_date")]
    service_date: Option<Date>,
    #[serde(default = "office")]
    place_of_service: PlaceOfService,
    location: Option<LocationJson>,
    #[serde(default, deserialize_with = "a_date")]
    admission_date: Option<Date>,
    #[serde(default, deserialize_with = "a_date")]
    discharge_date: Option<Date>,
    #[serde(default)]
    child: ChildJson,
    guardian: Option<AdultJson>,
    #[serde(default)]
    coverages: Vec<CoverageJson>,
    rendering: Option<PractitionerJson>,
    #[serde(default)]
    diagnoses: Vec<Icd10>,
    #[serde(default)]
    lines: Vec<LineJson>,
    #[serde(default)]
    epsdt_referrals: Vec<EpsdtReferral>,
    authorization: Option<Phi<String>>,
    #[serde(default)]
    answers: Answers,
}

fn office() -> PlaceOfService {
    PlaceOfService::OFFICE
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LocationJson {
    id: Option<String>,
    name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct ChildJson {
    id: Option<Phi<String>>,
    mrn: Option<Phi<String>>,
    family_name: Option<Phi<String>>,
    given_names: Option<Phi<String>>,
    #[serde(deserialize_with = "a_private_date")]
    birth_date: Option<Phi<Date>>,
    sex: Sex,
    address: Option<AddressJson>,
    phone: Option<Phi<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct AddressJson {
    lines: Vec<String>,
    city: String,
    state: String,
    zip: String,
}

impl AddressJson {
    fn facts(self) -> Phi<Address> {
        let AddressJson { lines, city, state, zip } = self;
        Phi::new(Address { lines, city, state, zip: zip.replace('-', "") })
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct AdultJson {
    id: Option<Phi<String>>,
    family_name: Option<Phi<String>>,
    given_names: Option<Phi<String>>,
    relationship: Option<String>,
    #[serde(deserialize_with = "a_private_date")]
    birth_date: Option<Phi<Date>>,
    phone: Option<Phi<String>>,
    email: Option<Phi<String>>,
    address: Option<AddressJson>,
}

impl AdultJson {
    fn facts(self) -> GuardianFacts {
        let AdultJson { id, family_name, given_names, relationship, birth_date, phone, email, address } = self;
        let address = address.map(AddressJson::facts);
        GuardianFacts { external_id: id, family_name, given_names, relationship, birth_date, phone, email, address }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct CoverageJson {
    payer_id: Option<String>,
    payer_name: Option<String>,
    plan_name: Option<String>,
    member_id: Option<Phi<String>>,
    group_number: Option<Phi<String>>,
    subscriber: Option<AdultJson>,
    #[serde(deserialize_with = "a_date")]
    valid_from: Option<Date>,
    #[serde(deserialize_with = "a_date")]
    valid_to: Option<Date>,
}

impl CoverageJson {
    fn facts(self) -> CoverageFacts {
        let CoverageJson { payer_id, payer_name, plan_name, member_id, group_number, subscriber, valid_from, valid_to } = self;
        let subscriber = subscriber.map(AdultJson::facts);
        CoverageFacts { payer_id, payer_name, plan_name, member_id, group_number, subscriber, valid_from, valid_to }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PractitionerJson {
    id: Option<String>,
    name: Option<Phi<String>>,
    npi: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineJson {
    code: ProcedureCode,
    #[serde(default)]
    modifiers: Vec<Modifier>,
    #[serde(default = "one")]
    units: std::num::NonZeroU32,
    charge: Option<Money>,
    #[serde(default = "first")]
    pointers: Vec<u8>,
    ndc: Option<NdcJson>,
    dose: Option<DoseJson>,
}

fn one() -> std::num::NonZeroU32 {
    std::num::NonZeroU32::MIN
}

fn first() -> Vec<u8> {
    vec![1]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NdcJson {
    ndc: Ndc,
    quantity: String,
    unit: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DoseJson {
    cvx: Cvx,
    lot: Option<String>,
    route: Option<Route>,
    counselled: Option<bool>,
    #[serde(default)]
    funding: Funding,
    eligibility: Option<VfcEligibility>,
}

impl LineJson {
    fn draft(self) -> LineDraft {
        let LineJson { code, modifiers, units, charge, pointers, ndc, dose } = self;
        let usual = vaccine::product(code, dose.as_ref().map(|dose| dose.cvx)).map_or(Route::Injection, |product| product.route);
        LineDraft {
            code,
            modifiers,
            units: units.get(),
            charge,
            pointers,
            ndc: ndc.map(|NdcJson { ndc, quantity, unit }| NdcQuantity { ndc, quantity, unit }),
            dose: dose.map(|DoseJson { cvx, lot, route, counselled, funding, eligibility }| DoseFacts {
                cvx,
                lot,
                route: route.unwrap_or(usual),
                counselled,
                funding,
                eligibility,
            }),
        }
    }
}

impl EncounterJson {
    fn into_draft(self, source: &str) -> EncounterDraft {
        let ChildJson { id, mrn, family_name, given_names, birth_date, sex, address, phone } = self.child;
        let mut draft = EncounterDraft::new(ExternalKey { source: source.to_owned(), id: self.id });
        let address = address.map(AddressJson::facts);
        draft.child = ChildFacts { external_id: id, mrn, family_name, given_names, birth_date, sex, address, phone };
        draft.guardian = self.guardian.map(AdultJson::facts);
        draft.coverages = self.coverages.into_iter().map(CoverageJson::facts).collect();
        draft.service_date = self.service_date;
        draft.place_of_service = self.place_of_service;
        draft.location = self.location.map(|LocationJson { id, name }| LocationFacts { external_id: id, name });
        draft.admission_date = self.admission_date;
        draft.discharge_date = self.discharge_date;
        draft.rendering =
            self.rendering.map(|PractitionerJson { id, name, npi }| PractitionerFacts { external_id: id, name, npi_as_sent: npi });
        draft.diagnoses = self.diagnoses;
        draft.lines = self.lines.into_iter().map(LineJson::draft).collect();
        draft.epsdt_referrals = self.epsdt_referrals;
        draft.authorization = self.authorization;
        draft.answers = self.answers;
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{IntakeReason, Verdict};
    use super::*;
    use serde_json::json;

    /// The example of the module's documentation.
    fn example() -> String {
        let source = include_str!("read_json.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let inside = source.skip_while(|line| !line.contains("```json")).skip(1).take_while(|line| !line.contains("```"));
        inside.collect::<Vec<_>>().join("\n")
    }

    fn faults(value: &Value) -> Vec<String> {
        read(value.to_string().as_bytes(), "emr").unwrap_err().faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_documented_example_is_a_billable_visit() {
        let drafts = read(example().as_bytes(), "emr").unwrap();
        let draft = &drafts[0];
        assert_eq!((drafts.len(), draft.verdict(), draft.issues.len()), (1, Verdict::Billable, 0));
        assert_eq!((draft.external.source.as_str(), draft.external.id.as_str()), ("emr", "V-1001"));
        assert_eq!((draft.lines[0].units, draft.lines[0].pointers.as_slice()), (1, [1].as_slice()));
        assert_eq!(draft.lines[1].ndc.as_ref().unwrap().ndc.as_str(), "00006468100");
        assert_eq!(draft.lines[3].charge.unwrap().to_string(), "40.00");
    }

    #[test]
    fn one_visit_an_array_and_an_object_of_visits_are_the_same() {
        let one: Value = serde_json::from_str(&example()).unwrap();
        for (value, count) in [(one.clone(), 1), (json!([one, one]), 2), (json!({"encounters": [one]}), 1), (json!([]), 0)] {
            assert_eq!(read(value.to_string().as_bytes(), "emr").unwrap().len(), count);
        }
    }

    #[test]
    fn every_faulty_visit_is_told_with_its_path_and_without_its_values() {
        let found = faults(&json!({"encounters": [
            {"id": "1", "child": {"birth_date": "5/1/2022"}},
            {"id": "2", "lines": [{"code": "99213"}, {"code": "hello"}]},
            {"id": "3", "child": {"famly_name": "Rivera"}},
            {"id": "4", "child": {"family_name": 7}},
            {"service_date": "2026-01-01"},
            {"id": "6", "child": {"sex": "Rivera"}},
            {"id": "7", "lines": [{"code": "99213", "units": 0}]},
        ]}));
        assert_eq!(
            found,
            [
                "encounters[0].child.birth_date: not a date: YYYY-MM-DD",
                "encounters[1].lines[1].code: not a procedure code: five letters or digits, at least one digit",
                "encounters[2].child.famly_name: unknown field `famly_name`",
                "encounters[3].child.family_name: not a value that this field takes",
                "encounters[4]: missing field `id`",
                "encounters[5].child.sex: not a value that this field takes",
                "encounters[6].lines[0].units: not a value that this field takes",
            ]
        );
    }

    #[test]
    fn what_is_missing_for_a_claim_is_an_issue_and_no_fault() {
        let draft = &read(b"{\"id\": \"1\"}", "emr").unwrap()[0];
        assert!(draft.issues.iter().any(|issue| issue.reason == IntakeReason::BirthDateMissing));
        assert_eq!(draft.verdict(), Verdict::Held);
    }

    #[test]
    fn no_more_faults_are_told_than_the_limit() {
        assert_eq!(faults(&Value::Array(vec![json!({}); 300])).len(), FAULTS_MAX);
    }

    proptest::proptest! {
        #[test]
        fn random_bytes_and_a_broken_example_never_panic(bytes: Vec<u8>, at: usize, byte: u8) {
            let _ = read(&bytes, "emr");
            let mut text = example().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            let _ = read(&text, "emr");
        }
    }
}
