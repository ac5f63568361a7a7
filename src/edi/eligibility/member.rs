//! A subscriber or dependent, as 270 and 271 name them alike.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::Relation;
use crate::edi::claim_837p::{HealthCareCode, Identifier, PersonName, Sex};
use crate::edi::inquiry::{Dated, Party, Role, Trace};
use crate::edi::remittance_835::{Code, Procedure};
use crate::platform::phi::Phi;

/// Loop 2000C and 2100C, or 2000D and 2100D.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// TRN: our number comes back as a referenced one, beside one of the payer's.
    pub traces: Vec<Trace>,
    /// NM1, REF, N3, N4, PRV. A dependent has no identifier of its own.
    pub person: Party<Phi<String>>,
    /// DMG02.
    pub birth_date: Option<Phi<Date>>,
    /// DMG03.
    pub sex: Option<Sex>,
    /// INS.
    pub insured: Option<Insured>,
    /// HI: diagnoses that benefits may depend on.
    pub diagnoses: Vec<HealthCareCode>,
    /// DTP: in a request the day that is asked about; in an answer when plan and eligibility begin and end.
    pub dates: Vec<Dated>,
}

impl Member {
    /// A subscriber with a member id, or a dependent without.
    #[must_use]
    pub fn new(name: PersonName, member_id: Option<&str>) -> Member {
        let role = if member_id.is_some() { Role::Insured } else { Role::Dependent };
        let id = member_id.map(|id| Identifier::new("MI", Phi::from(id)));
        Member {
            segment: 0,
            traces: Vec::new(),
            person: Party::new(role, crate::edi::claim_837p::EntityName::Person(name), id),
            birth_date: None,
            sex: None,
            insured: None,
            diagnoses: Vec::new(),
            dates: Vec::new(),
        }
    }
}

/// INS: what the person is to the subscriber, and whether the payer's record differs from what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insured {
    /// INS01: whether this is the subscriber.
    pub is_subscriber: bool,
    /// INS02.
    pub relation: Relation,
    /// INS03: `001` when name, birth date, sex or identifier differ from what was asked.
    pub change: Option<Code>,
    /// INS04: `25` for such a difference.
    pub change_reason: Option<Code>,
    /// INS17: which of twins or more this child is, in the order of birth.
    pub birth_order: Option<u8>,
}

impl Insured {
    /// Someone of a relationship, without changes.
    #[must_use]
    pub fn new(relation: Relation) -> Insured {
        let is_subscriber = relation == Relation::SelfSubscriber;
        Insured { is_subscriber, relation, change: None, change_reason: None, birth_order: None }
    }

    /// Whether the payer's record differs from what was asked: name, birth date or identifier must be corrected before billing.
    #[must_use]
    pub fn record_differs(&self) -> bool {
        self.change.as_ref().is_some_and(|code| *code == *"001")
    }
}

/// EQ02 and EB13: a procedure, or all from it to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureRange {
    /// Components 1 to 7.
    pub procedure: Procedure,
    /// Component 8: the last code of a range.
    pub through: Option<Code>,
}
