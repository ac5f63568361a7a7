//! Reads header, submitter, receiver and the hierarchy of billing provider, subscriber and patient (loops 1000 to 2010).
//!
//! Each loop takes the segments that belong to it and returns at the first that may belong to a loop above it. What belongs nowhere is
//! left out with a finding at the innermost loop that saw it.

use super::codes::{BatchPurpose, ClaimUse, ProviderRole, ReferenceKind, Relationship, Responsibility, Sex};
use super::cursor::{Cursor, masked, masked_identifier};
use super::model::{
    Address, BillingProvider, Contact, EntityName, Identifier, Individual, Patient, PatientStatus, Payer, PersonName, ProfessionalClaims,
    Receiver, Reference, Submitter, Subscriber,
};
use super::model_claim::Provider;
use super::read_claim::claim;
use crate::edi::envelope::date_time;
use crate::edi::{Finding, Segment, TransactionSet};
use crate::platform::phi::Phi;

/// Reads one transaction set into the tree. What is unexpected, unknown or unreadable is a finding; nothing panics.
#[must_use]
pub fn read_837p(set: &TransactionSet) -> (ProfessionalClaims, Vec<Finding>) {
    let mut c = Cursor::new(set);
    let mut claims = ProfessionalClaims {
        control_number: set.control_number().to_owned(),
        purpose: BatchPurpose::Original,
        reference: String::new(),
        created: None,
        claim_use: ClaimUse::Chargeable,
        submitter: Submitter { name: no_name(), id: no_id(), contacts: Vec::new() },
        receiver: Receiver { name: no_name(), id: no_id() },
        billing_providers: Vec::new(),
    };
    let (mut bht, mut submitter, mut receiver) = (None, None, None);
    while let Some((segment, id, kind)) = c.peek() {
        match (id, kind) {
            ("ST", _) => drop(c.take(&[1, 2, 3])),
            ("SE", _) => drop(c.take(&[1, 2])),
            ("BHT", _) => {
                let segment = c.take(&[1, 2, 3, 4, 5, 6]);
                c.set_once(&mut bht, segment);
            }
            ("NM1", "41") => {
                let entity = entity(&mut c, &["PER"]);
                c.set_once(&mut submitter, entity);
            }
            ("NM1", "40") => {
                let entity = entity(&mut c, &[]);
                c.set_once(&mut receiver, entity);
            }
            ("HL", _) if segment.bytes(3) == b"20" => claims.billing_providers.push(billing_provider(&mut c)),
            _ => c.leave_out(),
        }
    }
    c.require(bht.is_some(), "BHT");
    c.require(submitter.is_some(), "the submitter (NM1*41)");
    c.require(receiver.is_some(), "the receiver (NM1*40)");
    if let Some(bht) = bht {
        claims.purpose = BatchPurpose::from(&*bht.text(2));
        claims.reference = bht.text(3).into_owned();
        claims.created = date_time(bht.bytes(4), bht.bytes(5));
        claims.claim_use = ClaimUse::from(&*bht.text(6));
    }
    if let Some(entity) = submitter {
        claims.submitter = Submitter { id: entity.open_id().unwrap_or_else(no_id), name: entity.name, contacts: entity.contacts };
    }
    if let Some(entity) = receiver {
        claims.receiver = Receiver { id: entity.open_id().unwrap_or_else(no_id), name: entity.name };
    }
    (claims, c.finish())
}

fn billing_provider(c: &mut Cursor<'_>) -> BillingProvider {
    let hl = hierarchical_level(c, b"");
    let (mut taxonomy, mut currency, mut name, mut pay_to, mut subscribers) = (None, None, None, None, Vec::new());
    while let Some((segment, id, kind)) = c.peek() {
        match (id, kind) {
            ("PRV", _) => {
                let segment = c.take(&[1, 2, 3]);
                c.set_once(&mut taxonomy, segment.text(3).into_owned());
            }
            ("CUR", _) => {
                let segment = c.take(&[1, 2]);
                c.set_once(&mut currency, segment.text(2).into_owned());
            }
            ("NM1", "85") => {
                let entity = entity(c, &["N3", "N4", "REF", "PER"]);
                c.set_once(&mut name, entity);
            }
            ("NM1", "87") => {
                let entity = entity(c, &["N3", "N4"]);
                c.set_once(&mut pay_to, entity.address.unwrap_or_default());
            }
            ("HL", _) if segment.bytes(3) == b"22" => subscribers.push(subscriber(c, hl)),
            ("HL", _) if segment.bytes(3) == b"20" => break,
            ("SE", _) => break,
            _ => c.leave_out(),
        }
    }
    c.require(name.is_some(), "the billing provider (NM1*85)");
    let entity = name.unwrap_or_else(Entity::nobody);
    let is_tax_id = |r: &Reference| matches!(r.kind, ReferenceKind::Ein | ReferenceKind::Ssn);
    let mut references = entity.references.clone();
    let tax_id = references.iter().position(is_tax_id).map(|at| references.remove(at));
    BillingProvider {
        id: entity.open_id(),
        name: entity.name,
        taxonomy,
        currency,
        address: entity.address,
        tax_id,
        references,
        contacts: entity.contacts,
        pay_to,
        subscribers,
    }
}

