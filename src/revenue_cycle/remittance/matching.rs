//! Which of our claims and lines a payer means (domain.md 2.6). Never by the charge alone; what only looks alike is left to a person.

use jiff::civil::Date;

use super::model::{Candidate, Candidates, ClaimLine, MatchedBy};
use crate::edi::remittance_835::{ClaimPayment, Procedure, ServiceLine};

/// CLP01 without blanks around it, in capitals, cut at the first character that our numbers never have: payers add suffixes such as `-01`.
#[must_use]
pub fn normalize_pcn(pcn: &str) -> String {
    let pcn = pcn.trim().to_ascii_uppercase();
    let end = pcn.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(pcn.len());
    pcn[..end].to_owned()
}

/// The claim that a remittance claim is about, and how it is known; none when nobody can say.
#[must_use]
pub fn match_claim<'c>(payment: &ClaimPayment, candidates: &'c Candidates) -> Option<(&'c Candidate, MatchedBy)> {
    if let Some(exact) = candidates.by_pcn.get(&payment.pcn) {
        return Some((exact, MatchedBy::Pcn));
    }
    // A reversal repeats the charge negated.
    let charge = payment.charge.abs();
    if let Some(near) = candidates.by_pcn.get(&normalize_pcn(&payment.pcn)).filter(|candidate| candidate.charge == charge) {
        return Some((near, MatchedBy::NormalizedPcn));
    }
    let icns = [Some(payment.icn.as_str()), payment.original_icn()];
    icns.into_iter().flatten().filter(|icn| !icn.is_empty()).find_map(|icn| match candidates.by_icn.get(icn)?.as_slice() {
        [only] => Some((only, MatchedBy::Icn)),
        _ => None,
    })
}

/// For each service line of the payer the index of our claim line; none where no line of ours fits. REF*6R decides where it is one of our
/// line numbers; a line without one takes the first free line of the same code, modifiers, day of service and charge. A payer may split a
/// line: several of its lines may name one of ours.
#[must_use]
pub fn match_lines(payment: &ClaimPayment, lines: &[ClaimLine], service_date: Date) -> Vec<Option<usize>> {
    let mut matched: Vec<Option<usize>> = payment
        .lines
        .iter()
        .map(|line| line.line_number().and_then(|number| lines.iter().position(|ours| ours.line_number == number.trim())))
        .collect();
    for (index, line) in payment.lines.iter().enumerate() {
        if matched[index].is_none() {
            matched[index] = (0..lines.len()).find(|&ours| !matched.contains(&Some(ours)) && fits(line, &lines[ours], service_date));
        }
    }
    matched
}

