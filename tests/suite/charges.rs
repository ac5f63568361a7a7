//! The charge assistant over stored visits: what it finds on visits that were taken in, under whose rules, and what waits without charges.

use jiff::civil::Date;
use pediclaim::platform::ids::EncounterId;
use pediclaim::revenue_cycle::encounter::admit::AdmitOptions;
use pediclaim::revenue_cycle::encounter::assist::kind_word;
use pediclaim::revenue_cycle::encounter::{self, AdvisedVisit, advise_visits, held_visits, read_json, unclaimed_visits, visit_keys};
use pediclaim::transact;
use serde_json::{Value, json};

use crate::support::{TESTER, TestPractice, World, visits};

/// Every visit with what the assistant says.
pub async fn advised(practice: &TestPractice) -> Vec<AdvisedVisit> {
    let keys = visit_keys(&mut &practice.db, practice.id(), (Date::ZERO, EncounterId(0)), 100).await.unwrap();
    let ids: Vec<EncounterId> = keys.into_iter().map(|(id, _)| id).collect();
    advise_visits(&mut &practice.db, &practice.setup, &ids).await.unwrap()
}

/// The findings of a visit as `rule kind line`, by its name in the feed; lines from 1, 0 where none was entered.
async fn findings(practice: &TestPractice, external_id: &str) -> Vec<String> {
    let visits = advised(practice).await;
    let visit = visits.iter().find(|visit| visit.external_id == external_id).unwrap();
    let findings = visit.advice.findings.iter();
    findings.map(|f| format!("{} {} {}", f.rule.id, kind_word(f.kind), f.entered.map_or(0, |at| at + 1))).collect()
}

fn faulty(id: &str) -> Value {
    let mut visit = visits::well_child(id);
    visit["lines"] = json!([
        { "code": "99393" },
        { "code": "90707", "pointers": [2], "ndc": { "ndc": "00006-4681-00", "quantity": "0.5", "unit": "ML" },
          "dose": { "cvx": "03", "lot": "A1", "counselled": true, "funding": "private", "eligibility": "V01" } },
        { "code": "90460", "pointers": [2] },
        { "code": "90461", "units": 1, "pointers": [2] },
        { "code": "83655" }
    ]);
    visit
}

/// A visit is kept back without charges, and another waits for its claim; both are listed.
pub async fn waiting(practice: &TestPractice, held: &str, unclaimed: &str) {
    let mut unknown = visits::well_child(held);
    unknown["rendering"] = json!({ "npi": "1234567893" });
    let both = json!([unknown, visits::sore_throat(unclaimed)]).to_string();
    let (drafts, now) = (read_json::read(both.as_bytes(), "emr").unwrap(), practice.clock.now());
    let options = AdmitOptions::default();
    transact!(practice.db, |tx| Ok(encounter::take_in(tx, &practice.setup, &drafts, &options, TESTER, now).await?)).unwrap();

    let listed = held_visits(&mut &practice.db, practice.id(), 100).await.unwrap();
    let told = listed.iter().find(|visit| visit.external_id == held).map(|visit| visit.reasons.as_str());
    assert_eq!(told, Some("ProviderUnknown"));
    let listed = unclaimed_visits(&mut &practice.db, practice.id(), 100).await.unwrap();
    assert!(listed.iter().any(|visit| visit.external_id == unclaimed), "{listed:?}");
    practice.drain().await;
}

both_engines! {
    async fn a_visit_that_is_coded_right_has_no_finding(practice in World::silent()) {
        practice.intake_json(&visits::well_child("V-1")).await;
        assert_eq!(findings(practice, "V-1").await, Vec::<String>::new());
        let visit = advised(practice).await.remove(0);
        let lines: Vec<String> = visit.advice.proposal.lines.iter().map(|line| line.code.to_string()).collect();
        assert_eq!(lines, ["99392", "90633", "90460"]);
        assert!(visit.advice.due.iter().any(|due| due.item.id == "autism"), "{:?}", visit.advice.due);
    }

    async fn planted_faults_are_found_by_their_rules(practice in World::silent()) {
        let taken = practice.intake_json(&faulty("V-1")).await;
        assert_eq!(taken.admitted, 1, "{:?}", taken.held_by);
        assert_eq!(findings(practice, "V-1").await, ["PED-11 units 4", "PED-63 modifier_missing 5", "PED-01 other_code 1"]);
    }

    async fn an_earlier_visit_of_the_child_tells_that_it_is_known(practice in World::silent()) {
        let mut first = visits::sore_throat("V-1");
        first["service_date"] = json!("2026-05-11");
        let mut second = visits::sore_throat("V-2");
        for visit in [&mut first, &mut second] {
            visit["lines"] = json!([{ "code": "99203" }, { "code": "87880", "modifiers": ["QW"] }]);
        }
        practice.intake_json(&json!([first, second])).await;
        assert_eq!(findings(practice, "V-1").await, Vec::<String>::new());
        assert_eq!(findings(practice, "V-2").await, ["PED-07 other_code 1"]);
    }

    async fn visits_without_charges_or_claims_are_listed_until_they_have_them(practice in World::silent()) {
        waiting(practice, "V-1", "V-2").await;
        assert!(unclaimed_visits(&mut &practice.db, practice.id(), 10).await.unwrap().is_empty(), "its claim is built");
        practice.intake_json(&visits::well_child("V-1")).await;
        assert!(held_visits(&mut &practice.db, practice.id(), 10).await.unwrap().is_empty(), "it was sent again, mended");
    }

    async fn another_practice_sees_nothing(practice in World::silent()) {
        practice.intake_json(&faulty("V-1")).await;
        let ids: Vec<EncounterId> = advised(practice).await.iter().map(|visit| visit.encounter.id).collect();
        assert_eq!((ids.len(), advise_visits(&mut &practice.db, &practice.second, &ids).await.unwrap().len()), (1, 0));
    }
}
