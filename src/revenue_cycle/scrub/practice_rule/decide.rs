//! Which of a practice's rules speak for a claim, and what they do to it.

use jiff::civil::Date;

use super::super::case::{Case, Line};
use super::super::catalog::CATALOG;
use super::super::input::{PayerFacts, ScrubInput};
use super::super::model::{Finding, Severity};
use super::{Action, ClaimTest, Compare, Condition, DiagnosisPattern, LineTest, OneOf, PracticeRule, PracticeRules, Setting, SwitchedOff};
use crate::edi::claim_837p::{Attachment, Note};
use crate::reference::PlaceOfService;
use crate::revenue_cycle::claim::model::ClaimContent;

/// Whom a claim is about, by the codes of the practice's set-up.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// The payer's code.
    pub payer: &'a str,
    /// The code of who rendered; none when it is nobody of ours.
    pub provider: Option<&'a str>,
}

/// What a finding's edit begins with when it comes from a practice's own rule.
const PREFIX: &str = "P:";

/// Version of every rule of a practice: the file is kept whole, and says what it said.
const VERSION: u16 = 1;

/// Payers and providers that rules ask for and that are not among the practice's, given by their codes; a sentence each. Such a rule would be
/// silent for ever.
#[must_use]
pub fn strangers(rules: &[PracticeRule], payers: &[&str], providers: &[&str]) -> Vec<String> {
    let mut told = Vec::new();
    for rule in rules {
        for condition in rule.when.iter().chain(&rule.unless) {
            let (what, codes, known) = match condition {
                Condition::Claim(ClaimTest::Payer(of)) => ("payer", of, payers),
                Condition::Claim(ClaimTest::Provider(of)) => ("provider", of, providers),
                _ => continue,
            };
            let unknown = codes.values.iter().filter(|code| !known.contains(&code.as_str()));
            told.extend(unknown.map(|code| format!("{}: no {what} has the code {code}; there are {}", rule.id, known.join(", "))));
        }
    }
    told
}

impl<T: PartialEq> OneOf<T> {
    fn takes(&self, value: &T) -> bool {
        self.values.contains(value) == self.among
    }
}

impl OneOf<String> {
    fn names(&self, text: &str) -> bool {
        self.values.iter().any(|value| value == text) == self.among
    }
}

impl<T: Ord> Compare<T> {
    fn takes(&self, value: &T) -> bool {
        match self {
            Compare::OneOf(values) => values.takes(value),
            Compare::Below(bound) => value < bound,
            Compare::AtMost(bound) => value <= bound,
            Compare::Above(bound) => value > bound,
            Compare::AtLeast(bound) => value >= bound,
        }
    }
}

impl DiagnosisPattern {
    fn takes(&self, code: &crate::reference::Icd10) -> bool {
        match self {
            DiagnosisPattern::Exactly(wanted) => code == wanted,
            DiagnosisPattern::Below(start) => code.is_within(start),
        }
    }
}

fn claim_takes(test: &ClaimTest, case: &Case<'_>, parties: Parties<'_>) -> bool {
    match test {
        ClaimTest::Payer(codes) => codes.names(parties.payer),
        ClaimTest::PayerClass(classes) => classes.takes(&case.payer.class),
        ClaimTest::Provider(codes) => parties.provider.is_some_and(|provider| codes.names(provider)),
        ClaimTest::Age(years) => case.age.is_some_and(|age| years.takes(&age.years)),
        ClaimTest::Place(places) => case.content.claim.place_of_service.parse::<PlaceOfService>().is_ok_and(|place| places.takes(&place)),
        ClaimTest::Diagnosis(patterns) => {
            case.diagnoses.iter().flatten().any(|code| patterns.values.iter().any(|pattern| pattern.takes(code))) == patterns.among
        }
        ClaimTest::Charge(amount) => amount.takes(&case.content.claim.charge),
    }
}

fn line_takes(test: &LineTest, line: &Line<'_>) -> bool {
    match test {
        LineTest::Code(spans) => {
            line.code.is_some_and(|code| spans.values.iter().any(|span| span.first <= code && code <= span.last) == spans.among)
        }
        LineTest::Modifier(modifiers) => modifiers.values.iter().any(|modifier| line.has(modifier.as_str())) == modifiers.among,
        LineTest::Units(units) => units.takes(&line.units),
        LineTest::Charge(amount) => amount.takes(&line.sent.charge),
    }
}

