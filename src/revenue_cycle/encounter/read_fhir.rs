//! FHIR R4 bundles: each `Encounter` becomes a draft, with what the bundle says about its patient, conditions, doses, procedures,
//! practitioner and coverage.
//!
//! * The date of service is the date as written in the timestamp's own offset.
//! * Visit codes: a CPT code on the encounter is taken as it is. A SNOMED CT type tells well visit or problem visit (`snomed`); the
//!   code then follows from the age and from whether the group saw the child before (`coding`, with the practice's defaults).
//! * Conditions: ICD-10-CM codings are taken, SNOMED CT ones are mapped. A condition counts when it names the encounter or the
//!   encounter names it; the problem list alone does not.
//! * Doses: completed and from a primary source. FHIR has no place for counselling: `education` proves it, otherwise it is the
//!   practice's statement ([`CodingOptions::counselled_at_visits`]), and the draft says so.
//! * Hospital, emergency and dental encounters are kept as not billable.
//!
//! Tolerant of any shape: what is missing or unknown becomes an issue of the draft. Only what is no JSON, no bundle or too large is
//! an error.

use jiff::civil::Date;
use serde_json::Value;

use super::check;
use super::coding::{self, CodingOptions, GivenDose, Visit, VisitKind};
use super::fhir_dose::{self, Given};
use super::fhir_people;
use super::fhir_resource::{Bundle, Resource, System, codings, date, first_code, shown, text};
use super::fhir_visit::{Facts, Kind, Setting, link};
use super::model::{EncounterDraft, ExternalKey, IntakeReason, LocationFacts, NotBillable};
use super::snomed::{self, Meaning, Role};
use super::unreadable::Unreadable;
use crate::pediatrics::immunization_administration::administers;
use crate::pediatrics::{Age, preventive, visits};
use crate::reference::vaccine::{self, Class};
use crate::reference::{Icd10, ProcedureCode};

/// Largest bundle that is read. The whole record of an adult with many illnesses is about 20 MiB; parsed JSON takes some ten times
/// its text in memory.
pub const BUNDLE_MAX: usize = 32 << 20;

/// Most encounters of a bundle: each is compared with the others for who is a new patient. A childhood has some hundred.
pub const ENCOUNTERS_MAX: usize = 5_000;

/// How a feed of bundles is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FhirOptions {
    /// The name of the feed: the source of the drafts' keys.
    pub source: String,
    /// How visits are coded.
    pub coding: CodingOptions,
}

/// Reads a bundle. `seen` tells the dates on which the group saw the child of an external id (`Patient.id`) before, from our own
/// records; the bundle's own earlier encounters with the same provider organization count as well (PED-02).
///
/// One draft an encounter, in the order of the bundle, and one for each dose that no encounter of the bundle explains.
///
/// # Errors
/// When the bytes are not a JSON bundle, more than [`BUNDLE_MAX`], or hold more than [`ENCOUNTERS_MAX`] encounters.
pub fn read(bytes: &[u8], options: &FhirOptions, seen: &dyn Fn(&str) -> Vec<Date>) -> Result<Vec<EncounterDraft>, Unreadable> {
    if bytes.len() > BUNDLE_MAX {
        return Err(Unreadable::too_large(bytes.len(), BUNDLE_MAX));
    }
    let json: Value = serde_json::from_slice(bytes).map_err(|error| Unreadable::not_json(&error))?;
    if json["resourceType"] != "Bundle" {
        return Err(Unreadable::one("resourceType", "not a Bundle"));
    }
    let bundle = Bundle::new(&json);
    let encounters: Vec<Facts> = bundle.of_kind("Encounter").map(|encounter| Facts::of(&bundle, encounter)).collect();
    if encounters.len() > ENCOUNTERS_MAX {
        return Err(Unreadable::one("entry", format!("{} encounters: at most {ENCOUNTERS_MAX} are read", encounters.len())));
    }
    let (linked, orphans) = link(&bundle, &encounters);

    let mut drafts: Vec<EncounterDraft> = encounters
        .iter()
        .enumerate()
        .map(|(at, facts)| {
            let mut known: Vec<Date> = encounters.iter().filter(|other| facts.remembers(other, &bundle)).filter_map(|f| f.day).collect();
            if let Some(id) = facts.patient.and_then(|patient| patient.value["id"].as_str()) {
                known.extend(seen(id));
            }
            draft(&bundle, facts, linked.get(&at).map_or(&[], Vec::as_slice), &known, options)
        })
        .collect();
    drafts.extend(orphans.into_iter().map(|dose| lone_dose(&bundle, dose, options)));
    Ok(drafts)
}

