//! Writes claims, prior payers and service lines (loops 2300 to 2430).

use super::codes::{ClaimDateKind, LineDateKind, ProviderRole};
use super::model_claim::{Adjustment, Attachment, Claim, DateValue, LineAdjudication, Note, OtherPayer, Provider, Repricing, ServiceLine};
use super::write::{ClaimPlaces, address, contacts, individual, nm1, payer, references, taxonomy};
use crate::edi::remittance_835::{CasGroup, Procedure};
use crate::edi::writer::{Date8, SegmentBuilder};
use crate::edi::{Delimiters, SegmentWriter, charset};
use crate::platform::money::Money;

/// CLM01: receivers must keep twenty characters and may drop the rest, and then the remittance could name two claims (RFI 525).
const CLAIM_NUMBER_MAX: usize = 20;

/// Codes that fit into one HI segment.
const HI_CODES: usize = 12;

/// Triples of reason, amount and quantity that fit into one CAS segment.
const CAS_TRIPLES: usize = 6;

/// NTE02: the one free text that is cut rather than refused (domain.md 1.1).
const NOTE_MAX: usize = 80;

/// Loops 2310 in the guide's order.
const CLAIM_ROLES: &[(ProviderRole, &str)] = &[
    (ProviderRole::Referring, "2310A"),
    (ProviderRole::PrimaryCare, "2310A"),
    (ProviderRole::Rendering, "2310B"),
    (ProviderRole::Facility, "2310C"),
    (ProviderRole::Supervising, "2310D"),
];

/// Loops 2420 in the guide's order.
const LINE_ROLES: &[(ProviderRole, &str)] = &[
    (ProviderRole::Rendering, "2420A"),
    (ProviderRole::Purchased, "2420B"),
    (ProviderRole::Facility, "2420C"),
    (ProviderRole::Supervising, "2420D"),
    (ProviderRole::Ordering, "2420E"),
    (ProviderRole::Referring, "2420F"),
    (ProviderRole::PrimaryCare, "2420F"),
];

/// Writes loops 2300 and notes where each begins.
pub(super) fn claims(w: &mut SegmentWriter, claims: &[Claim], written: &mut ClaimPlaces) {
    for claim in claims {
        written.push((claim.id.clone(), w.segments() + 1));
        self::claim(w, claim);
    }
}

fn claim(w: &mut SegmentWriter, claim: &Claim) {
    w.enter("2300", 0);
    clm(w, claim);
    for (kind, value) in &claim.dates {
        dtp(w, ClaimDateKind::as_str(kind), value);
    }
    attachments(w, &claim.attachments);
    if let Some(contract) = &claim.contract {
        w.segment("CN1")
            .el_max(&contract.kind, 2)
            .opt_money(contract.amount)
            .quantity(contract.percent)
            .opt_max(contract.code.as_deref(), 50)
            .quantity(contract.discount_percent)
            .opt_max(contract.version.as_deref(), 30)
            .end();
    }
    amount(w, "F5", claim.patient_paid);
    references(w, &claim.references);
    fixed_format(w, &claim.fixed_format);
    note(w, claim.note.as_ref());
    for condition in &claim.conditions {
        let mut segment = w.segment("CRC").el_max(&condition.category, 2).el(yes_no(condition.applies));
        for code in &condition.codes {
            segment = segment.el_max(code, 3);
        }
        segment.end();
    }
    for (chunk, codes) in claim.diagnoses.chunks(HI_CODES).enumerate() {
        let mut segment = w.segment("HI");
        for (place, code) in codes.iter().enumerate() {
            segment = segment.composite_max(&[(if chunk + place == 0 { "ABK" } else { "ABF" }, 3), (code, 30)]);
        }
        segment.end();
    }
    // One list a segment; a principal ICD-9 code shares its segment with the others.
    for list in claim.other_codes.chunk_by(|a, b| a.qualifier == b.qualifier || (a.qualifier == "BK" && b.qualifier == "BF")) {
        for codes in list.chunks(HI_CODES) {
            let mut segment = w.segment("HI");
            for code in codes {
                segment = segment.composite_max(&[(&code.qualifier, 3), (&code.code, 30)]);
            }
            segment.end();
        }
    }
    if let Some(repricing) = &claim.repricing {
        self::repricing(w, repricing);
    }
    providers(w, &claim.providers, CLAIM_ROLES, 0);
    for (number, other) in (1..).zip(&claim.other_payers) {
        w.enter("2320", number);
        other_payer(w, number, other);
    }
    for (number, line) in (1..).zip(&claim.lines) {
        service_line(w, number, line);
    }
}