fn subscriber(c: &mut Cursor<'_>, parent: &[u8]) -> Subscriber {
    let hl = hierarchical_level(c, parent);
    let (mut sbr, mut status, mut person, mut payer) = (None, None, None, None);
    let (mut claims, mut patients) = (Vec::new(), Vec::new());
    while let Some((segment, id, kind)) = c.peek() {
        match (id, kind) {
            ("SBR", _) => {
                let segment = c.take(&[1, 2, 3, 4, 5, 9]);
                c.set_once(&mut sbr, segment);
            }
            ("PAT", _) => {
                let (segment, found) = patient_status(c);
                if !segment.bytes(1).is_empty() {
                    c.wrong("837-ELEMENT-LEFT-OUT", 1, "a relationship stands here for dependents only and was left out");
                }
                c.set_once(&mut status, found);
            }
            ("NM1", "IL") => {
                let entity = entity(c, &["N3", "N4", "DMG", "REF"]);
                c.set_once(&mut person, entity.into_individual());
            }
            ("NM1", "PR") => {
                let entity = entity(c, &["N3", "N4", "REF"]);
                c.set_once(&mut payer, entity.into_payer());
            }
            ("CLM", _) => claims.push(claim(c)),
            ("HL", _) if segment.bytes(3) == b"23" => patients.push(patient(c, hl)),
            ("HL" | "SE", _) => break,
            _ => c.leave_out(),
        }
    }
    c.require(sbr.is_some(), "SBR");
    c.require(person.is_some(), "the subscriber (NM1*IL)");
    c.require(payer.is_some(), "the payer (NM1*PR)");
    let sbr = |n: usize| sbr.and_then(|segment| segment.opt(n));
    Subscriber {
        responsibility: Responsibility::from(sbr(1).unwrap_or_default()),
        relationship: sbr(2).map(Relationship::from),
        group_number: sbr(3),
        group_name: sbr(4),
        insurance_type: sbr(5),
        filing_indicator: sbr(9),
        status: status.unwrap_or_default(),
        person: person.unwrap_or_else(|| Entity::nobody().into_individual()),
        payer: payer.unwrap_or_else(|| Entity::nobody().into_payer()),
        claims,
        patients,
    }
}

fn patient(c: &mut Cursor<'_>, parent: &[u8]) -> Patient {
    hierarchical_level(c, parent);
    let (mut pat, mut person, mut claims) = (None, None, Vec::new());
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("PAT", _) => {
                let (segment, status) = patient_status(c);
                c.set_once(&mut pat, (Relationship::from(&*segment.text(1)), status));
            }
            ("NM1", "QC") => {
                let entity = entity(c, &["N3", "N4", "DMG", "REF"]);
                c.set_once(&mut person, entity.into_individual());
            }
            ("CLM", _) => claims.push(claim(c)),
            ("HL" | "SE", _) => break,
            _ => c.leave_out(),
        }
    }
    c.require(pat.is_some(), "PAT");
    c.require(person.is_some(), "the patient (NM1*QC)");
    let (relationship, status) = pat.unwrap_or((Relationship::from(""), PatientStatus::default()));
    Patient { relationship, status, person: person.unwrap_or_else(|| Entity::nobody().into_individual()), claims }
}

/// HL: gives its number. The tree follows the order of the file; a parent number that says otherwise is a finding.
fn hierarchical_level<'a>(c: &mut Cursor<'a>, parent: &[u8]) -> &'a [u8] {
    let segment = c.take(&[1, 2, 3, 4]);
    if segment.bytes(2) != parent {
        c.wrong("837-HL-PARENT", 2, "this is not the number of the level above; the order of the file was followed");
    }
    segment.bytes(1)
}

fn patient_status<'a>(c: &mut Cursor<'a>) -> (Segment<'a>, PatientStatus) {
    let segment = c.take(&[1, 5, 6, 9]);
    let status = PatientStatus { death_date: c.date(&segment, 6).map(Phi::new), pregnant: c.yes(&segment, 9) };
    (segment, status)
}

fn no_name() -> EntityName {
    EntityName::Organization(String::new())
}

fn no_id() -> Identifier {
    Identifier::new("", String::new())
}

/// NM1 and what follows it, in any loop.
pub(super) struct Entity {
    pub(super) name: EntityName,
    pub(super) id: Option<Identifier<Phi<String>>>,
    pub(super) taxonomy: Option<String>,
    pub(super) address: Option<Address>,
    pub(super) birth_date: Option<Phi<jiff::civil::Date>>,
    pub(super) sex: Option<Sex>,
    pub(super) references: Vec<Reference>,
    pub(super) contacts: Vec<Contact>,
    pub(super) adjudicated: Option<jiff::civil::Date>,
}

