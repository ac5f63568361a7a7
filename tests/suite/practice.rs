//! Who bills and whom it is about, on both engines: set-up applied and loaded, API keys, families told and loaded.

use jiff::civil::date;
use pediclaim::family::coverage::active_on;
use pediclaim::family::model::{Child, Coverage, Family, HolderRelation, HomeAddress, Sex, Subscriber};
use pediclaim::family::store::{self as families, Households};
use pediclaim::platform::audit::{self, Actor};
use pediclaim::platform::clock::Millis;
use pediclaim::platform::database::{Db, Engine};
use pediclaim::platform::ids::{ChildId, PayerId, PracticeId};
use pediclaim::platform::money::Money;
use pediclaim::platform::phi::Phi;
use pediclaim::practice::difference::{Change, ChangeKind};
use pediclaim::practice::rules::MemberIdScope;
use pediclaim::practice::setup::SetupFile;
use pediclaim::practice::{PracticeSetup, api_key, store};
use pediclaim::reference::subscriber::Relationship;

const EXAMPLE: &str = include_str!("../../practice.example.toml");
const NOW: Millis = Millis(1_763_000_000_000);
const WHO: Actor = Actor::Command("setup");

/// The example as another practice: another code, another EIN and NPI, the same submitter.
fn second_practice() -> String {
    EXAMPLE.replace("code = \"oak-hill\"", "code = \"second\"").replace("12-3456789", "98-7654321").replace("1900000013", "1900000039")
}

async fn apply(db: &Db, text: &str) -> store::Applied {
    let file = SetupFile::read(text).unwrap();
    let mut tx = db.begin().await.unwrap();
    let applied = store::apply(&mut tx, &file, WHO, NOW).await.unwrap();
    tx.commit().await.unwrap();
    applied
}

fn told(changes: &[Change]) -> Vec<String> {
    changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).map(Change::to_string).collect()
}

async fn event_count(db: &Db, practice: PracticeId) -> usize {
    audit::events_after(&mut &*db, practice, 0, 10_000).await.unwrap().len()
}

async fn a_file_is_loaded_as_it_was_written_and_again_changes_nothing(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let applied = apply(&db, EXAMPLE).await;
    assert!(applied.changes.iter().all(|change| change.kind == ChangeKind::Added));

    let file = SetupFile::read(EXAMPLE).unwrap();
    let setup = PracticeSetup::load(&mut &db, applied.practice).await.unwrap();
    assert_eq!(setup.practice.facts, file.practice);
    let by_code = |code: &str| file.payers.iter().find(|payer| payer.code.as_str() == code).unwrap();
    assert_eq!(setup.payers.len(), file.payers.len());
    assert!(setup.payers.iter().all(|payer| payer.facts == *by_code(payer.code.as_str())));
    assert!(file.locations.iter().all(|location| setup.locations.iter().any(|stored| stored.facts == *location)));
    assert!(file.providers.iter().all(|provider| setup.providers.iter().any(|stored| stored.facts == *provider)));
    assert_eq!(setup.submitters[0].facts, file.submitters[0]);
    assert_eq!(setup.fees, file.fees.iter().cloned().collect());
    assert_eq!(setup.submitter_of(&setup.payers[0]).map(|s| s.id), Some(setup.submitters[0].id));

    let events = event_count(&db, applied.practice).await;
    let again = apply(&db, EXAMPLE).await;
    assert_eq!((again.practice, told(&again.changes)), (applied.practice, Vec::new()));
    assert_eq!(event_count(&db, applied.practice).await, events);
}

