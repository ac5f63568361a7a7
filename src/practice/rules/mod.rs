//! What a payer may do differently: the catalog of payer-rule keys, each with its type, its default by class of payer, its meaning and
//! its source. A payer's own settings are dated rows; for a date of service the newest row that covers it wins, else the default.
//! An `if` on a payer's name has no place anywhere: what differs is a key here.

mod catalog;
pub mod lists;
mod pediatric;
mod value;
pub mod words;

use jiff::civil::Date;

use crate::practice::model::PayerClass;

pub use catalog::{CATALOG, PayerRules, Setting};
pub use lists::{CodeList, ModifierList, NpiList, ScreenList, ServiceTypes, UnitList};
pub use value::RuleValue;
pub use words::{
    AdministrationLines, Anniversary, AntibodyUnits, AudioModifier, CliaRule, FluorideCode, MemberIdScope, NcciSet, NdcRequired,
    NewPlusNew, PreventiveInterval, PreventiveTpl, RepeatedScreening, ReplacementScope, ResendAfterNumber, SlOnAdministration, Supervision,
    TelehealthModifier, VfcStyle, WellPlusSick,
};

/// Why a value is none of its rule; says what would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No rule has this key.
    #[error("no payer rule has this key; the keys are: {}", keys())]
    UnknownKey,
    /// The value is not of the rule's type.
    #[error("payer rule {key}: {wanted}")]
    BadValue {
        /// The rule.
        key: &'static str,
        /// What its values look like.
        wanted: String,
    },
}

fn keys() -> String {
    CATALOG.iter().map(|rule| rule.key).collect::<Vec<_>>().join(", ")
}

/// One key of the catalog.
#[derive(Debug)]
pub struct RuleSpec {
    /// What it is about; rules of one topic stand together.
    pub topic: &'static str,
    /// The key, as the set-up file writes it.
    pub key: &'static str,
    /// What it decides, in one sentence.
    pub says: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Whether anything acts on it; else a setting is kept for the release that will, and changes nothing.
    pub is_read: bool,
    form: fn() -> String,
    default: fn(PayerClass) -> String,
}

impl RuleSpec {
    /// What its values look like.
    #[must_use]
    pub fn form(&self) -> String {
        (self.form)()
    }

    /// What holds for a class of payers where the payer has no row of its own, as text.
    #[must_use]
    pub fn default_for(&self, class: PayerClass) -> String {
        (self.default)(class)
    }
}

/// One row of a payer's own rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedRule {
    /// First date of service.
    pub from: Date,
    /// Last date of service; none: until further notice.
    pub to: Option<Date>,
    /// Key and value.
    pub setting: Setting,
}

impl DatedRule {
    /// Whether the row speaks for a date of service.
    #[must_use]
    pub fn covers(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }
}

impl PayerRules {
    /// The rules for a date of service: for each key the row with the latest first day among those that cover the date, else what holds
    /// for the class. The order of the rows does not matter.
    #[must_use]
    pub fn resolve(rows: &[DatedRule], class: PayerClass, on: Date) -> PayerRules {
        let mut covering: Vec<&DatedRule> = rows.iter().filter(|row| row.covers(on)).collect();
        covering.sort_by_key(|row| row.from);
        let mut rules = PayerRules::of_class(class);
        for row in covering {
            rules.set(&row.setting);
        }
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn row(from: Date, to: Option<Date>, key: &str, value: &str) -> DatedRule {
        DatedRule { from, to, setting: Setting::parse(key, value).unwrap() }
    }

    #[test]
    fn the_newest_row_that_covers_the_date_wins_whatever_the_order() {
        let mut rows = vec![
            row(date(2026, 7, 1), None, "initial_days", "120"),
            row(date(2025, 1, 1), None, "initial_days", "180"),
            row(date(2026, 9, 1), Some(date(2026, 9, 30)), "initial_days", "365"),
        ];
        for _ in 0..rows.len() {
            let days = |on| PayerRules::resolve(&rows, PayerClass::Commercial, on).initial_days;
            assert_eq!(
                [date(2024, 12, 31), date(2025, 1, 1), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)].map(days),
                [90, 180, 120, 365, 120]
            );
            rows.rotate_left(1);
        }
    }

    #[test]
    fn without_a_row_the_class_decides() {
        let medicaid = PayerRules::resolve(&[], PayerClass::MedicaidMco, date(2026, 11, 16));
        assert_eq!((medicaid.member_id_scope, medicaid.epsdt, medicaid.zero_charge_allowed), (MemberIdScope::Person, true, true));
        let commercial = PayerRules::resolve(&[], PayerClass::Commercial, date(2026, 11, 16));
        assert_eq!((commercial.member_id_scope, commercial.epsdt, commercial.zero_charge_allowed), (MemberIdScope::Family, false, false));
        assert_eq!((medicaid.initial_days, commercial.initial_days, commercial.expected_days), (365, 90, 21));
        assert_eq!(
            [PayerClass::MedicaidMco, PayerClass::Commercial, PayerClass::SelfPay].map(|class| PayerRules::of_class(class).ncci),
            [NcciSet::Medicaid, NcciSet::Medicare, NcciSet::None]
        );
        let lead = medicaid.required_screens.iter().map(|(code, months)| (code.to_string(), months.to_vec())).collect::<Vec<_>>();
        assert_eq!(lead, [("83655".to_owned(), vec![12, 24])]);
        assert!(commercial.patient_share_billable && !medicaid.patient_share_billable);
        assert!(commercial.newborn_on_mother && !medicaid.newborn_on_mother);
    }

    #[test]
    fn every_default_is_a_value_of_its_rule() {
        for rule in CATALOG {
            for class in PayerClass::ALL {
                let text = rule.default_for(*class);
                let setting = Setting::parse(rule.key, &text).unwrap();
                assert_eq!((setting.key(), setting.value()), (rule.key, text));
            }
        }
    }

    #[test]
    fn an_unknown_key_and_a_bad_value_say_what_would_be_right() {
        let error = Setting::parse("initial_day", "90").unwrap_err();
        assert!(error.to_string().contains("initial_days"), "{error}");
        for (key, value, wanted) in [
            ("initial_days", "0", "1 to 1830"),
            ("initial_days", "ninety", "1 to 1830"),
            ("ncci", "yes", "none, medicaid, medicare"),
            ("epsdt", "true", "yes or no"),
            ("adult_diagnosis_from_years", "27", "0 to 26"),
            ("vfc_fee_cap", "-1", "21.50"),
            ("authorization_required", "all", "96110 99381-99397"),
            ("vfc_style", "g", "a, b, c, d, e, f"),
            ("member_id_pattern", "?", "A3 X8-12"),
        ] {
            let error = Setting::parse(key, value).unwrap_err().to_string();
            assert!(error.contains(wanted) && error.contains(key), "{error}");
        }
    }

    #[test]
    fn keys_are_unique_and_say_something() {
        let keys: std::collections::BTreeSet<&str> = CATALOG.iter().map(|rule| rule.key).collect();
        assert_eq!(keys.len(), CATALOG.len());
        assert!(CATALOG.iter().all(|rule| rule.says.ends_with('.') && rule.source.starts_with("domain.md")));
        let topics: Vec<&str> = CATALOG.chunk_by(|a, b| a.topic == b.topic).map(|rules| rules[0].topic).collect();
        assert_eq!(topics.len(), topics.iter().collect::<std::collections::BTreeSet<_>>().len(), "a topic's rules stand together");
    }
}
