//! The table of errors: how a visit is spoilt, and the edit that must catch it, from the rule book.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::visits::give;

/// A kind of error.
pub struct Kind {
    /// What is wrong, in a few words.
    pub name: &'static str,
    /// The kind of visit that is spoilt.
    pub template: &'static str,
    /// The edit that must catch it (domain.md 6).
    pub edit: &'static str,
    /// The rule that is broken (domain.md 4).
    pub source: &'static str,
    /// Spoils the visit; gives visits that come before it.
    pub plant: fn(&mut Value) -> Vec<Value>,
}

macro_rules! kinds {
    ($($name:literal in $template:literal: $edit:literal by $source:literal, $plant:expr;)*) => {
        /// Every kind.
        pub const KINDS: &[Kind] = &[$(Kind { name: $name, template: $template, edit: $edit, source: $source, plant: $plant }),*];
    };
}

kinds! {
    "external cause first" in "ear": "E022" by "1.5 HI", |v| diagnoses(v, &["W19.XXXA", "H66.91"]);
    "form with a well visit" in "teenager": "E023" by "PED-70", |v| diagnoses(v, &["Z00.129", "Z02.5"]);
    "adult's examination of a teenager" in "teenager": "E024" by "PED-03", |v| diagnoses(v, &["Z00.00"]);
    "newborn's examination of an infant" in "four months": "E024" by "PED-03", |v| diagnoses(v, &["Z00.111", "Z23"]);
    "vaccination before the examination" in "two years": "E025" by "PED-04", z23_first;
    "findings without a finding" in "two years": "E026" by "PED-03", |v| diagnoses(v, &["Z00.121", "Z23"]);
    "liveborn code after the birth" in "four months": "E028" by "PED-50", |v| diagnoses(v, &["Z00.129", "Z23", "Z38.00"]);
    "perinatal code at four months" in "four months": "E029" by "PED-51", |v| diagnoses(v, &["Z00.129", "Z23", "P59.9"]);
    "older child's visit code" in "four years": "E030" by "PED-01", |v| recode(v, "99392", "99393");
    "infant's visit code on the first birthday" in "one year, Medicaid": "E030" by "PED-01", |v| recode(v, "99392", "99391");
    "new code of a child seen last month" in "teenager": "E031" by "PED-02", seen_before;
    "two preventive visits" in "teenager": "E032" by "4.1", |v| line(v, json!({ "code": "99394", "pointers": [1] }));
    "25 forgotten beside vaccines" in "two years": "E033" by "PED-06", |v| modifiers(v, "99392", &[]);
    "25 forgotten beside public vaccines" in "one year, Medicaid": "E033" by "PED-06", |v| modifiers(v, "99392", &[]);
    "25 forgotten on the problem visit" in "well and an ear": "E034" by "PED-05", |v| modifiers(v, "99213", &[]);
    "25 on the administration" in "two years": "E035" by "PED-06", |v| modifiers(v, "90460", &["25"]);
    "counselling code at nineteen" in "HPV dose at nineteen": "E036" by "PED-10", |v| recode(v, "90471", "90460");
    "counselling code without counselling" in "two years": "E037" by "PED-10", uncounselled;
    "two kinds of first administration" in "four years": "E038" by "PED-10", mixed_firsts;
    "components under-counted" in "four years": "E039" by "PED-11", |v| units(v, "90461", 5);
    "components by vaccine" in "four months": "E039" by "PED-11", |v| units(v, "90461", 3);
    "components forgotten" in "eleven years": "E039" by "PED-11", |v| drop_line(v, "90461");
    "add-on administration alone" in "influenza dose": "E040" by "PED-10", |v| recode(v, "90471", "90472");
    "product without administration" in "two years": "E041" by "PED-14", |v| drop_line(v, "90460");
    "administration without product" in "influenza dose": "E041" by "PED-14", |v| drop_line(v, "90656");
    "COVID-19 by an ordinary administration" in "COVID-19 dose": "E042" by "PED-12", |v| recode(v, "90480", "90471");
    "antibody by a vaccine's administration" in "RSV antibody": "E043" by "PED-13", |v| recode(v, "96380", "90460");
    "antibody for vaccination" in "RSV antibody": "E043" by "PED-13", |v| diagnoses(v, &["Z23"]);
    "counselling-only beside the dose" in "influenza dose": "E044" by "PED-16", |v| line(v, json!({ "code": "90482", "pointers": [1] }));
    "public stock for an insured child" in "two years": "E045" by "PED-20", public_stock;
    "private stock for a Medicaid child" in "one year, Medicaid": "E045" by "PED-21", private_stock;
    "public stock without SL" in "two years, Medicaid plan": "E046" by "PED-22", |v| modifiers(v, "90633", &[]);
    "product at an unusual age" in "four years": "E047" by "E047", tdap_at_four;
    "QW missing" in "throat": "E051" by "PED-63", |v| modifiers(v, "87880", &[]);
    "QW where it is wrong" in "urine": "E051" by "PED-63", |v| modifiers(v, "81002", &["QW"]);
    "telehealth without its modifier" in "ear": "E054" by "PED-65", |v| { v["place_of_service"] = json!("10"); Vec::new() };
    "injury without an answer" in "ear": "E068" by "1.5 CLM11", |v| diagnoses(v, &["S00.83XA"]);
    "the same visit twice" in "throat": "E069" by "E069", twice;
    "lead test forgotten" in "two years, Medicaid plan": "E073" by "4.7", |v| drop_line(v, "83655");
    "nurse visit beside the dose" in "influenza dose": "E077" by "PED-06", |v| line(v, json!({ "code": "99211", "modifiers": ["25"], "pointers": [1] }));
}

