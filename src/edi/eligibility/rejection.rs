//! AAA: why a payer did not answer, in our words, and what to do about it (domain.md 3.3).
//!
//! A child who was found and has no coverage is no rejection: the payer must say so by a benefit line `EB*6` (RFI 583).

use serde::{Deserialize, Serialize};

use super::response::EligibilityResponse;
use crate::edi::codes;
use crate::edi::inquiry::Family;
use crate::edi::remittance_835::Code;

codes! {
    /// AAA04: what may be done next.
    FollowUp {
        /// Correct it and send it again.
        Correct = "C",
        /// Sending it again is not allowed.
        NoResubmission = "N",
        /// Send the same again.
        Resend = "P",
        /// Sending it again is allowed.
        ResubmissionAllowed = "R",
        /// Don't send it again: the payer has asked a third party.
        AskedThirdParty = "S",
        /// Send it again after 30 days.
        WaitThirtyDays = "W",
        /// Send it again after 10 days.
        WaitTenDays = "X",
        /// Don't send it again: the payer holds the request and will answer.
        PayerHolds = "Y",
    }
}

/// AAA.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The number of the AAA segment in the file.
    pub segment: u32,
    /// AAA01: the request itself was valid.
    pub request_valid: bool,
    /// AAA03; [`reason`] says what it means.
    pub reason: Code,
    /// AAA04.
    pub follow_up: Option<FollowUp>,
}

/// What stands at a rejection: of what the payer could not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RejectedAt {
    /// Loop 2000A or 2100A: the payer or its system; everything below is unanswered.
    Payer,
    /// Loop 2100B: the provider.
    Provider,
    /// Loop 2100C.
    Subscriber,
    /// Loop 2100D.
    Dependent,
    /// Loop 2110: one question about a member; others may be answered.
    Benefit,
}

/// What to do about a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Remedy {
    /// The same inquiry later: the fault is the payer's, and it passes.
    TryLater,
    /// Provider number, name, enrollment with the payer.
    MendProvider,
    /// The date that is asked about.
    MendDate,
    /// Member id, name, birth date or sex: compare with the card.
    MendMember,
    /// Compare with the card; then ask for the child as a dependent of the parent instead of as the subscriber, or the reverse. A newborn
    /// may not be enrolled yet.
    AskTheOtherWay,
    /// What is asked: service type, procedure, authorization.
    MendQuestion,
    /// Telephone: no inquiry will bring the answer.
    Call,
}

impl Remedy {
    /// The remedy as a sentence for the work list.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Remedy::TryLater => "Send the same inquiry again later.",
            Remedy::MendProvider => "Check the provider's number and enrollment with this payer.",
            Remedy::MendDate => "Check the date that was asked about.",
            Remedy::MendMember => "Compare member id, name, birth date and sex with the card.",
            Remedy::AskTheOtherWay => {
                "Compare with the card, then ask for the child as a dependent instead of as the subscriber, or the reverse. A newborn may \
                 not be enrolled yet."
            }
            Remedy::MendQuestion => "Check what was asked: service type, procedure, authorization.",
            Remedy::Call => "Call the payer.",
        }
    }
}

/// A reason, AAA03.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code.
    pub code: &'static str,
    /// What it says, in our words.
    pub words: &'static str,
    /// What to do about it.
    pub remedy: Remedy,
}

