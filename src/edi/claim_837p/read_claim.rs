//! Reads claims, prior payers and service lines (loops 2300 to 2430).

use super::codes::{
    AcceptAssignment, AttachmentKind, BenefitsAssignment, ChargeUnit, ClaimDateKind, Frequency, LineDateKind, NdcUnit, ProviderRole,
    Relationship, ReleaseOfInformation, Responsibility,
};
use super::cursor::{Cursor, masked};
use super::model_claim::{
    Attachment, Claim, Condition, Contract, Drug, HealthCareCode, LineAdjudication, Note, OtherPayer, OtherPayerProvider,
    OutpatientRemarks, Provider, RelatedCauses, Repricing, ServiceLine,
};
use super::read::{Entity, entity, reference};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::edi::segment::parse_int;
use crate::platform::money::Money;

/// Reads loop 2300 from its CLM.
pub(super) fn claim(c: &mut Cursor<'_>) -> Claim {
    let mut claim = clm(c);
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("DTP", _) => {
                let segment = c.take(&[1, 2, 3]);
                let value = c.date_value(&segment);
                claim.dates.push((ClaimDateKind::from(&*segment.text(1)), value));
            }
            ("PWK", _) => claim.attachments.push(attachment(c)),
            ("CN1", _) => {
                let contract = contract(c);
                c.set_once(&mut claim.contract, contract);
            }
            ("HCP", _) => {
                let repricing = repricing(c);
                c.set_once(&mut claim.repricing, repricing);
            }
            ("AMT", "F5") => {
                let segment = c.take(&[1, 2]);
                let amount = c.amount(&segment, 2);
                c.set_once(&mut claim.patient_paid, amount);
            }
            ("REF", _) => claim.references.push(reference(c)),
            ("K3", _) => claim.fixed_format.push(c.take(&[1]).text(1).into_owned()),
            ("NTE", _) => {
                let note = note(c);
                c.set_once(&mut claim.note, note);
            }
            ("CRC", _) => {
                let segment = c.take(&[1, 2, 3, 4, 5, 6, 7]);
                let codes = (3..=7).filter_map(|n| segment.opt(n)).collect();
                claim.conditions.push(Condition { category: segment.text(1).into_owned(), applies: c.yes(&segment, 2), codes });
            }
            ("HI", _) => health_care_codes(c, &mut claim),
            ("NM1", role) if !matches!(role, "IL" | "PR" | "QC") => claim.providers.push(provider(c)),
            ("SBR", _) => claim.other_payers.push(other_payer(c)),
            ("LX", _) => claim.lines.push(service_line(c)),
            ("CLM" | "HL" | "SE", _) => break,
            _ => c.leave_out(),
        }
    }
    claim
}

fn clm(c: &mut Cursor<'_>) -> Claim {
    let segment = c.take(&[1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 20]);
    if segment.component(5, 2) != b"B" {
        c.wrong("837-CODE", 5, "the place of service is not coded as a professional claim's is");
    }
    let component = |n: usize| segment.component_opt(11, n);
    let related_causes = (!segment.bytes(11).is_empty()).then(|| RelatedCauses {
        causes: (1..=3).filter_map(component).collect(),
        state: component(4),
        country: component(5),
    });
    Claim {
        segment: Some(segment.number()),
        id: segment.text(1).into_owned(),
        charge: c.amount(&segment, 2),
        place_of_service: segment.component_opt(5, 1).unwrap_or_default(),
        frequency: Frequency::from(segment.component_opt(5, 3).unwrap_or_default()),
        provider_signature: c.yes(&segment, 6),
        assignment: AcceptAssignment::from(&*segment.text(7)),
        benefits_assignment: BenefitsAssignment::from(&*segment.text(8)),
        release: ReleaseOfInformation::from(&*segment.text(9)),
        signed_for_patient: c.flag(&segment, 10, b"P"),
        related_causes,
        special_program: segment.opt(12),
        delay_reason: segment.opt(20),
        dates: Vec::new(),
        attachments: Vec::new(),
        contract: None,
        patient_paid: None,
        references: Vec::new(),
        fixed_format: Vec::new(),
        note: None,
        conditions: Vec::new(),
        diagnoses: Vec::new(),
        other_codes: Vec::new(),
        repricing: None,
        providers: Vec::new(),
        other_payers: Vec::new(),
        lines: Vec::new(),
    }
}

