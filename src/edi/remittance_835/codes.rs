//! The code lists of payer transactions that logic asks about. A code outside its list is carried as it came, so that reading loses nothing.

use crate::edi::codes;

codes! {
    /// CAS01: who bears an adjustment (domain.md 2.7).
    CasGroup {
        /// Contractual obligation: the practice bears it; never billable to the family.
        CO = "CO",
        /// Other adjustment: nobody bears it; usually the bookkeeping of coordination of benefits.
        OA = "OA",
        /// Payer initiated: the payer's decision; not billable to the family unless a contract says so.
        PI = "PI",
        /// Patient responsibility: the family or the next payer bears it.
        PR = "PR",
    }
}

codes! {
    /// CLP02: in which role the payer processed the claim (domain.md 2.2). It never tells by itself whether the claim was paid or denied.
    ClaimStatus {
        /// Processed as primary.
        Primary = "1",
        /// Processed as secondary.
        Secondary = "2",
        /// Processed as tertiary.
        Tertiary = "3",
        /// Patient or subscriber not recognised and the claim not forwarded; some payers misuse it for any denial.
        Denied = "4",
        /// Processed as primary and forwarded to another payer.
        PrimaryForwarded = "19",
        /// Processed as secondary and forwarded to another payer.
        SecondaryForwarded = "20",
        /// Processed as tertiary and forwarded to another payer.
        TertiaryForwarded = "21",
        /// The negation of an earlier payment (domain.md 2.5).
        Reversal = "22",
        /// Not this payer's claim; forwarded to another.
        NotOursForwarded = "23",
        /// A predetermination: informational, never posts.
        Predetermination = "25",
    }
}

impl ClaimStatus {
    /// Whether the payer passed the claim on to another payer (19, 20, 21, 23): no secondary claim of ours must follow.
    #[must_use]
    pub fn is_forwarded(&self) -> bool {
        use ClaimStatus::{NotOursForwarded, PrimaryForwarded, SecondaryForwarded, TertiaryForwarded};
        matches!(self, PrimaryForwarded | SecondaryForwarded | TertiaryForwarded | NotOursForwarded)
    }

    /// The payer's place in the order of benefits, 1 to 3, where the status tells it.
    #[must_use]
    pub fn payer_order(&self) -> Option<u8> {
        match self {
            ClaimStatus::Primary | ClaimStatus::PrimaryForwarded => Some(1),
            ClaimStatus::Secondary | ClaimStatus::SecondaryForwarded => Some(2),
            ClaimStatus::Tertiary | ClaimStatus::TertiaryForwarded => Some(3),
            _ => None,
        }
    }
}

codes! {
    /// BPR01: what the payer does with this transaction set.
    Handling {
        /// The payment comes with the remittance.
        RemittanceWithPayment = "I",
        /// No payment: notification only.
        NotificationOnly = "H",
        /// The payment, with the remittance by way of the bank.
        PaymentWithRemittance = "C",
        /// The payment only.
        PaymentOnly = "D",
        /// A prenotification of a future transfer.
        Prenotification = "P",
        /// Payment and remittance travel apart.
        Separate = "U",
        /// As the payer and the bank agreed.
        HandledByBank = "X",
    }
}

codes! {
    /// BPR03. Both mean money to the provider; a debit is rare and wants a look.
    CreditDebit {
        /// The payer sends money.
        Credit = "C",
        /// A bank takes money; rare.
        Debit = "D",
    }
}

codes! {
    /// BPR04: how the money travels.
    PaymentMethod {
        /// Automated clearing house: an electronic transfer.
        Ach = "ACH",
        /// A paper check.
        Check = "CHK",
        /// A wire transfer.
        Wire = "FWT",
        /// The financial institution's choice.
        Bank = "BOP",
        /// No money moves.
        NoPayment = "NON",
    }
}

codes! {
    /// NM101 in loop 2100: whom a name of a paid claim is about.
    PartyRole {
        /// The patient.
        Patient = "QC",
        /// The insured, when not the patient.
        Insured = "IL",
        /// The insured as the payer knows them: name or member id differ from what we sent.
        CorrectedInsured = "74",
        /// Who rendered the services.
        Rendering = "82",
        /// The payer to which the claim was passed on.
        CrossoverCarrier = "TT",
        /// Another payer that comes before this one.
        PriorityPayer = "PR",
        /// A further subscriber.
        OtherSubscriber = "GB",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_claims_are_19_20_21_and_23() {
        let forwarded: Vec<&str> =
            ["1", "2", "3", "4", "19", "20", "21", "22", "23", "25"].into_iter().filter(|c| ClaimStatus::from(*c).is_forwarded()).collect();
        assert_eq!(forwarded, ["19", "20", "21", "23"]);
    }
}
