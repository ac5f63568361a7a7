//! One 277CA transaction set becomes a [`ClaimAcknowledgment`]. Lenient: what has no place is a finding, and a level that a partner
//! skips is filled in empty, so that no answer to a claim is lost.

use jiff::civil::Date;

use super::{
    AcknowledgedClaim, AcknowledgedLine, AcknowledgedPatient, Action, BatchStatus, ClaimAcknowledgment, InformationSource, ProviderStatus,
    SourceKind, Status, Totals, VERSION,
};
use crate::edi::charset::decode;
use crate::edi::inquiry::status::status_codes;
use crate::edi::remittance_835::read::procedure;
use crate::edi::remittance_835::{Code, Procedure, Quantity, Reference};
use crate::edi::segment::parse_date8;
use crate::edi::{EdiErrorKind, Finding, Segment, TransactionSet};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// Reads one 277CA. Findings of severity Error say that an answer may be misread.
#[must_use]
pub fn read_277ca(set: &TransactionSet) -> (ClaimAcknowledgment, Vec<Finding>) {
    let mut findings = Vec::new();
    if !set.version().starts_with(VERSION) {
        let message = "this is another kind of 277 than a claim acknowledgment; nothing of it may be applied";
        findings.extend(set.segments().next().map(|st| Finding::error("ACK-VERSION", st.at(3), message)));
    }
    let ack = ClaimAcknowledgment {
        control_number: set.control_number().to_owned(),
        segment: set.first_segment(),
        reference: String::new(),
        created: None,
        time: None,
        sources: Vec::new(),
    };
    let mut collector = Collector { ack, findings, place: Place::Heading, patient: AcknowledgedPatient::default() };
    for segment in set.segments() {
        collector.segment(&segment);
    }
    (collector.ack, collector.findings)
}

/// The loop that the last segment stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Heading,
    Source,
    Batch,
    Provider,
    Patient,
    Claim,
    Line,
    Unknown,
}

struct Collector {
    ack: ClaimAcknowledgment,
    findings: Vec<Finding>,
    place: Place,
    patient: AcknowledgedPatient,
}

impl Collector {
    fn segment(&mut self, s: &Segment<'_>) {
        match s.id() {
            "ST" | "SE" => {}
            "BHT" => {
                self.ack.reference = s.text(3).into_owned();
                self.ack.created = self.date(s, 4);
                self.ack.time = s.opt(5);
            }
            "HL" => self.level(s),
            "NM1" => self.name(s),
            "TRN" => self.trace(s),
            "STC" => self.status(s),
            "DTP" => self.period(s),
            "REF" => self.reference(s),
            "QTY" => self.count(s),
            "AMT" => self.amount(s),
            "SVC" => self.line(s),
            _ => self.misplaced(s),
        }
    }

    fn level(&mut self, s: &Segment<'_>) {
        let number = s.number();
        self.place = match s.bytes(3) {
            b"20" => {
                self.ack.sources.push(source_at(number));
                Place::Source
            }
            b"21" => {
                self.source(s).batches.push(batch_at(number));
                Place::Batch
            }
            b"19" => {
                self.batch(s).providers.push(provider_at(number));
                Place::Provider
            }
            b"PT" => {
                self.patient = AcknowledgedPatient::default();
                Place::Patient
            }
            _ => {
                self.misplaced(s);
                Place::Unknown
            }
        };
    }

    /// The present source; made when a partner left its level out.
    fn source(&mut self, s: &Segment<'_>) -> &mut InformationSource {
        if self.ack.sources.is_empty() {
            self.skipped_level(s);
            self.ack.sources.push(source_at(s.number()));
        }
        self.ack.sources.last_mut().expect("one was pushed when there was none")
    }

    fn batch(&mut self, s: &Segment<'_>) -> &mut BatchStatus {
        if self.source(s).batches.is_empty() {
            self.skipped_level(s);
            self.source(s).batches.push(batch_at(s.number()));
        }
        self.source(s).batches.last_mut().expect("one was pushed when there was none")
    }

