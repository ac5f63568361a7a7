//! One 835 transaction set becomes a [`Remittance`]. Lenient: a place for everything that was understood, a finding for everything else.

mod claim;
mod elements;
mod heading;

pub(crate) use elements::procedure;

use jiff::civil::Date;

use self::elements::{cents, code, text, units};
use super::code::Code;
use super::codes::{CreditDebit, Handling, PaymentMethod};
use super::model::{BankAccount, ClaimPayment, Organization, Payment, Remittance, ServiceLine};
use super::quantity::Quantity;
use crate::edi::inquiry::Unread;
use crate::edi::reader::Segments;
use crate::edi::segment::parse_date8;
use crate::edi::{EdiError, EdiErrorKind, Few, Finding, Position, Segment, SegmentId, Severity, TransactionSet};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// Reads one transaction set. Findings of severity `Error` say that money may be misread: such a remittance must not post by itself.
#[must_use]
pub fn read_835(set: &TransactionSet) -> (Remittance, Vec<Finding>) {
    let mut claims = Claims::of(set);
    let read: Vec<ClaimPayment> = claims.by_ref().collect();
    let (mut remittance, findings) = claims.finish();
    remittance.claims = read;
    (remittance, findings)
}

/// Reads one transaction set claim by claim, for those that need not hold all of them at once: the claims as an iterator, the rest by
/// [`Claims::finish`].
pub struct Claims<'a> {
    segments: Segments<'a>,
    collector: Collector,
}

impl<'a> Claims<'a> {
    /// Begins to read.
    #[must_use]
    pub fn of(set: &'a TransactionSet) -> Claims<'a> {
        Claims { segments: set.segments(), collector: Collector::new(set.control_number()) }
    }

    /// Reads to the end. Gives the remittance without its claims, and the findings of all.
    #[must_use]
    pub fn finish(mut self) -> (Remittance, Vec<Finding>) {
        self.by_ref().for_each(drop);
        self.collector.finish()
    }
}

impl Iterator for Claims<'_> {
    type Item = ClaimPayment;

    fn next(&mut self) -> Option<ClaimPayment> {
        for segment in self.segments.by_ref() {
            if segment.id_bytes() != b"CLP" {
                self.collector.segment(&segment);
            } else if let Some(ended) = self.collector.claim(&segment) {
                return Some(ended);
            }
        }
        self.collector.end_claim();
        self.collector.claim.take()
    }
}

/// Findings listed for one transaction set. Nobody reads more, and a file of nothing but unknown segments must not fill the memory; one
/// more finding tells that there were more, with the worst severity of the rest.
const FINDINGS_MAX: usize = 1000;

/// Segments kept of what one transaction set says beyond the model, for the same reason; the file itself is archived whole.
const UNREAD_MAX: usize = FINDINGS_MAX;

/// The loop that the last segment stands in: what REF, DTM, CAS and the like belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading,
    Payer,
    Payee,
    Claims,
    Claim,
    Line,
    Footer,
    Unknown,
}

struct Collector {
    remittance: Remittance,
    findings: Vec<Finding>,
    place: Place,
    header: Code,
    /// The claim that is being read.
    claim: Option<ClaimPayment>,
    /// Its lines; they move into it, all at once and without room to spare, when it ends.
    lines: Vec<ServiceLine>,
    seen_payment: bool,
    seen_trace: bool,
    worst_unlisted: Option<Severity>,
}