fn clm(w: &mut SegmentWriter, claim: &Claim) {
    let segment = w
        .segment("CLM")
        .el_max(&claim.id, CLAIM_NUMBER_MAX)
        .money(claim.charge)
        .skip(2)
        .composite_max(&[(&claim.place_of_service, 2), ("B", 2), (claim.frequency.as_str(), 1)])
        .el(yes_no(claim.provider_signature))
        .el_max(claim.assignment.as_str(), 1)
        .el_max(claim.benefits_assignment.as_str(), 1)
        .el_max(claim.release.as_str(), 1)
        .opt(claim.signed_for_patient.then_some("P"));
    match &claim.related_causes {
        Some(related) => {
            let cause = |n: usize| related.causes.get(n).map_or("", String::as_str);
            let state = related.state.as_deref().unwrap_or_default();
            let country = related.country.as_deref().unwrap_or_default();
            segment.composite_max(&[(cause(0), 3), (cause(1), 3), (cause(2), 3), (state, 2), (country, 3)])
        }
        None => segment.skip(1),
    }
    .opt_max(claim.special_program.as_deref(), 3)
    .skip(7)
    .opt_max(claim.delay_reason.as_deref(), 2)
    .end();
}

fn repricing(w: &mut SegmentWriter, repricing: &Repricing) {
    w.segment("HCP")
        .el_max(&repricing.method, 2)
        .money(repricing.allowed)
        .opt_money(repricing.saved)
        .opt_max(repricing.organization.as_deref(), 50)
        .quantity(repricing.rate)
        .opt_max(repricing.group.as_deref(), 50)
        .opt_money(repricing.group_amount)
        .skip(5)
        .opt_max(repricing.reject_reason.as_deref(), 2)
        .opt_max(repricing.compliance.as_deref(), 2)
        .opt_max(repricing.exception.as_deref(), 2)
        .end();
}

fn other_payer(w: &mut SegmentWriter, number: u32, other: &OtherPayer) {
    w.segment("SBR")
        .el_max(other.responsibility.as_str(), 1)
        .el_max(other.relationship.as_str(), 2)
        .opt_max(other.group_number.as_deref(), 50)
        .text(other.group_name.as_deref().unwrap_or_default(), 60)
        .opt_max(other.insurance_type.as_deref(), 3)
        .skip(3)
        .opt_max(other.filing_indicator.as_deref(), 2)
        .end_opening();
    adjustments(w, &other.adjustments);
    amount(w, "D", other.paid);
    amount(w, "A8", other.non_covered);
    amount(w, "EAF", other.remaining);
    w.segment("OI")
        .skip(2)
        .el_max(other.benefits_assignment.as_str(), 1)
        .opt(other.signed_for_patient.then_some("P"))
        .skip(1)
        .el_max(other.release.as_str(), 1)
        .end();
    if let Some(remarks) = &other.remarks {
        let rate = remarks.reimbursement_rate.map(|rate| rate.to_string());
        let mut segment = w.segment("MOA").opt(rate.as_deref()).opt_money(remarks.payable);
        for code in &remarks.codes {
            segment = segment.el_max(code, 50);
        }
        segment.end();
    }
    w.enter("2330A", number);
    individual(w, "IL", &other.subscriber);
    w.enter("2330B", number);
    payer(w, &other.payer);
    if let Some(date) = other.adjudicated {
        dtp(w, "573", &DateValue::Day(date));
    }
    references(w, &other.payer.references);
    for provider in &other.providers {
        w.segment("NM1").el_max(provider.role.as_str(), 3).el(if provider.is_person { "1" } else { "2" }).end();
        references(w, &provider.references);
    }
}

fn service_line(w: &mut SegmentWriter, number: u32, line: &ServiceLine) {
    w.enter("2400", number);
    w.segment("LX").int(u64::from(number)).end();
    procedure(w.segment("SV1"), &line.procedure)
        .money(line.charge)
        .el_max(line.unit.as_str(), 2)
        .quantity(Some(line.quantity))
        .opt_max(line.place_of_service.as_deref(), 2)
        .skip(1)
        .numbers(&line.diagnosis_pointers)
        .skip(1)
        .opt(line.emergency.then_some("Y"))
        .skip(1)
        .opt(line.epsdt.then_some("Y"))
        .opt(line.family_planning.then_some("Y"))
        .skip(2)
        .opt(line.copay_exempt.then_some("0"))
        .end();
    attachments(w, &line.attachments);
    if let Some(date) = &line.service_date {
        dtp(w, "472", date);
    }
    for (kind, value) in &line.dates {
        dtp(w, LineDateKind::as_str(kind), value);
    }
    references(w, &line.references);
    fixed_format(w, &line.fixed_format);
    note(w, line.note.as_ref());
    if let Some(drug) = &line.drug {
        w.enter("2410", number);
        w.segment("LIN").skip(1).el_max(&drug.qualifier, 2).el_max(&drug.code, 48).end_opening();
        if drug.quantity.is_some() || drug.unit.is_some() {
            let unit = drug.unit.as_ref().map_or("", |unit| unit.as_str());
            w.segment("CTP").skip(3).quantity(drug.quantity).el_max(unit, 2).end();
        }
        references(w, drug.reference.as_slice());
    }
    providers(w, &line.providers, LINE_ROLES, number);
    for adjudication in &line.adjudications {
        w.enter("2430", number);
        line_adjudication(w, adjudication);
    }
}