    fn provider(&mut self, s: &Segment<'_>) -> &mut ProviderStatus {
        if self.batch(s).providers.is_empty() {
            self.skipped_level(s);
            self.batch(s).providers.push(provider_at(s.number()));
        }
        self.batch(s).providers.last_mut().expect("one was pushed when there was none")
    }

    /// The present claim, when the place is a claim or a line.
    fn claim(&mut self, s: &Segment<'_>) -> Option<&mut AcknowledgedClaim> {
        if matches!(self.place, Place::Claim | Place::Line) { self.provider(s).claims.last_mut() } else { None }
    }

    fn name(&mut self, s: &Segment<'_>) {
        let [_, kind, name, first, middle, _, suffix, id_qualifier, id] = s.fields::<9>();
        match self.place {
            Place::Source => {
                let source = self.source(s);
                source.kind = SourceKind::from(&*s.text(1));
                (source.name, source.id_qualifier, source.id) = (text(name), opt(id_qualifier), opt(id));
            }
            Place::Batch => {
                let batch = self.batch(s);
                (batch.is_person, batch.name, batch.id) = (kind == b"1", text(name), opt(id));
            }
            Place::Provider => {
                let provider = self.provider(s);
                (provider.is_person, provider.name, provider.first) = (kind == b"1", text(name), opt(first));
                (provider.id_qualifier, provider.id) = (opt(id_qualifier), opt(id));
            }
            Place::Patient => {
                self.patient = AcknowledgedPatient {
                    last: Phi::new(text(name)),
                    first: opt(first).map(Phi::new),
                    middle: opt(middle).map(Phi::new),
                    suffix: opt(suffix).map(Phi::new),
                    id_qualifier: opt(id_qualifier),
                    member_id: opt(id).map(Phi::new),
                }
            }
            _ => self.misplaced(s),
        }
    }

    fn trace(&mut self, s: &Segment<'_>) {
        let number = s.text(2).into_owned();
        match self.place {
            Place::Source => self.source(s).trace = number,
            Place::Batch => self.batch(s).batch = number,
            Place::Provider => self.provider(s).trace = number,
            Place::Patient | Place::Claim | Place::Line => {
                let claim = AcknowledgedClaim {
                    segment: s.number(),
                    patient: self.patient.clone(),
                    pcn: number,
                    statuses: Vec::new(),
                    icns: Vec::new(),
                    clearinghouse_id: None,
                    references: Vec::new(),
                    service_dates: None,
                    lines: Vec::new(),
                };
                self.provider(s).claims.push(claim);
                self.place = Place::Claim;
            }
            Place::Heading | Place::Unknown => self.misplaced(s),
        }
    }

    fn status(&mut self, s: &Segment<'_>) {
        let status = Status {
            segment: s.number(),
            codes: status_codes(s),
            date: self.date(s, 2),
            action: s.opt(3).map(|action| Action::from(action.as_str())),
            amount: self.money(s, 4),
            message: s.opt(12).map(Phi::new),
        };
        let place = self.place;
        let statuses = match place {
            Place::Batch => Some(&mut self.batch(s).statuses),
            Place::Provider => Some(&mut self.provider(s).statuses),
            Place::Line => self.claim(s).and_then(|claim| claim.lines.last_mut()).map(|line| &mut line.statuses),
            _ => self.claim(s).map(|claim| &mut claim.statuses),
        };
        match statuses {
            Some(statuses) => statuses.push(status),
            None => self.findings.push(Finding::error(
                "ACK-STATUS",
                s.position(),
                "a status belongs to nothing; ask the partner whom it concerns",
            )),
        }
    }

