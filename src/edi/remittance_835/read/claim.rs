//! What was done with each claim and line: the loops 2100 and 2110.

use super::elements::{code, opt_code, phi, text};
use super::{Collector, Place, elements};
use crate::edi::remittance_835::codes::{CasGroup, ClaimStatus, PartyRole};
use crate::edi::remittance_835::model::{
    Adjustment, ClaimPayment, Party, Procedure, QualifiedAmount, QualifiedDate, QualifiedQuantity, Reference, Remark, ServiceLine,
};
use crate::edi::{Few, Finding, Segment};
use crate::platform::phi::Phi;

impl Collector {
    /// Begins a claim; gives the one that ends with it.
    pub(super) fn claim(&mut self, s: &Segment<'_>) -> Option<ClaimPayment> {
        self.end_claim();
        let (f, more) = s.fields_and_more::<13>();
        let claim = ClaimPayment {
            segment: s.number(),
            header: self.header.clone(),
            pcn: text(f[0]),
            status: ClaimStatus::decode(f[1]),
            charge: self.required_money(s, 3, f[2]),
            paid: self.required_money(s, 4, f[3]),
            patient_responsibility: self.money(s, 5, f[4]),
            filing_indicator: opt_code(f[5]),
            icn: text(f[6]),
            facility: opt_code(f[7]),
            frequency: opt_code(f[8]),
            drg: [opt_code(f[10]), opt_code(f[11]), opt_code(f[12])],
            adjustments: Few::new(),
            parties: Vec::new(),
            remarks: Vec::new(),
            references: Few::new(),
            dates: Few::new(),
            contacts: Vec::new(),
            amounts: Few::new(),
            quantities: Few::new(),
            lines: Vec::new(),
        };
        self.not_carried(s, more || !f[9].is_empty());
        self.place = Place::Claim;
        self.claim.replace(claim)
    }

    /// Gives the claim that ends here its lines.
    pub(super) fn end_claim(&mut self) {
        if let Some(claim) = &mut self.claim {
            claim.lines.reserve_exact(self.lines.len());
            claim.lines.append(&mut self.lines);
        }
    }

    pub(super) fn party(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<9>();
        self.not_carried(s, more || !f[5].is_empty());
        let party = Party {
            segment: s.number(),
            role: PartyRole::decode(f[0]),
            is_person: f[1] == b"1",
            name: phi(f[2]),
            first: phi(f[3]),
            middle: phi(f[4]),
            suffix: phi(f[6]),
            id_qualifier: opt_code(f[7]),
            id: phi(f[8]),
        };
        match (self.place, &mut self.claim) {
            (Place::Claim, Some(claim)) => claim.parties.push(party),
            _ => self.misplaced(s),
        }
    }

    pub(super) fn claim_remarks(&mut self, s: &Segment<'_>, carried: &[usize]) {
        let (f, more) = s.fields_and_more::<24>();
        match (self.place, &mut self.claim) {
            (Place::Claim, Some(claim)) => claim.remarks.extend(carried.iter().filter_map(|&n| opt_code(f[n - 1]))),
            _ => return self.misplaced(s),
        }
        let others = (1..=f.len()).filter(|n| !carried.contains(n));
        self.not_carried(s, more || others.map(|n| f[n - 1]).any(|value| !value.is_empty()));
    }

    pub(super) fn line(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<7>();
        let line = ServiceLine {
            segment: s.number(),
            procedure: self.procedure(s, 1, f[0]).unwrap_or_default(),
            charge: self.required_money(s, 2, f[1]),
            paid: self.required_money(s, 3, f[2]),
            revenue_code: opt_code(f[3]),
            units: self.quantity(s, 5, f[4]),
            submitted: self.procedure(s, 6, f[5]).map(Box::new),
            submitted_units: self.quantity(s, 7, f[6]),
            dates: Few::new(),
            adjustments: Few::new(),
            references: Few::new(),
            amounts: Few::new(),
            quantities: Few::new(),
            remarks: Few::new(),
        };
        self.not_carried(s, more);
        match self.place {
            Place::Claim | Place::Line => {
                self.lines.push(line);
                self.place = Place::Line;
            }
            _ => self.misplaced(s),
        }
    }

    pub(super) fn adjustments(&mut self, s: &Segment<'_>) {
        let group = CasGroup::decode(s.bytes(1));
        if matches!(group, CasGroup::Other(_)) {
            self.report(Finding::warning(
                "ERA-CAS-GROUP",
                s.at(1),
                "the adjustment group is not one of CO, OA, PI, PR; a person must decide who bears the amount",
            ));
        }
        let mut found = Few::new();
        // More than six triples are against the guide, but their money counts.
        let mut elements = s.values().skip(1);
        for n in (2..).step_by(3) {
            let Some(reason) = elements.next() else { break };
            let (amount, quantity) = (elements.next().unwrap_or_default(), elements.next().unwrap_or_default());
            if reason.is_empty() && amount.is_empty() && quantity.is_empty() {
                continue;
            }
            if reason.is_empty() || amount.is_empty() {
                self.report(Finding::warning("ERA-CAS-TRIPLE", s.at(n), "an adjustment has no reason or no amount"));
            }
            let amount = self.money(s, n + 1, amount).unwrap_or_default();
            let quantity = self.quantity(s, n + 2, quantity);
            found.push(Adjustment { segment: s.number(), group: group.clone(), reason: code(reason), amount, quantity });
        }
        match self.claim_or_line(|claim| &mut claim.adjustments, |line| &mut line.adjustments) {
            // Most have one segment: its list is taken as it is.
            Some(adjustments) if adjustments.is_empty() => *adjustments = found,
            Some(adjustments) => adjustments.extend(found),
            None => self.misplaced(s),
        }
    }

