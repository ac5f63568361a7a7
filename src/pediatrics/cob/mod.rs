//! Which of a child's plans pays first (PED-40). Looked at is who holds each policy, never whom a claim calls the subscriber: a child on
//! Medicaid is subscriber there, and Medicaid still pays last.
//!
//! Takes the plans with their holders, the adults with their birthdays and marriages, custody and decree; gives the order with a
//! sentence for each step of it, and what to ask where the facts do not decide. [`order()`] decides, [`compare()`] tells two plans apart.

mod compare;
mod order;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use compare::{Verdict, compare};
pub use order::{Order, Override, Reason, order};

use crate::pediatrics::Rule;
use crate::platform::phi::Phi;

/// Order of benefits.
pub const PED_40: Rule = Rule::new(
    "PED-40",
    "NAIC model regulation on coordination of benefits, by Aetna, WDA and 760 IAC 1-38.1-14",
    "First match wins: kind of plan; the child's own coverage; parents together by birthday; parents apart by decree, joint responsibility or custody; active before COBRA and retiree; longer coverage; else ask.",
);

/// Kinds of plans in the order in which they pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanClass {
    /// A plan without rules of coordination pays before all others.
    WithoutRules,
    /// A non-government plan.
    NonGovernment,
    /// TRICARE.
    Tricare,
    /// Medicaid, its managed care, or CHIP.
    MedicaidOrChip,
}

/// Who holds a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The child: own employment, student coverage, a policy of its own, Medicaid.
    Child,
    /// One of the adults, by position.
    Adult(usize),
}

/// In which standing the holder has the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// By present employment, or bought.
    Active,
    /// Continued after employment ended (COBRA or a state's law).
    Continued,
    /// As a retiree.
    Retired,
}

/// One plan that may cover the child.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// What people call it: the payer's name. It stands in the sentences.
    pub name: &'a str,
    /// What kind it is.
    pub class: PlanClass,
    /// Who holds it.
    pub holder: Holder,
    /// In which standing.
    pub standing: Standing,
    /// Since when it has covered its holder; `None`: not known.
    pub holder_since: Option<Date>,
    /// First day on which it covers the child; `None`: not known, taken as covered.
    pub from: Option<Date>,
    /// Last day on which it covers the child.
    pub to: Option<Date>,
}

impl Plan<'_> {
    /// Whether it covers the child on a date.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}

/// What an adult is to the child. Adults who are not parents are treated as if they were (step 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Mother.
    Mother,
    /// Father.
    Father,
    /// A parent, not said which.
    Parent,
    /// Married to a parent, and no parent.
    StepParent,
    /// Grandmother or grandfather.
    Grandparent,
    /// Anybody else.
    Other,
}

impl Relation {
    /// As a word in a sentence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Relation::Mother => "mother",
            Relation::Father => "father",
            Relation::Parent => "parent",
            Relation::StepParent => "stepparent",
            Relation::Grandparent => "grandparent",
            Relation::Other => "policy holder",
        }
    }
}

/// Month and day of a birthday: the year has no say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Birthday {
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl From<Date> for Birthday {
    fn from(date: Date) -> Birthday {
        Birthday { month: date.month(), day: date.day() }
    }
}

/// An adult who holds a policy, or to whom one is married who does.
#[derive(Clone, Debug)]
pub struct Adult {
    /// What the adult is to the child.
    pub relation: Relation,
    /// Birthday; `None`: not known.
    pub birthday: Option<Phi<Birthday>>,
    /// The parent to whom a stepparent is married, by position.
    pub spouse_of: Option<usize>,
}

/// What a court has decided about the child's health care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decree {
    /// It is known that there is none, or that it says nothing about health care.
    None,
    /// One adult is responsible, by position.
    Responsible(usize),
    /// Both parents are responsible.
    Both,
    /// Not known.
    Unknown,
}

/// With whom the child lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Custody {
    /// With one adult, by position.
    With(usize),
    /// In turn with both parents.
    Joint,
    /// Not known.
    Unknown,
}

/// The family around a child.
#[derive(Clone, Copy, Debug)]
pub struct Household<'a> {
    /// The adults.
    pub adults: &'a [Adult],
    /// Whether those who stand as parents live together, married or not; `None`: not known. A decree or custody that is known answers it.
    pub together: Option<bool>,
    /// Decree.
    pub decree: Decree,
    /// Custody.
    pub custody: Custody,
}

/// Steps of the rule: what decided between two plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A person has set the order.
    Override,
    /// 0: the kind of plan.
    Class,
    /// 1: the child's own coverage before a dependent's.
    OwnCoverage,
    /// 3: the parents live together, and one birthday is earlier.
    Birthday,
    /// 3: the same birthday, and one plan has covered its parent longer.
    SameBirthday,
    /// 4: the decree names one parent.
    Decree,
    /// 5: both are responsible, and one birthday is earlier.
    Joint,
    /// 6: custody.
    Custody,
    /// 7: active before continued and retired.
    Standing,
    /// 8: longer coverage.
    Longer,
}

/// What to ask, where the facts do not decide. Adults and plans by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Whether the parents live together.
    Together,
    /// Whether there is a decree, and what it says.
    Decree,
    /// With whom the child lives.
    Custody,
    /// An adult's birthday.
    Birthday(usize),
    /// Since when a plan has covered its holder.
    Since(usize),
    /// No rule is left: both payers must say.
    Payers(usize, usize),
    /// The steps contradict each other among three or more plans: the payers must say.
    Circle,
    /// A plan is not in the order that a person has set.
    OverrideLacks(usize),
}

impl Question {
    /// The question in a sentence; no name of a person, no date.
    #[must_use]
    pub fn sentence(self, plans: &[Plan<'_>], household: &Household<'_>) -> String {
        let name = |plan: usize| plans.get(plan).map_or("", |plan| plan.name);
        match self {
            Question::Together => "Do the child's parents live together?".to_owned(),
            Question::Decree => "Does a court decree say which parent is responsible for the child's health care?".to_owned(),
            Question::Custody => "With which parent does the child live?".to_owned(),
            Question::Birthday(adult) => {
                let who = household.adults.get(adult).map_or("policy holder", |adult| adult.relation.word());
                format!("What is the {who}'s birthday (month and day)?")
            }
            Question::Since(plan) => format!("Since when has {} covered its policy holder?", name(plan)),
            Question::Payers(first, second) => {
                format!("No rule tells {} and {} apart: ask both payers.", name(first), name(second))
            }
            Question::Circle => "The rules contradict each other for these plans: ask the payers.".to_owned(),
            Question::OverrideLacks(plan) => format!("{} is not in the order that was set by hand: where does it belong?", name(plan)),
        }
    }
}
