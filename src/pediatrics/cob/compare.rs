//! Two plans of a child: which pays first, by which step, or what must be asked (PED-40).

use super::{Custody, Decree, Holder, Household, Plan, Question, Standing, Step};

/// What is known about the order of two plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The first of the two pays first.
    First(Step),
    /// The second pays first.
    Second(Step),
    /// A fact is missing, or no step is left.
    Ask(Question),
}

use Verdict::{Ask, First, Second};

/// An adult's place among the child's families: the parent, or who stands for one, and whether this is that parent's spouse.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Branch {
    head: usize,
    spouse: bool,
}

fn branch(household: &Household<'_>, adult: usize) -> Branch {
    match household.adults.get(adult).and_then(|adult| adult.spouse_of) {
        Some(head) => Branch { head, spouse: true },
        None => Branch { head: adult, spouse: false },
    }
}

/// Compares two plans, given by position, first match wins.
#[must_use]
pub fn compare(plans: &[Plan<'_>], household: &Household<'_>, first: usize, second: usize) -> Verdict {
    let (a, b) = (&plans[first], &plans[second]);
    if a.class != b.class {
        return in_order(a.class < b.class, Step::Class);
    }
    match (a.holder, b.holder) {
        (Holder::Child, Holder::Adult(_)) => First(Step::OwnCoverage),
        (Holder::Adult(_), Holder::Child) => Second(Step::OwnCoverage),
        (Holder::Adult(x), Holder::Adult(y)) if x != y => {
            by_adults(plans, household, (first, x), (second, y)).unwrap_or_else(|| by_plans(plans, first, second))
        }
        _ => by_plans(plans, first, second),
    }
}

fn in_order(yes: bool, step: Step) -> Verdict {
    if yes { First(step) } else { Second(step) }
}

/// Steps 2 to 6: plans of two adults. `None`: these steps say nothing about the two, and the later ones decide.
fn by_adults(plans: &[Plan<'_>], household: &Household<'_>, first: (usize, usize), second: (usize, usize)) -> Option<Verdict> {
    let (a, b) = (branch(household, first.1), branch(household, second.1));
    let heads = !a.spouse && !b.spouse;
    let by_branch_of = |chosen: usize, step| {
        // The chosen parent, that parent's spouse, the other parent, that one's spouse.
        let rank = |branch: Branch| (branch.head != chosen, branch.spouse);
        (a.head == chosen || b.head == chosen).then(|| in_order(rank(a) < rank(b), step))
    };
    if a.head == b.head {
        let step = if matches!(household.decree, Decree::Responsible(_)) { Step::Decree } else { Step::Custody };
        return Some(in_order(!a.spouse, step));
    }
    let apart_is_known = matches!(household.decree, Decree::Responsible(_) | Decree::Both) || household.custody != Custody::Unknown;
    match household.together {
        Some(true) => return heads.then(|| by_birthday(plans, household, first, second, Step::Birthday)),
        None if !apart_is_known => return Some(Ask(Question::Together)),
        Some(false) | None => {}
    }
    match (household.decree, household.custody) {
        (Decree::Unknown, _) => Some(Ask(Question::Decree)),
        (Decree::Responsible(adult), _) => by_branch_of(adult, Step::Decree),
        (Decree::Both, _) | (Decree::None, Custody::Joint) => heads.then(|| by_birthday(plans, household, first, second, Step::Joint)),
        (Decree::None, Custody::With(adult)) => by_branch_of(adult, Step::Custody),
        (Decree::None, Custody::Unknown) => Some(Ask(Question::Custody)),
    }
}

/// The birthday rule between two adults: month and day, never the year; the same day: the plan that has covered its holder longer.
fn by_birthday(plans: &[Plan<'_>], household: &Household<'_>, first: (usize, usize), second: (usize, usize), step: Step) -> Verdict {
    let birthday = |adult: usize| {
        let known = household.adults.get(adult).and_then(|adult| adult.birthday.as_ref());
        known.map(|birthday| *birthday.reveal()).ok_or(Question::Birthday(adult))
    };
    match (birthday(first.1), birthday(second.1)) {
        (Err(question), _) | (_, Err(question)) => Ask(question),
        (Ok(a), Ok(b)) if a == b => longer(plans, first.0, second.0, Step::SameBirthday),
        (Ok(a), Ok(b)) => in_order(a < b, step),
    }
}

/// Steps 7 to 9: what the plans themselves tell.
fn by_plans(plans: &[Plan<'_>], first: usize, second: usize) -> Verdict {
    let active = |plan: usize| plans[plan].standing == Standing::Active;
    if active(first) != active(second) {
        return in_order(active(first), Step::Standing);
    }
    longer(plans, first, second, Step::Longer)
}

/// The plan that has covered its holder longer; no step is left when both began on one day.
fn longer(plans: &[Plan<'_>], first: usize, second: usize, step: Step) -> Verdict {
    match (plans[first].holder_since, plans[second].holder_since) {
        (None, _) => Ask(Question::Since(first)),
        (_, None) => Ask(Question::Since(second)),
        (Some(a), Some(b)) if a == b => Ask(Question::Payers(first.min(second), first.max(second))),
        (Some(a), Some(b)) => in_order(a < b, step),
    }
}