impl Collector {
    fn new(control_number: &str) -> Collector {
        let payment = Payment {
            segment: 0,
            handling: Handling::Other(String::new()),
            amount: Money::ZERO,
            credit_debit: CreditDebit::Other(String::new()),
            method: PaymentMethod::Other(String::new()),
            format: None,
            from: BankAccount::default(),
            company: None,
            company_supplement: None,
            to: BankAccount::default(),
            date: None,
        };
        let remittance = Remittance {
            control_number: control_number.to_owned(),
            segment: 0,
            payment,
            trace: String::new(),
            trace_payer: String::new(),
            trace_supplement: None,
            currency: None,
            references: Few::new(),
            produced: None,
            payer: Organization::default(),
            payee: Organization::default(),
            claims: Vec::new(),
            provider_adjustments: Vec::new(),
            unread: Vec::new(),
        };
        Collector {
            remittance,
            findings: Vec::new(),
            place: Place::Heading,
            header: Code::default(),
            claim: None,
            lines: Vec::new(),
            seen_payment: false,
            seen_trace: false,
            worst_unlisted: None,
        }
    }

    /// Any segment but CLP, which ends a claim.
    fn segment(&mut self, s: &Segment<'_>) {
        match s.id_bytes() {
            b"SVC" => self.line(s),
            b"DTM" => self.date_segment(s),
            b"CAS" => self.adjustments(s),
            b"REF" => self.reference(s),
            b"AMT" => self.amount_segment(s),
            b"LQ" => self.remark(s),
            b"NM1" => self.party(s),
            b"MOA" => self.claim_remarks(s, &[3, 4, 5, 6, 7]),
            b"MIA" => self.claim_remarks(s, &[5, 20, 21, 22, 23]),
            b"QTY" => self.quantity_segment(s),
            b"PLB" => self.provider_adjustments(s),
            b"LX" => {
                self.header = code(s.bytes(1));
                self.place = Place::Claims;
                self.not_carried(s, s.fields_and_more::<1>().1);
            }
            b"BPR" => self.payment(s),
            b"TRN" => self.trace(s),
            b"CUR" => {
                self.remittance.currency = s.opt(2);
                self.not_carried(s, s.fields_and_more::<2>().1);
            }
            b"N1" => self.organization(s),
            b"N3" | b"N4" => self.address(s),
            b"PER" => self.contact(s),
            b"ST" => self.remittance.segment = s.number(),
            b"SE" => {}
            // Hospital totals and the delivery address of a paper remittance: known, and of no use to a pediatric practice.
            b"TS2" | b"TS3" | b"RDM" => {
                self.set_aside(s, Finding::note("ERA-NOT-CARRIED", s.position(), "a segment that is not used here was left out"))
            }
            _ => self.misplaced(s),
        }
    }

    fn finish(mut self) -> (Remittance, Vec<Finding>) {
        let set = Position::of_segment(0, self.remittance.segment, SegmentId::new(b"ST"));
        let missing = [
            (self.seen_payment, "the payment (BPR)"),
            (self.seen_trace, "the trace number (TRN)"),
            (self.remittance.payer.segment != 0, "the payer (N1*PR)"),
            (self.remittance.payee.segment != 0, "the payee (N1*PE)"),
        ];
        for (_, what) in missing.iter().filter(|(is_there, _)| !is_there) {
            self.findings.push(Finding::error("ERA-MISSING", set, format!("{what} is missing; ask the payer for a complete remittance")));
        }
        if let Some(severity) = self.worst_unlisted {
            let message = format!("more than {FINDINGS_MAX} findings; the rest is not listed");
            self.findings.push(Finding { code: "ERA-MORE", severity, position: set, message });
        }
        (self.remittance, self.findings)
    }

