//! What the simulator promises as a whole.

pub(super) mod samples;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use self::samples::{TODAY, Visit, batch, file, interchange, money, visit};
use super::*;
use crate::edi::ack_277ca::{AcknowledgedClaim, ClaimAcknowledgment, SourceKind, Verdict, read_277ca, worst};
use crate::edi::ack_999::{AckResult, ImplementationAck, read_999};
use crate::edi::ack_ta1::{InterchangeAck, InterchangeResult, read_ta1};
use crate::edi::remittance_835::{Remittance, prove, read_835};
use crate::edi::{Event, read_all};

const LATER: Date = date(2028, 1, 1);

/// Everything that answers say.
#[derive(Default)]
struct Heard {
    interchange_acks: Vec<InterchangeAck>,
    group_acks: Vec<ImplementationAck>,
    claim_acks: Vec<ClaimAcknowledgment>,
    remittances: Vec<Remittance>,
}

fn heard(answers: &[Answer]) -> Heard {
    let mut heard = Heard::default();
    for event in answers.iter().flat_map(|answer| read_all(&answer.bytes).unwrap()) {
        match event {
            Event::InterchangeAck(ta1) => heard.interchange_acks.push(read_ta1(&ta1.as_segment()).0),
            Event::Transaction(set) => match set.kind() {
                "999" => heard.group_acks.push(clean(read_999(&set))),
                "277" => heard.claim_acks.push(clean(read_277ca(&set))),
                _ => heard.remittances.push(clean(read_835(&set))),
            },
            Event::Finding(finding) => panic!("{finding}"),
            _ => {}
        }
    }
    heard
}

fn clean<T>((value, findings): (T, Vec<crate::edi::Finding>)) -> T {
    assert_eq!(findings, []);
    value
}

impl Heard {
    /// What payers said of each claim.
    fn claims(&self) -> Vec<&AcknowledgedClaim> {
        let sources = self.claim_acks.iter().flat_map(|ack| &ack.sources).filter(|source| source.kind == SourceKind::Payer);
        sources.flat_map(|s| &s.batches).flat_map(|b| &b.providers).flat_map(|p| &p.claims).collect()
    }

    fn payments(&self) -> impl Iterator<Item = &ClaimPayment> {
        self.remittances.iter().flat_map(|remittance| &remittance.claims)
    }

    fn extras(&self) -> Vec<(String, Option<String>, Money)> {
        let all = self.remittances.iter().flat_map(|remittance| &remittance.provider_adjustments);
        all.map(|plb| (plb.reason.to_string(), plb.reference.clone(), plb.amount)).collect()
    }
}

fn simulator(config: SimulatorConfig) -> Simulator {
    Simulator::new(config).unwrap()
}

/// A world in which every claim takes the course of one scenario.
fn only(scenario: Scenario) -> SimulatorConfig {
    SimulatorConfig { shares: BTreeMap::from([(scenario, 10_000)]), ..SimulatorConfig::default() }
}

/// The default world, in which every payment takes a week.
fn weekly() -> SimulatorConfig {
    SimulatorConfig { lag: Lag { min: 7, max: 7 }, ..SimulatorConfig::default() }
}

fn after(simulator: &mut Simulator, bytes: &[u8]) -> Heard {
    simulator.receive("a.edi", bytes, TODAY);
    heard(&simulator.answers(LATER))
}

#[test]
fn a_claim_is_acknowledged_at_every_level_and_then_paid() {
    let mut simulator = simulator(weekly());
    let heard = after(&mut simulator, &interchange(101, true, &[batch(1, &[visit(1), visit(2)])]));
    let [ta1] = &heard.interchange_acks[..] else { panic!("one TA1") };
    assert_eq!((ta1.control_number.as_str(), &ta1.result, ta1.note.0.as_str()), ("000000101", &InterchangeResult::Accepted, "000"));
    let [group] = &heard.group_acks[..] else { panic!("one 999") };
    assert_eq!((group.group_control_number.as_str(), &group.group.result, group.sets.len()), ("101", &AckResult::Accepted, 1));
    let [ack] = &heard.claim_acks[..] else { panic!("one 277CA") };
    let batch = &ack.sources[0].batches[0];
    assert_eq!((batch.batch.as_str(), worst(&batch.statuses)), ("B1", Some(Verdict::Received)));
    assert_eq!((batch.totals.accepted, batch.totals.accepted_amount), (Some(2), Some(money("920"))));
    for (claim, payment) in heard.claims().into_iter().zip(heard.payments()) {
        assert_eq!(worst(&claim.statuses), Some(Verdict::Accepted));
        assert_eq!((claim.pcn.as_str(), &claim.icns[..]), (payment.pcn.as_str(), std::slice::from_ref(&payment.icn)));
    }
    assert_eq!(heard.payments().count(), 2);
}