async fn a_change_is_written_with_an_event_and_what_the_file_forgets_is_left_alone(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let practice = apply(&db, EXAMPLE).await.practice;
    let provider = {
        let setup = PracticeSetup::load(&mut &db, practice).await.unwrap();
        setup.providers.iter().find(|p| p.code.as_str() == "dr-okafor").unwrap().id
    };
    let (before_west, west) = EXAMPLE.split_once("[[location]]\ncode = \"west\"").unwrap();
    let without_west = format!("{before_west}{}", &west[west.find("# ---- Who renders").unwrap()..]);
    let changed = without_west
        .replace("first_name = \"Daniel\"", "first_name = \"Danielle\"")
        .replace("initial_days = 120                      # a", "initial_days = 121 # a")
        .replace("vfc_style = \"b\"", "vfc_style = \"e\"")
        .replace("99213 = 185.00", "99213 = 187.50");
    let applied = apply(&db, &changed).await;
    assert_eq!(
        told(&applied.changes),
        [
            "provider dr-okafor: changed (first_name)",
            "payer_rule meadow-health vfc_style 2025-01-01: changed (value)",
            "fee standard 2026-07-01 99213: changed (amount)",
            "location west: in the database but not in the file, left alone",
        ]
    );
    let setup = PracticeSetup::load(&mut &db, practice).await.unwrap();
    assert_eq!((setup.locations.len(), setup.provider(provider).unwrap().first_name.as_str()), (2, "Danielle"));
    let fee = setup.fee("standard", "99213".parse().unwrap(), &[], date(2026, 7, 1));
    assert_eq!(fee, Some(Money::from_cents(18_750)));

    let events = audit::events_of(&mut &db, practice, "provider", provider.0).await.unwrap();
    let seen: Vec<(&str, Option<&str>)> = events.iter().map(|e| (e.event.as_str(), e.detail.as_deref())).collect();
    assert_eq!(seen, [("provider.added", None), ("provider.changed", Some("first_name"))]);
    assert_eq!(events[1].actor, "command:setup");
    let practice_events = audit::events_of(&mut &db, practice, "practice", practice.0).await.unwrap();
    let detail = |event: &str| practice_events.iter().rfind(|e| e.event == event).and_then(|e| e.detail.clone());
    assert_eq!(detail("payer_rule.changed").as_deref(), Some("meadow-health vfc_style = e from 2025-01-01"));
    assert_eq!(detail("fee_schedule.changed").as_deref(), Some("standard from 2026-07-01: 0 added, 1 changed"));
}

async fn a_difference_can_be_seen_without_writing_it(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let file = SetupFile::read(EXAMPLE).unwrap();
    let difference = store::difference(&mut &db, &file).await.unwrap();
    assert!(difference.changes().iter().all(|change| change.kind == ChangeKind::Added));
    assert_eq!(store::practices(&mut &db).await.unwrap(), []);
}

async fn the_only_practice_is_meant_until_there_are_two(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    assert_eq!(store::the_only_practice(&mut &db).await.unwrap(), None);
    let first = apply(&db, EXAMPLE).await.practice;
    assert_eq!(store::the_only_practice(&mut &db).await.unwrap().map(|p| p.id), Some(first));
    let applied = apply(&db, &second_practice()).await;
    assert_eq!(store::the_only_practice(&mut &db).await.unwrap(), None);
    assert_eq!(store::practice_by_code(&mut &db, "second").await.unwrap().map(|p| p.id), Some(applied.practice));
    assert_eq!(store::practice_by_code(&mut &db, "third").await.unwrap(), None);
    assert_eq!(store::practices(&mut &db).await.unwrap().len(), 2);
    let shared = applied.changes.iter().find(|change| change.record == "submitter").unwrap();
    assert_eq!(shared.kind, ChangeKind::Unchanged, "both practices send by one submitter");
}

