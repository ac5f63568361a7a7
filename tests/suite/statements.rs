//! Every SQL statement of the program runs on both engines, and every one that gives rows has a row decoded: preparing alone would miss that
//! an integer of one engine is wider than the other's. The journey does what people and programs do until nothing is left.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use pediclaim::app::{App, registry, statements};
use pediclaim::clearinghouse::simulator::{Lag, Scenario, SimulatorConfig};
use pediclaim::demo::families::{DemoOptions, families};
use pediclaim::demo::visits::{intake_file, visits};
use pediclaim::family;
use pediclaim::platform::audit;
use pediclaim::platform::ids::{ClaimId, EncounterId, RemittanceClaimId};
use pediclaim::platform::jobs::{self, Jobs, WorkerOptions};
use pediclaim::platform::money::Money;
use pediclaim::practice::{api_key, store};
use pediclaim::revenue_cycle::claim::api::Dossier;
use pediclaim::revenue_cycle::claim::{self, ClaimState, Override};
use pediclaim::revenue_cycle::encounter::model::EpsdtReferral;
use pediclaim::revenue_cycle::ledger::store::Entry;
use pediclaim::revenue_cycle::report::{Span, revenue_summary};
use pediclaim::revenue_cycle::verify::{digest, verify};
use pediclaim::revenue_cycle::worklist::deadline::DeadlineKind;
use pediclaim::revenue_cycle::worklist::{RaiseAlerts, RaiseAlertsArgs};
use pediclaim::revenue_cycle::{encounter, inbound, ledger, posting, remittance, scrub, submission, worklist};
use pediclaim::transact;
use serde_json::{Value, json};

use crate::api::Client;
use crate::support::{TESTER, TestPractice, World, sql, visits as sample};

/// A world in which everything happens to somebody, and in which claims of one day are paid by one remittance.
fn world() -> World {
    let shares = [
        (Scenario::Interest, 1_500),
        (Scenario::Takeback, 1_000),
        (Scenario::Denied, 1_000),
        (Scenario::LineDenied, 1_000),
        (Scenario::Rejected, 1_000),
        (Scenario::PatientShare, 1_500),
    ];
    let config = SimulatorConfig { lag: Lag { min: 10, max: 10 }, shares: BTreeMap::from(shares), ..SimulatorConfig::default() };
    World { simulator: Some(config), ..World::silent() }
}

/// Some weeks at the practice, with workers as a server has them.
async fn weeks(practice: &TestPractice, days: i64) {
    let begin = practice.clock.today(&practice.setup.practice.time_zone);
    let demo = DemoOptions { seed: 2026, families: 8, opened: begin };
    let all = visits(&practice.setup, &demo, &families(&practice.setup, &demo), begin, begin + days.days());
    let running = practice.jobs.start(WorkerOptions { role: "test", concurrency: 2, poll: Duration::from_millis(20) }).await.unwrap();
    for day in begin.series(1.day()).take_while(|day: &Date| *day <= begin + days.days()) {
        let today: Vec<_> = all.iter().filter(|visit| visit.date == day).cloned().collect();
        if !today.is_empty() {
            practice.intake_json(&intake_file(&today)).await;
        }
        practice.submit().await;
        practice.poll().await;
        practice.jobs.until_idle().await.unwrap();
        practice.advance_days(1);
    }
    running.shutdown().await.unwrap();
}

