//! The code lists of payer transactions that logic asks about. A code outside its list is carried as it came, so that reading loses nothing.

/// Declares an enum of X12 codes with a way there (`From<&str>`) and back (`code`), and `Other` for every code it does not name.
/// JSON carries the code itself.
macro_rules! code_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A code that the guide does not list.
            Other(String),
        }

        impl $name {
            /// The X12 code.
            #[must_use]
            pub fn code(&self) -> &str {
                match self {
                    $($name::$variant => $code,)+
                    $name::Other(code) => code,
                }
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> $name {
                match code {
                    $($code => $name::$variant,)+
                    _ => $name::Other(code.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer).map(|code| $name::from(code.as_ref()))
            }
        }
    };
}
pub(crate) use code_list;

code_list! {
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

code_list! {
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

code_list! {
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

code_list! {
    /// BPR03. Both mean money to the provider; a debit is rare and wants a look.
    CreditDebit {
        /// The payer sends money.
        Credit = "C",
        /// A bank takes money; rare.
        Debit = "D",
    }
}

code_list! {
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

code_list! {
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
    fn an_unknown_code_survives_reading_and_json() {
        let group = CasGroup::from("CR");
        assert_eq!((group.code(), &group), ("CR", &CasGroup::Other("CR".to_owned())));
        let json = serde_json::to_string(&[CasGroup::CO, group.clone()]).unwrap();
        assert_eq!(json, r#"["CO","CR"]"#);
        assert_eq!(serde_json::from_str::<Vec<CasGroup>>(&json).unwrap(), [CasGroup::CO, group]);
    }

    #[test]
    fn forwarded_claims_are_19_20_21_and_23() {
        let forwarded: Vec<&str> =
            ["1", "2", "3", "4", "19", "20", "21", "22", "23", "25"].into_iter().filter(|c| ClaimStatus::from(*c).is_forwarded()).collect();
        assert_eq!(forwarded, ["19", "20", "21", "23"]);
    }
}
