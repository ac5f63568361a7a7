//! What a set-up file would change: file against database, record by record. Decided here, written by [`store`](super::store), told to
//! the person who runs set-up. Nothing is ever removed: what the file does not name is left alone and reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::platform::ids::{LocationId, PayerId, PracticeId, ProviderId, SubmitterId};
use crate::practice::model::{Fee, Location, Payer, Practice, Provider, Stored, Submitter};
use crate::practice::rules::DatedRule;
use crate::practice::setup::SetupFile;
use crate::practice::shape::Code;

/// A kind of record that a set-up file holds.
pub trait Record: Clone {
    /// Name of the kind: the table's.
    const KIND: &'static str;
    /// By what the record is found again.
    fn key(&self) -> String;
    /// Names of the fields in which it differs from another.
    fn changed_fields(&self, other: &Self) -> Vec<&'static str>;
}

macro_rules! records {
    ($($type:ty, $kind:literal, |$record:ident| $key:expr, [$($field:ident)*];)*) => {$(
        impl Record for $type {
            const KIND: &'static str = $kind;
            fn key(&self) -> String {
                let $record = self;
                $key
            }
            fn changed_fields(&self, other: &Self) -> Vec<&'static str> {
                let fields = [$((stringify!($field), self.$field != other.$field)),*];
                fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
            }
        }
    )*};
}

/// A payer's own rule with the payer it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayerRule {
    /// Whose.
    pub payer: Code,
    /// Dates, key and value.
    pub rule: DatedRule,
}

impl Record for PayerRule {
    const KIND: &'static str = "payer_rule";
    fn key(&self) -> String {
        format!("{} {} {}", self.payer, self.rule.setting.key(), self.rule.from)
    }
    fn changed_fields(&self, other: &PayerRule) -> Vec<&'static str> {
        let fields = [("value", self.rule.setting != other.rule.setting), ("to", self.rule.to != other.rule.to)];
        fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect()
    }
}

records! {
    Practice, "practice", |r| r.code.to_string(), [name npi tax_id taxonomy address phone contact time_zone];
    Location, "location", |r| r.code.to_string(), [name place_of_service npi clia clia_certificate address];
    Provider, "provider", |r| r.code.to_string(), [last_name first_name npi taxonomy];
    Submitter, "submitter", |r| r.code.to_string(),
        [name contact phone sender_qualifier sender_id receiver_qualifier receiver_id receiver_name usage connection];
    Payer, "payer", |r| r.code.to_string(), [name class filing_indicator payer_number era_payer_id submitter];
    Fee, "fee", |r| fee_key(r), [amount];
}

fn fee_key(fee: &Fee) -> String {
    let modifier = fee.modifier.map(|m| format!("-{m}")).unwrap_or_default();
    format!("{} {} {}{modifier}", fee.schedule, fee.effective_from, fee.procedure)
}

/// What happens to one record of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<K, T> {
    /// It is new.
    Add(T),
    /// It is there and says something else.
    Change {
        /// Its key.
        id: K,
        /// What it shall say.
        facts: T,
        /// Fields that change.
        fields: Vec<&'static str>,
    },
    /// It is there and says the same.
    Keep {
        /// Its key.
        id: K,
        /// What it says.
        facts: T,
    },
}

/// What is stored of the records that a file may name.
#[derive(Clone, Debug, Default)]
pub struct StoredSetup {
    /// The practice of the file's code, if it is there.
    pub practice: Option<Stored<PracticeId, Practice>>,
    /// Its sites.
    pub locations: Vec<Stored<LocationId, Location>>,
    /// Its professionals.
    pub providers: Vec<Stored<ProviderId, Provider>>,
    /// Submitters with the codes that the file names: others may belong to other practices.
    pub submitters: Vec<Stored<SubmitterId, Submitter>>,
    /// Its payers.
    pub payers: Vec<Stored<PayerId, Payer>>,
    /// Its fees.
    pub fees: Vec<Fee>,
}

/// Everything that a file would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The practice.
    pub practice: Step<PracticeId, Practice>,
    /// Its sites.
    pub locations: Vec<Step<LocationId, Location>>,
    /// Its professionals.
    pub providers: Vec<Step<ProviderId, Provider>>,
    /// Submitters.
    pub submitters: Vec<Step<SubmitterId, Submitter>>,
    /// Payers, without their rules.
    pub payers: Vec<Step<PayerId, Payer>>,
    /// Payers' own rules.
    pub payer_rules: Vec<Step<(), PayerRule>>,
    /// Fees.
    pub fees: Vec<Step<(), Fee>>,
    left_alone: Vec<Change>,
}

