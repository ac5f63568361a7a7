//! What a payer may do differently: the catalog of payer-rule keys, each with its type, its default by class of payer, its meaning and
//! its source. A payer's own settings are dated rows; for a date of service the newest row that covers it wins, else the default.
//! An `if` on a payer's name has no place anywhere: what differs is a key here.

use jiff::civil::Date;

use crate::practice::member_id::MemberIdPattern;
use crate::practice::model::PayerClass;
use crate::practice::word::words;

words! {
    /// How vaccines from public stock are billed (domain.md PED-22).
    VfcStyle {
        /// Product with SL at zero, 90460 with SL; 90461 is not payable.
        ProductAndFirstComponent = "a",
        /// Product with SL at zero, administration by 90471 to 90474.
        ProductAndPlainAdministration = "b",
        /// The product line carries the administration fee; no administration line.
        ProductCarriesFee = "c",
        /// The product line carries the administration; no administration line.
        ProductIncludesAdministration = "d",
        /// Product at zero, EP on 90471 to 90474; 90460 is not accepted.
        EpsdtAdministration = "e",
        /// Administration only, no product line.
        AdministrationOnly = "f",
    }

    /// Which lines need a National Drug Code (domain.md 1.7).
    NdcRequired {
        /// None.
        None = "none",
        /// Drugs that are administered; vaccines need none.
        Drugs = "drugs",
        /// Drugs and vaccines.
        DrugsAndVaccines = "drugs_and_vaccines",
    }

    /// Whether two new-patient codes may stand on one day (domain.md PED-05).
    NewPlusNew {
        /// Like with like: both new.
        Allow = "allow",
        /// The problem visit is coded as established.
        SecondEstablished = "second_established",
    }

    /// What a payer does with a problem visit on the day of a well visit (domain.md PED-05).
    WellPlusSick {
        /// Pays both.
        Pay = "pay",
        /// Denies the problem visit.
        Deny = "deny",
        /// Pays half of the problem visit.
        Reduce50 = "reduce50",
    }

    /// How lines of vaccine administration are written (domain.md PED-11).
    AdministrationLines {
        /// One line a code, with units.
        WithUnits = "with_units",
        /// One line a vaccine.
        PerVaccine = "per_vaccine",
    }

    /// Whom a member id names (domain.md 1.4): it decides whether the child is the subscriber.
    MemberIdScope {
        /// The child alone.
        Person = "person",
        /// The policy holder, and the child as somebody's dependent.
        Family = "family",
    }
}

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

/// The type of a rule's value: how it is written, and what is said when a text is none.
pub trait RuleValue: Sized {
    /// Reads the stored text.
    fn read(text: &str) -> Option<Self>;
    /// The text that is stored.
    fn write(&self) -> String;
    /// What values look like.
    fn form() -> String;
}

/// Longest time that a rule counts in days: payers' limits reach two years, and five would be a typing error.
const DAYS_MAX: u16 = 5 * 366;

/// A number of days.
impl RuleValue for u16 {
    fn read(text: &str) -> Option<u16> {
        text.parse().ok().filter(|days| (1..=DAYS_MAX).contains(days))
    }
    fn write(&self) -> String {
        self.to_string()
    }
    fn form() -> String {
        format!("a number of days from 1 to {DAYS_MAX}")
    }
}

impl RuleValue for bool {
    fn read(text: &str) -> Option<bool> {
        match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }
    fn write(&self) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
    fn form() -> String {
        "yes or no".to_owned()
    }
}

impl RuleValue for MemberIdPattern {
    fn read(text: &str) -> Option<MemberIdPattern> {
        text.parse().ok()
    }
    fn write(&self) -> String {
        self.to_string()
    }
    fn form() -> String {
        "a pattern such as \"A3 X8-12 | =W N9\", or any".to_owned()
    }
}

macro_rules! word_values {
    ($($name:ident)*) => {$(
        impl RuleValue for $name {
            fn read(text: &str) -> Option<$name> {
                text.parse().ok()
            }
            fn write(&self) -> String {
                self.word().to_owned()
            }
            fn form() -> String {
                format!("one of {}", $name::WORDS.join(", "))
            }
        }
    )*};
}

word_values! { VfcStyle NdcRequired NewPlusNew WellPlusSick AdministrationLines MemberIdScope }