/// Whether all conditions hold: those of the claim, and those of lines together on one line. Gives that line's number, 0 when no condition
/// is about a line.
fn holds(conditions: &[Condition], case: &Case<'_>, parties: Parties<'_>) -> Option<usize> {
    let mut of_lines = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Claim(test) if !claim_takes(test, case, parties) => return None,
            Condition::Claim(_) => {}
            Condition::Line(test) => of_lines.push(test),
        }
    }
    if of_lines.is_empty() {
        return Some(0);
    }
    case.lines.iter().find(|line| of_lines.iter().all(|test| line_takes(test, line))).map(|line| line.number)
}

/// Whether findings may carry this id: that of an edit, or of a rule of the practice.
#[must_use]
pub fn is_edit(id: &str, rules: &PracticeRules) -> bool {
    match id.strip_prefix(PREFIX) {
        Some(rule) => rules.rules.iter().any(|known| known.id == rule),
        None => CATALOG.iter().any(|entry| entry.edit.id == id),
    }
}

/// Where a rule speaks for a claim: the line, 0 for the claim as a whole.
#[must_use]
pub fn caught_by(rule: &PracticeRule, case: &Case<'_>, parties: Parties<'_>) -> Option<usize> {
    let in_force = case.day.is_none_or(|day| rule.from.is_none_or(|from| from <= day) && rule.to.is_none_or(|to| day <= to));
    let line = holds(&rule.when, case, parties).filter(|_| in_force)?;
    let excused = !rule.unless.is_empty() && holds(&rule.unless, case, parties).is_some();
    (!excused).then_some(line)
}

/// What a practice's rules find on a claim.
#[must_use]
pub fn findings(rules: &[PracticeRule], case: &Case<'_>, parties: Parties<'_>) -> Vec<Finding> {
    let finding = |rule: &PracticeRule| {
        let line = caught_by(rule, case, parties)?;
        let (severity, message) = match &rule.then {
            Action::Hold(message) => (Severity::Warning, message),
            Action::Warn(message) => (Severity::Note, message),
            Action::Set(_) => return None,
        };
        Some(Finding {
            edit: format!("{PREFIX}{}", rule.id),
            version: VERSION,
            severity,
            path: if line == 0 { "2300 CLM".to_owned() } else { format!("2400[{line}]") },
            message: message.clone(),
            found: None,
            expected: None,
            suggestion: None,
        })
    };
    rules.iter().filter_map(finding).collect()
}

/// Findings without the warnings and notes of edits that the practice has switched off.
#[must_use]
pub fn without_switched_off(mut findings: Vec<Finding>, off: &[SwitchedOff]) -> Vec<Finding> {
    findings.retain(|finding| finding.severity == Severity::Error || !off.iter().any(|switched| switched.edit == finding.edit));
    findings
}

/// A field that a rule has set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The rule.
    pub rule: String,
    /// The field.
    pub field: &'static str,
}

/// The settings of rules that speak for a claim, put into it where nothing stands yet; `today` is not asked by rules.
#[must_use]
pub fn apply(
    rules: &[PracticeRule],
    mut content: ClaimContent,
    today: Date,
    payer: PayerFacts<'_>,
    parties: Parties<'_>,
) -> (ClaimContent, Vec<Applied>) {
    let mut setting_rules = rules.iter().filter(|rule| matches!(rule.then, Action::Set(_))).peekable();
    if setting_rules.peek().is_none() {
        return (content, Vec::new());
    }
    let case = Case::new(&ScrubInput::of(&content, today, payer));
    let speaking: Vec<&PracticeRule> = setting_rules.filter(|rule| caught_by(rule, &case, parties).is_some()).collect();
    let (mut applied, claim) = (Vec::new(), &mut content.claim);
    for rule in speaking {
        let Action::Set(setting) = &rule.then else { continue };
        let free = match setting {
            Setting::ClaimNote(_) => claim.note.is_none(),
            Setting::DelayReason(_) => claim.delay_reason.is_none(),
            Setting::Attachment { number, .. } => !claim.attachments.iter().any(|known| known.control_number.as_ref() == Some(number)),
        };
        if !free {
            continue;
        }
        match setting {
            Setting::ClaimNote(text) => claim.note = Some(Note { code: "ADD".to_owned(), text: text.clone() }),
            Setting::DelayReason(reason) => claim.delay_reason = Some(reason.clone()),
            Setting::Attachment { report_type, by, number } => claim.attachments.push(Attachment {
                report_type: report_type.clone(),
                transmission: by.clone(),
                control_number: Some(number.clone()),
            }),
        }
        applied.push(Applied { rule: rule.id.clone(), field: setting.field() });
    }
    (content, applied)
}