    #[cold]
    fn report(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.worst_unlisted = self.worst_unlisted.max(Some(finding.severity));
        }
    }

    /// Reports what the remittance has no place for, or what can't be read, and keeps its segment.
    #[cold]
    fn set_aside(&mut self, s: &Segment<'_>, finding: Finding) {
        let unread = &mut self.remittance.unread;
        if unread.len() < UNREAD_MAX && unread.last().is_none_or(|last| last.segment != s.number()) {
            unread.push(Unread { segment: s.number(), element: None, text: Phi::new(text(s.raw())) });
        }
        self.report(finding);
    }

    #[inline]
    fn required_money(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Money {
        if element.is_empty() {
            self.report(Finding::error("ERA-AMOUNT", s.at(n), "an amount is missing; ask the payer"));
        }
        self.money(s, n, element).unwrap_or_default()
    }

    #[inline]
    fn money(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Money> {
        if element.is_empty() {
            return None;
        }
        match cents(element) {
            Some(cents) => Some(Money::from_cents(cents)),
            None => self.odd_money(s, n, element),
        }
    }

    #[cold]
    fn odd_money(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Money> {
        let parsed = Money::parse_bytes(element).map_err(EdiErrorKind::Money);
        parsed.map_err(|kind| self.set_aside(s, EdiError { kind, position: s.at(n) }.into())).ok()
    }

    #[inline]
    fn quantity(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Quantity> {
        if element.is_empty() {
            return None;
        }
        match units(element) {
            Some(units) => Some(Quantity::whole(units)),
            None => self.odd_quantity(s, n, element),
        }
    }

    #[cold]
    fn odd_quantity(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Quantity> {
        let parsed = Quantity::parse_bytes(element);
        parsed.map_err(|_| self.set_aside(s, Finding::warning("X12-ELEMENT", s.at(n), EdiErrorKind::Number.to_string()))).ok()
    }

    #[inline]
    fn date(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Date> {
        let date = parse_date8(element);
        if date.is_none() && !element.is_empty() {
            self.set_aside(s, Finding::warning("X12-ELEMENT", s.at(n), EdiErrorKind::Date.to_string()));
        }
        date
    }

    /// Reports filled elements that the model has no place for, if there are any.
    #[inline]
    fn not_carried(&mut self, s: &Segment<'_>, any: bool) {
        if any {
            self.set_aside(s, Finding::note("ERA-NOT-CARRIED", s.position(), "an element that is not used here was left out"));
        }
    }

    fn once(&mut self, s: &Segment<'_>, again: bool) {
        if again {
            self.report(Finding::error("ERA-REPEATED", s.position(), "a segment stands twice where one is allowed; the last one was read"));
        }
    }

    /// A segment that is unknown, or known and in a place where it means nothing. Lost money is an error.
    fn misplaced(&mut self, s: &Segment<'_>) {
        let finding = if matches!(s.id(), "CAS" | "SVC") {
            Finding::error("ERA-MISPLACED", s.position(), "an amount belongs to no claim; ask the payer")
        } else {
            Finding::warning("ERA-UNKNOWN-SEGMENT", s.position(), "the segment is unknown or out of place and was left out")
        };
        self.set_aside(s, finding);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Remittance;
    use super::super::samples::{self, read};
    use super::*;

    pub fn with_claim(segments: &str) -> (Remittance, Vec<Finding>) {
        let heading = samples::PAID_WITH_PLB.split("CLP*").next().unwrap();
        read(&format!("{heading}CLP*C1*1*100*60*40*MC*ICN1*11*1~{segments}SE*99*0001~"))
    }

    pub fn codes(findings: &[Finding]) -> Vec<(&'static str, Severity)> {
        findings.iter().map(|finding| (finding.code, finding.severity)).collect()
    }

    #[test]
    fn segments_without_a_place_are_reported_and_money_without_a_place_is_an_error() {
        let heading = samples::PAID_WITH_PLB.split("LX*").next().unwrap();
        let (_, findings) = read(&format!("{heading}CAS*CO*45*1~SVC*HC:99213*1*1~LQ*HE*N19~ZZZ*1~N1*XX*OTHER~REF*1~SE*19*0001~"));
        let lost = ("ERA-UNKNOWN-SEGMENT", Severity::Warning);
        assert_eq!(codes(&findings), [("ERA-MISPLACED", Severity::Error), ("ERA-MISPLACED", Severity::Error), lost, lost, lost, lost]);
    }

    #[test]
    fn elements_that_are_left_out_are_noted() {
        let (_, findings) =
            with_claim("NM1*QC*1*LEE*ANA*B*DR**MI*M1*X~MOA*0.5**MA15~SVC*HC:99213:::::TEXT:9*1*1~DTM*472*20261116*0900~TS3*1~");
        assert_eq!(codes(&findings), [("ERA-NOT-CARRIED", Severity::Note); 5]);
    }

    #[test]
    fn what_has_no_place_is_kept_as_it_came_with_its_place_in_the_file() {
        let (r, _) = with_claim("TS3*1~ZZZ*1:2~DTM*472*2026*0900~AMT*AU*6O~SVC*HC:99213*1*1~");
        let kept: Vec<(u32, &str)> = r.unread.iter().map(|unread| (unread.segment, unread.text.as_str())).collect();
        assert_eq!(kept, [(16, "TS3*1"), (17, "ZZZ*1:2"), (18, "DTM*472*2026*0900"), (19, "AMT*AU*6O")]);
        let json = serde_json::to_string(&r).unwrap();
        assert_eq!(serde_json::from_str::<Remittance>(&json).unwrap(), r);
        assert!(!serde_json::to_string(&Remittance { unread: Vec::new(), ..r }).unwrap().contains("unread"));
        assert_eq!(with_claim(&"ZZZ~".repeat(UNREAD_MAX + 1)).0.unread.len(), UNREAD_MAX);
    }

    #[test]
    fn a_remittance_without_payment_trace_payer_or_payee_is_an_error_for_each() {
        let (_, findings) = read("ST*835*0001~SE*2*0001~");
        assert_eq!(codes(&findings), [("ERA-MISSING", Severity::Error); 4]);
    }

    #[test]
    fn past_the_limit_one_finding_stands_for_the_rest_with_the_worst_severity() {
        let (_, findings) = with_claim(&format!("{}AMT*AU*X~ZZZ~", "ZZZ~".repeat(FINDINGS_MAX)));
        assert_eq!(findings.len(), FINDINGS_MAX + 1);
        assert_eq!(codes(&findings[FINDINGS_MAX..]), [("ERA-MORE", Severity::Error)]);
    }

    #[test]
    fn neither_debug_nor_findings_show_who_the_child_is() {
        let (r, findings) =
            with_claim("NM1*QC*1*RIVERA*MATEO****MI*XYZ123456789~REF*1W*XYZ123456789~RIVERA*MATEO~CAS*RIVERA*MATEO*XYZ123456789~");
        assert!(!findings.is_empty());
        let shown = format!("{:?}{}", r.claims[0].parties, findings.iter().map(ToString::to_string).collect::<String>());
        for word in ["RIVERA", "MATEO", "XYZ"] {
            assert!(!shown.contains(word), "{shown}");
        }
        assert!(!format!("{:?}", r.claims[0].references).contains("XYZ"));
    }

    proptest! {
        #[test]
        fn damaged_remittances_never_panic(
            cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            // Damage inside of the segments only, so that the envelope still reads.
            let mut text = samples::PAID_WITH_PLB.as_bytes().to_vec();
            let (from, to) = ("ST*835*0001~".len(), text.len() - "SE*41*0001~".len());
            for (at, byte) in cuts {
                text[from + at.index(to - from)] = byte;
            }
            let isa = "ISA*00*          *00*          *ZZ*PAYER00900     *ZZ*PEDBILL        *261207*0930*^*00501*000000201*0*T*:~";
            let gs = "GS*HP*PAYER00900*PEDBILL*20261207*0930*201*X*005010X221A1~";
            let file = [isa.as_bytes(), gs.as_bytes(), &text, b"GE*1*201~IEA*1*000000201~"].concat();
            for event in crate::edi::read_all(&file).unwrap_or_default() {
                if let crate::edi::Event::Transaction(set) = event {
                    let (remittance, _) = read_835(&set);
                    let _ = super::super::prove(&remittance);
                }
            }
        }
    }
}
