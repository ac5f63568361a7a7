//! What an adjustment of an 835 (CAS) means for the money: the routing table of domain.md 2.7 as data (`data/carc.csv`), by group
//! and reason code together, never by the reason alone. Labels are our own words; the list's texts are X12's.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use super::table;

/// Who bears an adjustment: the group codes that a 5010 835 allows. `CR` is not among them (domain.md 0, point 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// CO: the practice, by contract.
    Contractual,
    /// OA: nobody, mostly bookkeeping between payers.
    Other,
    /// PI: the practice, as the payer decided.
    PayerInitiated,
    /// PR: the patient or the next payer.
    PatientResponsibility,
}

impl FromStr for Group {
    type Err = UnknownGroup;
    fn from_str(text: &str) -> Result<Group, UnknownGroup> {
        match text {
            "CO" => Ok(Group::Contractual),
            "OA" => Ok(Group::Other),
            "PI" => Ok(Group::PayerInitiated),
            "PR" => Ok(Group::PatientResponsibility),
            _ => Err(UnknownGroup),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Group::Contractual => "CO",
            Group::Other => "OA",
            Group::PayerInitiated => "PI",
            Group::PatientResponsibility => "PR",
        })
    }
}

/// A group code that a 5010 835 does not allow: the remittance goes to quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an adjustment group of a 5010 835: CO, OA, PI or PR")]
pub struct UnknownGroup;

/// What happens to the money of one adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Written off automatically.
    Contractual,
    /// Moved to the family, or to the next payer.
    Patient,
    /// Stays with the insurer as an open denial until somebody or a rule decides.
    Denial {
        /// Who works it.
        queue: DenialQueue,
        /// Whether a review may end in billing the family: the group is PR, the payer is not Medicaid.
        patient_billable: bool,
    },
    /// Moved to the withhold receivable (CARC 104).
    Withhold,
    /// An echo of money that the ledger already has: noted, not posted. Only OA-23 (domain.md 2.8).
    Memo,
    /// Posted by nobody but a person.
    Review(ReviewReason),
}

/// Declares an enum of words that stand in a table, each with a label for the screens.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $word:literal $label:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = $label] $variant,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word that tables and the database hold.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// A few words for the screens.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)* }
            }

            /// From the word of a table.
            #[must_use]
            pub fn from_word(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|known| known.word() == word)
            }
        }
    };
}

words! {
    /// Who works a denial.
    DenialQueue {
        Appeal           "appeal"            "an appeal was lost"
        Authorization    "authorization"     "authorization or referral"
        Benefit          "benefit"           "benefit limits and exclusions"
        Bundling         "bundling"          "not paid separately"
        ByRemark         "by_remark"         "the remark code decides"
        Clinical         "clinical"          "medical necessity"
        Cob              "cob"               "order of payers"
        CodeSet          "code_set"          "code not valid on the date"
        Coding           "coding"            "coding"
        Contract         "contract"          "contract"
        Credentialing    "credentialing"     "credentialing"
        Demographics     "demographics"      "who the member is"
        Documentation    "documentation"     "documents asked for"
        Duplicate        "duplicate"         "duplicates"
        Eligibility      "eligibility"       "coverage on the date"
        Enrolment        "enrolment"         "provider enrolment"
        Ncci             "ncci"              "correct coding pairs"
        Network          "network"           "network and assignment"
        Newborn          "newborn"           "newborn coverage"
        ProviderConflict "provider_conflict" "another provider was paid"
        TimelyFiling     "timely_filing"     "timely filing"
        Units            "units"             "units"
        Unknown          "unknown"           "unknown reason code"
        WrongPayer       "wrong_payer"       "wrong payer"
    }
}

words! {
    /// Why an adjustment needs a person.
    ReviewReason {
        ContractualAfterCheck     "contractual_after_check"      "a write-off once somebody has checked it"
        ContractualAsPatientShare "contractual_as_patient_share" "a write-off reason in the patient's group"
        Forwarded                 "forwarded"                    "forwarded to another payer: follow up"
        MedicaidPatientShare      "medicaid_patient_share"       "Medicaid may not leave a share to the family"
        NotValidIn835             "not_valid_in_835"             "not a valid adjustment of an 835"
        OutOfNetwork              "out_of_network"               "out of network: the family may owe it"
        PatientShareOutsidePr     "patient_share_outside_pr"     "a patient share outside the patient's group"
        Pended                    "pended"                       "the payer has not decided: follow up"
        PriorPayerOutsideOa       "prior_payer_outside_oa"       "the prior payer's effect in an unusual group"
        SpendingAccount           "spending_account"             "paid from a spending account"
        UnknownCode               "unknown_code"                 "unknown reason code"
        UnusualGroup              "unusual_group"                "an unusual group for this reason"
    }
}

