//! Looking into FHIR R4 resources of any shape: what is not there, or not of the expected kind, is `None`. Nothing here fails.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::Value;

use super::model::{Address, Sex};
use crate::platform::phi::Phi;
use crate::reference::us_state;

/// One resource of a bundle.
#[derive(Clone, Copy)]
pub(super) struct Resource<'a> {
    /// Its type: `Encounter`.
    pub kind: &'a str,
    /// Its position among the entries of the bundle: what issues call it, since an id may be a record number.
    pub entry: usize,
    /// Its fields.
    pub value: &'a Value,
}

/// The resources of a bundle, by type and by what references call them.
pub(super) struct Bundle<'a> {
    resources: Vec<Resource<'a>>,
    by_reference: HashMap<String, usize>,
}

impl<'a> Bundle<'a> {
    /// The resources in the entries of a bundle.
    pub fn new(bundle: &'a Value) -> Bundle<'a> {
        let (mut resources, mut by_reference) = (Vec::new(), HashMap::new());
        for (entry, holder) in bundle["entry"].as_array().into_iter().flatten().enumerate() {
            let value = &holder["resource"];
            let Some(kind) = value["resourceType"].as_str() else { continue };
            let at = resources.len();
            resources.push(Resource { kind, entry, value });
            if let Some(url) = holder["fullUrl"].as_str() {
                by_reference.insert(url.to_owned(), at);
            }
            if let Some(id) = value["id"].as_str() {
                by_reference.insert(format!("{kind}/{id}"), at);
                by_reference.entry(format!("urn:uuid:{id}")).or_insert(at);
            }
        }
        Bundle { resources, by_reference }
    }

    /// Every resource of a type, in the order of the bundle.
    pub fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = Resource<'a>> {
        self.resources.iter().filter(move |resource| resource.kind == kind).copied()
    }

    /// The resource that a `Reference` points to, if it came along.
    pub fn resolve(&self, reference: &Value) -> Option<Resource<'a>> {
        self.by_reference.get(reference["reference"].as_str()?).map(|&at| self.resources[at])
    }

    /// Whether two references mean the same, by what they resolve to or by their text.
    pub fn same(&self, a: &Value, b: &Value) -> bool {
        match (self.resolve(a), self.resolve(b)) {
            (Some(a), Some(b)) => a.entry == b.entry,
            _ => a["reference"].is_string() && a["reference"] == b["reference"],
        }
    }
}

/// Which code system a coding is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    Snomed,
    Icd10,
    Cpt,
    Cvx,
    Ndc,
    Other,
}

/// The systems that we read, by the addresses and object identifiers that FHIR gives them. HCPCS codes are procedure codes as CPT's.
const SYSTEMS: &[(&str, System)] = &[
    ("http://snomed.info/sct", System::Snomed),
    ("http://hl7.org/fhir/sid/icd-10-cm", System::Icd10),
    ("urn:oid:2.16.840.1.113883.6.90", System::Icd10),
    ("http://www.ama-assn.org/go/cpt", System::Cpt),
    ("urn:oid:2.16.840.1.113883.6.12", System::Cpt),
    ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", System::Cpt),
    ("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", System::Cpt),
    ("urn:oid:2.16.840.1.113883.6.285", System::Cpt),
    ("http://hl7.org/fhir/sid/cvx", System::Cvx),
    ("urn:oid:2.16.840.1.113883.12.292", System::Cvx),
    ("http://hl7.org/fhir/sid/ndc", System::Ndc),
    ("urn:oid:2.16.840.1.113883.6.69", System::Ndc),
];

/// The codings of a `CodeableConcept`, or of a list of them, as system and code.
pub(super) fn codings(concept: &Value) -> impl Iterator<Item = (System, &str)> {
    let concepts = concept.as_array().map_or(std::slice::from_ref(concept), Vec::as_slice);
    concepts.iter().filter_map(|concept| concept["coding"].as_array()).flatten().filter_map(|coding| {
        let system = coding["system"].as_str().unwrap_or_default();
        let system = SYSTEMS.iter().find(|(known, _)| *known == system).map_or(System::Other, |(_, system)| *system);
        Some((system, coding["code"].as_str()?))
    })
}

/// The first code of a `CodeableConcept`, whatever its system: for FHIR's own status lists.
pub(super) fn first_code(concept: &Value) -> Option<&str> {
    codings(concept).next().map(|(_, code)| code)
}

/// A code as an issue may show it: codes are short and plain; anything else may be free text and is not shown.
pub(super) fn shown(code: &str) -> &str {
    if code.len() <= 20 && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-') { code } else { "?" }
}