fn contract(c: &mut Cursor<'_>) -> Contract {
    let segment = c.take(&[1, 2, 3, 4, 5, 6]);
    Contract {
        kind: segment.text(1).into_owned(),
        amount: c.money(&segment, 2),
        percent: c.quantity(&segment, 3),
        code: segment.opt(4),
        discount_percent: c.quantity(&segment, 5),
        version: segment.opt(6),
    }
}

fn repricing(c: &mut Cursor<'_>) -> Repricing {
    let segment = c.take(&[1, 2, 3, 4, 5, 6, 7, 13, 14, 15]);
    Repricing {
        method: segment.text(1).into_owned(),
        allowed: c.amount(&segment, 2),
        saved: c.money(&segment, 3),
        organization: segment.opt(4),
        rate: c.quantity(&segment, 5),
        group: segment.opt(6),
        group_amount: c.money(&segment, 7),
        reject_reason: segment.opt(13),
        compliance: segment.opt(14),
        exception: segment.opt(15),
    }
}

/// HI: the principal diagnosis, the others, or other code lists.
fn health_care_codes(c: &mut Cursor<'_>, claim: &mut Claim) {
    let segment = c.take(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    for n in 1..=segment.elements().min(12) {
        let code = segment.component_opt(n, 2).unwrap_or_default();
        match segment.component(n, 1) {
            b"" => continue,
            kind @ (b"ABK" | b"ABF") => {
                if (kind == b"ABK") != claim.diagnoses.is_empty() {
                    c.wrong("837-CODE", n, "exactly the first diagnosis is the principal one; the order of the file was followed");
                }
                claim.diagnoses.push(code);
            }
            kind => {
                if matches!(kind, b"BK" | b"BF") {
                    c.wrong("837-ICD9", n, "diagnoses are ICD-10-CM since October 2015; this ICD-9 code is kept apart from them");
                }
                claim.other_codes.push(HealthCareCode { qualifier: String::from_utf8_lossy(kind).into_owned(), code });
            }
        }
        if segment.components(n).skip(2).any(|component| !component.is_empty()) {
            c.wrong("837-ELEMENT-LEFT-OUT", n, "a component after the code was left out");
        }
    }
}

fn other_payer(c: &mut Cursor<'_>) -> OtherPayer {
    let segment = c.take(&[1, 2, 3, 4, 5, 9]);
    let mut other = OtherPayer {
        responsibility: Responsibility::from(&*segment.text(1)),
        relationship: Relationship::from(&*segment.text(2)),
        group_number: segment.opt(3),
        group_name: segment.opt(4),
        insurance_type: segment.opt(5),
        filing_indicator: segment.opt(9),
        adjustments: Vec::new(),
        paid: None,
        non_covered: None,
        remaining: None,
        benefits_assignment: BenefitsAssignment::from(""),
        signed_for_patient: false,
        release: ReleaseOfInformation::from(""),
        remarks: None,
        subscriber: Entity::nobody().into_individual(),
        payer: Entity::nobody().into_payer(),
        adjudicated: None,
        providers: Vec::new(),
    };
    let (mut oi, mut subscriber, mut payer) = (None, None, None);
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("CAS", _) => c.adjustments(&mut other.adjustments),
            ("AMT", "D" | "A8" | "EAF") => {
                let segment = c.take(&[1, 2]);
                let amount = c.amount(&segment, 2);
                let slot = match kind {
                    "D" => &mut other.paid,
                    "A8" => &mut other.non_covered,
                    _ => &mut other.remaining,
                };
                c.set_once(slot, amount);
            }
            ("OI", _) => {
                let segment = c.take(&[3, 4, 6]);
                let signed = c.flag(&segment, 4, b"P");
                c.set_once(&mut oi, (segment, signed));
            }
            ("MOA", _) => {
                let segment = c.take(&[1, 2, 3, 4, 5, 6, 7]);
                let codes = (3..=7).filter_map(|n| segment.opt(n)).collect();
                let remarks = OutpatientRemarks { reimbursement_rate: c.quantity(&segment, 1), payable: c.money(&segment, 2), codes };
                c.set_once(&mut other.remarks, remarks);
            }
            ("NM1", "IL") => {
                let entity = entity(c, &["N3", "N4", "REF"]);
                c.set_once(&mut subscriber, entity.into_individual());
            }
            ("NM1", "PR") => {
                let entity = entity(c, &["N3", "N4", "DTP", "REF"]);
                c.set_once(&mut payer, entity);
            }
            ("NM1", role) => {
                let role = ProviderRole::from(role);
                let is_person = c.take(&[1, 2]).bytes(2) == b"1";
                let mut references = Vec::new();
                while c.peek().is_some_and(|(_, id, _)| id == "REF") {
                    references.push(reference(c));
                }
                other.providers.push(OtherPayerProvider { role, is_person, references });
            }
            ("SBR" | "LX" | "CLM" | "HL" | "SE", _) => break,
            _ => c.leave_out(),
        }
    }
    c.require(oi.is_some(), "OI");
    c.require(subscriber.is_some(), "the other subscriber (NM1*IL)");
    c.require(payer.is_some(), "the other payer (NM1*PR)");
    if let Some((oi, signed)) = oi {
        other.signed_for_patient = signed;
        other.benefits_assignment = BenefitsAssignment::from(&*oi.text(3));
        other.release = ReleaseOfInformation::from(&*oi.text(6));
    }
    if let Some(subscriber) = subscriber {
        other.subscriber = subscriber;
    }
    if let Some(payer) = payer {
        other.adjudicated = payer.adjudicated;
        other.payer = payer.into_payer();
    }
    other
}

