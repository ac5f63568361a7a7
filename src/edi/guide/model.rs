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

    /// The component with this number (from 1), or the element itself without one.
    #[must_use]
    pub fn at(&self, component: Option<u8>) -> Option<&ElementSpec> {
        match component {
            Some(number) => self.components().get(usize::from(number).checked_sub(1)?),
            None => Some(self),
        }
    }

    /// The components; empty when this is no composite.
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

/// A transaction set as its implementation guide lays it out.
#[derive(Debug)]
pub struct TransactionGuide {
    /// ST01: `837`; `envelope` for the segments around transaction sets.
    pub kind: &'static str,
    /// GS01: `HC`; `-` for the envelope.
    pub functional_id: &'static str,
    /// GS08 and ST03: `005010X222A1`; ISA12 for the envelope.
    pub version: &'static str,
    /// Other versions that are read by the same table: errata that changed nothing here.
    pub also: Vec<&'static str>,
    /// Our name: `professional claims`.
    pub name: &'static str,
    /// From ST to SE, in order.
    pub nodes: Vec<Node>,
}

/// What stands at one place of a loop.
#[derive(Clone, Debug)]
pub enum Node {
    /// A segment.
    Segment(SegmentUse),
    /// A loop within the loop.
    Loop(LoopSpec),
}

impl Node {
    /// The segment, or the segment that opens the loop; none for a loop without segments, which no table has.
    #[must_use]
    pub fn head(&self) -> Option<&SegmentUse> {
        match self {
            Node::Segment(segment) => Some(segment),
            Node::Loop(inner) => inner.nodes.first()?.head(),
        }
    }

    /// Whether it must be there.
    #[must_use]
    pub fn usage(&self) -> Usage {
        match self {
            Node::Segment(segment) => segment.usage,
            Node::Loop(inner) => inner.usage,
        }
    }

    /// How often it may be there; none means any number.
    #[must_use]
    pub fn max(&self) -> Option<u16> {
        match self {
            Node::Segment(segment) => segment.max,
            Node::Loop(inner) => inner.max,
        }
    }

    /// Whether it shares its place with the node before it, so that they may come in any order.
    #[must_use]
    pub fn shares_place(&self) -> bool {
        match self {
            Node::Segment(segment) => segment.shares_place,
            Node::Loop(inner) => inner.shares_place,
        }
    }
}

/// A loop: segments that belong together, opened by the first of them.
#[derive(Clone, Debug)]
pub struct LoopSpec {
    /// The identifier: `2010AA`.
    pub id: &'static str,
    /// Our name: `billing provider`.
    pub name: &'static str,
    /// Whether it must be there.
    pub usage: Usage,
    /// How often it may repeat; none means any number.
    pub max: Option<u16>,
    /// Whether it shares its place with the node before it.
    pub shares_place: bool,
    /// Segments and inner loops, in order; the first is the segment that opens the loop.
    pub nodes: Vec<Node>,
}

/// A segment at a place of a guide.
#[derive(Clone, Debug)]
pub struct SegmentUse {
    /// What the segment is.
    pub spec: &'static SegmentSpec,
    /// Whether it must be there.
    pub usage: Usage,
    /// How often it may repeat; none means any number.
    pub max: Option<u16>,
    /// Whether it shares its place with the node before it.
    pub shares_place: bool,
    /// One for each element of the segment.
    pub elements: Vec<ElementUse>,
    /// The code that tells this use of the segment from the others; none when there is only one, or its place tells it.
    pub key: Option<Key>,
}

/// Where the code stands that tells the uses of a segment from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// The element, from 1.
    pub element: u8,
    /// The component, from 1; none when the element is not composite.
    pub component: Option<u8>,
}

impl SegmentUse {
    /// The element at the key, which says the codes; none when the use has no key.
    #[must_use]
    pub fn key_codes(&self) -> &[&'static str] {
        let Some(key) = self.key else { return &[] };
        let element = &self.elements[usize::from(key.element) - 1];
        match key.component {
            Some(component) => &element.components[usize::from(component) - 1].codes,
            None => &element.codes,
        }
    }

    /// Our name: what the key says where it says one thing (`party: billing provider`), else the segment's.
    #[must_use]
    pub fn name(&self) -> String {
        let said = match (self.key, self.key_codes()) {
            (Some(key), [code]) => self.spec.elements[usize::from(key.element) - 1].at(key.component).and_then(|e| e.meaning(code)),
            _ => None,
        };
        said.map_or_else(|| self.spec.name.to_owned(), |said| format!("{}: {said}", self.spec.name))
    }
}

/// An element (or component) at a place of a guide.
#[derive(Clone, Debug)]
pub struct ElementUse {
    /// Whether it must, may or must not be there.
    pub usage: Usage,
    /// The codes allowed here; empty means any.
    pub codes: Vec<&'static str>,
    /// How many digits it must be, where the guide asks for a number of exactly so many.
    pub digits: Option<u8>,
    /// One for each component; empty when it is not composite.
    pub components: Vec<ElementUse>,
}

/// Whether something must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// Always.
    Required,
    /// When the situation asks for it.
    Situational,
    /// Never.
    NotUsed,
}