#[test]
fn no_ta1_comes_unasked() {
    let heard = after(&mut simulator(SimulatorConfig::default()), &file(1, &[visit(1)]));
    assert!(heard.interchange_acks.is_empty() && heard.group_acks.len() == 1);
}

#[test]
fn a_remittance_comes_on_its_day_and_once() {
    let mut simulator = simulator(weekly());
    simulator.receive("a.edi", &file(1, &[visit(1), visit(2), Visit { payer: "60054", ..visit(3) }]), TODAY);
    assert_eq!(heard(&simulator.answers(date(2026, 11, 24))).payments().count(), 0);
    let answers = simulator.answers(date(2026, 11, 25));
    let remittances = heard(&answers).remittances;
    assert_eq!(remittances.iter().map(|r| (r.payer.payer_id().unwrap(), r.claims.len())).collect::<Vec<_>>(), [("00900", 2), ("60054", 1)]);
    assert!(remittances.iter().all(|r| r.payment.date == Some(date(2026, 11, 25)) && r.payee.npi() == Some("1234567893")));
    assert_eq!(answers[0].name, format!("835-00900-2026-11-25-{}.edi", remittances[0].trace));
    assert_eq!(simulator.answers(LATER), []);
}

#[test]
fn an_instant_month_is_dated_by_its_services_and_answered_at_once() {
    let config = SimulatorConfig { timing: Timing::Instant, lag: Lag { min: 3, max: 3 }, ..SimulatorConfig::default() };
    let mut simulator = simulator(config);
    simulator.receive("a.edi", &file(1, &[visit(1)]), TODAY);
    let heard = heard(&simulator.answers(TODAY));
    assert_eq!(heard.remittances[0].payment.date, Some(date(2026, 11, 19)));
}

#[test]
fn a_copy_of_an_interchange_is_rejected_and_changes_nothing() {
    let mut simulator = simulator(SimulatorConfig::default());
    let first = after(&mut simulator, &file(1, &[visit(1)]));
    assert_eq!(first.payments().count(), 1);
    let copy = after(&mut simulator, &file(1, &[visit(1)]));
    assert!(copy.interchange_acks[0].is_duplicate());
    assert!(copy.group_acks.is_empty() && copy.claim_acks.is_empty() && copy.remittances.is_empty());
    assert_eq!(simulator.log().iter().map(|received| received.claims.len()).sum::<usize>(), 2);
}

#[test]
fn a_broken_envelope_is_rejected_as_a_whole() {
    let good = String::from_utf8(file(1, &[visit(1)])).unwrap();
    let cut = &good[..good.len() - 30];
    for (bad, note) in [
        (good.replace("IEA*1*", "IEA*2*"), "021"),
        (good.replace("IEA*1*000000001", "IEA*1*000000009"), "001"),
        (good.replace("000000001*0*T", "00000000A*0*T").replace("IEA*1*000000001", "IEA*1*00000000A"), "018"),
        (cut.to_owned(), "023"),
    ] {
        let mut simulator = simulator(SimulatorConfig::default());
        let heard = after(&mut simulator, bad.as_bytes());
        assert_eq!((&heard.interchange_acks[0].result, heard.interchange_acks[0].note.0.as_str()), (&InterchangeResult::Rejected, note));
        assert!(heard.group_acks.is_empty() && heard.remittances.is_empty());
        assert_eq!(after(&mut simulator, good.as_bytes()).payments().count(), 1, "its number was not used up");
    }
}

