//! Writes header, submitter, receiver and the hierarchy of billing provider, subscriber and patient (loops 1000 to 2010).
//!
//! Lengths are those of the standard's data elements; what is longer is refused.

use super::model::{
    Address, BillingProvider, Contact, EntityName, Identifier, Individual, Patient, PatientStatus, Payer, ProfessionalClaims, Reference,
    Subscriber,
};
use super::model_claim::Claim;
use super::{FUNCTIONAL_ID, VERSION};
use super::{codes::Relationship, write_claim::claims};
use crate::edi::{Envelope, SegmentWriter, WriteError, write_interchange};
use crate::platform::phi::Phi;

/// Where one claim stands in what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenClaim {
    /// CLM01.
    pub id: String,
    /// ST02 of its transaction set.
    pub control_number: String,
    /// Number of its CLM segment in the file, from 1: how a 277CA or our own readers count.
    pub segment: u32,
    /// Number of its CLM segment in its transaction set, ST being 1: how a 999 counts (IK302).
    pub segment_in_set: u32,
}

/// An interchange of claims as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenInterchange {
    /// ISA to IEA.
    pub bytes: Vec<u8>,
    /// All claims, in the order of the file.
    pub claims: Vec<WrittenClaim>,
}

/// Writes one interchange with one group that holds these transaction sets. Gives everything that can't be written, if anything.
pub fn write_claims(envelope: &Envelope, sets: &[ProfessionalClaims]) -> Result<WrittenInterchange, Vec<WriteError>> {
    let mut written = Vec::new();
    let bytes = write_interchange(envelope, |w| {
        w.begin_group(envelope, FUNCTIONAL_ID, VERSION);
        for set in sets {
            written.extend(write_837p(set, w));
        }
        w.end_group();
    })?;
    Ok(WrittenInterchange { bytes, claims: written })
}

/// Writes one transaction set, ST to SE. Says where each claim stands; what can't be written is reported by
/// [`SegmentWriter::finish`].
pub fn write_837p(set: &ProfessionalClaims, w: &mut SegmentWriter) -> Vec<WrittenClaim> {
    let before = w.segments();
    let mut written = Vec::new();
    w.begin_transaction("837", &set.control_number, Some(VERSION));
    let bht = w.segment("BHT").el("0019").el_max(set.purpose.as_str(), 2).el_max(&set.reference, 30);
    match set.created {
        Some(at) => bht.date8(at.date()).time4(at),
        None => bht.skip(2),
    }
    .el_max(set.claim_use.as_str(), 2)
    .end();
    w.enter("1000A", 0);
    nm1(w, "41", &set.submitter.name, Some(&set.submitter.id));
    contacts(w, &set.submitter.contacts);
    w.enter("1000B", 0);
    nm1(w, "40", &set.receiver.name, Some(&set.receiver.id));
    let mut hl = 0;
    for provider in &set.billing_providers {
        billing_provider(w, provider, &mut hl, &mut written);
    }
    w.end_transaction();
    written
        .into_iter()
        .map(|(id, segment)| WrittenClaim { id, control_number: set.control_number.clone(), segment, segment_in_set: segment - before })
        .collect()
}

/// CLM01 and the segment number in the file.
pub(super) type ClaimPlaces = Vec<(String, u32)>;

/// Writes one claim with what stands above it and nothing beside it: the loops 2000A to 2430 as an interchange will have them. Lists in the
/// parents are passed over.
pub fn write_alone(billing: &BillingProvider, subscriber: &Subscriber, patient: Option<&Patient>, claim: &Claim, w: &mut SegmentWriter) {
    let (mut hl, mut written) = (0, ClaimPlaces::new());
    let provider = self::billing(w, billing, &mut hl, true);
    let person = self::insured(w, subscriber, provider, &mut hl, patient.is_some());
    if let Some(patient) = patient {
        dependent(w, patient, person, &mut hl);
    }
    claims(w, std::slice::from_ref(claim), &mut written);
}

