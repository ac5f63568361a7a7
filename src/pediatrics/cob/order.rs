//! The order of all plans from the verdicts on each two of them, with reasons (PED-40).

use jiff::civil::Date;

use super::{Holder, Household, Plan, Question, Step, Verdict, compare};
use crate::platform::phi::Phi;

/// An order that a person has set and answers for: it beats every rule.
#[derive(Clone, Debug)]
pub struct Override<'a> {
    /// The plans, first payer first, by position.
    pub plans: Vec<usize>,
    /// Who set it: the name of a user.
    pub actor: &'a str,
    /// Why: kept with the record, never in a sentence.
    pub reason: Phi<String>,
}

/// Why one plan stands before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The plan that pays earlier, by position.
    pub first: usize,
    /// The plan that pays later, by position.
    pub then: usize,
    /// What decided.
    pub step: Step,
    /// The same in a sentence: no name of a person, no date.
    pub sentence: String,
}

/// The order of a child's plans on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The plans that cover the child on the date, by position, first payer first. Provisional while there are questions.
    pub plans: Vec<usize>,
    /// A reason for each two neighbours whose order is decided.
    pub reasons: Vec<Reason>,
    /// What to ask, each question once; empty: the order is certain.
    pub questions: Vec<Question>,
}

impl Order {
    /// Whether nothing is left to ask.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.questions.is_empty()
    }

    /// The first two plans that stand the other way round in an order as recorded, with the reason why (E062). `None` when the order
    /// is not certain, or agrees as far as both name the same plans.
    #[must_use]
    pub fn contradicts(&self, recorded: &[usize]) -> Option<&Reason> {
        let place = |plan: usize| recorded.iter().position(|recorded| *recorded == plan);
        self.reasons
            .iter()
            .filter(|_| self.is_certain())
            .find(|reason| place(reason.first).zip(place(reason.then)).is_some_and(|(first, then)| then < first))
    }
}

/// Puts the plans that cover a child on a date into order.
#[must_use]
pub fn order(plans: &[Plan<'_>], household: &Household<'_>, on: Date, set_by_hand: Option<&Override<'_>>) -> Order {
    let covering: Vec<usize> = (0..plans.len()).filter(|at| plans[*at].covers(on)).collect();
    let mut questions = Vec::new();
    let mut order = match covering.as_slice() {
        [] | [_] => covering,
        _ => by_verdicts(plans, household, &covering, &mut questions),
    };
    let mut by_hand = 0;
    if let Some(set) = set_by_hand {
        let place = |plan: &usize| set.plans.iter().position(|set| set == plan).unwrap_or(usize::MAX);
        order.sort_by_key(place);
        by_hand = order.iter().filter(|plan| set.plans.contains(plan)).count();
        questions.clear();
        questions.extend(order[by_hand..].iter().map(|plan| Question::OverrideLacks(*plan)));
    }
    let reasons = order.windows(2).enumerate().filter_map(|(at, pair)| {
        let (first, then) = (pair[0], pair[1]);
        let step = if at + 1 < by_hand {
            Step::Override
        } else {
            match compare(plans, household, first, then) {
                Verdict::First(step) => step,
                Verdict::Second(_) | Verdict::Ask(_) => return None,
            }
        };
        let actor = set_by_hand.map_or("", |set| set.actor);
        Some(Reason { first, then, step, sentence: sentence(&plans[first], &plans[then], household, step, actor) })
    });
    Order { reasons: reasons.collect(), plans: order, questions }
}

/// Orders plans by how many others each precedes. When every pair is decided without contradiction, these numbers are all different.
fn by_verdicts(plans: &[Plan<'_>], household: &Household<'_>, covering: &[usize], questions: &mut Vec<Question>) -> Vec<usize> {
    let mut precedes = vec![0_usize; plans.len()];
    for (at, &first) in covering.iter().enumerate() {
        for &second in &covering[at + 1..] {
            match compare(plans, household, first, second) {
                Verdict::First(_) => precedes[first] += 1,
                Verdict::Second(_) => precedes[second] += 1,
                Verdict::Ask(question) => questions.push(question),
            }
        }
    }
    let mut order = covering.to_vec();
    order.sort_by_key(|plan| std::cmp::Reverse(precedes[*plan]));
    questions.sort_unstable();
    questions.dedup();
    if questions.is_empty() && order.windows(2).any(|pair| precedes[pair[0]] == precedes[pair[1]]) {
        questions.push(Question::Circle);
    }
    order
}

/// Why one plan pays before another, in a sentence.
fn sentence(first: &Plan<'_>, then: &Plan<'_>, household: &Household<'_>, step: Step, actor: &str) -> String {
    let (a, b) = (holder(first, household), holder(then, household));
    let why = match step {
        Step::Override => format!("{actor} set this order by hand, with the reason on record"),
        Step::Class => "plans of this kind pay before those of the other".to_owned(),
        Step::OwnCoverage => "the child's own coverage pays before coverage as a dependent".to_owned(),
        Step::Birthday => format!("the parents live together, and the {a}'s birthday comes earlier in the year than the {b}'s"),
        Step::SameBirthday => format!("both have the same birthday, and this plan has covered the {a} longer"),
        Step::Decree => format!("the decree decides, and it puts the {a} before the {b}"),
        Step::Joint => format!("both parents are responsible, and the {a}'s birthday comes earlier in the year than the {b}'s"),
        Step::Custody => format!("no decree decides, and custody puts the {a} before the {b}"),
        Step::Standing => "coverage by present employment pays before continued coverage and before a retiree's".to_owned(),
        Step::Longer => "it has covered its policy holder longer".to_owned(),
    };
    format!("{} ({a}) pays before {} ({b}): {why}.", first.name, then.name)
}

fn holder(plan: &Plan<'_>, household: &Household<'_>) -> &'static str {
    match plan.holder {
        Holder::Child => "child",
        Holder::Adult(adult) => household.adults.get(adult).map_or("policy holder", |adult| adult.relation.word()),
    }
}