#[test]
fn a_wrong_segment_count_rejects_its_set_and_no_other() {
    let sets = [batch(1, &[visit(1)]), batch(2, &[visit(2)])];
    let text = String::from_utf8(interchange(1, false, &sets)).unwrap();
    let (before, behind) = text.split_once("*0001~ST").unwrap();
    let count = before.rsplit('*').next().unwrap();
    let bad = format!("{}99*0001~ST{behind}", &before[..before.len() - count.len()]);
    let heard = after(&mut simulator(SimulatorConfig::default()), bad.as_bytes());
    let group = &heard.group_acks[0];
    assert_eq!((&group.group.result, group.group.accepted), (&AckResult::PartiallyAccepted, 1));
    assert_eq!((&group.sets[0].result, &group.sets[0].codes[0][..]), (&AckResult::Rejected, "4"));
    assert_eq!(heard.payments().map(|payment| payment.pcn.as_str()).collect::<Vec<_>>(), ["C2"]);
}

#[test]
fn a_999_names_the_claim_that_lacks_a_diagnosis() {
    let mut set = batch(1, &[visit(1), visit(3)]);
    set.billing_providers[0].subscribers[1].claims[0].diagnoses.clear();
    let heard = after(&mut simulator(SimulatorConfig::default()), &interchange(1, false, &[set]));
    assert_eq!(heard.group_acks[0].named_claims(), ["C3"]);
    let [error] = &heard.group_acks[0].sets[0].errors[..] else { panic!("one error") };
    assert_eq!((error.segment_id.as_str(), error.code.as_str(), error.loop_id.as_deref()), ("HI", "3", Some("2300")));
    assert!(heard.claim_acks.is_empty() && heard.remittances.is_empty());
}

#[test]
fn a_999_shows_a_diagnosis_with_a_point() {
    let text = String::from_utf8(file(1, &[visit(1)])).unwrap();
    let text = text.replace("ABF:Z23", "ABF:Z2.3");
    let heard = after(&mut simulator(SimulatorConfig::default()), text.as_bytes());
    let element = &heard.group_acks[0].sets[0].errors[0].elements[0];
    assert_eq!((element.place.element, element.place.component, element.code.as_str()), (2, Some(2), "7"));
}

#[test]
fn a_payer_says_what_contradicts_itself_in_a_claim() {
    let mut set = batch(1, &[visit(1), visit(3), visit(5)]);
    set.billing_providers[0].subscribers[0].claims[0].charge = money("1");
    set.billing_providers[0].subscribers[1].person.id = None;
    let heard = after(&mut simulator(SimulatorConfig::default()), &interchange(1, false, &[set]));
    let codes = |at: usize| {
        let code = &heard.claims()[at].statuses[0].codes[0];
        format!("{}:{}", code.category, code.status)
    };
    assert_eq!([codes(0), codes(1), codes(2)], ["A8:178", "A7:164", "A2:20"]);
    let totals = heard.claim_acks[0].sources[0].batches[0].totals;
    assert_eq!((totals.accepted, totals.rejected, totals.accepted_amount), (Some(1), Some(2), Some(money("460"))));
    assert_eq!(heard.payments().count(), 1);
}

#[test]
fn a_rejected_claim_is_taken_when_it_comes_again() {
    let mut simulator = simulator(only(Scenario::Rejected));
    let first = after(&mut simulator, &file(1, &[visit(1)]));
    assert_eq!(worst(&first.claims()[0].statuses), Some(Verdict::Rejected));
    assert!(first.claims()[0].icns.is_empty() && first.remittances.is_empty());
    let again = after(&mut simulator, &file(2, &[Visit { pcn: "C1R1".into(), ..visit(1) }]));
    assert_eq!(worst(&again.claims()[0].statuses), Some(Verdict::Accepted));
    assert!(again.payments().next().unwrap().paid > Money::ZERO);
}

#[test]
fn the_same_service_under_another_claim_number_is_denied_as_a_duplicate() {
    let mut simulator = simulator(SimulatorConfig::default());
    let first = after(&mut simulator, &file(1, &[visit(1)]));
    let second = after(&mut simulator, &file(2, &[Visit { pcn: "C9".into(), ..visit(1) }]));
    let payment = second.payments().next().unwrap();
    assert!(payment.paid.is_zero() && payment.all_adjustments().all(|a| a.reason == *"18"));
    assert_ne!(payment.icn, first.payments().next().unwrap().icn);
}

