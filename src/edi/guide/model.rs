//! What the tables say, as types. Everything lives as long as the program.

/// A segment, wherever it stands.
#[derive(Debug)]
pub struct SegmentSpec {
    /// The identifier: `CLM`.
    pub id: &'static str,
    /// Our name: `claim`.
    pub name: &'static str,
    /// Its elements, in their order, without gaps.
    pub elements: Vec<ElementSpec>,
    /// What its elements ask of each other.
    pub conditions: Vec<Condition>,
}

impl SegmentSpec {
    /// Element `number` (from 1); none when the segment has no such element.
    #[must_use]
    pub fn element(&self, number: usize) -> Option<&ElementSpec> {
        self.elements.get(number.checked_sub(1)?)
    }
}

/// An element of a segment, or a component of a composite element.
#[derive(Clone, Debug)]
pub struct ElementSpec {
    /// Its number in the segment or composite, from 1.
    pub number: u8,
    /// Our name: `total charge`.
    pub name: &'static str,
    /// The number of the data element in the X12 dictionary (`782`), of a composite its identifier (`C003`): what IK402 says.
    pub data_element: &'static str,
    /// What its text is.
    pub kind: Kind,
    /// Fewest characters; 0 for a composite.
    pub min: u16,
    /// Most characters, of numbers most digits; 0 for a composite.
    pub max: u16,
    /// How often it may repeat at one place.
    pub repeat: u16,
    /// The codes that have words here, with our meaning. Not the codes allowed: those the guide says for each place.
    pub codes: &'static [(&'static str, &'static str)],
}

impl ElementSpec {
    /// What a code means in our words; none when it has none.
    #[must_use]
    pub fn meaning(&self, code: &str) -> Option<&'static str> {
        self.codes.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
    }

    /// The components; none when this is no composite.
    #[must_use]
    pub fn components(&self) -> &'static [ElementSpec] {
        if let Kind::Composite(components, _) = self.kind { components } else { &[] }
    }
}

/// What the text of an element is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Any text.
    An,
    /// A code.
    Id,
    /// A whole number.
    N0,
    /// A decimal number: digits, one point, a sign; the lengths count digits.
    R,
    /// A date: `CCYYMMDD`, in an ISA `YYMMDD`.
    Dt,
    /// A time: `HHMM`, `HHMMSS`, `HHMMSSD` or `HHMMSSDD`.
    Tm,
    /// Components, and what they ask of each other.
    Composite(&'static [ElementSpec], &'static [Condition]),
}

/// What elements of a segment (or components of a composite) ask of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is asked.
    pub kind: ConditionKind,
    /// Of which elements, by number.
    pub elements: Vec<u8>,
}

/// The five conditions of X12 syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// `P`: all of them or none.
    Paired,
    /// `R`: at least one.
    Required,
    /// `E`: at most one.
    Exclusive,
    /// `C`: when the first is there, all others must be.
    Conditional,
    /// `L`: when the first is there, at least one other must be.
    ListConditional,
}