    fn period(&mut self, s: &Segment<'_>) {
        let text = s.bytes(3);
        let period = match s.bytes(2) {
            b"RD8" => text.split_at_checked(8).and_then(|(from, to)| Some((parse_date8(from)?, parse_date8(to.strip_prefix(b"-")?)?))),
            _ => parse_date8(text).map(|date| (date, date)),
        };
        let Some((from, _)) = period else {
            return self.findings.push(Finding::warning("X12-ELEMENT", s.at(3), EdiErrorKind::Date.to_string()));
        };
        match (self.place, s.bytes(1)) {
            (Place::Source, b"050") => self.source(s).received = Some(from),
            (Place::Source, b"009") => self.source(s).processed = Some(from),
            (place, b"472") => match self.claim(s) {
                Some(claim) if place == Place::Line => {
                    claim.lines.iter_mut().last().into_iter().for_each(|line| line.service_dates = period)
                }
                Some(claim) => claim.service_dates = period,
                None => self.misplaced(s),
            },
            _ => self.misplaced(s),
        }
    }

    fn reference(&mut self, s: &Segment<'_>) {
        let (qualifier, value) = (Code::from(&*s.text(1)), s.text(2).into_owned());
        let place = self.place;
        if place == Place::Provider {
            return self.provider(s).references.push(Reference { qualifier, value: value.into() });
        }
        let Some(claim) = self.claim(s) else { return self.misplaced(s) };
        match (claim.lines.last_mut().filter(|_| place == Place::Line), qualifier.as_str()) {
            (Some(line), "FJ") => line.line_number = Some(value),
            (Some(line), _) => line.references.push(Reference { qualifier, value: value.into() }),
            (None, "1K") => claim.icns.push(value),
            (None, "D9") => claim.clearinghouse_id = Some(value),
            (None, _) => claim.references.push(Reference { qualifier, value: value.into() }),
        }
    }

    fn totals(&mut self, s: &Segment<'_>) -> Option<&mut Totals> {
        match self.place {
            Place::Batch => Some(&mut self.batch(s).totals),
            Place::Provider => Some(&mut self.provider(s).totals),
            _ => None,
        }
    }

    fn count(&mut self, s: &Segment<'_>) {
        let count = s.int(2);
        match (self.totals(s), s.bytes(1), count) {
            (_, _, Err(error)) => self.findings.push(error.into()),
            (Some(totals), b"90" | b"QA", Ok(count)) => totals.accepted = count,
            (Some(totals), b"AA" | b"QC", Ok(count)) => totals.rejected = count,
            _ => self.misplaced(s),
        }
    }

    fn amount(&mut self, s: &Segment<'_>) {
        let amount = self.money(s, 2);
        match (self.totals(s), s.bytes(1)) {
            (Some(totals), b"YU") => totals.accepted_amount = amount,
            (Some(totals), b"YY") => totals.rejected_amount = amount,
            _ => self.misplaced(s),
        }
    }

    fn line(&mut self, s: &Segment<'_>) {
        let procedure = procedure(s.bytes(1), s.delimiters().component).map_or_else(Procedure::default, |(procedure, _)| procedure);
        let units = Quantity::parse_bytes(s.bytes(7)).ok();
        if units.is_none() && !s.bytes(7).is_empty() {
            self.findings.push(Finding::warning("X12-ELEMENT", s.at(7), EdiErrorKind::Number.to_string()));
        }
        let line = AcknowledgedLine {
            segment: s.number(),
            procedure,
            charge: self.money(s, 2).unwrap_or_default(),
            revenue_code: s.opt(4),
            units,
            statuses: Vec::new(),
            line_number: None,
            references: Vec::new(),
            service_dates: None,
        };
        match self.claim(s) {
            Some(claim) => {
                claim.lines.push(line);
                self.place = Place::Line;
            }
            None => self.misplaced(s),
        }
    }

    fn money(&mut self, s: &Segment<'_>, n: usize) -> Option<Money> {
        s.money(n).unwrap_or_else(|error| {
            self.findings.push(error.into());
            None
        })
    }

    fn date(&mut self, s: &Segment<'_>, n: usize) -> Option<Date> {
        s.date8(n).unwrap_or_else(|error| {
            self.findings.push(Finding::warning("X12-ELEMENT", error.position, error.kind.to_string()));
            None
        })
    }

    fn skipped_level(&mut self, s: &Segment<'_>) {
        self.findings.push(Finding::warning("ACK-LEVEL", s.position(), "a level above this one (source, batch or provider) is missing"));
    }