/// The draft of one encounter.
fn draft(bundle: &Bundle, facts: &Facts, linked: &[Resource], known: &[Date], options: &FhirOptions) -> EncounterDraft {
    let value = facts.resource.value;
    let mut draft = start(bundle, facts.resource, "Encounter", facts.patient, facts.day, options);
    draft.rendering = fhir_people::practitioner(bundle, value);
    draft.location = value["location"].as_array().and_then(|list| list.first()).map(|first| {
        let location = bundle.resolve(&first["location"]).map_or(&Value::Null, |location| location.value);
        LocationFacts { external_id: text(&location["id"]), name: text(&location["name"]).or_else(|| text(&first["location"]["display"])) }
    });
    let procedures = || linked.iter().filter(|resource| resource.kind == "Procedure" && resource.value["status"] == "completed");
    let dental = procedures().any(|p| codings(&p.value["code"]).any(|(_, code)| snomed::meaning(code) == Some(Meaning::Dental)));

    match (facts.setting, facts.kind) {
        (Setting::NotBilled(why), _) | (_, Some(Kind::NotBilled(why))) => draft.not_billable = Some(why),
        (_, Some(Kind::Visit(VisitKind::Problem))) if dental => draft.not_billable = Some(NotBillable::OtherService),
        (Setting::Seen(place), Some(Kind::Visit(kind))) => {
            draft.place_of_service = place;
            let conditions = conditions(linked, &mut draft);
            let doses = doses(linked, kind, options, &mut draft);
            let services = procedures().filter_map(|procedure| service(procedure, &mut draft)).collect();
            if let (Some(birth), Some(day)) = (&draft.child.birth_date, facts.day)
                && let Ok(age) = Age::at(*birth.reveal(), day)
            {
                let status = preventive::patient_status(known.iter().copied(), day);
                let visit = Visit { age, status, kind, conditions, doses, services };
                coding::code(&visit, &options.coding, &mut draft);
            }
        }
        _ => {
            let types: Vec<&str> = codings(&value["type"]).map(|(_, code)| shown(code)).collect();
            let class = value["class"]["code"].as_str().map_or("none", shown);
            let place = format!("Encounter at entry {}, class {class}, type {}", facts.resource.entry, types.join(" "));
            draft.note(IntakeReason::EncounterTypeUnknown, place);
        }
    }
    check::check(&mut draft);
    draft
}

/// A draft with its key, its child and its coverages.
fn start(
    bundle: &Bundle,
    resource: Resource,
    kind: &str,
    patient: Option<Resource>,
    day: Option<Date>,
    options: &FhirOptions,
) -> EncounterDraft {
    let id = text(&resource.value["id"]);
    let key =
        ExternalKey { source: options.source.clone(), id: id.clone().unwrap_or_else(|| format!("{kind} at entry {}", resource.entry)) };
    let mut draft = EncounterDraft::new(key);
    if id.is_none() {
        draft.note(IntakeReason::ExternalIdMissing, format!("{kind} at entry {}", resource.entry));
    }
    draft.service_date = day;
    match patient {
        Some(patient) => {
            draft.child = fhir_people::child(patient.value);
            draft.guardian = fhir_people::guardian(bundle, patient);
            draft.coverages = fhir_people::coverages(bundle, patient, day);
        }
        None => draft.note(IntakeReason::PatientMissing, format!("{kind} at entry {}", resource.entry)),
    }
    draft
}

/// What the child had: mapped, each once, in the order in which the encounter names them. The routine examination and immunization
/// codes are left out: they are computed.
fn conditions(linked: &[Resource], draft: &mut EncounterDraft) -> Vec<(Icd10, Role)> {
    let mut found: Vec<(Icd10, Role)> = Vec::new();
    for condition in linked.iter().filter(|resource| resource.kind == "Condition") {
        if matches!(first_code(&condition.value["verificationStatus"]), Some("refuted" | "entered-in-error")) {
            continue;
        }
        let mut known = None;
        let mut no_diagnosis = false;
        for (system, code) in codings(&condition.value["code"]) {
            match (system, snomed::meaning(code)) {
                (System::Snomed, Some(Meaning::Condition(icd, role))) => known = known.map(|(sent, _)| (sent, role)).or(Some((icd, role))),
                (System::Snomed, Some(Meaning::NoDiagnosis)) => no_diagnosis = true,
                (System::Icd10, _) => {
                    if let Ok(icd) = Icd10::parse(code) {
                        known = Some((icd, known.map_or(Role::Finding, |(_, role)| role)));
                    }
                }
                _ => {}
            }
        }
        match known {
            Some((icd, _)) if icd.is_within("Z00") || icd == preventive::Z23 => {}
            Some((icd, role)) if !found.iter().any(|(other, _)| *other == icd) => found.push((icd, role)),
            Some(_) => {}
            None if no_diagnosis => {}
            None => {
                let code = first_code(&condition.value["code"]).map_or("none", shown);
                draft.note(IntakeReason::DiagnosisUnmapped, format!("Condition at entry {}, code {code}", condition.entry));
            }
        }
    }
    found
}