fn service_line(c: &mut Cursor<'_>) -> ServiceLine {
    let mut line = ServiceLine {
        segment: Some(c.take(&[1]).number()),
        procedure: Procedure::default(),
        charge: Money::ZERO,
        unit: ChargeUnit::Units,
        quantity: Quantity::default(),
        place_of_service: None,
        diagnosis_pointers: Vec::new(),
        emergency: false,
        epsdt: false,
        family_planning: false,
        copay_exempt: false,
        attachments: Vec::new(),
        service_date: None,
        dates: Vec::new(),
        references: Vec::new(),
        fixed_format: Vec::new(),
        note: None,
        drug: None,
        providers: Vec::new(),
        adjudications: Vec::new(),
    };
    let mut has_service = false;
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("SV1", _) if !has_service => {
                has_service = true;
                professional_service(c, &mut line);
            }
            ("PWK", _) => line.attachments.push(attachment(c)),
            ("DTP", "472") => {
                let segment = c.take(&[1, 2, 3]);
                let value = c.date_value(&segment);
                c.set_once(&mut line.service_date, value);
            }
            ("DTP", _) => {
                let segment = c.take(&[1, 2, 3]);
                let value = c.date_value(&segment);
                line.dates.push((LineDateKind::from(&*segment.text(1)), value));
            }
            ("REF", _) => line.references.push(reference(c)),
            ("K3", _) => line.fixed_format.push(c.take(&[1]).text(1).into_owned()),
            ("NTE", _) => {
                let note = note(c);
                c.set_once(&mut line.note, note);
            }
            ("LIN", _) => {
                let drug = drug(c);
                c.set_once(&mut line.drug, drug);
            }
            ("NM1", role) if !matches!(role, "IL" | "PR" | "QC") => line.providers.push(provider(c)),
            ("SVD", _) => line.adjudications.push(line_adjudication(c)),
            ("LX" | "CLM" | "HL" | "SE", _) => break,
            _ => c.leave_out(),
        }
    }
    c.require(has_service, "SV1");
    line
}