#[test]
fn interest_and_takebacks_stand_outside_of_the_claims() {
    for (scenario, reason, sign) in [(Scenario::Interest, "L6", -1), (Scenario::Takeback, "WO", 1)] {
        let heard = after(&mut simulator(only(scenario)), &file(1, &[visit(1)]));
        let payment = heard.payments().next().unwrap();
        let [(code, reference, amount)] = &heard.extras()[..] else { panic!("one PLB") };
        assert_eq!((code.as_str(), reference.as_deref(), amount.cents().signum()), (reason, Some(payment.icn.as_str()), sign));
        assert_eq!(heard.remittances[0].payment.amount, payment.paid - *amount);
    }
}

#[test]
fn a_late_claim_is_paid_long_after() {
    let heard = after(&mut simulator(only(Scenario::Late)), &file(1, &[visit(1)]));
    assert!(heard.remittances[0].payment.date.unwrap() >= TODAY.saturating_add(45.days()));
}

#[test]
fn a_replacement_reverses_what_it_corrects_in_the_same_remittance() {
    let mut simulator = simulator(only(Scenario::Denied));
    let first = after(&mut simulator, &file(1, &[visit(1)]));
    let denied = first.payments().next().unwrap();
    assert!(denied.paid.is_zero());
    let replacement = Visit { pcn: "C1R1".into(), frequency: Frequency::Replacement, original_icn: Some(denied.icn.clone()), ..visit(1) };
    let second = after(&mut simulator, &file(2, &[replacement]));
    let payments: Vec<_> = second.payments().collect();
    assert_eq!((payments[0].pcn.as_str(), &payments[0].icn, payments[0].is_reversal()), ("C1", &denied.icn, true));
    assert_eq!((payments[1].pcn.as_str(), payments[1].original_icn()), ("C1R1", Some(denied.icn.as_str())));
    assert!(payments[1].paid > Money::ZERO);
}

#[test]
fn a_balance_below_zero_is_carried_forward_and_taken_in() {
    let mut simulator = simulator(weekly());
    let first = after(&mut simulator, &file(1, &[visit(1)]));
    let paid = first.payments().next().unwrap();
    let void = Visit { pcn: "C1V".into(), frequency: Frequency::Void, original_icn: Some(paid.icn.clone()), ..visit(1) };
    let second = after(&mut simulator, &file(2, &[void]));
    let trace = second.remittances[0].trace.clone();
    assert_eq!(second.remittances[0].payment.amount, Money::ZERO);
    assert_eq!(second.extras(), [("FB".to_owned(), Some(trace.clone()), -paid.paid)]);
    let third = after(&mut simulator, &file(3, &[visit(3), visit(5)]));
    assert_eq!(third.extras(), [("FB".to_owned(), Some(trace), paid.paid)]);
    assert_eq!(third.remittances[0].payment.amount, third.payments().map(|p| p.paid).sum::<Money>() - paid.paid);
}

#[test]
fn a_replacement_of_what_the_payer_never_had_is_rejected() {
    let replacement = Visit { frequency: Frequency::Replacement, original_icn: Some("X".into()), ..visit(1) };
    let heard = after(&mut simulator(SimulatorConfig::default()), &file(1, &[replacement]));
    assert_eq!(heard.claims()[0].statuses[0].codes[0].status, "464");
}

#[test]
fn twins_on_one_policy_are_two_patients() {
    let mut set = batch(1, &[visit(2), Visit { pcn: "C2B".into(), ..visit(2) }]);
    let twin = &mut set.billing_providers[0].subscribers[1].patients[0].person;
    twin.name = crate::edi::claim_837p::EntityName::Person(crate::edi::claim_837p::PersonName {
        last: "RIVERA".into(),
        first: Some("TWIN".into()),
        middle: None,
        suffix: None,
    });
    let heard = after(&mut simulator(SimulatorConfig::default()), &interchange(1, false, &[set]));
    assert!(heard.payments().all(|payment| payment.paid > Money::ZERO));
}

