//! The parts of inquiries and answers. Segment numbers are those of the file, from 1; 0 in what was built and not read.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::codes::{DateKind, Role, TraceKind};
use crate::edi::claim_837p::{Address, Contact, DateValue, EntityName, Identifier};
use crate::edi::remittance_835::Code;
use crate::platform::phi::Phi;

/// One 270, 271, 276 or 277, ST to SE: `S` is what stands below its payers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inquiry<S> {
    /// ST and BHT.
    pub heading: Heading,
    /// Loops 2000A.
    pub sources: Vec<S>,
    /// What the tree has no place for.
    pub unread: Vec<Unread>,
}

/// Loop 2000A: the payer that is asked or answers; `R` is a loop 2000B.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source<R> {
    /// The number of the HL segment in the file.
    pub segment: u32,
    /// Loop 2100A.
    pub payer: Party,
    /// Loops 2000B.
    pub receivers: Vec<R>,
}

/// The two lowest levels: a subscriber, and the dependents that are insured by the same policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Family<M> {
    /// HL*22. Nothing is asked or said of a subscriber who is only the parent of those it is about.
    pub subscriber: M,
    /// HL*23.
    pub dependents: Vec<M>,
}

impl<M> Family<M> {
    /// The subscriber, then the dependents.
    pub fn members(&self) -> impl Iterator<Item = &M> {
        std::iter::once(&self.subscriber).chain(&self.dependents)
    }
}

/// ST and BHT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// ST02: 4 to 9 digits, unique in its group.
    pub control_number: String,
    /// The number of the ST segment in the file.
    pub segment: u32,
    /// BHT02: `13` a request, `01` its cancellation, `11` an answer, `08` a status.
    pub purpose: Code,
    /// BHT03: the sender's number for the inquiry, at most 50 characters; an answer returns it.
    pub reference: String,
    /// BHT04 and BHT05.
    pub created: Option<DateTime>,
    /// BHT06: `DG` for a status, `RT` for a request that sets a spend-down in motion; else empty.
    pub kind: Code,
}

impl Heading {
    /// A request of ours.
    #[must_use]
    pub fn request(control_number: &str, reference: &str, created: DateTime) -> Heading {
        let (control_number, reference) = (control_number.to_owned(), reference.to_owned());
        Heading { control_number, segment: 0, purpose: "13".into(), reference, created: Some(created), kind: Code::default() }
    }
}

/// TRN: a number to find the answer by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// TRN01.
    pub kind: TraceKind,
    /// TRN02, at most 50 characters.
    pub number: String,
    /// TRN03: who gave the number, ten characters (`1` and an EIN, `9` and an own identifier). Absent in 276 and 277.
    pub originator: Option<String>,
    /// TRN04: a part of that company.
    pub division: Option<String>,
}

impl Trace {
    /// A number of ours, to be returned with the answer.
    #[must_use]
    pub fn ours(number: &str, originator: &str) -> Trace {
        let originator = Some(originator.to_owned()).filter(|text| !text.is_empty());
        Trace { kind: TraceKind::Current, number: number.to_owned(), originator, division: None }
    }

    /// The same number as an answer returns it.
    #[must_use]
    pub fn returned(&self) -> Trace {
        Trace { kind: TraceKind::Referenced, ..self.clone() }
    }
}

/// NM1 and what follows it: a payer, a provider, a child. `T` is `Phi<String>` where the identifier may be a person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party<T = String> {
    /// The number of the NM1 segment in the file; 0 as well when there was none.
    pub segment: u32,
    /// NM101.
    pub role: Role,
    /// NM102 to NM107.
    pub name: EntityName,
    /// NM108 and NM109.
    pub id: Option<Identifier<T>>,
    /// REF.
    pub references: Vec<Reference>,
    /// N3 and N4.
    pub address: Option<Address>,
    /// PER.
    pub contacts: Vec<Contact>,
    /// PRV.
    pub specialty: Option<Specialty>,
}

impl<T> Party<T> {
    /// Someone of whom name and identifier are known.
    #[must_use]
    pub fn new(role: Role, name: EntityName, id: Option<Identifier<T>>) -> Party<T> {
        Party { segment: 0, role, name, id, references: Vec::new(), address: None, contacts: Vec::new(), specialty: None }
    }

    /// The name of an organization, which is no secret; none for a person.
    #[must_use]
    pub fn organization(&self) -> Option<&str> {
        match &self.name {
            EntityName::Organization(name) => Some(name),
            EntityName::Person(_) => None,
        }
    }
}

impl Party<Phi<String>> {
    /// The same where the identifier is no secret: an organization's or a professional's.
    #[must_use]
    pub(in crate::edi) fn open(self) -> Party {
        let Party { segment, role, name, id, references, address, contacts, specialty } = self;
        let id = id.map(|id| Identifier { qualifier: id.qualifier, id: id.id.into_inner() });
        Party { segment, role, name, id, references, address, contacts, specialty }
    }
}

/// PRV: what a provider is to the inquiry or benefit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specialty {
    /// PRV01: `BI` billing, `PE` performing, `PC` primary care …
    pub role: Code,
    /// PRV02 and PRV03: `PXC` and a taxonomy, or another identifier.
    pub id: Option<Identifier>,
}

/// REF: a number by which someone or something is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// REF01: `6P` group, `18` plan, `1L` policy, `SY` social security, `EJ` our claim number, `1K` the payer's …
    pub qualifier: Code,
    /// REF02, at most 50 characters.
    pub id: Phi<String>,
    /// REF03, at most 80 characters: the name that goes with the number, such as a group's.
    pub description: Option<Phi<String>>,
}

impl Reference {
    /// A number without a name.
    #[must_use]
    pub fn new(qualifier: &str, id: &str) -> Reference {
        Reference { qualifier: qualifier.into(), id: Phi::from(id), description: None }
    }

    /// The first number of a kind in a list.
    #[must_use]
    pub fn find<'a>(references: &'a [Reference], qualifier: &str) -> Option<&'a Phi<String>> {
        references.iter().find(|r| r.qualifier == *qualifier).map(|r| &r.id)
    }
}

/// DTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// DTP01.
    pub kind: DateKind,
    /// DTP02 and DTP03.
    pub value: DateValue,
}

/// A piece of the file that the tree has no place for, or that could not be read as what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The number of the segment in the file.
    pub segment: u32,
    /// The number of the element; none means the whole segment.
    pub element: Option<u8>,
    /// What stood there.
    pub text: Phi<String>,
}