/// One row of the table.
struct Row {
    group: Option<Group>,
    disposition: Disposition,
    label: Box<str>,
    hint: Box<str>,
}

/// The one reason that never becomes the family's, whatever the group says (domain.md 2.7, CARC 209).
const NEVER_THE_FAMILYS: &str = "209";

fn rows_of(carc: &str) -> &'static [Row] {
    static TABLE: OnceLock<BTreeMap<Box<str>, Vec<Row>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: BTreeMap<Box<str>, Vec<Row>> = BTreeMap::new();
        for row in table::rows(include_str!("data/carc.csv")) {
            let disposition = match &row[2] {
                "contractual" => Disposition::Contractual,
                "patient" => Disposition::Patient,
                "withhold" => Disposition::Withhold,
                "memo" => Disposition::Memo,
                "denial" => {
                    let queue = DenialQueue::from_word(&row[3]).expect("the table names known queues");
                    Disposition::Denial { queue, patient_billable: false }
                }
                _ => Disposition::Review(ReviewReason::from_word(&row[3]).expect("the table names known reasons")),
            };
            let parsed = Row { group: row[1].parse().ok(), disposition, label: row[4].into(), hint: row[5].into() };
            table.entry(row[0].into()).or_default().push(parsed);
        }
        table
    });
    table.get(carc).map_or(&[], Vec::as_slice)
}

/// Where one adjustment goes.
///
/// `medicaid`: the remitting payer is Medicaid or CHIP, whose patient shares never reach a family unseen (PED-32).
/// `nothing_paid`: the service or claim was paid zero; an unknown reason is then an open denial, else a review. OA is never a denial
/// by being unknown.
#[must_use]
pub fn route(group: Group, carc: &str, medicaid: bool, nothing_paid: bool) -> Disposition {
    let rows = rows_of(carc);
    let patient_billable = group == Group::PatientResponsibility && !medicaid && carc != NEVER_THE_FAMILYS;
    match rows.iter().find(|row| row.group == Some(group)).or_else(|| rows.iter().find(|row| row.group.is_none())) {
        Some(Row { disposition: Disposition::Patient, .. }) if medicaid => Disposition::Review(ReviewReason::MedicaidPatientShare),
        Some(Row { disposition: Disposition::Denial { queue, .. }, .. }) => Disposition::Denial { queue: *queue, patient_billable },
        Some(row) => row.disposition,
        None if nothing_paid && group != Group::Other => Disposition::Denial { queue: DenialQueue::Unknown, patient_billable },
        None => Disposition::Review(ReviewReason::UnknownCode),
    }
}

/// Who works a denial of which the reason says only that the remark says more (CARC 16 and A1): the queue of the first remark code (RARC)
/// that the table knows (`data/rarc.csv`); `None` when it knows none of them.
#[must_use]
pub fn queue_by_remark<'r>(remarks: impl IntoIterator<Item = &'r str>) -> Option<DenialQueue> {
    remarks.into_iter().find_map(|remark| self::remarks().get(remark).map(|row| row.queue))
}

/// Our label of a remark code (RARC); `None` for one that the table does not have.
#[must_use]
pub fn remark_label(remark: &str) -> Option<&'static str> {
    remarks().get(remark).map(|row| &*row.label)
}

/// A remark code of the table.
struct Remark {
    queue: DenialQueue,
    label: Box<str>,
}

fn remarks() -> &'static BTreeMap<Box<str>, Remark> {
    static TABLE: OnceLock<BTreeMap<Box<str>, Remark>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let queue = |word: &str| DenialQueue::from_word(word).expect("the table names known queues");
        table::rows(include_str!("data/rarc.csv"))
            .map(|row| (row[0].into(), Remark { queue: queue(&row[1]), label: row[2].into() }))
            .collect()
    })
}

/// Our label of a reason code; `None` for one that the table does not have.
#[must_use]
pub fn label(carc: &str) -> Option<&'static str> {
    rows_of(carc).first().map(|row| &*row.label)
}

