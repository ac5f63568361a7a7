//! What must add up and hold together in the claims of an 837P (domain.md 1.4, 1.5, 1.7, 1.8): charges, other payers' payments, pointers,
//! the number of a claim that is replaced.

use super::catalog::*;
use super::fault::{Fault, Trigger};
use super::walk::{Here, Placed, Report};
use crate::edi::{Position, Segment};
use crate::platform::money::Money;

/// Follows the claims of one transaction set.
#[derive(Default)]
pub(super) struct Claims {
    subscriber: Option<Subscriber>,
    claim: Option<Claim>,
}

/// SBR of loop 2000B, and whether a patient level stands below it.
struct Subscriber {
    here: Here,
    is_patient: bool,
    has_patient_level: bool,
    reported: bool,
}

struct Claim {
    position: Position,
    at: u32,
    /// CLM02; none when it can't be read, which is another fault.
    charge: Option<Money>,
    /// Σ SV102; none once a charge of a line can't be read.
    lines: Option<Money>,
    replaces: bool,
    names_original: bool,
    diagnoses: Vec<Vec<u8>>,
    others: Vec<Other>,
    /// Whether what other payers paid and adjusted can't be known: a line names a payer that is none of them, or none at all.
    is_unsure: bool,
    /// Whether a loop 2430 is open that names its payer.
    is_adjudicating: bool,
    /// Whether a loop 2320 is open that began with its SBR.
    is_in_other: bool,
    line: Option<Line>,
}

/// Loop 2320.
struct Other {
    at: Here,
    payer: Vec<u8>,
    paid: Option<Money>,
    /// Σ CAS of 2320 and of the payer's 2430; none once an amount can't be read.
    adjusted: Option<Money>,
}

/// Loop 2400.
struct Line {
    here: Here,
    charge: Option<Money>,
    adjudications: Vec<Adjudication>,
}

/// Loop 2430.
struct Adjudication {
    here: Here,
    payer: Vec<u8>,
    /// SVD02 + Σ CAS; none once an amount can't be read.
    explained: Option<Money>,
    adjusted: Option<Money>,
}

/// Amounts of a CAS segment: elements 3, 6, … 18.
const CAS_AMOUNTS: std::ops::RangeInclusive<usize> = 3..=18;

impl Claims {
    /// A loop ended.
    pub(super) fn close(&mut self, loop_id: &str, report: Report<'_>) {
        match (loop_id, &mut self.claim) {
            ("2320", Some(claim)) => claim.is_in_other = false,
            ("2430", Some(claim)) => claim.is_adjudicating = false,
            ("2400", Some(claim)) => claim.close_line(report),
            ("2300", _) => {
                if let Some(claim) = self.claim.take() {
                    claim.close(report);
                }
            }
            _ => {}
        }
    }

    /// A segment was placed.
    pub(super) fn step(&mut self, segment: &Segment<'_>, placed: Placed, here: Here, report: Report<'_>) {
        let loop_id = placed.loop_id.unwrap_or_default();
        match (loop_id, placed.place.spec.id) {
            ("2000B", "SBR") => {
                let is_patient = segment.bytes(2) == b"18";
                self.subscriber = Some(Subscriber { here, is_patient, has_patient_level: false, reported: false });
            }
            ("2000C", "HL") => {
                if let Some(subscriber) = &mut self.subscriber {
                    subscriber.has_patient_level = true;
                    let message = "says that the subscriber is the patient, and a patient level follows";
                    subscriber.judge(subscriber.is_patient, message, report);
                }
            }
            ("2300", "CLM") => {
                if let Some(subscriber) = &mut self.subscriber {
                    let message = "does not say that the subscriber is the patient, and no patient level follows";
                    subscriber.judge(!subscriber.is_patient && !subscriber.has_patient_level, message, report);
                }
                self.claim = Some(Claim::new(segment, here));
            }
            _ => {
                if let Some(claim) = &mut self.claim {
                    claim.step(segment, loop_id, placed, here, report);
                }
            }
        }
    }
}

impl Subscriber {
    fn judge(&mut self, wrong: bool, message: &str, report: Report<'_>) {
        if wrong && !self.reported {
            self.reported = true;
            let position = self.here.position.element(2);
            report(Fault { at: self.here.at, loop_id: Some("2000B"), data_element: Some("1069"), ..Fault::new(SELF, position, message) });
        }
    }
}