fn fits(line: &ServiceLine, ours: &ClaimLine, service_date: Date) -> bool {
    let same = |procedure: &Procedure| {
        procedure.code == *ours.code.as_str()
            && procedure.modifiers.iter().map(|m| m.as_str()).eq(ours.modifiers.iter().map(String::as_str))
    };
    line.charge.abs() == ours.charge && line.service_date().is_none_or(|day| day == service_date) && same(line.submitted_procedure())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edi::Few;
    use crate::edi::remittance_835::{ClaimStatus, QualifiedDate, Reference};
    use crate::platform::ids::{ChargeLineId, ClaimId};
    use crate::platform::money::Money;
    use jiff::civil::date;

    fn payment(pcn: &str, icn: &str, cents: i64) -> ClaimPayment {
        ClaimPayment {
            segment: 10,
            header: String::new().into(),
            pcn: pcn.to_owned(),
            status: ClaimStatus::Primary,
            charge: Money::from_cents(cents),
            paid: Money::ZERO,
            patient_responsibility: None,
            filing_indicator: None,
            icn: icn.to_owned(),
            facility: None,
            frequency: None,
            drg: [None, None, None],
            adjustments: Few::new(),
            parties: Vec::new(),
            remarks: Vec::new(),
            references: Few::new(),
            dates: Few::new(),
            contacts: Vec::new(),
            amounts: Few::new(),
            quantities: Few::new(),
            lines: Vec::new(),
        }
    }

    fn candidates(known: &[(i64, &str, Option<&str>, i64)]) -> Candidates {
        let mut candidates = Candidates::default();
        for &(id, pcn, icn, cents) in known {
            let candidate =
                Candidate { claim: ClaimId(id), pcn: pcn.to_owned(), icn: icn.map(str::to_owned), charge: Money::from_cents(cents) };
            candidates.by_pcn.insert(pcn.to_owned(), candidate.clone());
            if let Some(icn) = icn {
                candidates.by_icn.entry(icn.to_owned()).or_default().push(candidate);
            }
        }
        candidates
    }

    fn found(payment: &ClaimPayment, candidates: &Candidates) -> Option<(i64, MatchedBy)> {
        match_claim(payment, candidates).map(|(candidate, by)| (candidate.claim.0, by))
    }

    #[test]
    fn our_number_decides_whatever_the_charge() {
        let known = candidates(&[(1, "C26A", None, 10_000), (2, "C26B", Some("ICN1"), 10_000)]);
        assert_eq!(found(&payment("C26A", "ICN1", 1), &known), Some((1, MatchedBy::Pcn)));
    }

    #[test]
    fn a_number_with_a_suffix_needs_the_charge_too() {
        let known = candidates(&[(1, "C26A", None, 10_000)]);
        assert_eq!(found(&payment(" c26a-01", "", 10_000), &known), Some((1, MatchedBy::NormalizedPcn)));
        assert_eq!(found(&payment("c26a-01", "", -10_000), &known), Some((1, MatchedBy::NormalizedPcn)));
        assert_eq!(found(&payment("c26a-01", "", 9_999), &known), None);
    }

    #[test]
    fn the_payers_number_matches_one_claim_or_none() {
        let known = candidates(&[(1, "A", Some("ICN1"), 1), (2, "B", Some("ICN2"), 1), (3, "C", Some("ICN2"), 1)]);
        assert_eq!(found(&payment("0", "ICN1", 5), &known), Some((1, MatchedBy::Icn)));
        assert_eq!(found(&payment("0", "ICN2", 5), &known), None);
        assert_eq!(found(&payment("0", "", 1), &known), None);
    }

    #[test]
    fn an_equal_charge_alone_matches_nothing() {
        assert_eq!(found(&payment("X", "Y", 10_000), &candidates(&[(1, "C26A", Some("ICN1"), 10_000)])), None);
    }

    fn ours(number: &str, code: &str, modifiers: &[&str], cents: i64) -> ClaimLine {
        let modifiers = modifiers.iter().map(|m| (*m).to_owned()).collect();
        ClaimLine {
            charge_line: ChargeLineId(1),
            line_number: number.to_owned(),
            code: code.to_owned(),
            modifiers,
            charge: Money::from_cents(cents),
        }
    }

    fn theirs(number: Option<&str>, code: &str, modifiers: &[&str], cents: i64) -> ServiceLine {
        ServiceLine {
            segment: 11,
            procedure: Procedure {
                qualifier: "HC".into(),
                code: code.into(),
                modifiers: modifiers.iter().map(|m| (*m).into()).collect(),
                description: None,
            },
            charge: Money::from_cents(cents),
            paid: Money::ZERO,
            revenue_code: None,
            units: None,
            submitted: None,
            submitted_units: None,
            dates: [QualifiedDate { qualifier: "472".into(), date: date(2026, 11, 16) }].into(),
            adjustments: Few::new(),
            references: number.map(|n| Reference { qualifier: "6R".into(), value: n.into() }).into_iter().collect(),
            amounts: Few::new(),
            quantities: Few::new(),
            remarks: Few::new(),
        }
    }

    fn lines(theirs: Vec<ServiceLine>, ours: &[ClaimLine]) -> Vec<Option<usize>> {
        let payment = ClaimPayment { lines: theirs, ..payment("A", "", 0) };
        match_lines(&payment, ours, date(2026, 11, 16))
    }

    #[test]
    fn our_line_number_decides_even_when_the_payer_recoded_the_line() {
        let known = [ours("A-1", "99213", &["25"], 100), ours("A-2", "87880", &["QW"], 50)];
        assert_eq!(lines(vec![theirs(Some("A-2"), "99212", &[], 7), theirs(Some("A-1"), "99213", &[], 9)], &known), [Some(1), Some(0)]);
    }

    #[test]
    fn lines_without_our_number_match_by_code_modifiers_day_and_charge_in_order() {
        let known = [ours("1", "90460", &[], 30), ours("2", "90460", &[], 30), ours("3", "90461", &[], 30)];
        let found = lines(vec![theirs(None, "90460", &[], 30), theirs(None, "90460", &[], 30), theirs(None, "90461", &["59"], 30)], &known);
        assert_eq!(found, [Some(0), Some(1), None]);
    }

    #[test]
    fn a_recoded_line_matches_by_the_code_that_was_submitted() {
        let mut recoded = theirs(None, "99212", &[], 100);
        let submitted = Procedure { qualifier: "HC".into(), code: "99213".into(), ..Procedure::default() };
        recoded.submitted = Some(Box::new(submitted));
        assert_eq!(lines(vec![recoded], &[ours("1", "99213", &[], 100)]), [Some(0)]);
    }

    #[test]
    fn another_day_of_service_is_another_line() {
        let mut late = theirs(None, "99213", &[], 100);
        late.dates[0].date = date(2026, 11, 17);
        assert_eq!(lines(vec![late], &[ours("1", "99213", &[], 100)]), [None]);
    }

    #[test]
    fn a_line_that_the_payer_split_is_named_twice() {
        let known = [ours("A-1", "90461", &[], 90)];
        assert_eq!(lines(vec![theirs(Some("A-1"), "90461", &[], 40), theirs(Some("A-1"), "90461", &[], 50)], &known), [Some(0), Some(0)]);
    }
}