/// A text field that has something in it.
pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text field about a person.
pub(super) fn phi(value: &Value) -> Option<Phi<String>> {
    text(value).map(Phi::from)
}

/// The calendar date of a `date`, `dateTime` or `instant`, as written in its own offset; a partial date is none.
pub(super) fn date(value: &Value) -> Option<Date> {
    let (day, rest) = value.as_str()?.split_at_checked(10)?;
    (rest.is_empty() || rest.starts_with('T')).then(|| day.parse().ok())?
}

/// Family and given names of a `HumanName`, or of the official or first one of a list.
pub(super) fn name(value: &Value) -> (Option<Phi<String>>, Option<Phi<String>>) {
    let name = chosen(value, "official");
    let given: Vec<&str> = name["given"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    (phi(&name["family"]), Some(given.join(" ")).filter(|given| !given.trim().is_empty()).map(Phi::from))
}

/// The address of a person or place: the home address or the first one of a list.
pub(super) fn address(value: &Value) -> Option<Phi<Address>> {
    let address = chosen(value, "home");
    let field = |name: &str| text(&address[name]).unwrap_or_default();
    let lines: Vec<String> = address["line"].as_array().into_iter().flatten().filter_map(text).collect();
    let (city, state, zip) = (field("city"), field("state"), field("postalCode"));
    if lines.is_empty() && city.is_empty() && zip.is_empty() {
        return None;
    }
    let state = us_state::abbreviation(&state).map_or(state, str::to_owned);
    Some(Phi::new(Address { lines, city, state, zip: zip.replace('-', "") }))
}

/// A telephone number or e-mail address out of a list of contact points.
pub(super) fn telecom(value: &Value, system: &str) -> Option<Phi<String>> {
    value.as_array()?.iter().find(|point| point["system"] == system).and_then(|point| phi(&point["value"]))
}

/// The value of an identifier whose system is `name` or whose type is coded so.
pub(super) fn identifier(value: &Value, name: &str) -> Option<String> {
    let named = |identifier: &&Value| identifier["system"] == name || codings(&identifier["type"]).any(|(_, code)| code == name);
    value.as_array()?.iter().find(named).and_then(|identifier| text(&identifier["value"]))
}

/// The administrative sex of a patient.
pub(super) fn sex(value: &Value) -> Sex {
    match value.as_str() {
        Some("female") => Sex::Female,
        Some("male") => Sex::Male,
        _ => Sex::Unknown,
    }
}

/// One of a list by its `use`, else its first; the value itself when it is no list.
fn chosen<'a>(value: &'a Value, wanted: &str) -> &'a Value {
    match value.as_array() {
        Some(list) => list.iter().find(|one| one["use"] == wanted).or_else(|| list.first()).unwrap_or(&Value::Null),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_date_of_service_is_the_date_as_written() {
        assert_eq!(date(&json!("2026-07-25T01:10:41.5-05:00")), Some(jiff::civil::date(2026, 7, 25)));
        assert_eq!(date(&json!("2026-07-25")), Some(jiff::civil::date(2026, 7, 25)));
        for value in [json!("2026-07"), json!("2026-02-30"), json!("2026-07-25x"), json!(20_260_725), json!(null), json!("2026-07-2é")] {
            assert_eq!(date(&value), None, "{value}");
        }
    }

    #[test]
    fn codings_are_found_in_one_concept_and_in_a_list_of_them() {
        let one = json!({"coding": [{"system": "http://snomed.info/sct", "code": "1"}, {"code": "2"}, {"system": "x"}]});
        assert_eq!(codings(&one).collect::<Vec<_>>(), [(System::Snomed, "1"), (System::Other, "2")]);
        assert_eq!(codings(&json!([one])).count(), 2);
        assert_eq!(codings(&json!("text")).count(), 0);
    }

    #[test]
    fn a_reference_finds_its_resource_by_any_of_its_names() {
        let bundle = json!({"entry": [
            {"fullUrl": "https://x/Patient/7", "resource": {"resourceType": "Patient", "id": "7"}},
            {"resource": "nonsense"},
        ]});
        let bundle = Bundle::new(&bundle);
        for name in ["https://x/Patient/7", "Patient/7", "urn:uuid:7"] {
            assert!(bundle.resolve(&json!({"reference": name})).is_some(), "{name}");
        }
        assert!(bundle.resolve(&json!({"reference": "Patient/8"})).is_none());
    }

    #[test]
    fn only_plain_short_codes_are_shown() {
        assert_eq!((shown("65363002"), shown("Maria Rivera"), shown("Z00.129")), ("65363002", "?", "Z00.129"));
    }
}