    fn misplaced(&mut self, s: &Segment<'_>) {
        self.findings.push(Finding::warning(
            "ACK-UNKNOWN-SEGMENT",
            s.position(),
            "the segment is unknown or out of place and was left out",
        ));
    }
}

fn source_at(segment: u32) -> InformationSource {
    InformationSource {
        segment,
        kind: SourceKind::Other(String::new()),
        name: String::new(),
        id_qualifier: None,
        id: None,
        trace: String::new(),
        received: None,
        processed: None,
        batches: Vec::new(),
    }
}

fn batch_at(segment: u32) -> BatchStatus {
    let (name, batch) = (String::new(), String::new());
    BatchStatus { segment, is_person: false, name, id: None, batch, statuses: Vec::new(), totals: Totals::default(), providers: Vec::new() }
}

fn provider_at(segment: u32) -> ProviderStatus {
    ProviderStatus {
        segment,
        is_person: false,
        name: String::new(),
        first: None,
        id_qualifier: None,
        id: None,
        trace: String::new(),
        statuses: Vec::new(),
        references: Vec::new(),
        totals: Totals::default(),
        claims: Vec::new(),
    }
}

fn text(bytes: &[u8]) -> String {
    decode(bytes).into_owned()
}

fn opt(bytes: &[u8]) -> Option<String> {
    (!bytes.is_empty()).then(|| text(bytes))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::StatusCode;
    use super::super::samples::{MIXED, read, sets};
    use super::super::{Verdict, worst};
    use super::*;
    use crate::edi::Severity;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    #[test]
    fn the_source_says_who_answers_and_when_it_received_the_batch() {
        let (ack, findings) = read(MIXED);
        let source = &ack.sources[0];
        assert_eq!(findings, []);
        assert_eq!((ack.reference.as_str(), ack.created), ("277R0001", Some(date(2026, 11, 18))));
        assert_eq!((&source.kind, source.name.as_str(), source.id.as_deref()), (&SourceKind::Payer, "SAMPLE BLUE PPO", Some("00900")));
        assert_eq!(
            (source.trace.as_str(), source.received, source.processed),
            ("RCPT0001", Some(date(2026, 11, 18)), Some(date(2026, 11, 18)))
        );
    }

    #[test]
    fn the_batch_carries_our_reference_and_what_was_taken() {
        let (ack, _) = read(MIXED);
        let batch = &ack.sources[0].batches[0];
        assert_eq!(
            (batch.batch.as_str(), batch.id.as_deref(), worst(&batch.statuses)),
            ("B20261118001", Some("PEDBILL"), Some(Verdict::Received))
        );
        assert_eq!(batch.statuses[0].amount, Some(money("1362")));
        let totals =
            Totals { accepted: Some(1), rejected: Some(1), accepted_amount: Some(money("960")), rejected_amount: Some(money("402")) };
        assert_eq!((batch.totals, batch.providers[0].totals), (totals, totals));
        assert_eq!(batch.providers[0].id.as_deref(), Some("1234567893"));
    }

    #[test]
    fn each_claim_has_its_own_answer() {
        let (ack, _) = read(MIXED);
        let [taken, refused] = &ack.sources[0].batches[0].providers[0].claims[..] else { panic!("two claims") };
        assert_eq!(
            (taken.pcn.as_str(), worst(&taken.statuses), taken.icns.as_slice()),
            ("C26000123", Some(Verdict::Accepted), &["ICN2026A1".to_owned()][..])
        );
        assert_eq!((taken.segment, taken.service_dates), (28, Some((date(2026, 11, 16), date(2026, 11, 16)))));
        assert_eq!((refused.pcn.as_str(), worst(&refused.statuses), refused.icns.len()), ("C26000124", Some(Verdict::Rejected), 0));
        let why = StatusCode::new("A7", "562", Some("82"));
        assert_eq!((&refused.statuses[0].codes[0], refused.statuses[0].amount), (&why, Some(money("402"))));
        assert_eq!(refused.patient.member_id.as_ref().map(Phi::as_str), Some("512345678"));
    }

    #[test]
    fn a_line_at_fault_names_our_line_number() {
        let line = "SVC*HC:90460:25*105*****3~STC*A7:454**U*******A7:21:PR**CODE~REF*FJ*C26000124-5~DTP*472*RD8*20261116-20261117~";
        let (ack, findings) = read(&MIXED.replace("SE*35*", &format!("{line}SE*39*")));
        assert_eq!(findings, []);
        let line = &ack.sources[0].batches[0].providers[0].claims[1].lines[0];
        assert_eq!(
            (line.procedure.code.as_str(), line.line_number.as_deref(), line.units),
            ("90460", Some("C26000124-5"), Some(Quantity::whole(3)))
        );
        assert_eq!((line.statuses[0].codes.len(), line.service_dates), (2, Some((date(2026, 11, 16), date(2026, 11, 17)))));
        assert_eq!(line.statuses[0].message.as_ref().map(Phi::as_str), Some("CODE"));
    }

    #[test]
    fn a_patient_with_two_claims_stands_in_both() {
        let second = "TRN*2*C26000199~STC*A2:20:PR*20261118*WQ*10~";
        let (ack, _) = read(&MIXED.replace("SE*35*", &format!("{second}SE*37*")));
        let claims = &ack.sources[0].batches[0].providers[0].claims;
        assert_eq!((claims.len(), claims[2].pcn.as_str()), (3, "C26000199"));
        assert_eq!(claims[2].patient, claims[1].patient);
    }

    #[test]
    fn claims_below_a_missing_provider_level_are_still_answered() {
        let text = MIXED.replace("HL*3*2*19*1~", "").replace("NM1*85*2*SAMPLE PEDIATRICS PA*****XX*1234567893~TRN*1*0~", "");
        let (ack, findings) =
            read(&text.replace("STC*A1:19:PR**WQ*1362~QTY*QA*1~QTY*QC*1~AMT*YU*960~AMT*YY*402~", "").replace("SE*35*", "SE*27*"));
        assert_eq!(ack.sources[0].batches[0].providers[0].claims.len(), 2);
        assert_eq!(findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["ACK-LEVEL"]);
    }

    #[test]
    fn another_kind_of_277_is_an_error() {
        let (_, findings) = read(&MIXED.replace("*005010X214~BHT", "*005010X212~BHT"));
        assert_eq!(findings.iter().map(|f| (f.code, f.severity)).collect::<Vec<_>>(), [("ACK-VERSION", Severity::Error)]);
    }

    #[test]
    fn what_has_no_place_or_no_meaning_is_reported() {
        let odd = "STC*A1:19~ZZZ*1~HL*9**99~NM1*QC*1*LEE~QTY*90*X~AMT*YU*1O~DTP*472*D8*20261399~SVC*HC:1*1~";
        let (_, findings) = read(&MIXED.replace("HL*1**20*1~", &format!("{odd}HL*1**20*1~")));
        let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        let (status, unknown, element) = ("ACK-STATUS", "ACK-UNKNOWN-SEGMENT", "X12-ELEMENT");
        assert_eq!(codes, [status, unknown, unknown, unknown, element, element, unknown, element, unknown]);
    }

    #[test]
    fn debug_shows_no_patient() {
        let shown = format!("{:?}", read(MIXED).0);
        assert!(["RIVERA", "MATEO", "XYZ123456789", "OKAFOR", "512345678"].iter().all(|word| !shown.contains(word)));
    }

    proptest! {
        #[test]
        fn damaged_answers_never_panic(damage in prop::collection::vec((any::<prop::sample::Index>(), "[ -~]"), 1..20)) {
            let mut text = MIXED.to_owned();
            let (from, to) = ("ST*277*0001*005010X214~".len(), text.len() - "SE*35*0001~".len());
            for (at, with) in damage {
                let at = from + at.index(to - from);
                text.replace_range(at..=at, &with);
            }
            for set in sets(&text) {
                let _ = read_277ca(&set);
            }
        }
    }
}