fn billing_provider(w: &mut SegmentWriter, provider: &BillingProvider, hl: &mut u64, written: &mut ClaimPlaces) {
    let own = billing(w, provider, hl, !provider.subscribers.is_empty());
    for subscriber in &provider.subscribers {
        let own = insured(w, subscriber, own, hl, !subscriber.patients.is_empty());
        claims(w, &subscriber.claims, written);
        for patient in &subscriber.patients {
            dependent(w, patient, own, hl);
            claims(w, &patient.claims, written);
        }
    }
}

/// Loop 2000A without its subscribers; gives its number.
fn billing(w: &mut SegmentWriter, provider: &BillingProvider, hl: &mut u64, has_children: bool) -> u64 {
    w.enter("2000A", 0);
    let own = next_hl(w, hl, None, "20", has_children);
    taxonomy(w, "BI", provider.taxonomy.as_deref());
    if let Some(currency) = &provider.currency {
        w.segment("CUR").el("85").el_max(currency, 3).end();
    }
    w.enter("2010AA", 0);
    nm1(w, "85", &provider.name, provider.id.as_ref());
    address(w, provider.address.as_ref());
    references(w, provider.tax_id.as_slice());
    references(w, &provider.references);
    contacts(w, &provider.contacts);
    if let Some(pay_to) = &provider.pay_to {
        w.enter("2010AB", 0);
        w.segment("NM1").el("87").el(entity_type(&provider.name)).end();
        address(w, Some(pay_to));
    }
    own
}

/// Loop 2000B without claims and patients; gives its number.
fn insured(w: &mut SegmentWriter, subscriber: &Subscriber, parent: u64, hl: &mut u64, has_children: bool) -> u64 {
    w.enter("2000B", 0);
    let own = next_hl(w, hl, Some(parent), "22", has_children);
    w.segment("SBR")
        .el_max(subscriber.responsibility.as_str(), 1)
        .opt_max(subscriber.relationship.as_ref().map(Relationship::as_str), 2)
        .opt_max(subscriber.group_number.as_deref(), 50)
        .text(subscriber.group_name.as_deref().unwrap_or_default(), 60)
        .opt_max(subscriber.insurance_type.as_deref(), 3)
        .skip(3)
        .opt_max(subscriber.filing_indicator.as_deref(), 2)
        .end_opening();
    if subscriber.status != PatientStatus::default() {
        pat(w, None, &subscriber.status);
    }
    w.enter("2010BA", 0);
    individual(w, "IL", &subscriber.person);
    w.enter("2010BB", 0);
    payer(w, &subscriber.payer);
    references(w, &subscriber.payer.references);
    own
}

/// Loop 2000C without claims.
fn dependent(w: &mut SegmentWriter, patient: &Patient, parent: u64, hl: &mut u64) {
    w.enter("2000C", 0);
    next_hl(w, hl, Some(parent), "23", false);
    pat(w, Some(&patient.relationship), &patient.status);
    w.enter("2010CA", 0);
    individual(w, "QC", &patient.person);
}

fn next_hl(w: &mut SegmentWriter, hl: &mut u64, parent: Option<u64>, level: &str, has_children: bool) -> u64 {
    *hl += 1;
    let segment = w.segment("HL").int(*hl);
    match parent {
        Some(parent) => segment.int(parent),
        None => segment.skip(1),
    }
    .el(level)
    .el(if has_children { "1" } else { "0" })
    .end();
    *hl
}

fn pat(w: &mut SegmentWriter, relationship: Option<&Relationship>, status: &PatientStatus) {
    let death = status.death_date.as_ref().map(|date| *date.reveal());
    w.segment("PAT")
        .opt_max(relationship.map(Relationship::as_str), 2)
        .skip(3)
        .opt(death.map(|_| "D8"))
        .opt_date8(death)
        .skip(2)
        .opt(status.pregnant.then_some("Y"))
        .end();
}

/// NM1, N3, N4, DMG, REF of a person.
pub(super) fn individual(w: &mut SegmentWriter, role: &str, person: &Individual) {
    nm1(w, role, &person.name, person.id.as_ref());
    address(w, person.address.as_ref());
    let birth_date = person.birth_date.as_ref().map(|date| *date.reveal());
    if birth_date.is_some() || person.sex.is_some() {
        let sex = person.sex.as_ref().map(|sex| sex.as_str());
        w.segment("DMG").opt(birth_date.map(|_| "D8")).opt_date8(birth_date).opt_max(sex, 1).end();
    }
    references(w, &person.references);
}