    pub(super) fn remark(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<2>();
        self.not_carried(s, more);
        match (self.place, self.lines.last_mut()) {
            (Place::Line, Some(line)) => line.remarks.push(Remark { qualifier: code(f[0]), code: code(f[1]) }),
            _ => self.misplaced(s),
        }
    }

    pub(super) fn reference(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<2>();
        let reference = Reference { qualifier: code(f[0]), value: Phi::new(code(f[1])) };
        let slot = match self.place {
            Place::Heading => Some(&mut self.remittance.references),
            Place::Payer => Some(&mut self.remittance.payer.references),
            Place::Payee => Some(&mut self.remittance.payee.references),
            _ => self.claim_or_line(|claim| &mut claim.references, |line| &mut line.references),
        };
        match slot {
            Some(references) => references.push(reference),
            None => return self.misplaced(s),
        }
        self.not_carried(s, more);
    }

    pub(super) fn date_segment(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<2>();
        self.not_carried(s, more);
        let Some(date) = self.date(s, 2, f[1]) else { return };
        if self.place == Place::Heading && f[0] == b"405" {
            self.remittance.produced = Some(date);
            return;
        }
        match self.claim_or_line(|claim| &mut claim.dates, |line| &mut line.dates) {
            Some(dates) => dates.push(QualifiedDate { qualifier: code(f[0]), date }),
            None => self.misplaced(s),
        }
    }

    pub(super) fn amount_segment(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<2>();
        self.not_carried(s, more);
        let Some(amount) = self.money(s, 2, f[1]) else { return };
        match self.claim_or_line(|claim| &mut claim.amounts, |line| &mut line.amounts) {
            Some(amounts) => amounts.push(QualifiedAmount { qualifier: code(f[0]), amount }),
            None => self.misplaced(s),
        }
    }

    pub(super) fn quantity_segment(&mut self, s: &Segment<'_>) {
        let (f, more) = s.fields_and_more::<2>();
        self.not_carried(s, more);
        let Some(quantity) = self.quantity(s, 2, f[1]) else { return };
        match self.claim_or_line(|claim| &mut claim.quantities, |line| &mut line.quantities) {
            Some(quantities) => quantities.push(QualifiedQuantity { qualifier: code(f[0]), quantity }),
            None => self.misplaced(s),
        }
    }