/// How one record stands after set-up, for the person who ran it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Kind of record: the table's name.
    pub record: &'static str,
    /// By what it is found.
    pub key: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was added.
    Added,
    /// These fields changed.
    Changed(Vec<&'static str>),
    /// The database said the same already.
    Unchanged,
    /// It is in the database but not in the file: left alone.
    LeftAlone,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { record, key, kind } = self;
        match kind {
            ChangeKind::Added => write!(f, "{record} {key}: added"),
            ChangeKind::Changed(fields) => write!(f, "{record} {key}: changed ({})", fields.join(", ")),
            ChangeKind::Unchanged => write!(f, "{record} {key}: unchanged"),
            ChangeKind::LeftAlone => write!(f, "{record} {key}: in the database but not in the file, left alone"),
        }
    }
}

impl Difference {
    /// Compares a file with what is stored.
    #[must_use]
    pub fn between(file: &SetupFile, stored: &StoredSetup) -> Difference {
        let mut left_alone = Vec::new();
        let practice = steps([&file.practice], stored.practice.iter().cloned(), &mut left_alone);
        Difference {
            practice: practice.into_iter().next().unwrap_or_else(|| Step::Add(file.practice.clone())),
            locations: steps(&file.locations, stored.locations.iter().cloned(), &mut left_alone),
            providers: steps(&file.providers, stored.providers.iter().cloned(), &mut left_alone),
            submitters: steps(&file.submitters, stored.submitters.iter().cloned(), &mut left_alone),
            payers: steps(&file.payers, stored.payers.iter().cloned(), &mut left_alone),
            payer_rules: {
                let wanted: Vec<PayerRule> = file.payers.iter().flat_map(rules_of).collect();
                let there = stored.payers.iter().flat_map(|payer| rules_of(payer)).map(|facts| Stored { id: (), facts });
                steps(&wanted, there, &mut left_alone)
            },
            fees: steps(&file.fees, stored.fees.iter().map(|fee| Stored { id: (), facts: fee.clone() }), &mut left_alone),
            left_alone,
        }
    }

    /// How every record stands, in the order of the kinds.
    #[must_use]
    pub fn changes(&self) -> Vec<Change> {
        let mut changes = vec![change(&self.practice)];
        changes.extend(self.locations.iter().map(change));
        changes.extend(self.providers.iter().map(change));
        changes.extend(self.submitters.iter().map(change));
        changes.extend(self.payers.iter().map(change));
        changes.extend(self.payer_rules.iter().map(change));
        changes.extend(self.fees.iter().map(change));
        changes.extend(self.left_alone.iter().cloned());
        changes
    }
}

/// Compares prices with the stored ones; what is stored besides is left alone.
pub(super) fn fee_steps(wanted: &[Fee], stored: Vec<Fee>) -> Vec<Step<(), Fee>> {
    steps(wanted, stored.into_iter().map(|facts| Stored { id: (), facts }), &mut Vec::new())
}

fn rules_of(payer: &Payer) -> Vec<PayerRule> {
    payer.rules.iter().map(|rule| PayerRule { payer: payer.code.clone(), rule: rule.clone() }).collect()
}

fn steps<'a, K, T: Record + 'a>(
    file: impl IntoIterator<Item = &'a T>,
    stored: impl Iterator<Item = Stored<K, T>>,
    left_alone: &mut Vec<Change>,
) -> Vec<Step<K, T>> {
    let mut there: BTreeMap<String, Stored<K, T>> = stored.map(|record| (record.facts.key(), record)).collect();
    let step = |wanted: &T| match there.remove(&wanted.key()) {
        None => Step::Add(wanted.clone()),
        Some(Stored { id, facts }) => match wanted.changed_fields(&facts) {
            fields if fields.is_empty() => Step::Keep { id, facts },
            fields => Step::Change { id, facts: wanted.clone(), fields },
        },
    };
    let steps = file.into_iter().map(step).collect();
    left_alone.extend(there.into_keys().map(|key| Change { record: T::KIND, key, kind: ChangeKind::LeftAlone }));
    steps
}

