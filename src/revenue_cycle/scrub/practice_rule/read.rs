//! Reading a practice's rules: TOML for the frame, one line of text a condition. Every fault of the file is told, with its line. A file that
//! is brought has none ([`read`]); one that was accepted by another version of the program may ([`read_stored`]).

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::super::catalog::CATALOG;
use super::super::model::Severity;
use super::{
    Action, ClaimTest, CodeSpan, Compare, Condition, DiagnosisPattern, LineTest, OneOf, PracticeRule, PracticeRules, Setting, SwitchedOff,
};
use crate::edi::claim_837p::AttachmentKind;
use crate::platform::phi::Phi;
use crate::reference::{Icd10, ProcedureCode};

/// Rules of one practice: more than a person can oversee, far less than what takes time.
pub const RULES_MAX: usize = 500;
/// NTE02 (domain.md 1.1).
const NOTE_MAX: usize = 80;
/// Delay reasons of CLM20 (domain.md 1.5).
const DELAY_REASONS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "15"];

/// Why a file holds no rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleFault {
    /// The file is no TOML of this shape; tells the line.
    #[error("line {line}: {what}")]
    Shape {
        /// The line.
        line: usize,
        /// What is wrong; may repeat what stands there.
        what: String,
    },
    /// A rule says something that can't be.
    #[error("line {line}: rule {rule}: {what}")]
    Rule {
        /// The line where it begins.
        line: usize,
        /// Its id, or its place in the file.
        rule: String,
        /// What is wrong.
        what: String,
    },
    /// An edit can't be switched off.
    #[error("line {line}: edit {edit}: {what}")]
    Edit {
        /// The line where it begins.
        line: usize,
        /// Its id, as the file has it.
        edit: String,
        /// What is wrong.
        what: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileToml {
    #[serde(default)]
    rule: Vec<Spanned<toml::Value>>,
    #[serde(default)]
    edit: Vec<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EditToml {
    id: String,
    off: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleToml {
    id: String,
    from: Option<toml::value::Datetime>,
    to: Option<toml::value::Datetime>,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    hold: Option<String>,
    warn: Option<String>,
    set: Option<SetToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetToml {
    claim_note: Option<String>,
    delay_reason: Option<String>,
    attachment: Option<AttachmentToml>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AttachmentToml {
    r#type: String,
    by: String,
    number: String,
}

impl RuleFault {
    /// The fault without anything of the file but ids and codes: free texts of a rule may be about a person.
    #[must_use]
    pub fn without_texts(&self) -> String {
        match self {
            RuleFault::Shape { line, .. } => format!("line {line}: not written as the program reads it now"),
            RuleFault::Rule { .. } | RuleFault::Edit { .. } => self.to_string(),
        }
    }
}

/// Reads a file of rules, in its order; all of its faults if it has any.
pub fn read(text: &str) -> Result<PracticeRules, Vec<RuleFault>> {
    let (rules, faults) = read_stored(text);
    if faults.is_empty() { Ok(rules) } else { Err(faults) }
}

/// Reads rules that are in force: what holds, and what is wrong with the rest. A version of the program that refuses a rule must not keep
/// the practice's claims back.
#[must_use]
pub fn read_stored(text: &str) -> (PracticeRules, Vec<RuleFault>) {
    let line_of = |span: std::ops::Range<usize>| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1;
    let shape = |line: usize, error: &toml::de::Error| RuleFault::Shape { line, what: error.message().to_owned() };
    let mut faults = Vec::new();
    let file: FileToml = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => return (PracticeRules::default(), vec![shape(error.span().map_or(1, line_of), &error)]),
    };
    let (mut rules, mut ids) = (Vec::new(), BTreeSet::new());
    if file.rule.len() > RULES_MAX {
        faults.push(RuleFault::Shape { line: 1, what: format!("{} rules: at most {RULES_MAX}", file.rule.len()) });
    }
    for (at, rule) in file.rule.into_iter().enumerate().take(RULES_MAX) {
        let line = line_of(rule.span());
        let rule: RuleToml = match rule.into_inner().try_into() {
            Ok(rule) => rule,
            Err(error) => {
                faults.push(shape(line, &error));
                continue;
            }
        };
        let name = if is_id(&rule.id) { rule.id.clone() } else { format!("number {}", at + 1) };
        let mut whats = Vec::new();
        if !is_id(&rule.id) {
            whats.push("its id is made of small letters, digits and hyphens".to_owned());
        } else if !ids.insert(rule.id.clone()) {
            whats.push("its id is another rule's too".to_owned());
        }
        match convert(rule, &mut whats) {
            Some(rule) if whats.is_empty() => rules.push(rule),
            _ => faults.extend(whats.into_iter().map(|what| RuleFault::Rule { line, rule: name.clone(), what })),
        }
    }
    let mut switched_off = Vec::new();
    for edit in file.edit {
        let line = line_of(edit.span());
        match edit.into_inner().try_into() {
            Ok(EditToml { id, off }) => match switch_fault(&id, &off) {
                None => switched_off.push(SwitchedOff { edit: id, reason: off }),
                Some(what) => faults.push(RuleFault::Edit { line, edit: id, what }),
            },
            Err(error) => faults.push(shape(line, &error)),
        }
    }
    (PracticeRules { rules, switched_off }, faults)
}

/// Why an edit can't be switched off.
fn switch_fault(id: &str, reason: &str) -> Option<&'static str> {
    match CATALOG.iter().find(|entry| entry.edit.id == id) {
        None => Some("no edit has this id"),
        Some(entry) if entry.edit.severity == Severity::Error => Some("it finds errors: what it finds a payer rejects"),
        Some(_) if reason.trim().is_empty() => Some("say why (off)"),
        Some(_) => None,
    }
}

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn convert(rule: RuleToml, whats: &mut Vec<String>) -> Option<PracticeRule> {
    let RuleToml { id, from, to, when, unless, hold, warn, set } = rule;
    if when.is_empty() {
        whats.push("it has no condition (when)".to_owned());
    }
    let mut conditions = |texts: Vec<String>| -> Vec<Condition> {
        texts.iter().filter_map(|text| condition(text).map_err(|what| whats.push(format!("\"{text}\": {what}"))).ok()).collect()
    };
    let (when, unless) = (conditions(when), conditions(unless));
    let (from, to) = (date(from, whats), date(to, whats));
    let mut actions: Vec<Action> = hold.map(Action::Hold).into_iter().chain(warn.map(Action::Warn)).collect();
    actions.extend(set.map(|set| settings(set, whats)).unwrap_or_default().into_iter().map(Action::Set));
    if actions.len() != 1 {
        whats.push("it does one thing: hold, warn, or one field of set".to_owned());
    }
    let then = actions.pop()?;
    Some(PracticeRule { id, from, to, when, unless, then })
}

fn date(sent: Option<toml::value::Datetime>, whats: &mut Vec<String>) -> Option<Date> {
    let sent = sent?;
    let date = sent.to_string().parse().ok();
    if date.is_none() {
        whats.push(format!("{sent} is no date: write 2026-01-31"));
    }
    date
}

fn settings(set: SetToml, whats: &mut Vec<String>) -> Vec<Setting> {
    let mut settings = Vec::new();
    if let Some(note) = set.claim_note {
        if note.is_empty() || note.chars().count() > NOTE_MAX {
            whats.push(format!("claim_note has 1 to {NOTE_MAX} characters"));
        }
        settings.push(Setting::ClaimNote(Phi::new(note)));
    }
    if let Some(reason) = set.delay_reason {
        if !DELAY_REASONS.contains(&reason.as_str()) {
            whats.push(format!("delay_reason is one of {}", DELAY_REASONS.join(", ")));
        }
        settings.push(Setting::DelayReason(reason));
    }
    if let Some(AttachmentToml { r#type, by, number }) = set.attachment {
        let by = AttachmentKind::from(by.as_str());
        if matches!(by, AttachmentKind::Other(_)) || r#type.len() != 2 || number.is_empty() {
            whats.push("attachment has a type of two characters, by AA, BM, EL, EM, FT or FX, and a number".to_owned());
        }
        settings.push(Setting::Attachment { report_type: r#type, by, number });
    }
    settings
}

/// Reads `field operator values`.
fn condition(text: &str) -> Result<Condition, String> {
    let mut words = text.split_whitespace();
    let (Some(field), Some(operator)) = (words.next(), words.next()) else {
        return Err("a condition is: field operator values".to_owned());
    };
    let values: Vec<&str> = words.collect();
    if values.is_empty() {
        return Err("it has no value".to_owned());
    }
    Ok(match field {
        "payer" => Condition::Claim(ClaimTest::Payer(one_of(operator, &values, |v| Some(v.to_owned()))?)),
        "payer_class" => Condition::Claim(ClaimTest::PayerClass(one_of(operator, &values, |v| v.parse().ok())?)),
        "provider" => Condition::Claim(ClaimTest::Provider(one_of(operator, &values, |v| Some(v.to_owned()))?)),
        "age" => Condition::Claim(ClaimTest::Age(compare(operator, &values, |v| v.parse().ok())?)),
        "place" => Condition::Claim(ClaimTest::Place(one_of(operator, &values, |v| v.parse().ok())?)),
        "diagnosis" => Condition::Claim(ClaimTest::Diagnosis(one_of(operator, &values, diagnosis)?)),
        "charge" => Condition::Claim(ClaimTest::Charge(compare(operator, &values, |v| v.parse().ok())?)),
        "code" => Condition::Line(LineTest::Code(one_of(operator, &values, span)?)),
        "modifier" => Condition::Line(LineTest::Modifier(one_of(operator, &values, |v| v.parse().ok())?)),
        "units" => Condition::Line(LineTest::Units(compare(operator, &values, |v| v.parse().ok())?)),
        "line_charge" => Condition::Line(LineTest::Charge(compare(operator, &values, |v| v.parse().ok())?)),
        _ => {
            let fields = "payer, payer_class, provider, age, place, diagnosis, charge, code, modifier, units, line_charge";
            return Err(format!("{field} is no field; the fields are: {fields}"));
        }
    })
}

fn diagnosis(text: &str) -> Option<DiagnosisPattern> {
    match text.strip_suffix('*') {
        Some(start) => {
            let start: String = start.chars().filter(|c| *c != '.').collect::<String>().to_ascii_uppercase();
            let is_start = start.starts_with(|c: char| c.is_ascii_uppercase()) && start.chars().all(|c| c.is_ascii_alphanumeric());
            is_start.then_some(DiagnosisPattern::Below(start))
        }
        None => Icd10::parse(text).ok().map(DiagnosisPattern::Exactly),
    }
}

fn span(text: &str) -> Option<CodeSpan> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (ProcedureCode::parse(first).ok()?, ProcedureCode::parse(last).ok()?);
    (first <= last).then_some(CodeSpan { first, last })
}

fn one_of<T>(operator: &str, values: &[&str], parse: impl Fn(&str) -> Option<T>) -> Result<OneOf<T>, String> {
    let among = match operator {
        "=" => true,
        "!=" => false,
        _ => return Err(format!("{operator} does not fit: use = or !=")),
    };
    Ok(OneOf { values: all(values, parse)?, among })
}

fn compare<T>(operator: &str, values: &[&str], parse: impl Fn(&str) -> Option<T>) -> Result<Compare<T>, String> {
    let bound: fn(T) -> Compare<T> = match operator {
        "<" => Compare::Below,
        "<=" => Compare::AtMost,
        ">" => Compare::Above,
        ">=" => Compare::AtLeast,
        _ => return one_of(operator, values, parse).map(Compare::OneOf),
    };
    let mut values = all(values, parse)?;
    match (values.pop(), values.is_empty()) {
        (Some(value), true) => Ok(bound(value)),
        _ => Err(format!("{operator} takes one value")),
    }
}

fn all<T>(values: &[&str], parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    values.iter().map(|value| parse(value).ok_or_else(|| format!("{value} is no value of this field"))).collect()
}
