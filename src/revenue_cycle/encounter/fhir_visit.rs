//! What a FHIR `Encounter` says of itself (who, when, where, what kind of visit), and which resources of its bundle belong to it.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use serde_json::Value;

use super::coding::VisitKind;
use super::fhir_dose;
use super::fhir_resource::{Bundle, Resource, System, codings, date, first_code};
use super::model::NotBillable;
use super::snomed::{self, Meaning, VisitMeaning};
use crate::pediatrics::visits;
use crate::reference::{PlaceOfService, ProcedureCode};

/// What an encounter says of itself.
pub(super) struct Facts<'a> {
    /// The encounter.
    pub resource: Resource<'a>,
    /// Its patient, if sent with it.
    pub patient: Option<Resource<'a>>,
    /// The date of service.
    pub day: Option<Date>,
    /// Where it happened.
    pub setting: Setting,
    /// What its type says; `None`: nothing that we know.
    pub kind: Option<Kind>,
}

/// Where an encounter happened, as its class tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// The child was seen at a place of service that a practice bills for.
    Seen(PlaceOfService),
    /// Somebody else bills it, or nobody.
    NotBilled(NotBillable),
    /// Neither class nor status say.
    Unknown,
}

/// What an encounter's type means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A visit.
    Visit(VisitKind),
    /// Something that a practice does not bill.
    NotBilled(NotBillable),
}

impl<'a> Facts<'a> {
    /// Reads an encounter.
    pub fn of(bundle: &Bundle<'a>, resource: Resource<'a>) -> Facts<'a> {
        let value = resource.value;
        let patient = bundle.resolve(&value["subject"]).filter(|subject| subject.kind == "Patient");
        Facts { resource, patient, day: date(&value["period"]["start"]), setting: setting(value), kind: kind(value) }
    }

    fn is_visit(&self) -> bool {
        matches!((self.setting, self.kind), (Setting::Seen(_), Some(Kind::Visit(kind))) if kind != VisitKind::DosesOnly)
    }

    /// Whether `other` is a visit of the same child to the same group: all providers of a bundle that names none are one group.
    pub fn remembers(&self, other: &Facts<'a>, bundle: &Bundle<'a>) -> bool {
        let (mine, theirs) = (&self.resource.value["serviceProvider"], &other.resource.value["serviceProvider"]);
        let same_child = self.patient.zip(other.patient).is_some_and(|(a, b)| a.entry == b.entry);
        other.is_visit() && same_child && (mine.is_null() || theirs.is_null() || bundle.same(mine, theirs))
    }
}

/// The class of an encounter (a `Coding` in R4) and its status.
fn setting(encounter: &Value) -> Setting {
    match encounter["status"].as_str() {
        Some("finished" | "completed" | "discharged") => {}
        Some(
            "planned" | "arrived" | "triaged" | "in-progress" | "onleave" | "on-hold" | "cancelled" | "entered-in-error" | "discontinued",
        ) => {
            return Setting::NotBilled(NotBillable::NotFinished);
        }
        _ => return Setting::Unknown,
    }
    match encounter["class"]["code"].as_str().or_else(|| first_code(&encounter["class"])) {
        Some("AMB") => Setting::Seen(PlaceOfService::OFFICE),
        Some("HH") => Setting::Seen(PlaceOfService::HOME),
        Some("VR") => Setting::Seen(PlaceOfService::TELEHEALTH_HOME),
        Some("EMER") => Setting::NotBilled(NotBillable::Emergency),
        Some("IMP" | "ACUTE" | "NONAC" | "OBSENC" | "SS" | "PRENC") => Setting::NotBilled(NotBillable::Inpatient),
        _ => Setting::Unknown,
    }
}

/// The type of an encounter: a visit code of CPT before a SNOMED CT concept.
fn kind(encounter: &Value) -> Option<Kind> {
    let types = || codings(&encounter["type"]).chain(codings(&encounter["serviceType"]));
    let coded = types().filter(|(system, _)| *system == System::Cpt).find_map(|(_, code)| {
        let code = ProcedureCode::parse(code).ok()?;
        visits::visit(code).map(|_| Kind::Visit(VisitKind::Coded(code)))
    });
    coded.or_else(|| {
        types().filter(|(system, _)| *system == System::Snomed).find_map(|(_, concept)| match snomed::meaning(concept)? {
            Meaning::Visit(VisitMeaning::Preventive) => Some(Kind::Visit(VisitKind::Preventive)),
            Meaning::Visit(VisitMeaning::Problem) => Some(Kind::Visit(VisitKind::Problem)),
            Meaning::Visit(VisitMeaning::DosesOnly) => Some(Kind::Visit(VisitKind::DosesOnly)),
            Meaning::Visit(VisitMeaning::NotBilled(why)) => Some(Kind::NotBilled(why)),
            _ => None,
        })
    })
}

/// Which conditions, doses and procedures belong to which encounter (by position), in the order of the bundle; and the doses from a
/// primary source that belong to none. A dose without encounter belongs to the only encounter of its child on its day.
pub(super) fn link<'a>(bundle: &Bundle<'a>, encounters: &[Facts<'a>]) -> (BTreeMap<usize, Vec<Resource<'a>>>, Vec<Resource<'a>>) {
    let position: BTreeMap<usize, usize> = encounters.iter().enumerate().map(|(at, facts)| (facts.resource.entry, at)).collect();
    let (mut linked, mut orphans): (BTreeMap<usize, Vec<Resource>>, Vec<Resource>) = (BTreeMap::new(), Vec::new());
    let mut seen = HashSet::new();
    for (at, facts) in encounters.iter().enumerate() {
        let value = facts.resource.value;
        let named = value["diagnosis"].as_array().into_iter().flatten().map(|diagnosis| &diagnosis["condition"]);
        let named = named.chain(value["reasonReference"].as_array().into_iter().flatten());
        let conditions = named.filter_map(|reference| bundle.resolve(reference)).filter(|named| named.kind == "Condition");
        linked.entry(at).or_default().extend(conditions.filter(|condition| seen.insert((at, condition.entry))));
    }
    for kind in ["Condition", "Immunization", "Procedure"] {
        for resource in bundle.of_kind(kind) {
            let own = bundle.resolve(&resource.value["encounter"]).and_then(|encounter| position.get(&encounter.entry).copied());
            let by_day = || {
                let day = date(&resource.value["occurrenceDateTime"])?;
                let child = bundle.resolve(&resource.value["patient"])?.entry;
                let on_day = |facts: &Facts| facts.is_visit() && facts.day == Some(day) && facts.patient.is_some_and(|p| p.entry == child);
                let mut found = encounters.iter().enumerate().filter(|(_, facts)| on_day(facts)).map(|(at, _)| at);
                found.next().filter(|_| found.next().is_none())
            };
            match own.or_else(|| if kind == "Immunization" { by_day() } else { None }) {
                Some(at) if seen.insert((at, resource.entry)) => linked.entry(at).or_default().push(resource),
                None if kind == "Immunization" && fhir_dose::was_given(resource.value) => orphans.push(resource),
                _ => {}
            }
        }
    }
    (linked, orphans)
}