impl Claim {
    fn new(segment: &Segment<'_>, here: Here) -> Claim {
        Claim {
            position: here.position,
            at: here.at,
            charge: money(segment, 2),
            lines: Some(Money::ZERO),
            replaces: matches!(segment.component(5, 3), b"7" | b"8"),
            names_original: false,
            diagnoses: Vec::new(),
            others: Vec::new(),
            is_unsure: false,
            is_adjudicating: false,
            is_in_other: false,
            line: None,
        }
    }

    fn step(&mut self, segment: &Segment<'_>, loop_id: &str, placed: Placed, here: Here, report: Report<'_>) {
        match (loop_id, placed.place.spec.id) {
            ("2300", "REF") if segment.bytes(1) == b"F8" => self.names_original = true,
            ("2300", "HI") if segment.component(1, 1).ends_with(b"BK") => self.diagnoses(segment, report),
            ("2320", "SBR") => {
                self.is_in_other = true;
                self.others.push(Other { at: here, payer: Vec::new(), paid: None, adjusted: Some(Money::ZERO) });
            }
            ("2320", _) if !self.is_in_other => {
                (self.is_in_other, self.is_unsure) = (true, true);
                self.others.push(Other { at: here, payer: Vec::new(), paid: None, adjusted: Some(Money::ZERO) });
            }
            ("2320", "CAS") => {
                if let Some(other) = self.others.last_mut() {
                    other.adjusted = add(other.adjusted, adjustments(segment));
                }
            }
            ("2320", "AMT") if segment.bytes(1) == b"D" => {
                if let Some(other) = self.others.last_mut() {
                    (other.at, other.paid) = (here, money(segment, 2));
                }
            }
            ("2330B", "NM1") => {
                if let Some(other) = self.others.last_mut() {
                    other.payer = segment.bytes(9).to_vec();
                }
            }
            ("2400", "LX") => self.line = Some(Line { here, charge: None, adjudications: Vec::new() }),
            ("2400", "SV1") => {
                let charge = money(segment, 2);
                self.lines = add(self.lines, charge);
                self.pointers(segment, report);
                let line = self.line.get_or_insert(Line { here, charge: None, adjudications: Vec::new() });
                (line.here, line.charge) = (here, charge);
            }
            ("2430", "SVD") => {
                let payer = segment.bytes(1).to_vec();
                let is_known = |other: &Other| other.payer.is_empty() || other.payer == payer;
                if !self.others.iter().any(is_known) && !payer.is_empty() {
                    self.is_unsure = true;
                    let message = "names a payer that is not one of the other payers of the claim";
                    report(Fault { data_element: Some("67"), ..Fault::new(COB_PAYER, segment.at(1), message) });
                }
                let adjudication = Adjudication { here, payer, explained: money(segment, 2), adjusted: Some(Money::ZERO) };
                self.is_adjudicating = true;
                if let Some(line) = &mut self.line {
                    line.adjudications.push(adjudication);
                }
            }
            ("2430", "CAS") if !self.is_adjudicating => self.is_unsure = true,
            ("2430", "CAS") => {
                if let Some(adjudication) = self.line.as_mut().and_then(|line| line.adjudications.last_mut()) {
                    let amounts = adjustments(segment);
                    adjudication.explained = add(adjudication.explained, amounts);
                    adjudication.adjusted = add(adjudication.adjusted, amounts);
                }
            }
            _ => {}
        }
    }

    fn diagnoses(&mut self, segment: &Segment<'_>, report: Report<'_>) {
        for element in 1..=segment.elements() {
            let code = segment.component(element, 2).to_vec();
            if !code.is_empty() && self.diagnoses.contains(&code) {
                let fault = Fault::new(DIAGNOSIS_TWICE, segment.at(element).component(2), "the diagnosis stands in the claim already");
                report(Fault { data_element: Some("1271"), ..fault });
            }
            self.diagnoses.push(code);
        }
    }