/// The doses of a visit, with what must be assumed about counselling.
fn doses(linked: &[Resource], kind: VisitKind, options: &FhirOptions, draft: &mut EncounterDraft) -> Vec<GivenDose> {
    let by_professional = kind != VisitKind::DosesOnly;
    let mut found = Vec::new();
    let mut assumed = false;
    for immunization in linked.iter().filter(|resource| resource.kind == "Immunization") {
        match fhir_dose::dose(immunization.value) {
            Ok(Given { mut dose, counselling_documented }) => {
                if !counselling_documented && by_professional && options.coding.counselled_at_visits {
                    dose.facts.counselled = Some(true);
                    assumed |= matches!(dose.product.class, Class::Vaccine | Class::RsvAntibody);
                }
                found.push(dose);
            }
            Err(reason) => {
                let code = first_code(&immunization.value["vaccineCode"]).map_or("none", shown);
                draft.note(reason, format!("Immunization at entry {}, code {code}", immunization.entry));
            }
        }
    }
    if assumed {
        draft.note(IntakeReason::CounsellingAssumed, "visit");
    }
    found
}

/// The charge of a procedure. Visits, vaccines and their administration are computed and not taken from here.
fn service(procedure: &Resource, draft: &mut EncounterDraft) -> Option<(ProcedureCode, u32)> {
    let code = &procedure.value["code"];
    let sent = codings(code).filter(|(system, _)| *system == System::Cpt).find_map(|(_, code)| ProcedureCode::parse(code).ok());
    if let Some(sent) = sent {
        let computed = visits::visit(sent).is_some() || administers(sent).is_some() || vaccine::product(sent, None).is_some();
        return (!computed && sent.number() != Some(90461)).then_some((sent, 1));
    }
    let free = |(system, concept): (System, &str)| {
        system == System::Snomed && matches!(snomed::meaning(concept), Some(Meaning::NoCharge | Meaning::Dental | Meaning::Visit(_)))
    };
    if !codings(code).any(free) {
        let shown = first_code(code).map_or("none", shown);
        draft.note(IntakeReason::ProcedureUnmapped, format!("Procedure at entry {}, code {shown}", procedure.entry));
    }
    None
}

/// A draft that holds a dose which no encounter explains, so that it is not lost.
fn lone_dose(bundle: &Bundle, dose: Resource, options: &FhirOptions) -> EncounterDraft {
    let patient = bundle.resolve(&dose.value["patient"]).filter(|patient| patient.kind == "Patient");
    let mut draft = start(bundle, dose, "Immunization", patient, date(&dose.value["occurrenceDateTime"]), options);
    let code = first_code(&dose.value["vaccineCode"]).map_or("none", shown);
    draft.note(IntakeReason::DoseWithoutVisit, format!("Immunization at entry {}, code {code}", dose.entry));
    draft
}

#[cfg(test)]
mod tests {
    use super::super::model::{LineDraft, Verdict};
    use super::*;
    use serde_json::json;

    const SNOMED: &str = "http://snomed.info/sct";

    fn options() -> FhirOptions {
        FhirOptions { source: "fhir".to_owned(), coding: CodingOptions::default() }
    }

    fn patient() -> Value {
        json!({
            "resourceType": "Patient", "id": "p1", "birthDate": "2020-03-02", "gender": "female",
            "name": [{"use": "official", "family": "Rivera", "given": ["Ana", "Luz"]}],
            "address": [{"line": ["1 Elm St"], "city": "Houston", "state": "Texas", "postalCode": "77001-1234"}],
        })
    }

    fn doctor() -> Value {
        json!({
            "resourceType": "Practitioner", "id": "d1", "name": [{"family": "Wilson", "given": ["Sarah"]}],
            "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}],
        })
    }

    fn encounter(id: &str, class: &str, kind: &str, start: &str) -> Value {
        json!({
            "resourceType": "Encounter", "id": id, "status": "finished", "class": {"code": class},
            "type": [{"coding": [{"system": SNOMED, "code": kind}]}],
            "subject": {"reference": "Patient/p1"}, "period": {"start": start},
            "participant": [{"individual": {"reference": "Practitioner/d1"}}],
        })
    }

