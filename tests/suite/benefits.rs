//! The order of a child's plans, from what a practice's own system sends to what a biller is told (PED-40).

use pediclaim::family::benefits::{BenefitOrder, Covered, DecreeSays, FamilySays, LivesWith, benefit_order};
use pediclaim::family::store::{Households, child_by_external_id};
use serde_json::{Value, json};

use crate::support::{TestPractice, World, visits};

/// A plan held by an adult who is this to the child.
fn plan(payer: &str, member: &str, relationship: &str, birth: Option<&str>) -> Value {
    json!({
        "payer_id": payer, "member_id": member,
        "subscriber": { "family_name": "Castellan", "given_names": "Odile", "relationship": relationship, "birth_date": birth }
    })
}

/// What a biller is told about the child of the sick visit.
async fn told(practice: &TestPractice, says: FamilySays) -> BenefitOrder {
    let db = &mut &practice.db;
    let child = child_by_external_id(db, practice.id(), "C-1002").await.unwrap().unwrap();
    let households = Households::load(db, practice.id(), &[child]).await.unwrap();
    let on = practice.clock.today(&practice.setup.practice.time_zone);
    benefit_order(&Covered::all(&practice.setup, households.coverages_of(child), on), says, on)
}

/// The visit of a child with these plans.
async fn insured(practice: &TestPractice, plans: &[Value]) {
    let mut visit = visits::sore_throat("V-1");
    visit["coverages"] = json!(plans);
    assert_eq!(practice.intake_json(&visit).await.held, 0);
}

const MOTHER: &str = "Prairie Mutual PPO";
const FATHER: &str = "Lakeshore Blue Plan";

fn both() -> [Value; 2] {
    [plan("60054", "W770193524", "mother", Some("1990-03-15")), plan("00621", "XQP84413075", "father", Some("1992-02-20"))]
}

both_engines! {
    async fn ped_40_two_parents_plans_go_by_birthday_and_a_decree_beats_it(practice in World::silent()) {
        insured(practice, &both()).await;
        let together = told(practice, FamilySays { together: Some(true), ..FamilySays::default() }).await;
        assert_eq!((together.payers, together.questions), (vec![FATHER.to_owned(), MOTHER.to_owned()], Vec::new()));
        assert!(together.reasons[0].contains("birthday"), "{:?}", together.reasons);
        let decreed = told(practice, FamilySays { decree: Some(DecreeSays::Mother), ..FamilySays::default() }).await;
        assert_eq!((decreed.payers, decreed.questions), (vec![MOTHER.to_owned(), FATHER.to_owned()], Vec::new()));
        assert!(!told(practice, FamilySays::default()).await.questions.is_empty(), "nobody was asked");
    }

    async fn ped_40_without_a_decree_the_parent_with_whom_the_child_lives_comes_first_then_the_stepparent(practice in World::silent()) {
        let [mother, father] = both();
        insured(practice, &[father, plan("77027", "K12345678", "stepfather", None), mother]).await;
        // The stepfather's plan is no state program: the practice's third payer stands in for another plan here.
        let setup = practice.set_up_with("class = \"chip\"", "class = \"commercial\"").await;
        let db = &mut &practice.db;
        let child = child_by_external_id(db, practice.id(), "C-1002").await.unwrap().unwrap();
        let households = Households::load(db, practice.id(), &[child]).await.unwrap();
        let says = FamilySays { together: Some(false), decree: Some(DecreeSays::None), lives_with: Some(LivesWith::Mother) };
        let on = practice.clock.today(&setup.practice.time_zone);
        let order = benefit_order(&Covered::all(&setup, households.coverages_of(child), on), says, on);
        assert_eq!(order.payers, [MOTHER, "KidsCare CHIP", FATHER]);
        assert_eq!((order.reasons.len(), order.questions), (2, Vec::new()));
    }
}