    fn pointers(&self, segment: &Segment<'_>, report: Report<'_>) {
        for (number, pointer) in (1..).zip(segment.components(7)) {
            let points_at = crate::edi::segment::parse_int(pointer);
            if points_at.is_some_and(|n| n == 0 || n > self.diagnoses.len() as u64) && !self.diagnoses.is_empty() {
                let message = format!("points to diagnosis {}, the claim has {}", points_at.unwrap_or_default(), self.diagnoses.len());
                let fault = Fault::new(POINTER, segment.at(7).component(number), message);
                report(Fault { data_element: Some("1328"), ..fault });
            }
        }
    }

    /// domain.md 1.8 rule 2: `SV102 = Σ SVD02 + Σ CAS` for each payer.
    fn close_line(&mut self, report: Report<'_>) {
        let Some(line) = self.line.take() else { return };
        if line.charge.is_none() {
            self.lines = None;
        }
        for (index, adjudication) in line.adjudications.iter().enumerate() {
            if let Some(other) = self.others.iter_mut().find(|other| other.payer == adjudication.payer) {
                other.adjusted = add(other.adjusted, adjudication.adjusted);
            }
            let of_payer = |other: &&Adjudication| other.payer == adjudication.payer;
            if line.adjudications[..index].iter().any(|earlier| of_payer(&earlier)) {
                continue;
            }
            let explained: Option<Money> = line.adjudications.iter().filter(of_payer).map(|adjudication| adjudication.explained).sum();
            if let (Some(charge), Some(explained)) = (line.charge, explained)
                && charge != explained
            {
                let message = format!("the charge of the line is {charge}, paid and adjusted are {explained}");
                let position = adjudication.here.position.element(2);
                let fault = Fault::new(COB_LINE, position, message);
                report(Fault { at: adjudication.here.at, loop_id: Some("2430"), data_element: Some("782"), ..fault });
            }
        }
    }

    fn close(mut self, report: Report<'_>) {
        self.close_line(report);
        let of_claim = |fault: Fault| Fault { at: self.at, loop_id: Some("2300"), ..fault };
        // domain.md 1.5: CLM02 is the sum of SV102, exactly.
        if let (Some(charge), Some(lines)) = (self.charge, self.lines)
            && charge != lines
        {
            let message = format!("the charge of the claim is {charge}, its lines are {lines}");
            report(of_claim(Fault { data_element: Some("782"), ..Fault::new(CLAIM_CHARGE, self.position.element(2), message) }));
        }
        // domain.md 1.8 rule 3, for every other payer that says what it paid.
        for other in self.others.iter().filter(|_| !self.is_unsure) {
            let explained = add(other.paid, other.adjusted);
            if let (Some(charge), Some(explained)) = (self.charge, explained)
                && charge != explained
            {
                let message = format!("the charge of the claim is {charge}, paid and adjusted by the other payer are {explained}");
                let position = other.at.position.element(2);
                let fault = Fault::new(COB_CLAIM, position, message);
                report(Fault { at: other.at.at, loop_id: Some("2320"), data_element: Some("782"), ..fault });
            }
        }
        // domain.md 1.5, RFI 1538 and 2173.
        if self.replaces && !self.names_original {
            let trigger = Trigger { segment: "CLM", at: self.at, loop_id: "2300", element: 5, component: Some(3), data_element: "1325" };
            let fault = Fault::new(ORIGINAL_NUMBER, self.position, "the claim replaces or voids another and does not name it");
            report(of_claim(Fault { segment: "REF".to_owned(), trigger: Some(trigger), ..fault }));
        }
    }
}

/// An amount that is there and can be read.
fn money(segment: &Segment<'_>, element: usize) -> Option<Money> {
    Money::parse_bytes(segment.bytes(element)).ok()
}

/// The sum of a CAS; none when one of its amounts can't be read.
fn adjustments(segment: &Segment<'_>) -> Option<Money> {
    CAS_AMOUNTS
        .step_by(3)
        .map(|element| segment.bytes(element))
        .filter(|text| !text.is_empty())
        .try_fold(Money::ZERO, |sum, text| Money::parse_bytes(text).ok().map(|amount| sum + amount))
}

fn add(sum: Option<Money>, amount: Option<Money>) -> Option<Money> {
    Some(sum? + amount?)
}