    fn condition(encounter: &str, concept: &str) -> Value {
        json!({
            "resourceType": "Condition", "encounter": {"reference": format!("Encounter/{encounter}")},
            "code": {"coding": [{"system": SNOMED, "code": concept, "display": "shown nowhere"}]},
        })
    }

    fn dose(encounter: Option<&str>, cvx: &str, day: &str) -> Value {
        let mut dose = json!({
            "resourceType": "Immunization", "status": "completed", "occurrenceDateTime": day, "patient": {"reference": "Patient/p1"},
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": cvx}]},
        });
        if let Some(encounter) = encounter {
            dose["encounter"] = json!({"reference": format!("Encounter/{encounter}")});
        }
        dose
    }

    fn drafts(resources: Vec<Value>) -> Vec<EncounterDraft> {
        let entries: Vec<Value> = resources.into_iter().map(|resource| json!({"resource": resource})).collect();
        let bundle = json!({"resourceType": "Bundle", "entry": entries});
        read(bundle.to_string().as_bytes(), &options(), &|_| Vec::new()).unwrap()
    }

    fn codes(draft: &EncounterDraft) -> Vec<String> {
        let line = |line: &LineDraft| {
            let modifiers: String = line.modifiers.iter().map(|modifier| format!("-{modifier}")).collect();
            format!("{}{modifiers}x{}", line.code, line.units)
        };
        draft.lines.iter().map(line).collect()
    }

    fn reasons(draft: &EncounterDraft) -> Vec<IntakeReason> {
        draft.issues.iter().map(|issue| issue.reason).collect()
    }

    #[test]
    fn a_well_visit_with_vaccines_becomes_a_billable_draft() {
        let found = drafts(vec![
            patient(),
            doctor(),
            encounter("e1", "AMB", "162673000", "2026-03-02T23:30:00-06:00"),
            dose(Some("e1"), "94", "2026-03-02"),
            dose(Some("e1"), "130", "2026-03-02"),
        ]);
        let draft = &found[0];
        assert_eq!(draft.verdict(), Verdict::Billable);
        assert_eq!(draft.service_date, Some(jiff::civil::date(2026, 3, 2)));
        assert_eq!(draft.diagnoses.iter().map(Icd10::as_str).collect::<Vec<_>>(), ["Z00129", "Z23"]);
        assert_eq!(codes(draft), ["99383-25x1", "90710x1", "90696x1", "90460x2", "90461x6"]);
        assert!(reasons(draft).contains(&IntakeReason::CounsellingAssumed));
        assert_eq!(draft.child.address.as_ref().unwrap().reveal().state, "TX");
        assert_eq!(draft.rendering.as_ref().unwrap().npi().unwrap().to_string(), "1234567893");
    }

    #[test]
    fn ped_02_an_earlier_visit_of_the_bundle_or_of_our_records_makes_the_patient_established() {
        let resources = vec![
            patient(),
            doctor(),
            encounter("e1", "AMB", "162673000", "2025-03-02"),
            encounter("e2", "AMB", "185345009", "2026-03-02"),
            condition("e2", "65363002"),
        ];
        let found = drafts(resources.clone());
        assert_eq!((codes(&found[0]), codes(&found[1])), (vec!["99383x1".to_owned()], vec!["99213x1".to_owned()]));
        let entries: Vec<Value> = resources.into_iter().map(|resource| json!({"resource": resource})).collect();
        let bundle = json!({"resourceType": "Bundle", "entry": entries}).to_string();
        let seen = |id: &str| if id == "p1" { vec![jiff::civil::date(2024, 1, 1)] } else { Vec::new() };
        assert_eq!(codes(&read(bundle.as_bytes(), &options(), &seen).unwrap()[0]), ["99393x1"]);
    }

    #[test]
    fn an_emergency_visit_and_a_dentists_visit_are_not_billable() {
        let dental = json!({
            "resourceType": "Procedure", "status": "completed", "encounter": {"reference": "Encounter/e2"},
            "code": {"coding": [{"system": SNOMED, "code": "34043003"}]},
        });
        let found = drafts(vec![
            patient(),
            doctor(),
            encounter("e1", "EMER", "50849002", "2026-03-02"),
            encounter("e2", "AMB", "185349003", "2026-03-03"),
            dental,
        ]);
        assert_eq!(found[0].verdict(), Verdict::NotBillable(NotBillable::Emergency));
        assert_eq!(found[1].verdict(), Verdict::NotBillable(NotBillable::OtherService));
    }