/// The reasons of the guide. A code that is not listed has no words, and is still carried and shown.
const REASONS: &[Reason] = &[
    of("04", "more was asked at once than the payer allows", Remedy::TryLater),
    of("15", "data that the payer needs are missing", Remedy::MendMember),
    of("33", "the question has an error", Remedy::MendQuestion),
    of("35", "the provider is outside of the plan's network", Remedy::MendProvider),
    of("41", "the practice may not ask this payer", Remedy::MendProvider),
    of("42", "the payer's system can't answer now", Remedy::TryLater),
    of("43", "the provider's number is missing or invalid", Remedy::MendProvider),
    of("44", "the provider's name is missing or invalid", Remedy::MendProvider),
    of("45", "the provider's specialty is missing or invalid", Remedy::MendProvider),
    of("46", "the provider's telephone number is missing or invalid", Remedy::MendProvider),
    of("47", "the provider's state is missing or invalid", Remedy::MendProvider),
    of("48", "the referring provider's number is missing or invalid", Remedy::MendProvider),
    of("49", "the provider is not the child's primary care provider", Remedy::Call),
    of("50", "the provider may not ask about eligibility", Remedy::MendProvider),
    of("51", "the payer does not know the provider", Remedy::MendProvider),
    of("52", "the provider was not enrolled in the plan on the date", Remedy::MendProvider),
    of("53", "the provider is of another kind than the benefit", Remedy::MendQuestion),
    of("54", "the procedure's list of codes does not fit", Remedy::MendQuestion),
    of("55", "the procedure does not fit", Remedy::MendQuestion),
    of("56", "the date does not fit", Remedy::MendDate),
    of("57", "the date of service is missing or invalid", Remedy::MendDate),
    of("58", "the birth date is missing or invalid", Remedy::MendMember),
    of("60", "the birth date is after the date of service", Remedy::MendMember),
    of("61", "the date of death is before the date of service", Remedy::MendMember),
    of("62", "the date of service is outside of the period that the payer answers for", Remedy::MendDate),
    of("63", "the date of service is in the future", Remedy::MendDate),
    of("64", "the child's member id is missing or invalid", Remedy::MendMember),
    of("65", "the child's name is missing or invalid", Remedy::MendMember),
    of("66", "the child's sex is missing or invalid", Remedy::MendMember),
    of("67", "the child was not found", Remedy::AskTheOtherWay),
    of("68", "two persons have the child's member id", Remedy::Call),
    of("69", "the question does not fit the child's age", Remedy::MendQuestion),
    of("70", "the question does not fit the child's sex", Remedy::MendQuestion),
    of("71", "the birth date is another than the payer's", Remedy::MendMember),
    of("72", "the subscriber's member id is missing or invalid", Remedy::MendMember),
    of("73", "the subscriber's name is missing or invalid", Remedy::MendMember),
    of("74", "the subscriber's sex is missing or invalid", Remedy::MendMember),
    of("75", "the subscriber was not found", Remedy::AskTheOtherWay),
    of("76", "two subscribers have the member id", Remedy::Call),
    of("77", "the subscriber was found, the child was not", Remedy::AskTheOtherWay),
    of("78", "the subscriber is not in the group or plan", Remedy::MendMember),
    of("79", "sender and receiver have no agreement about this inquiry", Remedy::Call),
    of("80", "the payer gave no answer and the inquiry was ended", Remedy::TryLater),
    of("95", "the child is not eligible", Remedy::Call),
    of("97", "the provider's address is missing or invalid", Remedy::MendProvider),
    of("98", "the service counts as experimental", Remedy::Call),
    of("AA", "the authorization was not found", Remedy::MendQuestion),
    of("AE", "the primary care provider must authorize", Remedy::Call),
    of("AF", "the diagnosis is missing or invalid", Remedy::MendQuestion),
    of("AG", "the procedure is missing or invalid", Remedy::MendQuestion),
    of("AO", "more about the child's condition is needed", Remedy::Call),
    of("CI", "the certification is for another patient", Remedy::MendQuestion),
    of("E8", "a medical review is needed", Remedy::Call),
    of("IA", "the authorization number is invalid", Remedy::MendQuestion),
    of("MA", "the authorization number is missing", Remedy::MendQuestion),
    of("T4", "the payer's name or identifier is missing", Remedy::MendQuestion),
];

const fn of(code: &'static str, words: &'static str, remedy: Remedy) -> Reason {
    Reason { code, words, remedy }
}

/// What a reason (AAA03) means; none for a code that the guide does not list.
#[must_use]
pub fn reason(code: &str) -> Option<&'static Reason> {
    REASONS.iter().find(|reason| reason.code == code)
}

impl Rejection {
    /// A rejection for a reason, with what may be done next.
    #[must_use]
    pub fn new(reason: &str, follow_up: FollowUp) -> Rejection {
        // The request was valid where only the payer's system failed.
        let request_valid = self::reason(reason).is_some_and(|reason| reason.remedy == Remedy::TryLater);
        Rejection { segment: 0, request_valid, reason: reason.into(), follow_up: Some(follow_up) }
    }

    /// What the reason means, when the guide lists it.
    #[must_use]
    pub fn meaning(&self) -> Option<&'static Reason> {
        reason(&self.reason)
    }

    /// What to do; a telephone call for a reason that nobody explained.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        self.meaning().map_or(Remedy::Call, |reason| reason.remedy)
    }

    /// Whether the same person may be there under another relationship: not found as subscriber or as dependent.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.remedy() == Remedy::AskTheOtherWay
    }

    /// The days to wait before the inquiry may be sent again: none when it must not be, or when the payer does not say.
    #[must_use]
    pub fn days_to_wait(&self) -> Option<u16> {
        match self.follow_up {
            Some(FollowUp::WaitTenDays) => Some(10),
            Some(FollowUp::WaitThirtyDays) => Some(30),
            Some(FollowUp::Correct | FollowUp::Resend | FollowUp::ResubmissionAllowed) => Some(0),
            _ => None,
        }
    }
}