async fn a_practice_never_sees_anothers_records(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let first = apply(&db, EXAMPLE).await.practice;
    let second = apply(&db, &second_practice()).await.practice;
    let setups = [first, second].map(|practice| {
        let db = db.clone();
        async move { PracticeSetup::load(&mut &db, practice).await.unwrap() }
    });
    let [a, b] = setups;
    let (a, b) = (a.await, b.await);
    assert_eq!((a.locations.len(), a.providers.len(), a.payers.len(), a.fees.len()), (2, 3, 6, b.fees.len()));
    assert!(b.payers.iter().all(|payer| a.payer(payer.id).is_none()));
    assert!(b.locations.iter().all(|location| a.location(location.id).is_none()));

    let mut tx = db.begin().await.unwrap();
    let family = tell_family(&mut tx, first, &doe()).await;
    let child = families::upsert_children(&mut tx, first, &[ann(family)], WHO, NOW).await.unwrap()[0];
    families::upsert_coverages(&mut tx, first, &[plan(child, a.payers[0].id)], WHO, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let seen = Households::load(&mut &db, second, &[child]).await.unwrap();
    assert!(seen.children.is_empty() && seen.families.is_empty() && seen.coverages.is_empty());
    assert!(families::families(&mut &db, second, [family]).await.unwrap().is_empty());
    assert!(families::children_of(&mut &db, second, family).await.unwrap().is_empty());

    // The same external ids in another practice are other people.
    let mut tx = db.begin().await.unwrap();
    let other = tell_family(&mut tx, second, &doe()).await;
    let other_child = families::upsert_children(&mut tx, second, &[ann(other)], WHO, NOW).await.unwrap()[0];
    tx.commit().await.unwrap();
    assert!(other != family && other_child != child);
}

async fn a_key_opens_its_practice_until_it_is_revoked(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let practice = apply(&db, EXAMPLE).await.practice;
    let other = apply(&db, &second_practice()).await.practice;
    let mut tx = db.begin().await.unwrap();
    let (id, token) = api_key::create(&mut tx, practice, "front desk", WHO, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(api_key::authenticate(&mut &db, token.reveal()).await.unwrap(), Some((id, practice)));
    let mut wrong = token.reveal().to_owned();
    let last = wrong.pop().unwrap();
    wrong.push(if last == '0' { '1' } else { '0' });
    for text in [wrong.as_str(), "", "pediclaim_"] {
        assert_eq!(api_key::authenticate(&mut &db, text).await.unwrap(), None);
    }

    let mut tx = db.begin().await.unwrap();
    assert!(!api_key::revoke(&mut tx, other, id, WHO, NOW).await.unwrap(), "it is not the other practice's key");
    assert!(api_key::revoke(&mut tx, practice, id, WHO, NOW).await.unwrap());
    assert!(!api_key::revoke(&mut tx, practice, id, WHO, NOW).await.unwrap(), "it is revoked once");
    tx.commit().await.unwrap();
    assert_eq!(api_key::authenticate(&mut &db, token.reveal()).await.unwrap(), None);
    let listed = api_key::list(&mut &db, practice).await.unwrap();
    assert_eq!((listed.len(), listed[0].label.as_str(), listed[0].active, listed[0].created), (1, "front desk", false, NOW));
    let events = audit::events_of(&mut &db, practice, "api_key", id.0).await.unwrap();
    assert_eq!(events.iter().map(|e| e.event.as_str()).collect::<Vec<_>>(), ["api_key.created", "api_key.revoked"]);
}

fn home() -> Phi<HomeAddress> {
    Phi::new(HomeAddress { street: "1 Elm Street".into(), city: "Springfield".into(), state: "IL".into(), zip: "62704".into() })
}

fn doe() -> Family {
    Family {
        external_id: "F-1".into(),
        guarantor_last: "Doe".into(),
        guarantor_first: "Jane".into(),
        guarantor_birth_date: Some(Phi::new(date(1990, 3, 15))),
        phone: Some("2175550100".into()),
        address: home(),
    }
}

fn ann(family: pediclaim::platform::ids::FamilyId) -> Child {
    Child {
        external_id: "C-1".into(),
        family,
        last_name: "Doe".into(),
        first_name: "Ann".into(),
        birth_date: Phi::new(date(2022, 5, 1)),
        sex: Sex::Female,
        address: home(),
    }
}

fn plan(child: ChildId, payer: PayerId) -> Coverage {
    Coverage {
        child,
        payer,
        rank: 1,
        member_id: "W123456789".into(),
        member_id_scope: MemberIdScope::Family,
        relationship: Relationship::Child,
        group_number: Some("G-7".into()),
        subscriber: Some(Subscriber {
            last_name: "Doe".into(),
            first_name: "Jane".into(),
            birth_date: Some(Phi::new(date(1990, 3, 15))),
            sex: Sex::Female,
            relation: Some(HolderRelation::Mother),
        }),
        effective_from: date(2026, 1, 1),
        effective_to: None,
    }
}

async fn tell_family(
    tx: &mut pediclaim::platform::database::Tx,
    practice: PracticeId,
    family: &Family,
) -> pediclaim::platform::ids::FamilyId {
    families::upsert_families(tx, practice, std::slice::from_ref(family), WHO, NOW).await.unwrap()[0]
}

async fn the_same_facts_twice_change_nothing_and_changed_facts_name_their_fields(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let practice = apply(&db, EXAMPLE).await.practice;
    let payer = PracticeSetup::load(&mut &db, practice).await.unwrap().payers[0].id;
    let tell = async |family: Family, change: fn(Child) -> Child, coverage: fn(Coverage) -> Coverage| {
        let mut tx = db.begin().await.unwrap();
        let family = tell_family(&mut tx, practice, &family).await;
        let child = families::upsert_children(&mut tx, practice, &[change(ann(family))], WHO, NOW).await.unwrap()[0];
        let coverage = families::upsert_coverages(&mut tx, practice, &[coverage(plan(child, payer))], WHO, NOW).await.unwrap()[0];
        tx.commit().await.unwrap();
        (family, child, coverage)
    };
    let keys = tell(doe(), |child| child, |coverage| coverage).await;
    let events = event_count(&db, practice).await;
    assert_eq!(tell(doe(), |child| child, |coverage| coverage).await, keys);
    // What is not mentioned is kept.
    let silent = Family { phone: None, guarantor_birth_date: None, address: Phi::default(), ..doe() };
    let quiet = |coverage| Coverage { member_id: "".into(), group_number: None, subscriber: None, ..coverage };
    assert_eq!(tell(silent, |child| Child { sex: Sex::Unknown, ..child }, quiet).await, keys);
    assert_eq!(event_count(&db, practice).await, events);

    let moved = Family { phone: Some("2175550199".into()), ..doe() };
    let renamed = |child| Child { last_name: "Doe-Roe".into(), ..child };
    let corrected = |coverage| Coverage { member_id: "W987654321".into(), effective_to: Some(date(2026, 12, 31)), ..coverage };
    assert_eq!(tell(moved, renamed, corrected).await, keys);
    let (family, child, coverage) = keys;
    for (kind, id, fields) in
        [("family", family.0, "phone"), ("child", child.0, "last_name"), ("coverage", coverage.0, "member_id, effective_to")]
    {
        let events = audit::events_of(&mut &db, practice, kind, id).await.unwrap();
        let details: Vec<Option<&str>> = events.iter().map(|e| e.detail.as_deref()).collect();
        assert_eq!(details, [None, Some(fields)], "{kind}");
    }
    let known = Households::load(&mut &db, practice, &[child]).await.unwrap();
    assert_eq!(known.children[&child].last_name.as_str(), "Doe-Roe");
    assert_eq!(known.families[&family].phone.as_ref().map(Phi::as_str), Some("2175550199"));
    assert_eq!(known.coverages_of(child).len(), 1);
    assert_eq!(known.coverages_of(child)[0].facts, corrected(plan(child, payer)));
}

async fn siblings_of_one_file_are_one_family_with_two_plans_in_order(engine: Engine) {
    let Some((db, _guard)) = crate::support::open(engine).await else { return };
    let practice = apply(&db, EXAMPLE).await.practice;
    let payers = PracticeSetup::load(&mut &db, practice).await.unwrap().payers;
    let mut tx = db.begin().await.unwrap();
    let told = families::upsert_families(&mut tx, practice, &[doe(), doe()], WHO, NOW).await.unwrap();
    assert_eq!(told[0], told[1]);
    // Twins share a birth date and differ by their external id alone.
    let twin = Child { external_id: "C-2".into(), first_name: "Eve".into(), ..ann(told[0]) };
    let children = families::upsert_children(&mut tx, practice, &[ann(told[0]), twin, ann(told[0])], WHO, NOW).await.unwrap();
    assert!(children[0] == children[2] && children[0] != children[1]);
    let second = Coverage { rank: 2, member_id: "ABC12345678".into(), ..plan(children[1], payers[1].id) };
    let same_payer = Coverage { rank: 3, member_id: "W000000001".into(), ..plan(children[1], payers[0].id) };
    let facts = [second.clone(), plan(children[1], payers[0].id), plan(children[0], payers[0].id), same_payer, second];
    let coverages = families::upsert_coverages(&mut tx, practice, &facts, WHO, NOW).await.unwrap();
    assert_eq!(coverages[0], coverages[4]);
    tx.commit().await.unwrap();

    let known = Households::load(&mut &db, practice, &children).await.unwrap();
    assert_eq!((known.children.len(), known.families.len()), (2, 1));
    let twins_plans = active_on(known.coverages_of(children[1]), date(2026, 11, 16));
    assert_eq!(twins_plans.iter().map(|c| c.id).collect::<Vec<_>>(), [coverages[1], coverages[0], coverages[3]]);
    assert_eq!(active_on(known.coverages_of(children[0]), date(2025, 12, 31)).len(), 0);
    let listed = families::children_of(&mut &db, practice, told[0]).await.unwrap();
    assert_eq!(listed.iter().map(|child| child.id).collect::<Vec<_>>(), children[..2]);
}

macro_rules! on_both_engines {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Engine::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Engine::Postgres).await;
            })*
        }
    };
}

on_both_engines! {
    a_file_is_loaded_as_it_was_written_and_again_changes_nothing
    a_change_is_written_with_an_event_and_what_the_file_forgets_is_left_alone
    a_difference_can_be_seen_without_writing_it
    the_only_practice_is_meant_until_there_are_two
    a_practice_never_sees_anothers_records
    a_key_opens_its_practice_until_it_is_revoked
    the_same_facts_twice_change_nothing_and_changed_facts_name_their_fields
    siblings_of_one_file_are_one_family_with_two_plans_in_order
}