    #[test]
    fn what_the_map_does_not_know_holds_the_visit_and_shows_no_text() {
        let found = drafts(vec![
            patient(),
            doctor(),
            encounter("e1", "AMB", "162673000", "2026-03-02"),
            condition("e1", "1234567"),
            dose(Some("e1"), "999", "2026-03-02"),
        ]);
        assert_eq!(found[0].verdict(), Verdict::Held);
        let messages: Vec<String> = found[0].issues.iter().map(|issue| issue.message()).collect();
        assert!(messages.iter().any(|message| message.contains("1234567")) && messages.iter().any(|message| message.contains("999")));
        assert!(!messages.join(" ").contains("shown nowhere"));
    }

    #[test]
    fn a_visit_of_an_unknown_kind_is_held() {
        let found =
            drafts(vec![patient(), doctor(), encounter("e1", "AMB", "77", "2026-03-02"), encounter("e2", "XX", "162673000", "2026-03-02")]);
        for draft in &found {
            assert!(reasons(draft).contains(&IntakeReason::EncounterTypeUnknown) && draft.verdict() == Verdict::Held);
        }
    }

    #[test]
    fn a_problem_visit_without_a_diagnosis_is_held() {
        let found = drafts(vec![patient(), doctor(), encounter("e1", "AMB", "185345009", "2026-03-02")]);
        assert!(reasons(&found[0]).contains(&IntakeReason::DiagnosisMissing));
    }

    #[test]
    fn a_visit_code_that_the_source_sends_is_taken() {
        let mut visit = encounter("e1", "AMB", "185345009", "2026-03-02");
        visit["type"][0]["coding"][0] = json!({"system": "http://www.ama-assn.org/go/cpt", "code": "99214"});
        let mut sick = condition("e1", "x");
        sick["code"]["coding"][0] = json!({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "J45.901"});
        let found = drafts(vec![patient(), doctor(), visit, sick]);
        assert_eq!((codes(&found[0]), found[0].verdict()), (vec!["99214x1".to_owned()], Verdict::Billable));
        assert!(!reasons(&found[0]).contains(&IntakeReason::LevelAssumed));
    }

    #[test]
    fn a_dose_without_encounter_joins_the_only_visit_of_the_day_and_is_never_lost() {
        let found = drafts(vec![
            patient(),
            doctor(),
            encounter("e1", "AMB", "162673000", "2026-03-02"),
            dose(None, "21", "2026-03-02"),
            dose(None, "21", "2026-06-02"),
        ]);
        assert!(codes(&found[0]).contains(&"90716x1".to_owned()));
        assert_eq!(found.len(), 2);
        assert!(reasons(&found[1]).contains(&IntakeReason::DoseWithoutVisit) && found[1].verdict() == Verdict::Held);
    }

    #[test]
    fn an_encounter_without_anything_is_held_and_says_all_that_is_missing() {
        let found = drafts(vec![json!({"resourceType": "Encounter"})]);
        let reasons = reasons(&found[0]);
        for reason in [IntakeReason::ExternalIdMissing, IntakeReason::PatientMissing, IntakeReason::ServiceDateMissing] {
            assert!(reasons.contains(&reason), "{reason:?}");
        }
    }

    #[test]
    fn what_is_no_bundle_is_an_error_with_its_place() {
        let error = |text: &str| read(text.as_bytes(), &options(), &|_| Vec::new()).unwrap_err().to_string();
        assert_eq!(error("{\"resourceType\": \"Patient\"}"), "resourceType: not a Bundle");
        assert_eq!(error("{\"a\": "), "line 1, character 6: the JSON ends too early");
        assert_eq!(error("[]"), "resourceType: not a Bundle");
        let many = format!(
            "{{\"resourceType\":\"Bundle\",\"entry\":[{}]}}",
            vec!["{\"resource\":{\"resourceType\":\"Encounter\"}}"; 5_001].join(",")
        );
        assert_eq!(error(&many), "entry: 5001 encounters: at most 5000 are read");
    }

    proptest::proptest! {
        #[test]
        fn random_bytes_and_random_shapes_never_panic(bytes: Vec<u8>, at in 0_usize..2000, byte: u8) {
            let _ = read(&bytes, &options(), &|_| Vec::new());
            let entries = [patient(), doctor(), encounter("e1", "AMB", "162673000", "2026-03-02"), dose(Some("e1"), "94", "2026-03-02")];
            let entries: Vec<Value> = entries.into_iter().map(|resource| json!({"resource": resource})).collect();
            let mut text = json!({"resourceType": "Bundle", "entry": entries}).to_string().into_bytes();
            let at = at % text.len();
            text[at] = byte;
            let _ = read(&text, &options(), &|_| Vec::new());
        }
    }
}