fn lines(visit: &mut Value) -> &mut Vec<Value> {
    visit["lines"].as_array_mut().unwrap()
}

fn of<'v>(visit: &'v mut Value, code: &str) -> &'v mut Value {
    lines(visit).iter_mut().find(|line| line["code"] == code).unwrap()
}

fn diagnoses(visit: &mut Value, codes: &[&str]) -> Vec<Value> {
    visit["diagnoses"] = json!(codes);
    Vec::new()
}

fn recode(visit: &mut Value, from: &str, to: &str) -> Vec<Value> {
    of(visit, from)["code"] = json!(to);
    Vec::new()
}

fn modifiers(visit: &mut Value, code: &str, modifiers: &[&str]) -> Vec<Value> {
    of(visit, code)["modifiers"] = json!(modifiers);
    Vec::new()
}

fn units(visit: &mut Value, code: &str, units: u32) -> Vec<Value> {
    of(visit, code)["units"] = json!(units);
    Vec::new()
}

fn drop_line(visit: &mut Value, code: &str) -> Vec<Value> {
    lines(visit).retain(|line| line["code"] != code);
    Vec::new()
}

fn line(visit: &mut Value, line: Value) -> Vec<Value> {
    lines(visit).push(line);
    Vec::new()
}

/// Z23 stands first; every line still points to its own reason.
fn z23_first(visit: &mut Value) -> Vec<Value> {
    for line in lines(visit) {
        line["pointers"] = if line["pointers"] == json!([1]) { json!([2]) } else { json!([1]) };
    }
    diagnoses(visit, &["Z23", "Z00.129"])
}

/// An earlier visit of the same child.
fn earlier(visit: &Value, days: i64) -> Value {
    let date: Date = visit["service_date"].as_str().unwrap().parse().unwrap();
    let mut earlier = visit.clone();
    earlier["id"] = json!(format!("{}-before", visit["id"].as_str().unwrap()));
    earlier["service_date"] = json!(date.saturating_sub(days.days()).to_string());
    earlier
}

fn seen_before(visit: &mut Value) -> Vec<Value> {
    let mut before = earlier(visit, 30);
    before["diagnoses"] = json!(["H66.91"]);
    before["lines"] = json!([{ "code": "99213", "pointers": [1] }]);
    recode(visit, "99394", "99384");
    vec![before]
}

fn twice(visit: &mut Value) -> Vec<Value> {
    vec![earlier(visit, 0)]
}

fn uncounselled(visit: &mut Value) -> Vec<Value> {
    of(visit, "90633")["dose"]["counselled"] = json!(false);
    Vec::new()
}

fn mixed_firsts(visit: &mut Value) -> Vec<Value> {
    units(visit, "90460", 1);
    units(visit, "90461", 3);
    of(visit, "90696")["dose"]["counselled"] = json!(false);
    line(visit, json!({ "code": "90471", "pointers": [2] }))
}

fn public_stock(visit: &mut Value) -> Vec<Value> {
    of(visit, "90633")["dose"]["funding"] = json!("vfc");
    Vec::new()
}

fn private_stock(visit: &mut Value) -> Vec<Value> {
    of(visit, "90707")["dose"]["funding"] = json!("private");
    Vec::new()
}

/// Tdap in place of the kindergarten combination, its components counted right.
fn tdap_at_four(visit: &mut Value) -> Vec<Value> {
    recode(visit, "90696", "90715");
    give(of(visit, "90715"), true, false);
    units(visit, "90461", 5)
}
