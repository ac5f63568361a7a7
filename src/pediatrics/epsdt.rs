//! Early and periodic screening of children on Medicaid (PED-30): who is covered, which lines are marked, and what the claim says
//! about referrals (CRC*ZZ).

use super::visits::{Visit, visit};
use super::{Age, Rule};
use crate::reference::ProcedureCode;

/// EPSDT.
pub const PED_30: Rule = Rule::new(
    "PED-30",
    "42 USC 1396d(r); X12 837P 2300 CRC, 2400 SV111",
    "Until the 21st birthday a screening on Medicaid says whether a referral was given: none is N with NU alone, any other is Y with its codes; its lines are marked, with EP where the payer wants it.",
);

/// EPSDT ends with the 21st birthday.
pub const TO_YEARS: u16 = 20;

/// What a screening led to (CRC03 to CRC05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Referral {
    /// AV: offered, the family declined.
    AvailableNotUsed,
    /// NU: none.
    None,
    /// S2: already under treatment.
    UnderTreatment,
    /// ST: new services were asked for.
    NewServices,
}

impl Referral {
    /// The referral of a code; `None` for any other text.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Referral> {
        Some(match code {
            "AV" => Referral::AvailableNotUsed,
            "NU" => Referral::None,
            "S2" => Referral::UnderTreatment,
            "ST" => Referral::NewServices,
            _ => return None,
        })
    }
}

/// Most codes after CRC02 (CRC03 to CRC05).
pub const REFERRALS_MAX: usize = 3;

/// What is wrong with what a claim says about referrals (E049).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferralFault {
    /// CRC02 is N, and another code than NU follows.
    #[error("no referral was given, but a referral is named: no referral goes with NU alone")]
    NoReferralNamed,
    /// CRC02 is Y with NU.
    #[error("a referral was given, but NU says that none was")]
    ReferralDenied,
    /// CRC02 is Y without a code.
    #[error("a referral was given, but its kind is missing")]
    KindMissing,
    /// More than [`REFERRALS_MAX`].
    #[error("more than three referral codes")]
    TooMany,
}

/// Everything that is wrong with a referral indicator (`given`: CRC02 is Y) and its codes.
pub fn referral_faults(given: bool, codes: &[Referral]) -> impl Iterator<Item = ReferralFault> {
    let nu = codes.contains(&Referral::None);
    [
        (!given && (codes.is_empty() || codes.iter().any(|code| *code != Referral::None))).then_some(ReferralFault::NoReferralNamed),
        (given && nu).then_some(ReferralFault::ReferralDenied),
        (given && codes.is_empty()).then_some(ReferralFault::KindMissing),
        (codes.len() > REFERRALS_MAX).then_some(ReferralFault::TooMany),
    ]
    .into_iter()
    .flatten()
}

/// On which preventive visits a payer wants EP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EpOn {
    /// On none.
    #[default]
    Nothing,
    /// On every preventive visit.
    PreventiveVisits,
    /// From the 18th to the 21st birthday only (a plan in Florida).
    YoungAdults,
}

/// What a payer wants for EPSDT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Whether the payer's claims carry EPSDT information at all.
    pub program: bool,
    /// Where EP goes.
    pub ep: EpOn,
    /// Whether a completed screening is billed as S0302 beside the visit.
    pub s0302: bool,
}

impl Terms {
    /// For payers that know no EPSDT.
    pub const NONE: Terms = Terms { program: false, ep: EpOn::Nothing, s0302: false };
}

/// A completed EPSDT screening, at payers that want it as a line.
pub const COMPLETED: ProcedureCode = ProcedureCode::literal("S0302");

/// Whether a code is a screening in the sense of EPSDT: the preventive visit, and S0302.
#[must_use]
pub fn is_screening(code: ProcedureCode) -> bool {
    visit(code) == Some(Visit::Preventive) || code == COMPLETED
}

/// Whether a child is in the program at a payer. Where the payer lists further codes as screenings, this with any of them on the claim
/// is what [`applies`] is for the usual ones.
#[must_use]
pub fn covers(age: Age, terms: Terms) -> bool {
    terms.program && age.years <= TO_YEARS
}

/// Whether a claim must carry EPSDT information: CRC*ZZ on the claim, SV111 on the screening's line.
#[must_use]
pub fn applies(age: Age, codes: &[ProcedureCode], terms: Terms) -> bool {
    covers(age, terms) && codes.iter().any(|code| is_screening(*code))
}

/// Whether a line carries EP at a payer.
#[must_use]
pub fn takes_ep(age: Age, code: ProcedureCode, terms: Terms) -> bool {
    let wanted = match terms.ep {
        EpOn::Nothing => false,
        EpOn::PreventiveVisits => true,
        EpOn::YoungAdults => age.years >= super::preventive::ADULT_FROM_YEARS,
    };
    wanted && applies(age, &[code], terms) && code != COMPLETED
}

#[cfg(test)]
mod tests {
    use super::*;
    use Referral::{AvailableNotUsed as AV, NewServices as ST, None as NU, UnderTreatment as S2};

    fn years(years: u16) -> Age {
        Age { years, months: u32::from(years) * 12, days: u32::from(years) * 366 }
    }

    const MEDICAID: Terms = Terms { program: true, ep: EpOn::YoungAdults, s0302: false };

    #[test]
    fn ped_30_no_referral_with_st_and_a_referral_with_nu_are_errors() {
        let faults = |given, codes: &[Referral]| referral_faults(given, codes).collect::<Vec<_>>();
        assert_eq!(faults(false, &[ST]), [ReferralFault::NoReferralNamed]);
        assert_eq!(faults(true, &[NU]), [ReferralFault::ReferralDenied]);
        assert_eq!(faults(true, &[]), [ReferralFault::KindMissing]);
        assert_eq!(faults(false, &[]), [ReferralFault::NoReferralNamed]);
        assert_eq!(faults(true, &[AV, S2, ST, ST]), [ReferralFault::TooMany]);
        assert!(faults(false, &[NU]).is_empty() && faults(true, &[AV, S2, ST]).is_empty());
    }

    #[test]
    fn ped_30_a_screening_on_medicaid_is_marked_until_the_21st_birthday() {
        let applies = |age, code: &str, terms| applies(years(age), &[code.parse().unwrap()], terms);
        assert!(applies(20, "99395", MEDICAID) && applies(1, "99392", MEDICAID) && applies(1, "S0302", MEDICAID));
        assert!(!applies(21, "99395", MEDICAID) && !applies(1, "99213", MEDICAID) && !applies(1, "99392", Terms::NONE));
    }

    #[test]
    fn ped_30_a_payer_may_want_ep_on_young_adults_only() {
        let ep = |age, code: &str| takes_ep(years(age), code.parse().unwrap(), MEDICAID);
        assert_eq!(
            (ep(17, "99394"), ep(18, "99395"), ep(20, "99395"), ep(21, "99395"), ep(18, "99213")),
            (false, true, true, false, false)
        );
    }

    #[test]
    fn ped_30_referral_codes_are_four() {
        assert_eq!(["AV", "NU", "S2", "ST", "XX"].map(Referral::from_code), [Some(AV), Some(NU), Some(S2), Some(ST), None]);
    }
}