impl Entity {
    pub(super) fn nobody() -> Entity {
        Entity {
            name: no_name(),
            id: None,
            taxonomy: None,
            address: None,
            birth_date: None,
            sex: None,
            references: Vec::new(),
            contacts: Vec::new(),
            adjudicated: None,
        }
    }

    /// The identifier of an organization or professional, which is no secret.
    fn open_id(&self) -> Option<Identifier> {
        self.id.as_ref().map(|id| Identifier::new(&id.qualifier, id.id.reveal().clone()))
    }

    pub(super) fn into_individual(self) -> Individual {
        Individual {
            name: self.name,
            id: self.id,
            address: self.address,
            birth_date: self.birth_date,
            sex: self.sex,
            references: self.references,
        }
    }

    pub(super) fn into_payer(self) -> Payer {
        let id = self.open_id().unwrap_or_else(no_id);
        let name = match self.name {
            EntityName::Organization(name) => name,
            EntityName::Person(person) => person.last.into_inner(),
        };
        Payer { name, id, address: self.address, references: self.references }
    }

    pub(super) fn into_provider(self, role: ProviderRole) -> Provider {
        Provider {
            role,
            id: self.open_id(),
            name: self.name,
            taxonomy: self.taxonomy,
            address: self.address,
            references: self.references,
            contact: self.contacts.into_iter().next(),
        }
    }
}

/// Reads NM1 and those of `following` that come after it.
pub(super) fn entity(c: &mut Cursor<'_>, following: &[&str]) -> Entity {
    let is_person = c.peek().is_some_and(|(segment, ..)| segment.bytes(2) == b"1");
    let segment = c.take(if is_person { &[1, 2, 3, 4, 5, 7, 8, 9] } else { &[1, 2, 3, 8, 9] });
    if !matches!(segment.bytes(2), b"1" | b"2") {
        c.wrong("837-CODE", 2, "neither person nor organization; read as an organization");
    }
    let mut entity = Entity::nobody();
    entity.id = masked_identifier(&segment, 8, 9);
    entity.name = if is_person {
        EntityName::Person(PersonName {
            last: masked(&segment, 3).unwrap_or_default(),
            first: masked(&segment, 4),
            middle: masked(&segment, 5),
            suffix: masked(&segment, 7),
        })
    } else {
        EntityName::Organization(segment.text(3).into_owned())
    };
    let (mut street, mut town) = (None, None);
    while let Some((_, id, _)) = c.peek().filter(|(_, id, _)| following.contains(id)) {
        match id {
            "PRV" => {
                let segment = c.take(&[1, 2, 3]);
                c.set_once(&mut entity.taxonomy, segment.text(3).into_owned());
            }
            "N3" => {
                let segment = c.take(&[1, 2]);
                c.set_once(&mut street, segment);
            }
            "N4" => {
                let segment = c.take(&[1, 2, 3, 4, 7]);
                c.set_once(&mut town, segment);
            }
            "DMG" => {
                let segment = c.take(&[1, 2, 3]);
                entity.birth_date = c.date(&segment, 2).map(Phi::new);
                entity.sex = segment.opt(3).map(Sex::from);
            }
            "REF" => entity.references.push(reference(c)),
            "PER" => {
                let segment = c.take(&[1, 2, 3, 4, 5, 6, 7, 8]);
                let numbers = [3, 5, 7].into_iter().filter_map(|n| masked_identifier(&segment, n, n + 1)).collect();
                entity.contacts.push(Contact { name: masked(&segment, 2), numbers });
            }
            "DTP" => {
                let segment = c.take(&[1, 2, 3]);
                if let Some(day) = c.day(&segment) {
                    c.set_once(&mut entity.adjudicated, day);
                }
            }
            _ => c.leave_out(),
        }
    }
    if street.is_some() || town.is_some() {
        let (line, place) = (|n| street.and_then(|s| masked(&s, n)), |n| town.and_then(|s| s.opt(n)));
        entity.address = Some(Address {
            line1: line(1).unwrap_or_default(),
            line2: line(2),
            city: place(1).map(Phi::new).unwrap_or_default(),
            state: place(2),
            postal_code: place(3).map(Phi::new),
            country: place(4),
            subdivision: place(7),
        });
    }
    entity
}

/// REF.
pub(super) fn reference(c: &mut Cursor<'_>) -> Reference {
    let segment = c.take(&[1, 2, 4]);
    let payer_id = if segment.component(4, 1) == b"2U" { segment.component_opt(4, 2) } else { None };
    if payer_id.is_none() && !segment.bytes(4).is_empty() {
        c.wrong("837-ELEMENT-LEFT-OUT", 4, "this element does not name a payer and was left out");
    }
    Reference { kind: ReferenceKind::from(&*segment.text(1)), id: masked(&segment, 2).unwrap_or_default(), payer_id }
}