impl EligibilityResponse {
    /// All rejections, from the payer down, with the place of each.
    #[must_use]
    pub fn rejections(&self) -> Vec<(RejectedAt, &Rejection)> {
        let mut all: Vec<(RejectedAt, &Rejection)> = Vec::new();
        for source in &self.sources {
            all.extend(source.unanswered.iter().chain(&source.rejections).map(|r| (RejectedAt::Payer, r)));
            for receiver in &source.receivers {
                all.extend(receiver.rejections.iter().map(|r| (RejectedAt::Provider, r)));
                for Family { subscriber, dependents } in &receiver.families {
                    let dependents = dependents.iter().map(|dependent| (RejectedAt::Dependent, dependent));
                    for (at, member) in std::iter::once((RejectedAt::Subscriber, subscriber)).chain(dependents) {
                        all.extend(member.rejections.iter().map(|r| (at, r)));
                        all.extend(member.benefits.iter().flat_map(|b| &b.rejections).map(|r| (RejectedAt::Benefit, r)));
                    }
                }
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{self, ACTIVE, MEMBER_NOT_FOUND, NEWBORN_NOT_FOUND, PAYER_UNAVAILABLE, PROVIDER_NOT_KNOWN};
    use super::*;

    fn said(file: &str) -> Vec<(RejectedAt, String, Remedy, Option<u16>)> {
        let response = samples::response(file);
        let said = |(at, r): (RejectedAt, &Rejection)| (at, r.reason.to_string(), r.remedy(), r.days_to_wait());
        response.rejections().into_iter().map(said).collect()
    }

    #[test]
    fn each_rejection_says_where_and_what_to_do() {
        assert_eq!(said(PAYER_UNAVAILABLE), [(RejectedAt::Payer, "42".into(), Remedy::TryLater, Some(0))]);
        assert_eq!(said(PROVIDER_NOT_KNOWN), [(RejectedAt::Provider, "51".into(), Remedy::MendProvider, Some(0))]);
        assert_eq!(said(MEMBER_NOT_FOUND), [(RejectedAt::Subscriber, "75".into(), Remedy::AskTheOtherWay, Some(0))]);
        assert_eq!(
            said(NEWBORN_NOT_FOUND),
            [
                (RejectedAt::Dependent, "67".into(), Remedy::AskTheOtherWay, Some(10)),
                (RejectedAt::Dependent, "71".into(), Remedy::MendMember, Some(0)),
            ]
        );
        assert_eq!(said(ACTIVE), []);
    }

    #[test]
    fn the_codes_of_the_specification_have_the_remedies_it_names() {
        let remedies = |codes: &[&str]| codes.iter().filter_map(|code| reason(code)).map(|r| r.remedy).collect::<Vec<_>>();
        assert_eq!(remedies(&["42"]), [Remedy::TryLater]);
        assert_eq!(remedies(&["58", "71", "64", "65", "72", "73", "78"]), [Remedy::MendMember; 7]);
        assert_eq!(remedies(&["62", "63"]), [Remedy::MendDate; 2]);
        assert_eq!(remedies(&["67", "75"]), [Remedy::AskTheOtherWay; 2]);
        assert_eq!(remedies(&["43", "50", "51"]), [Remedy::MendProvider; 3]);
        assert_eq!(remedies(&["76"]), [Remedy::Call]);
    }

    #[test]
    fn a_reason_stands_once_and_an_unknown_one_asks_a_person() {
        for (at, known) in REASONS.iter().enumerate() {
            assert!(REASONS[..at].iter().all(|other| other.code != known.code), "{}", known.code);
        }
        let odd = Rejection::new("Q9", FollowUp::Other("K".into()));
        assert_eq!((odd.meaning(), odd.remedy(), odd.days_to_wait()), (None, Remedy::Call, None));
    }

    #[test]
    fn a_payer_that_forbids_or_holds_gives_no_day_to_ask_again() {
        let days = |follow_up| Rejection::new("75", follow_up).days_to_wait();
        assert_eq!([FollowUp::NoResubmission, FollowUp::PayerHolds, FollowUp::AskedThirdParty].map(days), [None; 3]);
        assert_eq!([FollowUp::WaitTenDays, FollowUp::WaitThirtyDays, FollowUp::Resend].map(days), [Some(10), Some(30), Some(0)]);
    }
}