/// A job fails until it is a dead letter, is mended and revived; another is left behind by a process that died.
async fn broken_jobs(practice: &TestPractice) {
    practice.intake_json(&sample::sore_throat_of(1)).await;
    let isa13 = practice.sent().await.last().map_or(1, |(interchange, _)| interchange.isa13 + 1);
    let in_the_way = practice.app.simulator_folder("demo-clearinghouse").join(format!("outbox/837P-{isa13:09}.edi"));
    std::fs::create_dir_all(&in_the_way).unwrap();
    practice.submit().await;
    while jobs::dead_letters(&mut &practice.db, 10).await.unwrap().is_empty() {
        practice.advance_days(1);
        practice.drain().await;
    }
    assert!(practice.reasons().await.contains(&"jobs/JOB_DEAD".to_owned()));
    std::fs::remove_dir(&in_the_way).unwrap();
    for dead in jobs::dead_letters(&mut &practice.db, 10).await.unwrap() {
        let now = practice.clock.now();
        assert!(transact!(practice.db, |tx| Ok(jobs::revive(tx, dead.id, now).await?)).unwrap());
    }
    practice.drain().await;

    let (now, args) = (practice.clock.now(), RaiseAlertsArgs { practice: practice.id() });
    transact!(practice.db, |tx| Ok(jobs::enqueue::<App, RaiseAlerts>(tx, Some(practice.id()), "test", &args, now).await?)).unwrap();
    sql::execute(&practice.db, "INSERT INTO job_process (id, role, lease_until_wall_ms) VALUES ('gone', 'test', 1)").await;
    sql::execute(&practice.db, "UPDATE job SET state = 'running', process_id = 'gone', attempts = 1 WHERE state = 'waiting'").await;
    practice.advance_days(1);
    practice.drain().await;
    assert_eq!(practice.jobs.counts().await.unwrap().unfinished(), 0);
}

/// Sends some claims and gives the remittance of all of them, not yet received.
async fn remittance_to_come(practice: &TestPractice) -> String {
    let visits: Vec<Value> = (2..8).map(sample::sore_throat_of).collect();
    practice.intake_json(&json!(visits)).await;
    practice.submit().await;
    practice.poll().await;
    practice.advance_days(10);
    let partner = practice.app.connection(&practice.db, practice.setup.submitters[0].id).await.unwrap();
    let mut remittances = Vec::new();
    for name in partner.inbound().await.unwrap() {
        let text = String::from_utf8(partner.fetch(&name).await.unwrap()).unwrap();
        partner.acknowledge(&name).await.unwrap();
        remittances.push(text);
    }
    remittances.into_iter().max_by_key(|text| text.matches("CLP*").count()).unwrap()
}

