//! The clock of a claim that has not left: the last day on which its payer takes it, and how much time that leaves (PED-69).

use jiff::civil::Date;

use super::lifecycle::ClaimState;
use crate::pediatrics::timely_filing::{Filing, TimeLeft, Windows, last_day, medicaid_last_day, time_left};
use crate::practice::model::PayerClass;
use crate::practice::rules::PayerRules;

/// The last day on which a payer takes a claim: by its rules on the date of service, and for a first claim to Medicaid no later than
/// the federal limit, however generous the plan. `service_date`: the earliest on the claim.
#[must_use]
pub fn file_by(class: PayerClass, rules: &PayerRules, filing: Filing, service_date: Date) -> Date {
    let windows = Windows {
        initial_days: rules.initial_days,
        secondary_days_from_primary: rules.secondary_days_from_primary,
        corrected_days: rules.corrected_days,
        appeal_days: rules.appeal_days,
    };
    let by_payer = last_day(filing, windows);
    match filing {
        Filing::Original { .. } | Filing::Secondary { .. } if class.is_medicaid() => by_payer.min(medicaid_last_day(service_date)),
        _ => by_payer,
    }
}

/// How much time a claim has left. None once it is sent: what a partner holds, what is adjudicated and what another version replaced has
/// no clock; a rejection starts it again, since the claim never arrived.
#[must_use]
pub fn clock(state: Option<ClaimState>, file_by: Option<Date>, today: Date) -> Option<TimeLeft> {
    state.is_some_and(ClaimState::is_to_be_sent).then(|| Some(time_left(file_by?, today))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ped_69_a_claim_is_filed_by_its_payers_days_from_the_date_of_service() {
        let day = date(2026, 8, 20);
        let rules = PayerRules::of_class(PayerClass::Commercial);
        assert_eq!(rules.initial_days, 90);
        assert_eq!(file_by(PayerClass::Commercial, &rules, Filing::Original { service_date: day }, day), date(2026, 11, 18));
    }

    #[test]
    fn ped_69_a_secondary_claim_counts_from_the_primary_payment() {
        let (day, paid) = (date(2026, 8, 20), date(2026, 10, 1));
        let rules = PayerRules::of_class(PayerClass::Commercial);
        let by = |class| file_by(class, &rules, Filing::Secondary { primary_remittance: paid }, day);
        assert_eq!(by(PayerClass::Commercial), date(2026, 12, 30));
        assert_eq!(by(PayerClass::MedicaidFfs), date(2026, 12, 30));
    }

    #[test]
    fn ped_69_no_plan_stretches_medicaid_beyond_twelve_months() {
        let (day, paid) = (date(2025, 11, 20), date(2026, 11, 1));
        let generous = PayerRules { initial_days: 730, ..PayerRules::of_class(PayerClass::MedicaidMco) };
        let by = |class, filing| file_by(class, &generous, filing, day);
        assert_eq!(by(PayerClass::MedicaidMco, Filing::Original { service_date: day }), date(2026, 11, 20));
        assert_eq!(by(PayerClass::MedicaidMco, Filing::Secondary { primary_remittance: paid }), date(2026, 11, 20));
        assert_eq!(by(PayerClass::MedicaidMco, Filing::Corrected { remittance: paid }), date(2027, 4, 30));
        assert_eq!(by(PayerClass::Commercial, Filing::Original { service_date: day }), date(2027, 11, 20));
    }

    #[test]
    fn what_waits_or_was_rejected_has_a_clock_and_what_is_sent_or_paid_has_none() {
        let (last, today) = (Some(date(2026, 11, 18)), date(2026, 11, 8));
        let running: Vec<&str> =
            ClaimState::ALL.iter().filter(|state| clock(Some(**state), last, today).is_some()).map(|state| state.code()).collect();
        let expected = ["draft", "scrub_failed", "held", "ready", "batched", "submission_unknown", "rejected_syntax", "rejected_claim"];
        assert_eq!(running, expected);
        assert_eq!(clock(Some(ClaimState::Ready), last, today), Some(TimeLeft::Short { days: 10 }));
        assert_eq!((clock(Some(ClaimState::Ready), None, today), clock(None, last, today)), (None, None));
    }
}
