//! Which of a child's coverages pays first: what is stored of them, put before the engine of pediatrics (PED-40). Pure.

use jiff::civil::Date;

use super::model::{Coverage, HolderRelation, Subscriber};
use crate::pediatrics::cob::{Adult, Birthday, Custody, Decree, Holder, Household, Plan, PlanClass, Relation, Standing, order};
use crate::platform::ids::CoverageId;
use crate::platform::phi::Phi;
use crate::practice::PracticeSetup;
use crate::practice::model::Stored;
use crate::practice::word::words;

words! {
    /// Whom a court decree makes responsible for the child's health care.
    DecreeSays {
        /// There is none, or it says nothing about health care.
        None = "none",
        /// The mother.
        Mother = "mother",
        /// The father.
        Father = "father",
        /// Both parents.
        Both = "both",
    }

    /// With whom the child lives when its parents live apart.
    LivesWith {
        /// The mother.
        Mother = "mother",
        /// The father.
        Father = "father",
        /// In turn with both.
        Both = "both",
    }
}

/// What the family says about itself; none: it was not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FamilySays {
    /// Whether the parents live together, married or not.
    pub together: Option<bool>,
    /// What a court has decided.
    pub decree: Option<DecreeSays>,
    /// With whom the child lives.
    pub lives_with: Option<LivesWith>,
}

/// One coverage with its payer.
#[derive(Clone, Copy, Debug)]
pub struct Covered<'a> {
    /// The coverage.
    pub coverage: &'a Coverage,
    /// The payer's name, for the sentences.
    pub payer: &'a str,
    /// What kind of plan it is.
    pub class: PlanClass,
}

impl<'a> Covered<'a> {
    /// A child's coverages by payers that take claims, each with its payer and the kind of plan that its rules make it on a date.
    #[must_use]
    pub fn all(setup: &'a PracticeSetup, coverages: &'a [Stored<CoverageId, Coverage>], on: Date) -> Vec<Covered<'a>> {
        let of_payer = |coverage: &'a Stored<CoverageId, Coverage>| {
            let payer = setup.payer(coverage.payer).filter(|payer| payer.class.takes_claims())?;
            let class = payer.rules_on(on).plan_class(payer.class);
            Some(Covered { coverage: &coverage.facts, payer: payer.name.as_str(), class })
        };
        coverages.iter().filter_map(of_payer).collect()
    }
}

/// The order of a child's coverages on a date. Sentences hold no name of a person and no date.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct BenefitOrder {
    /// The payers, the first one first; provisional while there are questions.
    pub payers: Vec<String>,
    /// Why each one stands before the next, where it is decided.
    pub reasons: Vec<String>,
    /// What to ask; empty: the order is certain.
    pub questions: Vec<String>,
}

/// An adult of the household, before the engine knows positions.
#[derive(Clone, PartialEq)]
struct Person<'a> {
    relation: Option<HolderRelation>,
    subscriber: Option<&'a Subscriber>,
}

/// Puts the coverages that are in force on a date into order.
#[must_use]
pub fn benefit_order(covered: &[Covered<'_>], says: FamilySays, on: Date) -> BenefitOrder {
    // The parents stand first whether they hold a policy or not: decree, custody and stepparents are about them.
    let parent = |relation| Person { relation: Some(relation), subscriber: holder_of(covered, relation) };
    let mut people = vec![parent(HolderRelation::Mother), parent(HolderRelation::Father)];
    let (mother, father) = (0, 1);
    let plans: Vec<Plan<'_>> = covered
        .iter()
        .map(|one| Plan {
            name: one.payer,
            class: one.class,
            holder: holder(one.coverage, &mut people),
            standing: Standing::Active,
            holder_since: (one.coverage.effective_from != Coverage::SINCE_EVER).then_some(one.coverage.effective_from),
            from: Some(one.coverage.effective_from),
            to: one.coverage.effective_to,
        })
        .collect();
    let adults: Vec<Adult> = people
        .iter()
        .map(|person| Adult {
            relation: relation(person.relation),
            birthday: person.subscriber.and_then(|s| s.birth_date.as_ref()).map(|date| Phi::new(Birthday::from(*date.reveal()))),
            spouse_of: match person.relation {
                Some(HolderRelation::StepFather) => Some(mother),
                Some(HolderRelation::StepMother) => Some(father),
                _ => None,
            },
        })
        .collect();
    let household = Household {
        adults: &adults,
        together: says.together,
        decree: match says.decree {
            None => Decree::Unknown,
            Some(DecreeSays::None) => Decree::None,
            Some(DecreeSays::Mother) => Decree::Responsible(mother),
            Some(DecreeSays::Father) => Decree::Responsible(father),
            Some(DecreeSays::Both) => Decree::Both,
        },
        custody: match says.lives_with {
            None => Custody::Unknown,
            Some(LivesWith::Mother) => Custody::With(mother),
            Some(LivesWith::Father) => Custody::With(father),
            Some(LivesWith::Both) => Custody::Joint,
        },
    };
    let found = order(&plans, &household, on, None);
    BenefitOrder {
        payers: found.plans.iter().map(|at| plans[*at].name.to_owned()).collect(),
        reasons: found.reasons.into_iter().map(|reason| reason.sentence).collect(),
        questions: found.questions.into_iter().map(|question| question.sentence(&plans, &household)).collect(),
    }
}

/// The policy holder of the first coverage that an adult of this relation holds.
fn holder_of<'a>(covered: &[Covered<'a>], relation: HolderRelation) -> Option<&'a Subscriber> {
    covered.iter().filter_map(|one| one.coverage.subscriber.as_ref()).find(|subscriber| subscriber.relation == Some(relation))
}

