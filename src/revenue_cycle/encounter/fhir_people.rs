//! The people and coverages of a FHIR bundle as facts of a draft.

use jiff::civil::Date;
use serde_json::Value;

use super::fhir_resource::{Bundle, Resource, address, codings, date, first_code, identifier, name, phi, sex, telecom, text};
use super::model::{ChildFacts, CoverageFacts, GuardianFacts, PractitionerFacts};
use crate::platform::phi::Phi;

/// The system of NPIs among identifiers.
const NPI_SYSTEM: &str = "http://hl7.org/fhir/sid/us-npi";

/// A `Patient` as the child.
pub(super) fn child(patient: &Value) -> ChildFacts {
    let (family_name, given_names) = name(&patient["name"]);
    ChildFacts {
        external_id: phi(&patient["id"]),
        mrn: identifier(&patient["identifier"], "MR").map(Phi::from),
        family_name,
        given_names,
        birth_date: date(&patient["birthDate"]).map(Phi::new),
        sex: sex(&patient["gender"]),
        address: address(&patient["address"]),
        phone: telecom(&patient["telecom"], "phone"),
    }
}

/// The adult who answers for a child: the first contact of the patient with a name, else the first related person.
pub(super) fn guardian(bundle: &Bundle, patient: Resource) -> Option<GuardianFacts> {
    let contacts = patient.value["contact"].as_array().into_iter().flatten();
    let contact = contacts.map(person).find(|contact| contact.family_name.is_some());
    contact.or_else(|| {
        let related = |person: &Resource| bundle.resolve(&person.value["patient"]).is_some_and(|child| child.entry == patient.entry);
        bundle.of_kind("RelatedPerson").find(related).map(|related| person(related.value))
    })
}

/// A contact, a related person or a policy holder.
fn person(value: &Value) -> GuardianFacts {
    let (family_name, given_names) = name(&value["name"]);
    GuardianFacts {
        external_id: None,
        family_name,
        given_names,
        relationship: codings(&value["relationship"]).next().map(|(_, code)| code.to_owned()),
        birth_date: date(&value["birthDate"]).map(Phi::new),
        phone: telecom(&value["telecom"], "phone"),
        email: telecom(&value["telecom"], "email"),
        address: address(&value["address"]),
    }
}

/// Who rendered the services: the primary performer, else the first participant who is a practitioner.
pub(super) fn practitioner(bundle: &Bundle, encounter: &Value) -> Option<PractitionerFacts> {
    let participants = encounter["participant"].as_array()?;
    let primary = participants.iter().find(|participant| codings(&participant["type"]).any(|(_, code)| code == "PPRF"));
    primary.into_iter().chain(participants).find_map(|participant| practitioner_of(bundle, &participant["individual"]))
}

/// The practitioner that a reference names: by resource, by role, by a conditional reference with the NPI, or by display alone.
fn practitioner_of(bundle: &Bundle, reference: &Value) -> Option<PractitionerFacts> {
    match bundle.resolve(reference) {
        Some(found) if found.kind == "Practitioner" => {
            let (family, given) = name(&found.value["name"]);
            let parts = [given, family].into_iter().flatten().map(Phi::into_inner).collect::<Vec<_>>();
            Some(PractitionerFacts {
                external_id: text(&found.value["id"]),
                name: Some(parts.join(" ")).filter(|name| !name.is_empty()).map(Phi::from),
                npi_as_sent: identifier(&found.value["identifier"], NPI_SYSTEM).or_else(|| identifier(&found.value["identifier"], "NPI")),
            })
        }
        Some(found) if found.kind == "PractitionerRole" => {
            let practitioner = &found.value["practitioner"];
            let is_practitioner = bundle.resolve(practitioner).is_none_or(|target| target.kind == "Practitioner");
            if is_practitioner { practitioner_of(bundle, practitioner) } else { None }
        }
        Some(_) => None,
        None => {
            let conditional = reference["reference"].as_str().and_then(|text| text.split_once(&format!("{NPI_SYSTEM}|")));
            let name = phi(&reference["display"]);
            let npi_as_sent = conditional.map(|(_, npi)| npi.to_owned());
            (name.is_some() || npi_as_sent.is_some()).then_some(PractitionerFacts { external_id: None, name, npi_as_sent })
        }
    }
}

/// The child's coverages in force on a day, by their order. One that the patient pays is no coverage.
pub(super) fn coverages(bundle: &Bundle, patient: Resource, day: Option<Date>) -> Vec<CoverageFacts> {
    let is_childs = |reference: &Value| bundle.resolve(reference).is_some_and(|who| who.entry == patient.entry);
    let mut found: Vec<(u64, CoverageFacts)> = bundle
        .of_kind("Coverage")
        .map(|coverage| coverage.value)
        .filter(|coverage| is_childs(&coverage["beneficiary"]))
        .filter(|coverage| !matches!(coverage["status"].as_str(), Some("cancelled" | "entered-in-error" | "draft")))
        .filter(|coverage| coverage["payor"].as_array().is_none_or(|payors| !payors.iter().any(is_childs)))
        .map(|coverage| (coverage["order"].as_u64().unwrap_or(u64::MAX), facts(bundle, coverage, &is_childs)))
        .filter(|(_, facts)| in_force(facts, day))
        .collect();
    found.sort_by_key(|(order, _)| *order);
    found.into_iter().map(|(_, facts)| facts).collect()
}

fn in_force(coverage: &CoverageFacts, day: Option<Date>) -> bool {
    day.is_none_or(|day| coverage.valid_from.is_none_or(|from| from <= day) && coverage.valid_to.is_none_or(|to| day <= to))
}

fn facts(bundle: &Bundle, coverage: &Value, is_childs: &dyn Fn(&Value) -> bool) -> CoverageFacts {
    let payor = &coverage["payor"][0];
    let organization = bundle.resolve(payor).map_or(&Value::Null, |payer| payer.value);
    let class = |wanted: &str| coverage["class"].as_array().into_iter().flatten().find(|class| first_code(&class["type"]) == Some(wanted));
    let subscriber = &coverage["subscriber"];
    CoverageFacts {
        payer_id: organization["identifier"].as_array().and_then(|list| list.first()).and_then(|first| text(&first["value"])),
        payer_name: text(&organization["name"]).or_else(|| text(&payor["display"])),
        plan_name: class("plan").and_then(|plan| text(&plan["name"]).or_else(|| text(&plan["value"]))),
        member_id: phi(&coverage["subscriberId"]).or_else(|| identifier(&coverage["identifier"], "MB").map(Phi::from)),
        group_number: class("group").and_then(|group| phi(&group["value"])),
        subscriber: bundle.resolve(subscriber).filter(|_| !is_childs(subscriber)).map(|holder| person(holder.value)),
        valid_from: date(&coverage["period"]["start"]),
        valid_to: date(&coverage["period"]["end"]),
    }
}
