//! Rules as a practice would write them.

use super::super::case::Case;
use super::super::input::{PayerFacts, ScrubInput};
use super::super::model::Severity;
use super::super::rules::testing::World;
use super::*;

const PARTIES: Parties<'_> = Parties { payer: "state-medicaid", provider: Some("dr-lee") };

fn with_case<T>(world: &World, ask: impl FnOnce(&Case<'_>) -> T) -> T {
    let payer = PayerFacts { name: "State Medicaid", class: world.class, has_route: true, rules: &world.rules };
    ask(&Case::new(&ScrubInput::of(&world.content, world.today, payer)))
}

fn rule(when: &[&str], rest: &str) -> Vec<PracticeRule> {
    read(&format!("[[rule]]\nid = \"test\"\nwhen = {when:?}\n{rest}\n")).unwrap().rules
}

/// The line that a rule of these conditions catches.
fn caught(world: &World, when: &[&str]) -> Option<usize> {
    with_case(world, |case| caught_by(&rule(when, "hold = \"why\"")[0], case, PARTIES))
}

fn faults(text: &str) -> Vec<String> {
    let told = read(text).unwrap_err().into_iter().map(|fault| fault.to_string());
    told.map(|fault| fault.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn the_documented_example_is_a_file_of_rules() {
    let source = include_str!("mod.rs").lines().map_while(|line| line.strip_prefix("//!"));
    let inside: Vec<&str> = source.skip_while(|line| !line.contains("```toml")).skip(1).take_while(|line| !line.contains("```")).collect();
    let PracticeRules { rules, switched_off } = read(&inside.join("\n")).unwrap();
    assert_eq!(switched_off[0].edit, "E015");
    assert_eq!(rules.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["lead-at-two", "lakeshore-retro"]);
    assert_eq!(rules[1].then, Action::Set(Setting::DelayReason("8".to_owned())));
}

#[test]
fn each_field_is_compared_by_its_own_type() {
    let world = World::medicaid();
    for (holds, fails) in [
        ("payer = state-medicaid prairie-ppo", "payer != state-medicaid"),
        ("payer_class = medicaid_ffs", "payer_class = commercial"),
        ("provider = dr-lee", "provider = dr-okafor"),
        ("age >= 3", "age < 3"),
        ("age = 2 3", "age != 3"),
        ("place = 11", "place = 21"),
        ("diagnosis = Z00*", "diagnosis = J45*"),
        ("diagnosis != J45.909", "diagnosis != Z00.129"),
        ("charge > 199.99", "charge > 200.00"),
    ] {
        assert_eq!((caught(&world, &[holds]), caught(&world, &[fails])), (Some(0), None), "{holds} / {fails}");
    }
    for (line, holds) in
        [(1, "code = 99381-99397"), (2, "modifier = SL"), (1, "modifier != SL"), (1, "units = 1"), (3, "line_charge = 50.00")]
    {
        assert_eq!(caught(&world, &[holds]), Some(line), "{holds}");
    }
    assert_eq!(caught(&world, &["units > 1"]), None);
}

#[test]
fn conditions_of_lines_hold_on_one_line_together() {
    let world = World::medicaid();
    assert_eq!(caught(&world, &["code = 90460", "modifier = SL"]), Some(3));
    assert_eq!(caught(&world, &["code = 99392", "modifier = SL"]), None);
}

#[test]
fn a_rule_is_silent_where_it_says_so_and_outside_its_days() {
    let world = World::medicaid();
    let found = |rest: &str| with_case(&world, |case| findings(&rule(&["code = 99392"], rest), case, PARTIES));
    let held = found("hold = \"ask the nurse\"");
    assert_eq!((held[0].edit.as_str(), held[0].severity, held[0].message.as_str()), ("P:test", Severity::Warning, "ask the nurse"));
    assert_eq!(found("warn = \"look\"")[0].severity, Severity::Note);
    assert_eq!(found("unless = [\"code = 90460\"]\nhold = \"why\""), []);
    assert_eq!(found("unless = [\"code = 83655\"]\nhold = \"why\"").len(), 1);
    assert_eq!(found("from = 2026-03-17\nhold = \"why\""), []);
    assert_eq!(found("from = 2026-03-16\nto = 2026-03-16\nhold = \"why\"").len(), 1);
}

#[test]
fn a_setting_fills_an_empty_field_once_and_touches_nothing_else() {
    let world = World::medicaid();
    let payer = PayerFacts { name: "State Medicaid", class: world.class, has_route: true, rules: &world.rules };
    let rules = rule(&["payer = state-medicaid"], "set = { delay_reason = \"8\" }");
    let (set, applied) = apply(&rules, world.content.clone(), world.today, payer, PARTIES);
    assert_eq!((set.claim.delay_reason.as_deref(), applied.len()), (Some("8"), 1));
    let (again, applied) = apply(&rules, set.clone(), world.today, payer, PARTIES);
    assert_eq!((&again, applied.len()), (&set, 0));
    let mut as_before = set;
    as_before.claim.delay_reason = None;
    assert_eq!(as_before, world.content);
}

#[test]
fn every_fault_of_a_file_is_told_with_its_rule() {
    let told = faults(
        "[[rule]]\nid = \"One\"\nwhen = [\"age = 3\"]\nhold = \"x\"\n[[rule]]\nid = \"b\"\nwhen = [\"colour = red\", \"age ~ 3\", \"age < 3 4\", \"code = hello\"]\nhold = \"x\"\nwarn = \"y\"\n[[rule]]\nid = \"b\"\nhold = \"x\"",
    );
    let starts: Vec<&str> = told.iter().map(|fault| fault.split(" is no field").next().unwrap()).collect();
    assert_eq!(
        starts,
        [
            "rule number 1: its id is made of small letters, digits and hyphens",
            "rule b: \"colour = red\": colour",
            "rule b: \"age ~ 3\": ~ does not fit: use = or !=",
            "rule b: \"age < 3 4\": < takes one value",
            "rule b: \"code = hello\": hello is no value of this field",
            "rule b: it does one thing: hold, warn, or one field of set",
            "rule b: its id is another rule's too",
            "rule b: it has no condition (when)",
        ]
    );
    assert!(faults("[[rule]]\nid = \"a\"\nwhen = [\"age = 3\"]\ndiagnose = \"J02.9\"")[0].contains("diagnose"));
    assert!(faults("[[rule]]\nid = \"a\"\nwhen = [\"age = 3\"]\nset = { delay_reason = \"12\" }")[0].contains("delay_reason is one of"));
}

#[test]
fn what_holds_of_rules_in_force_stays_in_force_and_the_rest_is_told_with_its_line() {
    let text = "[[rule]]\nid = \"a\"\nwhen = [\"age = 3\"]\nhold = \"x\"\n\n[[rule]]\nid = \"b\"\nwhen = [\"colour = red\"]\nhold = \"x\"\n\n\
                [[rule]]\nid = \"c\"\nsays = \"Ana\"\n\n[[edit]]\nid = \"E009\"\noff = \"y\"\n\n[[edit]]\nid = \"E015\"\noff = \"y\"\n";
    let (rules, faults) = read_stored(text);
    assert_eq!((rules.rules.len(), rules.rules[0].id.as_str()), (1, "a"));
    assert_eq!(rules.switched_off.iter().map(|off| off.edit.as_str()).collect::<Vec<_>>(), ["E015"]);
    let told: Vec<String> = faults.iter().map(RuleFault::without_texts).collect();
    assert_eq!(told.len(), 3);
    assert!(told[0].starts_with("line 6: rule b: \"colour = red\": colour is no field"), "{told:?}");
    assert_eq!(
        told[1..],
        ["line 11: not written as the program reads it now", "line 15: edit E009: it finds errors: what it finds a payer rejects"]
    );
    assert_eq!(read(text).unwrap_err(), faults, "a file that is brought is refused as a whole");
    let (rules, faults) = read_stored("[[rule]]\nid = ");
    assert_eq!((rules, faults.len()), (PracticeRules::default(), 1));
}

#[test]
fn findings_carry_the_ids_of_edits_and_of_the_practices_own_rules() {
    let rules = PracticeRules { rules: rule(&["age = 3"], "hold = \"why\""), switched_off: Vec::new() };
    for (id, known) in [("E015", true), ("P:test", true), ("E999", false), ("e015", false), ("P:other", false), ("test", false)] {
        assert_eq!(is_edit(id, &rules), known, "{id}");
    }
}

#[test]
fn an_edit_that_only_warns_is_switched_off_and_no_other() {
    let off = |id: &str| format!("[[edit]]\nid = \"{id}\"\noff = \"we know\"");
    let mut world = World::medicaid();
    world.visit.doses[0].facts.counselled = Some(false);
    let found = world.findings();
    assert_eq!(found.iter().map(|finding| finding.edit.as_str()).collect::<Vec<_>>(), ["E037"]);
    let rules = read(&off("E037")).unwrap();
    assert_eq!(without_switched_off(found.clone(), &rules.switched_off), []);
    assert_eq!(without_switched_off(found, &read(&off("E015")).unwrap().switched_off).len(), 1);
    assert_eq!(faults(&off("E009")), ["edit E009: it finds errors: what it finds a payer rejects"]);
    assert_eq!(faults(&off("E099")), ["edit E099: no edit has this id"]);
    assert_eq!(faults("[[edit]]\nid = \"E015\"\noff = \" \""), ["edit E015: say why (off)"]);
}

#[test]
fn payers_and_providers_that_the_practice_has_not_are_named() {
    let told = |when: &[&str]| strangers(&rule(when, "hold = \"why\""), &["prairie-ppo", "self-pay"], &["dr-lee"]);
    assert!(told(&["payer = prairie-ppo", "provider != dr-lee", "age = 2"]).is_empty());
    assert_eq!(
        told(&["payer = prairie-pp0 prairie-ppo", "provider = dr-leigh"]),
        [
            "test: no payer has the code prairie-pp0; there are prairie-ppo, self-pay",
            "test: no provider has the code dr-leigh; there are dr-lee"
        ]
    );
}