/// One key of the catalog.
#[derive(Debug)]
pub struct RuleSpec {
    /// The key, as the set-up file writes it.
    pub key: &'static str,
    /// What it decides, in one sentence.
    pub says: &'static str,
    /// Where it comes from.
    pub source: &'static str,
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

/// Declares the rules: variant, key, type, default by class, source, sentence. From these come the catalog, the setting that a row
/// holds and the resolved rules, so that none can be without any of them.
macro_rules! payer_rules {
    ($($variant:ident $key:ident: $type:ty = $default:expr, $source:literal, $says:literal;)*) => {
        /// Every rule.
        pub const CATALOG: &[RuleSpec] = &[$(RuleSpec {
            key: stringify!($key),
            says: $says,
            source: $source,
            form: <$type>::form,
            default: |class| PayerRules::of_class(class).$key.write(),
        }),*];

        /// One rule's key with its value.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Setting {
            $(#[doc = $says] $variant($type),)*
        }

        impl Setting {
            /// From the texts of a row or of a set-up file.
            pub fn parse(key: &str, value: &str) -> Result<Setting, RuleError> {
                match key {
                    $(stringify!($key) => <$type>::read(value)
                        .map(Setting::$variant)
                        .ok_or_else(|| RuleError::BadValue { key: stringify!($key), wanted: <$type>::form() }),)*
                    _ => Err(RuleError::UnknownKey),
                }
            }

            /// The rule's key.
            #[must_use]
            pub fn key(&self) -> &'static str {
                match self {
                    $(Setting::$variant(_) => stringify!($key),)*
                }
            }

            /// The value as it is stored.
            #[must_use]
            pub fn value(&self) -> String {
                match self {
                    $(Setting::$variant(value) => value.write(),)*
                }
            }
        }

        /// The rules of one payer on one date.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct PayerRules {
            $(#[doc = $says] #[doc = concat!("(", $source, ")")] pub $key: $type,)*
        }

        impl PayerRules {
            /// What holds for a class of payers.
            #[must_use]
            pub fn of_class(class: PayerClass) -> PayerRules {
                $(let $key: fn(PayerClass) -> $type = $default;)*
                PayerRules { $($key: $key(class),)* }
            }

            fn set(&mut self, setting: &Setting) {
                match setting {
                    $(Setting::$variant(value) => self.$key = value.clone(),)*
                }
            }
        }
    };
}

/// A public program for children of low income: Medicaid in any form, or CHIP.
fn public(class: PayerClass) -> bool {
    class.is_medicaid() || class == PayerClass::Chip
}

payer_rules! {
    InitialDays initial_days: u16 = |class| if class.is_medicaid() || class == PayerClass::Tricare { 365 } else { 90 },
        "domain.md PED-69", "Days from the date of service within which an original claim must reach the payer.";
    SecondaryDays secondary_days_from_primary: u16 = |_| 90,
        "domain.md PED-69", "Days from the primary payer's remittance within which a secondary claim must reach the payer.";
    CorrectedDays corrected_days: u16 = |_| 180,
        "domain.md PED-69", "Days from the remittance within which a replacement claim must reach the payer.";
    AppealDays appeal_days: u16 = |_| 60,
        "domain.md PED-69", "Days from the remittance within which an appeal must reach the payer.";
    ExpectedDays expected_days: u16 = |_| 21,
        "domain.md 3.4", "Days after acceptance in which an answer is expected; later a person asks the payer.";
    Ncci ncci: bool = |class| class.takes_claims(),
        "domain.md PED-06", "Whether the payer follows the correct coding edits: modifier 25 goes on a visit with vaccine administration.";
    MemberIdPattern member_id_pattern: MemberIdPattern = |_| MemberIdPattern::ANY,
        "domain.md E009", "What the payer's member ids look like.";
    MemberIdScope member_id_scope: MemberIdScope = |class| if public(class) { MemberIdScope::Person } else { MemberIdScope::Family },
        "domain.md 1.4", "Whether a member id names the child alone or the policy holder's family.";
    BillingTaxonomy billing_taxonomy: bool = public,
        "domain.md 1.3", "Whether the billing provider's taxonomy is sent (PRV*BI).";
    VfcStyle vfc_style: VfcStyle = |_| VfcStyle::ProductAndFirstComponent,
        "domain.md PED-22", "How vaccines from public stock are billed.";
    NdcRequired ndc_required: NdcRequired = |class| if public(class) { NdcRequired::Drugs } else { NdcRequired::None },
        "domain.md 1.7", "Which lines need a National Drug Code.";
    ZeroChargeAllowed zero_charge_allowed: bool = public,
        "domain.md PED-21", "Whether a line may be charged at zero; where not, public stock goes at one cent.";
    NewPlusNew new_plus_new: NewPlusNew = |_| NewPlusNew::Allow,
        "domain.md PED-05", "Whether a well visit and a problem visit on one day may both be coded as new.";
    WellPlusSick well_plus_sick: WellPlusSick = |_| WellPlusSick::Pay,
        "domain.md PED-05", "What the payer does with a problem visit on the day of a well visit.";
    AdministrationLines administration_lines: AdministrationLines = |_| AdministrationLines::WithUnits,
        "domain.md PED-11", "Whether vaccine administration is one line a code with units or one line a vaccine.";
    Epsdt epsdt: bool = |class| class.is_medicaid(),
        "domain.md PED-30", "Whether well visits carry the EPSDT referral and mark (CRC*ZZ, SV111).";
    SendPatientPaid send_patient_paid: bool = |_| false,
        "domain.md 1.5", "Whether what the family paid is sent (AMT*F5); at some payers it lowers the payment.";
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
        assert!(medicaid.ncci && commercial.ncci && !PayerRules::of_class(PayerClass::SelfPay).ncci);
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
            ("ncci", "true", "yes or no"),
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
    }
}