/// Who holds a policy: the child, or an adult, who is added to those that are known. Never guessed from a name: without a relation each
/// policy has a holder of its own.
fn holder<'a>(coverage: &'a Coverage, people: &mut Vec<Person<'a>>) -> Holder {
    let Some(subscriber) = &coverage.subscriber else { return Holder::Child };
    let known = people.iter().position(|person| person.relation == subscriber.relation && subscriber.relation.is_some());
    Holder::Adult(known.unwrap_or_else(|| {
        people.push(Person { relation: subscriber.relation, subscriber: Some(subscriber) });
        people.len() - 1
    }))
}

fn relation(holder: Option<HolderRelation>) -> Relation {
    match holder {
        Some(HolderRelation::Mother) => Relation::Mother,
        Some(HolderRelation::Father) => Relation::Father,
        Some(HolderRelation::Parent) => Relation::Parent,
        Some(HolderRelation::StepFather | HolderRelation::StepMother) => Relation::StepParent,
        Some(HolderRelation::Grandparent) => Relation::Grandparent,
        Some(HolderRelation::Other) | None => Relation::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::model::Sex;
    use crate::platform::ids::{ChildId, PayerId};
    use crate::practice::rules::MemberIdScope;
    use crate::reference::subscriber::Relationship;
    use jiff::civil::date;

    fn held(relation: HolderRelation, birth: Option<Date>) -> Coverage {
        Coverage {
            child: ChildId(1),
            payer: PayerId(1),
            rank: 1,
            member_id: "X1".into(),
            member_id_scope: MemberIdScope::Family,
            relationship: Relationship::Child,
            group_number: None,
            subscriber: Some(Subscriber {
                last_name: "Doe".into(),
                first_name: "Ann".into(),
                birth_date: birth.map(Phi::new),
                sex: Sex::Unknown,
                relation: Some(relation),
            }),
            effective_from: date(2020, 1, 1),
            effective_to: None,
        }
    }

    fn ordered(coverages: &[(&str, Coverage)], says: FamilySays) -> BenefitOrder {
        let covered: Vec<Covered<'_>> =
            coverages.iter().map(|(payer, coverage)| Covered { coverage, payer, class: PlanClass::NonGovernment }).collect();
        benefit_order(&covered, says, date(2026, 5, 18))
    }

    fn parents() -> [(&'static str, Coverage); 2] {
        let of = |relation, birth| held(relation, Some(birth));
        [("Elm", of(HolderRelation::Mother, date(1990, 3, 15))), ("Oak", of(HolderRelation::Father, date(1992, 2, 20)))]
    }

    #[test]
    fn ped_40_the_stored_coverages_of_two_parents_go_by_birthday_decree_and_custody() {
        let together = ordered(&parents(), FamilySays { together: Some(true), ..FamilySays::default() });
        assert_eq!((together.payers, together.questions.len(), together.reasons.len()), (vec!["Oak".to_owned(), "Elm".to_owned()], 0, 1));
        let decreed = ordered(&parents(), FamilySays { decree: Some(DecreeSays::Mother), ..FamilySays::default() });
        assert_eq!((decreed.payers[0].as_str(), decreed.questions.len()), ("Elm", 0));
        let [mother, father] = parents();
        let apart = FamilySays { together: Some(false), decree: Some(DecreeSays::None), lives_with: Some(LivesWith::Mother) };
        let three = ordered(&[father, ("Fir", held(HolderRelation::StepFather, None)), mother], apart);
        assert_eq!((three.payers, three.questions.len()), (["Elm", "Fir", "Oak"].map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn what_the_family_was_not_asked_is_a_question_without_a_name() {
        let asked = ordered(&parents(), FamilySays::default());
        assert!(!asked.questions.is_empty() && asked.questions.iter().all(|question| !question.contains("Doe")));
    }
}