fn change<K, T: Record>(step: &Step<K, T>) -> Change {
    let (key, kind) = match step {
        Step::Add(facts) => (facts.key(), ChangeKind::Added),
        Step::Change { facts, fields, .. } => (facts.key(), ChangeKind::Changed(fields.clone())),
        Step::Keep { facts, .. } => (facts.key(), ChangeKind::Unchanged),
    };
    Change { record: T::KIND, key, kind }
}

/// What set-up did, as text: a line of counts for each kind, then every record that changed or was left alone.
#[must_use]
pub fn report(changes: &[Change]) -> String {
    let kinds: Vec<&str> = {
        let mut seen = BTreeSet::new();
        changes.iter().map(|change| change.record).filter(|kind| seen.insert(*kind)).collect()
    };
    let mut lines = Vec::new();
    for kind in kinds {
        let count = |wanted: fn(&ChangeKind) -> bool| changes.iter().filter(|c| c.record == kind && wanted(&c.kind)).count();
        lines.push(format!(
            "{kind:<12} {:>6} added {:>6} changed {:>6} unchanged {:>6} left alone",
            count(|k| matches!(k, ChangeKind::Added)),
            count(|k| matches!(k, ChangeKind::Changed(_))),
            count(|k| matches!(k, ChangeKind::Unchanged)),
            count(|k| matches!(k, ChangeKind::LeftAlone)),
        ));
    }
    let told = changes.iter().filter(|change| matches!(change.kind, ChangeKind::Changed(_) | ChangeKind::LeftAlone));
    lines.extend(told.map(Change::to_string));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::money::Money;

    fn file() -> SetupFile {
        SetupFile::read(include_str!("../../practice.example.toml")).unwrap()
    }

    /// What the database holds after a file was applied.
    fn stored(file: &SetupFile) -> StoredSetup {
        fn keyed<K: From<i64>, T: Clone>(records: &[T]) -> Vec<Stored<K, T>> {
            records.iter().zip(1_i64..).map(|(facts, id)| Stored { id: id.into(), facts: facts.clone() }).collect()
        }
        StoredSetup {
            practice: keyed(std::slice::from_ref(&file.practice)).pop(),
            locations: keyed(&file.locations),
            providers: keyed(&file.providers),
            submitters: keyed(&file.submitters),
            payers: keyed(&file.payers),
            fees: file.fees.clone(),
        }
    }

    fn told(changes: &[Change]) -> Vec<String> {
        changes.iter().filter(|change| change.kind != ChangeKind::Unchanged).map(Change::to_string).collect()
    }

    #[test]
    fn an_empty_database_gets_everything_and_a_full_one_nothing() {
        let file = file();
        let all = Difference::between(&file, &StoredSetup::default()).changes();
        let rules: usize = file.payers.iter().map(|payer| payer.rules.len()).sum();
        assert_eq!(all.len(), 1 + 2 + 3 + 1 + 6 + rules + file.fees.len());
        assert!(all.iter().all(|change| change.kind == ChangeKind::Added));
        let again = Difference::between(&file, &stored(&file)).changes();
        assert_eq!((told(&again), again.len()), (Vec::new(), all.len()));
    }

    #[test]
    fn a_change_names_its_fields_and_what_the_file_forgets_is_left_alone() {
        let before = file();
        let mut now = before.clone();
        now.practice.phone = "217-555-0199".parse().unwrap();
        now.providers.remove(2);
        now.payers[0].name = "Prairie Mutual".parse().unwrap();
        now.payers[0].rules.retain(|rule| rule.setting.key() != "appeal_days");
        now.fees[0].amount = Money::from_cents(1);
        let changes = Difference::between(&now, &stored(&before)).changes();
        assert_eq!(
            told(&changes),
            [
                "practice oak-hill: changed (phone)",
                "payer prairie-ppo: changed (name)",
                "fee standard 2025-01-01 10060: changed (amount)",
                "provider np-whitfield: in the database but not in the file, left alone",
                "payer_rule prairie-ppo appeal_days 2025-01-01: in the database but not in the file, left alone",
            ]
        );
        let report = report(&changes);
        assert!(report.starts_with("practice          0 added      1 changed"), "{report}");
        assert!(report.ends_with(&told(&changes).join("\n")), "{report}");
    }
}