fn professional_service(c: &mut Cursor<'_>, line: &mut ServiceLine) {
    let segment = c.take(&[1, 2, 3, 4, 5, 7, 9, 11, 12, 15]);
    line.procedure = c.procedure(&segment, 1);
    line.charge = c.amount(&segment, 2);
    line.unit = ChargeUnit::from(&*segment.text(3));
    line.quantity = c.quantity(&segment, 4).unwrap_or_default();
    line.place_of_service = segment.opt(5);
    for pointer in segment.components(7).filter(|pointer| !pointer.is_empty()) {
        match parse_int(pointer).and_then(|n| u8::try_from(n).ok()) {
            Some(pointer) => line.diagnosis_pointers.push(pointer),
            None => c.wrong("837-CODE", 7, "a diagnosis pointer is not a number and was left out"),
        }
    }
    line.emergency = c.yes(&segment, 9);
    line.epsdt = c.yes(&segment, 11);
    line.family_planning = c.yes(&segment, 12);
    line.copay_exempt = c.flag(&segment, 15, b"0");
}

fn line_adjudication(c: &mut Cursor<'_>) -> LineAdjudication {
    let segment = c.take(&[1, 2, 3, 5, 6]);
    let bundled_into = parse_int(segment.bytes(6)).and_then(|n| u32::try_from(n).ok());
    if bundled_into.is_none() && !segment.bytes(6).is_empty() {
        c.wrong("X12-ELEMENT", 6, "this is not the number of a line and was left out");
    }
    let mut adjudication = LineAdjudication {
        payer_id: segment.text(1).into_owned(),
        paid: c.amount(&segment, 2),
        procedure: c.procedure(&segment, 3),
        units: c.quantity(&segment, 5).unwrap_or_default(),
        bundled_into,
        adjustments: Vec::new(),
        adjudicated: None,
        remaining: None,
    };
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("CAS", _) => c.adjustments(&mut adjudication.adjustments),
            ("DTP", "573") => {
                let segment = c.take(&[1, 2, 3]);
                if let Some(day) = c.day(&segment) {
                    c.set_once(&mut adjudication.adjudicated, day);
                }
            }
            ("AMT", "EAF") => {
                let segment = c.take(&[1, 2]);
                let amount = c.amount(&segment, 2);
                c.set_once(&mut adjudication.remaining, amount);
            }
            _ => break,
        }
    }
    adjudication
}

fn provider(c: &mut Cursor<'_>) -> Provider {
    let role = c.peek().map_or(ProviderRole::from(""), |(_, _, role)| ProviderRole::from(role));
    let entity = entity(c, &["PRV", "N3", "N4", "REF", "PER"]);
    entity.into_provider(role)
}

fn drug(c: &mut Cursor<'_>) -> Drug {
    let segment = c.take(&[2, 3]);
    let mut drug =
        Drug { qualifier: segment.text(2).into_owned(), code: segment.text(3).into_owned(), quantity: None, unit: None, reference: None };
    while let Some((_, id, kind)) = c.peek() {
        match (id, kind) {
            ("CTP", _) => {
                let segment = c.take(&[4, 5]);
                drug.quantity = c.quantity(&segment, 4);
                drug.unit = segment.component_opt(5, 1).map(NdcUnit::from);
            }
            ("REF", "XZ" | "VY") => {
                let reference = reference(c);
                c.set_once(&mut drug.reference, reference);
            }
            _ => break,
        }
    }
    drug
}

fn attachment(c: &mut Cursor<'_>) -> Attachment {
    let segment = c.take(&[1, 2, 5, 6]);
    Attachment {
        report_type: segment.text(1).into_owned(),
        transmission: AttachmentKind::from(&*segment.text(2)),
        control_number: segment.opt(6),
    }
}

fn note(c: &mut Cursor<'_>) -> Note {
    let segment = c.take(&[1, 2]);
    Note { code: segment.text(1).into_owned(), text: masked(&segment, 2).unwrap_or_default() }
}