/// NM1, N3, N4 of a payer; a date may come between them and the references.
pub(super) fn payer(w: &mut SegmentWriter, payer: &Payer) {
    let id = Some(&payer.id);
    name(w.segment("NM1").el("PR").el("2").text(&payer.name, NAME_MAX).skip(4), id);
    address(w, payer.address.as_ref());
}

/// NM103.
const NAME_MAX: usize = 60;

/// NM1 of any entity.
pub(in crate::edi) fn nm1<T: AsText>(w: &mut SegmentWriter, role: &str, entity: &EntityName, id: Option<&Identifier<T>>) {
    let segment = w.segment("NM1").el_max(role, 3).el(entity_type(entity));
    let segment = match entity {
        EntityName::Organization(name) => segment.text(name, NAME_MAX).skip(4),
        EntityName::Person(person) => segment
            .text(person.last.as_str(), NAME_MAX)
            .text(revealed(&person.first), 35)
            .text(revealed(&person.middle), 25)
            .skip(1)
            .text(revealed(&person.suffix), 10),
    };
    name(segment, id);
}

/// NM108 and NM109.
fn name<T: AsText>(segment: crate::edi::writer::SegmentBuilder<'_>, id: Option<&Identifier<T>>) {
    match id {
        Some(id) => segment.el_max(&id.qualifier, 2).el_max(id.id.as_text(), 80),
        None => segment.skip(2),
    }
    .end();
}

/// An identifier's text, whether or not it is masked.
pub(in crate::edi) trait AsText {
    fn as_text(&self) -> &str;
}

impl AsText for String {
    fn as_text(&self) -> &str {
        self
    }
}

impl AsText for Phi<String> {
    fn as_text(&self) -> &str {
        self.as_str()
    }
}

/// NM102.
pub(super) fn entity_type(entity: &EntityName) -> &'static str {
    match entity {
        EntityName::Person(_) => "1",
        EntityName::Organization(_) => "2",
    }
}

fn revealed(text: &Option<Phi<String>>) -> &str {
    text.as_ref().map_or("", |text| text.as_str())
}

/// PRV.
pub(super) fn taxonomy(w: &mut SegmentWriter, role: &str, taxonomy: Option<&str>) {
    if let Some(taxonomy) = taxonomy {
        w.segment("PRV").el(role).el("PXC").el_max(taxonomy, 50).end();
    }
}

/// N3 and N4.
pub(super) fn address(w: &mut SegmentWriter, address: Option<&Address>) {
    let Some(address) = address else { return };
    w.segment("N3").text(address.line1.as_str(), 55).text(revealed(&address.line2), 55).end();
    w.segment("N4")
        .text(address.city.as_str(), 30)
        .opt_max(address.state.as_deref(), 2)
        .el_max(revealed(&address.postal_code), 15)
        .opt_max(address.country.as_deref(), 3)
        .skip(2)
        .opt_max(address.subdivision.as_deref(), 3)
        .end();
}

/// REF, one segment each.
pub(super) fn references(w: &mut SegmentWriter, references: &[Reference]) {
    for reference in references {
        let segment = w.segment("REF").el_max(reference.kind.as_str(), 3).el_max(reference.id.as_str(), 50);
        match &reference.payer_id {
            Some(payer_id) => segment.skip(1).composite_max(&[("2U", 3), (payer_id.as_str(), 50)]),
            None => segment,
        }
        .end();
    }
}

/// PER, one segment each.
pub(in crate::edi) fn contacts(w: &mut SegmentWriter, contacts: &[Contact]) {
    for contact in contacts {
        let mut segment = w.segment("PER").el("IC").text(revealed(&contact.name), 60);
        for number in &contact.numbers {
            segment = segment.el_max(&number.qualifier, 2).el_max(number.id.as_str(), 256);
        }
        segment.end();
    }
}
