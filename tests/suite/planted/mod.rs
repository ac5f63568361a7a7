//! Planted errors: a month of visits with finished charge lines, some of them spoilt in one way each, taken in and scrubbed as in production.
//! Every spoilt visit is caught by the edit that the rule book names for it, and no other visit is held.
//!
//! The visits ([`visits`]) and the table of errors ([`kinds`]) are written by hand and ask nothing of the product's rules: what is right is
//! known by a second source.

mod kinds;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use self::kinds::KINDS;
use self::visits::{Draw, TEMPLATES, visit};
use crate::support::{TestPractice, World, sql};

/// Visits of the month in the gate, and in a long run.
const VISITS: [usize; 2] = [400, 2_000];

/// Errors that trip other edits than their own as well, for they are wrong in more than one way.
const BESIDES: &[(&str, &[&str])] = &[
    ("add-on administration alone", &["E039"]),
    ("private stock for a Medicaid child", &["E039", "E046", "E070"]),
    ("public stock for an insured child", &["E046"]),
    ("two kinds of first administration", &["E039"]),
];

/// One visit in so many is spoilt.
const SPOILT_ONE_IN: usize = 4;

/// Visits that are taken in by one transaction.
const CHUNK: usize = 100;

/// The same seed gives the same month.
const SEED: u64 = 2026;

/// What a visit was spoilt with, by the visit's id; none: it is as it should be.
type Planted = BTreeMap<String, Option<usize>>;

/// The month: visits that come before others, then the month's own, with what is wrong with each.
fn month(count: usize) -> (Vec<Value>, Vec<Value>, Planted) {
    let (mut before, mut all, mut planted) = (Vec::new(), Vec::new(), Planted::new());
    for number in 0..count {
        let mut draw = Draw::new(SEED, number);
        let id = format!("V-{number}");
        let spoilt = number % SPOILT_ONE_IN == 0;
        let kind = (number / SPOILT_ONE_IN) % KINDS.len();
        let template = match spoilt {
            true => TEMPLATES.iter().find(|template| template.name == KINDS[kind].template).unwrap(),
            false => draw.of(TEMPLATES),
        };
        let mut json = visit(template, &id, number, &mut draw);
        if spoilt {
            before.extend((KINDS[kind].plant)(&mut json));
        }
        planted.insert(id, spoilt.then_some(kind));
        all.push(json);
    }
    (before, all, planted)
}

/// The errors and warnings of each visit's claim, by the visit's id.
async fn found(practice: &TestPractice) -> BTreeMap<String, BTreeSet<String>> {
    let rows = format!(
        "SELECT e.external_id || ' ' || COALESCE(f.edit, '') FROM claim c
         JOIN encounter e ON e.practice_id = c.practice_id AND e.id = c.encounter_id
         LEFT JOIN finding f ON f.practice_id = c.practice_id AND f.claim_id = c.id AND f.severity <> 'note'
         WHERE c.practice_id = {}",
        practice.id().0
    );
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for row in sql::texts(&practice.db, &rows).await {
        let (visit, edit) = row.split_once(' ').unwrap();
        let edits = found.entry(visit.to_owned()).or_default();
        edits.extend((!edit.is_empty()).then(|| edit.to_owned()));
    }
    found
}

both_engines! {
    async fn every_planted_error_is_caught_by_its_edit_and_no_other_visit_is_held(practice in World::silent()) {
        let (before, all, planted) = month(VISITS[usize::from(std::env::var_os("PEDICLAIM_TEST_LONG").is_some())]);
        for visits in before.chunks(CHUNK).chain(all.chunks(CHUNK)) {
            let taken = practice.intake_json(&Value::from(visits)).await;
            assert_eq!((taken.admitted, taken.held), (visits.len(), 0), "{:?}", taken.held_by);
        }
        let found = found(practice).await;

        let (mut caught, mut missed, mut wrong) = (BTreeMap::<&str, usize>::new(), Vec::new(), Vec::new());
        let mut besides = BTreeMap::<&str, BTreeSet<String>>::new();
        for (visit, kind) in &planted {
            let edits = &found[visit];
            match kind.map(|kind| &KINDS[kind]) {
                Some(kind) if edits.contains(kind.edit) => {
                    *caught.entry(kind.name).or_default() += 1;
                    besides.entry(kind.name).or_default().extend(edits.iter().filter(|edit| *edit != kind.edit).cloned());
                }
                Some(kind) => missed.push(format!("{visit}: {} ({}): {}, found {edits:?}", kind.name, kind.source, kind.edit)),
                None if edits.is_empty() => {}
                None => wrong.push(format!("{visit}: {edits:?}")),
            }
        }
        assert!(missed.is_empty(), "{} of {} errors were missed:\n{}", missed.len(), caught.values().sum::<usize>() + missed.len(), missed.join("\n"));
        assert!(wrong.is_empty(), "{} visits without an error were held:\n{}", wrong.len(), wrong.join("\n"));
        assert_eq!(caught.len(), KINDS.len(), "every kind was planted");
        besides.retain(|_, edits| !edits.is_empty());
        let expected: BTreeMap<&str, BTreeSet<String>> =
            BESIDES.iter().map(|(kind, edits)| (*kind, edits.iter().map(|edit| (*edit).to_owned()).collect())).collect();
        assert_eq!(besides, expected, "an error trips its own edit, and only these besides");
    }
}

#[test]
fn the_table_of_errors_has_every_kind_once_with_its_source() {
    let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), KINDS.len());
    assert!(KINDS.len() >= 25);
    assert!(KINDS.iter().all(|kind| TEMPLATES.iter().any(|template| template.name == kind.template)));
}

#[test]
fn a_spoilt_visit_differs_from_the_one_that_it_was() {
    for kind in KINDS {
        let template = TEMPLATES.iter().find(|template| template.name == kind.template).unwrap();
        let clean = visit(template, "V-1", 1, &mut Draw::new(SEED, 1));
        let mut spoilt = clean.clone();
        let before = (kind.plant)(&mut spoilt);
        assert!(spoilt != clean || !before.is_empty(), "{}", kind.name);
    }
}