fn line_adjudication(w: &mut SegmentWriter, adjudication: &LineAdjudication) {
    let bundled_into = adjudication.bundled_into.map(|line| line.to_string());
    procedure(w.segment("SVD").el_max(&adjudication.payer_id, 80).money(adjudication.paid), &adjudication.procedure)
        .skip(1)
        .quantity(Some(adjudication.units))
        .opt(bundled_into.as_deref())
        .end();
    adjustments(w, &adjudication.adjustments);
    if let Some(date) = adjudication.adjudicated {
        dtp(w, "573", &DateValue::Day(date));
    }
    amount(w, "EAF", adjudication.remaining);
}

/// Loops 2310 or 2420 (of line `number`) in the order of `roles`; roles not in it come last.
fn providers(w: &mut SegmentWriter, providers: &[Provider], roles: &[(ProviderRole, &'static str)], number: u32) {
    let place_of = |provider: &Provider| roles.iter().position(|(role, _)| *role == provider.role);
    let mut ordered: Vec<&Provider> = providers.iter().collect();
    ordered.sort_by_key(|provider| place_of(provider).unwrap_or(roles.len()));
    for provider in ordered {
        if let Some((_, loop_id)) = place_of(provider).and_then(|at| roles.get(at)) {
            w.enter(loop_id, number);
        }
        nm1(w, provider.role.as_str(), &provider.name, provider.id.as_ref());
        taxonomy(w, "PE", provider.taxonomy.as_deref());
        address(w, provider.address.as_ref());
        references(w, &provider.references);
        contacts(w, provider.contact.as_slice());
    }
}

/// CAS: one segment for each group code, in the order of first appearance.
fn adjustments(w: &mut SegmentWriter, adjustments: &[Adjustment]) {
    let mut groups: Vec<&CasGroup> = Vec::new();
    for adjustment in adjustments {
        if !groups.contains(&&adjustment.group) {
            groups.push(&adjustment.group);
        }
    }
    for group in groups {
        let of_group: Vec<&Adjustment> = adjustments.iter().filter(|a| a.group == *group).collect();
        for triples in of_group.chunks(CAS_TRIPLES) {
            let mut segment = w.segment("CAS").el_max(group.as_str(), 2);
            for triple in triples {
                segment = segment.el_max(&triple.reason, 5).money(triple.amount).quantity(triple.quantity);
            }
            segment.end();
        }
    }
}

fn procedure<'w>(segment: SegmentBuilder<'w>, procedure: &Procedure) -> SegmentBuilder<'w> {
    let (qualifier, code) = ((procedure.qualifier.as_str(), 2), (procedure.code.as_str(), 48));
    // Most lines by far have no more.
    match (&*procedure.modifiers, &procedure.description) {
        ([], None) => return segment.composite_max(&[qualifier, code]),
        ([modifier], None) => return segment.composite_max(&[qualifier, code, (modifier, 2)]),
        _ => {}
    }
    let mut components = vec![qualifier, code];
    components.extend(procedure.modifiers.iter().map(|modifier| (modifier.as_str(), 2)));
    let description = procedure.description.as_deref().map(|text| charset::normalize(text, Delimiters::default()));
    if let Some(description) = &description {
        components.resize(components.len().max(6), ("", 0));
        components.push((description, 80));
    }
    segment.composite_max(&components)
}

fn attachments(w: &mut SegmentWriter, attachments: &[Attachment]) {
    for attachment in attachments {
        w.segment("PWK")
            .el_max(&attachment.report_type, 2)
            .el_max(attachment.transmission.as_str(), 2)
            .skip(2)
            .opt(attachment.control_number.as_ref().map(|_| "AC"))
            .opt_max(attachment.control_number.as_deref(), 80)
            .end();
    }
}

fn dtp(w: &mut SegmentWriter, qualifier: &str, value: &DateValue) {
    let segment = w.segment("DTP").el_max(qualifier, 3);
    match value {
        DateValue::Day(day) => segment.el("D8").date8(*day),
        DateValue::Span(from, to) => segment.el("RD8").el(&format!("{}-{}", Date8(*from), Date8(*to))),
        DateValue::Other { format, text } => segment.el_max(format, 3).el_max(text, 35),
    }
    .end();
}

fn amount(w: &mut SegmentWriter, qualifier: &str, amount: Option<Money>) {
    if let Some(amount) = amount {
        w.segment("AMT").el(qualifier).money(amount).end();
    }
}

fn fixed_format(w: &mut SegmentWriter, texts: &[String]) {
    for text in texts {
        w.segment("K3").el_max(text, 80).end();
    }
}

fn note(w: &mut SegmentWriter, note: Option<&Note>) {
    if let Some(note) = note {
        let text: String = charset::normalize(note.text.as_str(), Delimiters::default()).chars().take(NOTE_MAX).collect();
        w.segment("NTE").el_max(&note.code, 3).text(&text, NOTE_MAX).end();
    }
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "Y" } else { "N" }
}