/// What to look at first for a reason code, in a few words; `None` where the label says it all.
#[must_use]
pub fn hint(carc: &str) -> Option<&'static str> {
    rows_of(carc).first().map(|row| &*row.hint).filter(|hint| !hint.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Group::{Contractual as CO, Other as OA, PatientResponsibility as PR, PayerInitiated as PI};

    fn denial(queue: DenialQueue, patient_billable: bool) -> Disposition {
        Disposition::Denial { queue, patient_billable }
    }

    #[test]
    fn the_same_reason_goes_elsewhere_in_another_group() {
        assert_eq!(route(CO, "45", false, false), Disposition::Contractual);
        assert_eq!(route(PR, "45", false, false), Disposition::Review(ReviewReason::OutOfNetwork));
        assert_eq!(route(CO, "96", false, true), denial(DenialQueue::Benefit, false));
        assert_eq!(route(PR, "96", false, true), denial(DenialQueue::Benefit, true));
        assert_eq!(route(OA, "23", false, false), Disposition::Memo);
        assert_eq!(route(CO, "23", false, false), Disposition::Review(ReviewReason::PriorPayerOutsideOa));
    }

    #[test]
    fn ped_32_a_medicaid_patient_share_never_reaches_the_family_unseen() {
        for carc in ["1", "2", "3", "275"] {
            assert_eq!(route(PR, carc, false, false), Disposition::Patient, "{carc}");
            assert_eq!(route(PR, carc, true, false), Disposition::Review(ReviewReason::MedicaidPatientShare), "{carc}");
        }
        assert_eq!(route(PR, "96", true, true), denial(DenialQueue::Benefit, false));
    }

    #[test]
    fn carc_16_goes_where_its_first_known_remark_says() {
        let queues = ["M51", "M76", "M119", "MA120", "N290", "MA04", "N4"].map(|remark| queue_by_remark([remark]));
        let expected = [
            DenialQueue::Coding,
            DenialQueue::Coding,
            DenialQueue::Coding,
            DenialQueue::Credentialing,
            DenialQueue::Enrolment,
            DenialQueue::Cob,
            DenialQueue::Cob,
        ];
        assert_eq!(queues, expected.map(Some));
        assert_eq!(queue_by_remark(["N999", "N290", "M51"]), Some(DenialQueue::Enrolment));
        assert_eq!((queue_by_remark(["N999"]), queue_by_remark([])), (None, None));
        assert_eq!((remark_label("M51"), remark_label("N999")), (Some("procedure code missing or wrong"), None));
    }

    #[test]
    fn carc_209_is_never_the_familys() {
        assert_eq!(route(PR, "209", false, true), denial(DenialQueue::Contract, false));
    }

    #[test]
    fn an_unknown_reason_is_a_denial_when_nothing_was_paid_and_a_review_otherwise() {
        assert_eq!(route(CO, "999", false, true), denial(DenialQueue::Unknown, false));
        assert_eq!(route(PR, "999", false, true), denial(DenialQueue::Unknown, true));
        for (group, nothing_paid) in [(CO, false), (PI, false), (PR, false), (OA, true), (OA, false)] {
            assert_eq!(route(group, "999", false, nothing_paid), Disposition::Review(ReviewReason::UnknownCode));
        }
    }

    #[test]
    fn withheld_and_capitated_money_has_its_own_way() {
        assert_eq!(route(CO, "104", false, false), Disposition::Withhold);
        assert_eq!(route(CO, "24", false, true), Disposition::Contractual);
        assert_eq!(route(CO, "253", false, false), Disposition::Contractual);
    }

    #[test]
    fn cr_is_not_a_group_of_a_5010_835() {
        assert_eq!("CR".parse::<Group>(), Err(UnknownGroup));
        for group in [CO, OA, PI, PR] {
            assert_eq!(group.to_string().parse(), Ok(group));
        }
    }

    #[test]
    fn every_code_of_the_rule_book_is_in_the_table_and_ends_somewhere_in_every_group() {
        let codes = "1 2 3 4 5 6 7 8 9 10 11 15 16 18 19 20 21 22 23 24 26 27 29 31 32 33 34 35 39 45 49 50 54 55 56 58 59 89 94 96 97 100 104 \
                     107 109 119 128 129 131 133 136 140 144 146 149 151 167 170 171 172 177 181 182 183 184 185 187 193 197 198 200 204 206 \
                     207 208 209 210 222 225 226 227 231 234 236 240 242 243 252 253 256 275 276 288 A1 B7 B9 B11 B13 B15 B16 B20";
        for carc in codes.split_whitespace() {
            assert!(label(carc).is_some(), "{carc}");
            for group in [CO, OA, PI, PR] {
                assert_ne!(route(group, carc, false, false), Disposition::Review(ReviewReason::UnknownCode), "{carc} {group}");
            }
        }
        assert_eq!((label("999"), hint("45"), hint("18").is_some()), (None, None, true));
    }
}
