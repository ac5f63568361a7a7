//! Whom it is about: the family account with its guarantor, the child, the child's coverages. Everything that tells who somebody is is
//! `Phi`. What is stored has its key beside it ([`Stored`](crate::practice::model::Stored)).

use jiff::civil::Date;

use crate::platform::ids::{ChildId, FamilyId, PayerId};
use crate::platform::phi::Phi;
use crate::practice::rules::MemberIdScope;
use crate::practice::word::words;
use crate::reference::subscriber::Relationship;

words! {
    /// What a policy holder is to the child: it decides which of two plans pays first (domain.md PED-40).
    HolderRelation {
        /// Mother.
        Mother = "mother",
        /// Father.
        Father = "father",
        /// A parent, not said which.
        Parent = "parent",
        /// The mother's husband, and no parent.
        StepFather = "stepfather",
        /// The father's wife, and no parent.
        StepMother = "stepmother",
        /// Grandmother or grandfather.
        Grandparent = "grandparent",
        /// Anybody else.
        Other = "other",
    }

    /// Administrative sex as DMG03 has it.
    Sex {
        /// Female.
        Female = "F",
        /// Male.
        Male = "M",
        /// Unknown, or not said.
        Unknown = "U",
    }
}

/// A person's postal address, always held as `Phi<HomeAddress>`. All parts are empty where the source said nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HomeAddress {
    /// Street line.
    pub street: String,
    /// City.
    pub city: String,
    /// Two-letter state.
    pub state: String,
    /// ZIP code of five or nine digits.
    pub zip: String,
}

/// A family account: the children under one guarantor, who receives the statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The source's identifier of the account.
    pub external_id: Phi<String>,
    /// The guarantor's family name.
    pub guarantor_last: Phi<String>,
    /// The guarantor's given names.
    pub guarantor_first: Phi<String>,
    /// The guarantor's birth date.
    pub guarantor_birth_date: Option<Phi<Date>>,
    /// Telephone.
    pub phone: Option<Phi<String>>,
    /// Where statements go.
    pub address: Phi<HomeAddress>,
}

/// A child: the patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The source's identifier of the child. Never guessed from name and birth date: twins share both.
    pub external_id: Phi<String>,
    /// The family account.
    pub family: FamilyId,
    /// Family name.
    pub last_name: Phi<String>,
    /// Given names, separated by spaces.
    pub first_name: Phi<String>,
    /// Date of birth.
    pub birth_date: Phi<Date>,
    /// Administrative sex.
    pub sex: Sex,
    /// Home address.
    pub address: Phi<HomeAddress>,
}

/// The policy holder, when it is not the child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Family name.
    pub last_name: Phi<String>,
    /// Given names.
    pub first_name: Phi<String>,
    /// Date of birth.
    pub birth_date: Option<Phi<Date>>,
    /// Administrative sex.
    pub sex: Sex,
    /// What the policy holder is to the child, where the source said it.
    pub relation: Option<HolderRelation>,
}

/// A child's coverage by one payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Whose.
    pub child: ChildId,
    /// By whom.
    pub payer: PayerId,
    /// Order of responsibility: 1 is primary.
    pub rank: u8,
    /// Member id as on the card; empty where nobody said one (domain.md E009 holds the claim).
    pub member_id: Phi<String>,
    /// Whom the member id names (domain.md 1.4).
    pub member_id_scope: MemberIdScope,
    /// What the child is to the policy holder (PAT01; `Itself` is SBR02 18).
    pub relationship: Relationship,
    /// Group or policy number (SBR03).
    pub group_number: Option<Phi<String>>,
    /// The policy holder, when it is not the child.
    pub subscriber: Option<Subscriber>,
    /// First day; [`Coverage::SINCE_EVER`] where nobody said one.
    pub effective_from: Date,
    /// Last day; none: until further notice.
    pub effective_to: Option<Date>,
}

impl HolderRelation {
    /// From what a source says: our word, or a code of HL7 v3. None for what says nothing about parents.
    #[must_use]
    pub fn read(sent: &str) -> Option<HolderRelation> {
        Some(match sent.trim().to_ascii_lowercase().as_str() {
            "mother" | "mth" | "nmth" => HolderRelation::Mother,
            "father" | "fth" | "nfth" => HolderRelation::Father,
            "parent" | "prn" | "nprn" => HolderRelation::Parent,
            "stepfather" | "stpfth" => HolderRelation::StepFather,
            "stepmother" | "stpmth" => HolderRelation::StepMother,
            "grandparent" | "grandmother" | "grandfather" | "grprn" | "grmth" | "grfth" => HolderRelation::Grandparent,
            "aunt" | "uncle" | "sibling" | "other" => HolderRelation::Other,
            _ => return None,
        })
    }
}

impl Coverage {
    /// The first day of a coverage whose source says none: before every date of service.
    pub const SINCE_EVER: Date = Date::constant(1900, 1, 1);
}