/// The remittance that takes back what this one pays: every amount negated, the balance carried forward.
fn reversal_of(remittance: &str) -> String {
    let negated = |segment: &str, places: &[usize]| {
        let elements = segment.split('*').enumerate().map(|(place, value)| match value.strip_prefix('-') {
            _ if !places.contains(&place) || value.is_empty() || value == "0" => value.to_owned(),
            Some(positive) => positive.to_owned(),
            None => format!("-{value}"),
        });
        elements.collect::<Vec<_>>().join("*")
    };
    let paid: Money =
        remittance.split('~').filter(|s| s.starts_with("CLP*")).map(|s| s.split('*').nth(4).unwrap().parse::<Money>().unwrap()).sum();
    let payee = remittance.split("*XX*").nth(1).unwrap().split('~').next().unwrap();
    let without_plb: Vec<&str> = remittance.split('~').filter(|segment| !segment.starts_with("PLB*")).collect();
    let begin = without_plb.iter().position(|s| s.starts_with("ST*")).unwrap();
    let end = without_plb.iter().position(|s| s.starts_with("SE*")).unwrap();
    let segments = without_plb.iter().map(|segment| {
        let elements: Vec<&str> = segment.split('*').collect();
        match elements[0] {
            "BPR" => ["BPR", "H", "0", "C", "NON", "", "", "", "", "", "", "", "", "", "", "", elements[16]].join("*"),
            "TRN" => segment.replacen(elements[2], &format!("{}R", elements[2]), 1),
            "CLP" => {
                negated(&segment.replacen(&format!("{}*{}*", elements[1], elements[2]), &format!("{}*22*", elements[1]), 1), &[3, 4, 5])
            }
            "CAS" => negated(segment, &[3, 6, 9, 12, 15, 18]),
            "SVC" => negated(segment, &[2, 3]),
            "AMT" => negated(segment, &[2]),
            "SE" => format!(
                "PLB*{payee}*20261231*FB:CARRIED*-{}~SE*{}*{}",
                paid.to_string().trim_start_matches('$'),
                end - begin + 2,
                elements[2]
            ),
            _ => (*segment).to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("~")
}

/// A reversal comes before what it reverses; a payment comes again under another number, and under the same with other content; a claim is
/// nobody's.
async fn strange_remittances(practice: &TestPractice) {
    let text = remittance_to_come(practice).await;
    let states = async || sql::texts(&practice.db, "SELECT state FROM remittance_claim").await;
    practice.receive("reversal.edi", reversal_of(&text)).await;
    assert!(states().await.iter().any(|state| state == "waiting"), "{:?}", practice.reasons().await);
    for bytes in [text.clone(), text.clone(), text.replace('~', "~\n")] {
        practice.receive("original.edi", bytes).await;
    }
    assert!(!states().await.iter().any(|state| state == "waiting"), "{:?}", practice.reasons().await);

    let trace = text.split("TRN*1*").nth(1).unwrap().split('*').next().unwrap();
    practice.receive("again.edi", text.replace(&format!("TRN*1*{trace}*"), &format!("TRN*1*{trace}X*"))).await;
    let first: Vec<&str> = text.split('~').find(|segment| segment.starts_with("CLP*")).unwrap().split('*').collect();
    let stranger = text.replace(first[7], "NOWHERE").replace(&format!("CLP*{}*", first[1]), "CLP*NOBODY*");
    practice.receive("unmatched.edi", stranger.replace(&format!("TRN*1*{trace}*"), &format!("TRN*1*{trace}Y*"))).await;
    practice.receive("conflict.edi", stranger).await;
    assert!(practice.reasons().await.contains(&"remittance/DUPLICATE_CONFLICT".to_owned()), "{:?}", practice.reasons().await);
    let review = "SELECT CAST(id AS TEXT) FROM remittance_claim WHERE state IN ('review', 'waiting') ORDER BY id";
    let id = RemittanceClaimId(sql::texts(&practice.db, review).await[0].parse().unwrap());
    let now = practice.clock.now();
    assert!(transact!(practice.db, |tx| posting::retry(tx, practice.id(), id, None, TESTER, now).await).unwrap());
    practice.drain().await;
}

/// A claim is kept back until its visit is mended; a program that runs makes its rounds until a deadline comes near.
async fn rounds(practice: &TestPractice) {
    let mut edited = sample::sore_throat("V-9");
    edited["coverages"][0]["member_id"] = json!("W77");
    practice.intake_json(&edited).await;
    assert_eq!(scrub::held_by(&mut &practice.db, practice.id()).await.unwrap().len(), 1);
    let kept = claim::store::of_state(&mut &practice.db, practice.id(), ClaimState::ScrubFailed, ClaimId(0), 10).await.unwrap();
    assert!(!Dossier::load(&mut &practice.db, practice.id(), kept[0]).await.unwrap().unwrap().findings.is_empty());
    let due = worklist::deadline_of(&mut &practice.db, practice.id(), DeadlineKind::TimelyFiling, kept[0]).await.unwrap();
    assert!(due.is_some());

    let jobs = Jobs::new(practice.db.clone(), practice.clock.clone(), practice.app.clone(), registry(Some(Duration::from_secs(60))));
    for days in [1, 110, 1] {
        practice.advance_days(days);
        jobs.drain().await.unwrap();
    }
    assert!(practice.reasons().await.contains(&"claim/TIMELY_FILING".to_owned()), "{:?}", practice.reasons().await);
    practice.note_belongings().await;

    // The next visit brings the right member id; a rule of the practice's own holds the claim until somebody overrides it.
    let rules = "[[rule]]\nid = \"strep\"\nwhen = [\"code = 87880\"]\nhold = \"ask the nurse\"";
    let (id, now) = (practice.id(), practice.clock.now());
    assert!(transact!(practice.db, |tx| Ok(scrub::set_practice_rules(tx, id, rules, TESTER, now).await?)).unwrap());
    let mut mended = sample::sore_throat("V-10");
    mended["service_date"] = json!("2026-05-15");
    practice.intake_json(&mended).await;
    claim::rescrub(&practice.db, id, TESTER, now).await.unwrap();
    let decision = Override { edit: "P:strep".to_owned(), reason: "asked".to_owned() };
    assert!(claim::override_warnings(&practice.db, id, &decision, TESTER, now).await.unwrap() > 0);
    let ids: Vec<ClaimId> = practice.claims().await.iter().map(|claim| claim.id).collect();
    let overridden = scrub::overridden(&mut &practice.db, id, &ids).await.unwrap();
    let (from, _) = overridden.iter().next().unwrap();
    let to = ids.iter().find(|id| overridden.iter().all(|(claim, _)| claim != *id)).unwrap();
    transact!(practice.db, |tx| Ok(scrub::keep_overrides(tx, id, *from, *to).await?)).unwrap();
    let tried = scrub::practice_rule::read(rules).unwrap().rules;
    assert!(scrub::try_rules(&practice.db, &practice.setup, &tried, Date::MIN, Date::MAX).await.unwrap().1[0].claims > 0);
    assert!(transact!(practice.db, |tx| Ok(scrub::set_practice_rules(tx, id, "", TESTER, now).await?)).unwrap());

    let mut again = edited;
    again["id"] = json!("V-11");
    practice.intake_json(&again).await;
    practice.set_up_with("initial_days = 180", "initial_days = 30").await;
    let scrubbed = claim::rescrub(&practice.db, id, TESTER, now).await.unwrap();
    assert!(scrubbed.failed > 0, "{scrubbed:?}");
    assert!(!claim::store::running_out(&mut &practice.db, id, Date::MAX, 10).await.unwrap().is_empty());
}

/// What the screens, the interface and the command line ask for.
async fn reading(practice: &TestPractice) {
    let (mut db, id, now) = (&practice.db, practice.id(), practice.clock.now());
    store::practice_by_code(&mut db, "second").await.unwrap().unwrap();
    let (key, token) = transact!(practice.db, |tx| Ok(api_key::create(tx, id, "test", TESTER, now).await?)).unwrap();
    assert_eq!(api_key::authenticate(&mut db, token.reveal()).await.unwrap(), Some((key, id)));
    assert_eq!(api_key::list(&mut db, id).await.unwrap().len(), 1);
    assert!(transact!(practice.db, |tx| Ok(api_key::revoke(tx, id, key, TESTER, now).await?)).unwrap());

    let claims = practice.claims().await;
    let paid = claims.iter().find(|claim| claim.state == "paid").unwrap();
    assert!(!encounter::intake_counts(&mut db, id).await.unwrap().is_empty());
    assert!(!encounter::earlier_services(&mut db, id, &["C-1"]).await.unwrap().is_empty());
    encounter::encounter_row(&mut db, id, paid.encounter_id).await.unwrap().unwrap();
    assert_eq!(claim::store::built(&mut db, id, &[paid.encounter_id]).await.unwrap(), [paid.encounter_id]);
    assert_eq!(claim::store::of_encounter(&mut db, id, paid.encounter_id).await.unwrap().len(), 1);
    let page = claim::store::PageStart::default();
    assert!(!claim::store::list(&mut db, id, Some(ClaimState::Paid), &page, 10).await.unwrap().is_empty());
    let dossier = Dossier::load(&mut db, id, paid.id).await.unwrap().unwrap();
    assert!(!dossier.batches.is_empty() && !dossier.acknowledgments.is_empty() && !dossier.remittances.is_empty());
    assert!(!family::store::children_of(&mut db, id, paid.family_id).await.unwrap().is_empty());
    let page = encounter::encounter_rows(&mut db, id, ("9999-12-31", EncounterId(i64::MAX)), 10).await.unwrap();
    assert!(!page.is_empty());
    assert_eq!(encounter::intake_standings(&mut db, id, "emr", &["V-9"]).await.unwrap().len(), 1);
    assert!(!inbound::list(&mut db, Some("processed"), 10).await.unwrap().is_empty());
    assert!(!remittance::answered(&mut db, id).await.unwrap().is_empty());

    let (mut suggested, mut adjusted) = (Vec::new(), Vec::new());
    for listed in remittance::list(&mut db, id, None, 100).await.unwrap() {
        remittance::remittance(&mut db, id, listed.id).await.unwrap().unwrap();
        adjusted.extend(remittance::provider_adjustments(&mut db, id, listed.id).await.unwrap());
        for row in remittance::claims(&mut db, id, listed.id, 0, 100).await.unwrap() {
            let content = remittance::claim_content(&mut db, id, row.id).await.unwrap();
            suggested.extend(remittance::suggestions(&mut db, id, &content).await.unwrap());
        }
    }
    assert!(!suggested.is_empty() && !adjusted.is_empty());

    transact!(practice.db, |tx| Ok(encounter::record_referrals(tx, id, paid.encounter_id, &[EpsdtReferral::None], TESTER, now).await?))
        .unwrap();

    let denied = claims.iter().find(|c| c.state == "denied").unwrap();
    assert!(!Dossier::load(&mut db, id, denied.id).await.unwrap().unwrap().balances.is_empty());
    assert!(!ledger::store::family_balances(&mut db, id, denied.family_id).await.unwrap().is_empty());

    let item = practice.items().await.remove(0);
    assert!(!worklist::count_open(&mut db, id).await.unwrap().is_empty());
    transact!(practice.db, |tx| Ok(worklist::assign(tx, id, item.id, Some("Rosa"), TESTER, now).await?)).unwrap();
    assert_eq!(worklist::item(&mut db, id, item.id).await.unwrap().unwrap().assigned_to.as_deref(), Some("Rosa"));
    transact!(practice.db, |tx| Ok(worklist::resolve(tx, id, item.id, "seen", TESTER, now).await?)).unwrap();
}

/// A program sends the same visit twice under one key.
async fn writing_over_http(practice: &TestPractice) {
    let now = practice.clock.now();
    let (_, token) = transact!(practice.db, |tx| Ok(api_key::create(tx, practice.id(), "test", TESTER, now).await?)).unwrap();
    let (bearer, body) = (format!("Bearer {}", token.reveal()), sample::sore_throat("V-12").to_string());
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", "k")];
    for _ in 0..2 {
        let answer = Client::anonymous(practice).send("POST", "/api/v1/encounters?source=emr", &headers, body.clone()).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    practice.drain().await;
}

/// The month ends: it is closed, sealed, proved and told. What is charged afterwards counts in the next one, and what was charged before is
/// not charged again.
async fn month_end(practice: &TestPractice) {
    let now = practice.clock.now();
    let entry = Entry { practice: practice.id(), zone: practice.setup.practice.time_zone.clone(), actor: TESTER, now };
    let month = now.zoned(&entry.zone).strftime("%Y-%m").to_string();
    assert!(transact!(practice.db, |tx| Ok(ledger::store::close_period(tx, &entry, &month).await?)).unwrap());
    practice.intake_json(&sample::well_child("V-1")).await;
    let claim = practice.claims().await.into_iter().next_back().unwrap();
    let lines = claim::store::lines(&mut &practice.db, practice.id(), claim.id).await.unwrap();
    let charged: Vec<_> = lines.iter().map(|line| (line.charge_line_id, line.cents)).collect();
    let journal = ledger::charge_journal(claim.encounter_id, claim.family_id, claim.service_date.0, Some(claim.payer_id), &charged);
    let journals = Vec::from_iter(journal);
    let posted = transact!(practice.db, |tx| Ok(ledger::store::post(tx, &entry, &journals).await?)).unwrap();
    assert_eq!((posted.posted, posted.known), (0, 1));

    transact!(practice.db, |tx| Ok(audit::seal(tx, practice.id(), now).await?)).unwrap();
    verify(&practice.db).await.unwrap();
    digest(&practice.db).await.unwrap();
    revenue_summary(&practice.db, practice.id(), Span::parse("2026-05", "2027-01").unwrap()).await.unwrap();
}

both_engines! {
    async fn every_statement_runs_and_its_rows_are_decoded(practice in world()) {
        weeks(practice, 25).await;
        broken_jobs(practice).await;
        strange_remittances(practice).await;
        rounds(practice).await;
        reading(practice).await;
        writing_over_http(practice).await;
        month_end(practice).await;
        crate::code_files::every_shape(practice).await;
        crate::charges::waiting(practice, "V-20", "V-21").await;
        assert!(!crate::charges::advised(practice).await.is_empty());

        let last = practice.sent().await.pop().unwrap().0;
        transact!(practice.db, |tx| Ok(submission::mark_rejected(tx, last.id).await?)).unwrap();

        let missing: Vec<&str> = statements().filter(|statement| !statement.proved_on(practice.engine())).map(|s| s.name).collect();
        assert!(missing.is_empty(), "{} statements were not proved:\n{}", missing.len(), missing.join("\n"));
    }
}