    /// The list of the claim or line that the present place is in.
    pub(super) fn claim_or_line<T>(
        &mut self,
        of_claim: impl Fn(&mut ClaimPayment) -> &mut Few<T>,
        of_line: impl Fn(&mut ServiceLine) -> &mut Few<T>,
    ) -> Option<&mut Few<T>> {
        match self.place {
            Place::Claim => self.claim.as_mut().map(of_claim),
            Place::Line => self.lines.last_mut().map(of_line),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn procedure(&mut self, s: &Segment<'_>, n: usize, element: &[u8]) -> Option<Procedure> {
        let (procedure, is_whole) = elements::procedure(element, s.delimiters().component)?;
        if !is_whole {
            self.report(Finding::note("ERA-NOT-CARRIED", s.at(n), "a component that is not used here was left out"));
        }
        Some(procedure)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::super::tests::{codes, with_claim};
    use crate::edi::Severity;
    use crate::edi::remittance_835::samples::{self, money, remittance};
    use crate::edi::remittance_835::{CasGroup, ClaimStatus, PartyRole, Quantity, Remark};
    use crate::platform::money::Money;
    use crate::platform::phi::Phi;

    #[test]
    fn claims_lines_and_adjustments_know_their_segments() {
        let r = remittance(samples::PAID_WITH_PLB);
        let claim = &r.claims[0];
        assert_eq!(
            (claim.segment, claim.pcn.as_str(), claim.icn.as_str(), &claim.status),
            (15, "C26000123", "ICN2026A1", &ClaimStatus::Primary)
        );
        assert_eq!((claim.charge, claim.paid, claim.patient_responsibility), (money("960"), money("764"), None));
        assert_eq!(claim.party(&PartyRole::Patient).and_then(|p| p.first.as_ref()).map(Phi::as_str), Some("MATEO"));
        let last = &claim.lines[5];
        assert_eq!((last.segment, last.line_number(), last.service_date()), (37, Some("C26000123-6"), Some(date(2026, 11, 16))));
        assert_eq!((last.procedure.code.as_str(), last.units), ("90461", Some(Quantity::whole(5))));
        assert_eq!(last.remarks, [Remark { qualifier: "HE".into(), code: "N19".into() }]);
        let bundled = &last.adjustments[0];
        assert_eq!((bundled.segment, &bundled.group, bundled.reason.as_str(), bundled.amount), (39, &CasGroup::CO, "97", money("90")));
        assert_eq!(claim.lines[0].procedure.modifiers, ["25"]);
        let plb = &r.provider_adjustments[1];
        assert_eq!((plb.segment, plb.reason.as_str(), plb.reference.as_deref(), plb.amount), (42, "L6", Some("ICN2026A1"), money("-1.25")));
        assert_eq!(plb.fiscal_period_end, Some(date(2026, 12, 31)));
    }

    #[test]
    fn a_correction_names_the_claim_number_that_it_corrects() {
        let r = remittance(samples::REVERSAL_AND_CORRECTION);
        assert!(r.claims[0].is_reversal() && !r.claims[1].is_reversal());
        assert_eq!((r.claims[1].original_icn(), r.claims[1].icn.as_str()), (Some("ICN2026A1"), "ICN2026A2"));
    }

    #[test]
    fn all_six_triples_of_an_adjustment_segment_count_and_empty_ones_do_not() {
        let (r, findings) = with_claim("CAS*OA*1*1**2*2*3****4*4**5*5**6*6.5*0.5~");
        let found: Vec<(&str, Money)> = r.claims[0].adjustments.iter().map(|a| (a.reason.as_str(), a.amount)).collect();
        assert_eq!(found, [("1", money("1")), ("2", money("2")), ("4", money("4")), ("5", money("5")), ("6", money("6.5"))]);
        assert_eq!(r.claims[0].adjustments[1].quantity, Some(Quantity::whole(3)));
        assert_eq!(findings, []);
    }

    #[test]
    fn an_amount_without_a_reason_counts_and_is_reported() {
        let (r, findings) = with_claim("CAS*CO**40~");
        assert_eq!(r.claims[0].adjustments[0].amount, money("40"));
        assert_eq!(codes(&findings), [("ERA-CAS-TRIPLE", Severity::Warning)]);
    }

    #[test]
    fn an_unknown_adjustment_group_is_carried_for_a_person() {
        let (r, findings) = with_claim("CAS*CR*45*40~");
        assert_eq!(r.claims[0].adjustments[0].group, CasGroup::Other("CR".to_owned()));
        assert_eq!(codes(&findings), [("ERA-CAS-GROUP", Severity::Warning)]);
    }

    #[test]
    fn names_dates_amounts_and_remarks_of_a_claim_are_kept() {
        let (r, findings) = with_claim(
            "NM1*QC*1*LEE*ANA****MI*M1~NM1*74*1*LEIGH*ANA****C*M2~NM1*TT*2*NEXT PAYER*****PI*60054~MOA***MA15*N130~REF*EA*7~\
             DTM*036*20270131~DTM*050*20261120~PER*CX**TE*8005550100~AMT*AU*60~QTY*CA*1~",
        );
        let claim = &r.claims[0];
        assert_eq!(findings, []);
        assert_eq!(claim.party(&PartyRole::CorrectedInsured).and_then(|p| p.id.as_ref()).map(Phi::as_str), Some("M2"));
        assert!(claim.party(&PartyRole::CrossoverCarrier).is_some_and(|p| !p.is_person));
        assert_eq!(claim.remarks, ["MA15", "N130"]);
        assert_eq!((claim.date("036"), claim.amount("AU")), (Some(date(2027, 1, 31)), Some(money("60"))));
        assert_eq!((claim.contacts.len(), claim.quantities.len()), (1, 1));
    }

    #[test]
    fn what_was_submitted_stands_beside_what_was_adjudicated() {
        let (r, _) = with_claim("SVC*HC:99213:25:GT*100*60**1*HC:99214:25*2~DTM*150*20261116~DTM*151*20261117~AMT*B6*80~");
        let line = &r.claims[0].lines[0];
        assert_eq!((line.procedure.code.as_str(), line.submitted_procedure().code.as_str()), ("99213", "99214"));
        assert_eq!((line.service_date(), line.allowed()), (Some(date(2026, 11, 16)), Some(money("80"))));
        assert_eq!(line.submitted_units, Some(Quantity::whole(2)));
    }

    #[test]
    fn bad_money_is_an_error_and_a_bad_date_a_warning() {
        let (r, findings) = with_claim("AMT*AU*6O~DTM*050*20261399~SVC*HC:99213*100.005*60~SVC*HC:99213**60~");
        let expected = [
            ("X12-ELEMENT", Severity::Error),
            ("X12-ELEMENT", Severity::Warning),
            ("X12-ELEMENT", Severity::Error),
            ("ERA-AMOUNT", Severity::Error),
        ];
        assert_eq!(codes(&findings), expected);
        assert_eq!(findings[2].position.to_string().split(" at ").next(), Some("segment 18 (SVC) element 2"));
        assert_eq!(r.claims[0].lines.len(), 2);
    }
}