/// What became of each service, without any of our numbers or theirs.
fn outcomes(batches: &[Vec<Visit>]) -> BTreeMap<u32, String> {
    let mut simulator = simulator(SimulatorConfig::typical(5));
    let mut outcomes = BTreeMap::new();
    let mut control_number = 0;
    for visits in batches {
        control_number += 1;
        simulator.receive("x", &file(control_number, visits), TODAY);
    }
    let heard = heard(&simulator.answers(LATER));
    let child = |pcn: &str| pcn.rsplit('C').next().unwrap().parse::<u32>().unwrap();
    for claim in heard.claims() {
        let codes: Vec<_> = claim.statuses.iter().flat_map(|s| &s.codes).map(|c| format!("{}:{}", c.category, c.status)).collect();
        outcomes.insert(child(&claim.pcn), codes.join(","));
    }
    for remittance in &heard.remittances {
        for claim in &remittance.claims {
            let adjustments: Vec<_> = claim.all_adjustments().map(|a| (a.group.as_str(), a.reason.as_str(), a.amount)).collect();
            let said = format!("{:?} {} {} {adjustments:?}", remittance.payment.date, claim.paid, claim.icn);
            outcomes.entry(child(&claim.pcn)).and_modify(|outcome| outcome.push_str(&said));
        }
    }
    outcomes
}

fn any_visit() -> impl Strategy<Value = Visit> {
    let line = (
        proptest::sample::select(vec!["99391", "99213", "90460", "90461", "90697", "87880", "S0302", "96110"]),
        proptest::sample::select(vec!["", "25", "SL", "59"]),
        0_u32..2_000,
        1_u32..6,
    );
    let payer = proptest::sample::select(vec![("00900", "BL"), ("60054", "CI"), ("MCD01", "MC")]);
    (0_u32..10_000, payer, any::<bool>(), proptest::collection::vec(line, 1..6), 0_i32..60).prop_map(
        |(child, (payer, filing_indicator), dependent, lines, ago)| Visit {
            payer,
            filing_indicator,
            dependent,
            lines,
            day: date(2026, 11, 16).saturating_sub(ago.days()),
            ..visit(child)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_remittance_balances_and_every_claim_is_answered(visits in proptest::collection::vec(any_visit(), 1..20), seed in any::<u64>()) {
        let mut simulator = simulator(SimulatorConfig::typical(seed));
        let heard = after(&mut simulator, &file(1, &visits));
        prop_assert_eq!(heard.claims().len(), visits.len());
        let accepted = heard.claims().iter().filter(|claim| worst(&claim.statuses) == Some(Verdict::Accepted)).count();
        prop_assert_eq!(heard.payments().count(), accepted);
        for remittance in &heard.remittances {
            let proof = prove(remittance).unwrap();
            prop_assert!(proof.warnings.is_empty());
            prop_assert!(!proof.payment.is_negative());
        }
    }

    #[test]
    fn order_and_batching_change_nothing(children in proptest::collection::btree_set(0_u32..500, 2..30), cut in any::<prop::sample::Index>()) {
        let mut visits: Vec<Visit> = children.into_iter().map(visit).collect();
        let straight = outcomes(&[visits.clone()]);
        visits.reverse();
        let renumbered: Vec<Visit> = visits.into_iter().map(|v| Visit { pcn: format!("Z{}", v.pcn), ..v }).collect();
        let (one, two) = renumbered.split_at(cut.index(renumbered.len() - 1) + 1);
        let batches: Vec<Vec<Visit>> = [one, two].into_iter().filter(|b| !b.is_empty()).map(<[Visit]>::to_vec).collect();
        prop_assert_eq!(straight, outcomes(&batches));
    }

    #[test]
    fn random_bytes_are_logged_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let mut simulator = simulator(SimulatorConfig::default());
        simulator.receive("x", &bytes, TODAY);
        simulator.answers(LATER);
        prop_assert_eq!(simulator.log().len(), 1);
    }

    #[test]
    fn a_damaged_interchange_never_panics_and_its_answers_can_be_read(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut bytes = interchange(1, true, &[batch(1, &[visit(1), visit(2)])]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut simulator = simulator(SimulatorConfig::typical(1));
        simulator.receive("x", &bytes, TODAY);
        for answer in simulator.answers(LATER) {
            prop_assert!(read_all(&answer.bytes).is_ok());
        }
    }
}
