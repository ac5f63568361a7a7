//! How the value of a payer rule is written, by its type.

use super::lists::{CodeList, ModifierList, NpiList, ScreenList, ServiceTypes, UnitList};
use super::words::{
    AdministrationLines, Anniversary, AntibodyUnits, AudioModifier, CliaRule, FluorideCode, MemberIdScope, NcciSet, NdcRequired,
    NewPlusNew, PreventiveInterval, PreventiveTpl, RepeatedScreening, ReplacementScope, ResendAfterNumber, SlOnAdministration, Supervision,
    TelehealthModifier, VfcStyle, WellPlusSick,
};
use crate::platform::money::Money;
use crate::practice::member_id::MemberIdPattern;
use crate::practice::shape::{Code, PayerNumber};

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

/// Oldest age that a rule counts in years: a dependent child's coverage ends with the 26th birthday (domain.md E015).
const YEARS_MAX: u8 = 26;

/// A number of years.
impl RuleValue for u8 {
    fn read(text: &str) -> Option<u8> {
        text.parse().ok().filter(|years| *years <= YEARS_MAX)
    }
    fn write(&self) -> String {
        self.to_string()
    }
    fn form() -> String {
        format!("a number of years from 0 to {YEARS_MAX}")
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

/// What stands where there is no value.
const NONE: &str = "none";

/// An amount, or none.
impl RuleValue for Option<Money> {
    fn read(text: &str) -> Option<Option<Money>> {
        match text {
            NONE => Some(None),
            amount => amount.parse::<Money>().ok().filter(|amount| !amount.is_negative()).map(Some),
        }
    }
    fn write(&self) -> String {
        self.map_or_else(|| NONE.to_owned(), |amount| amount.to_string())
    }
    fn form() -> String {
        "an amount in dollars such as 21.50, or none".to_owned()
    }
}

/// The name of one of the practice's fee schedules, or none. No schedule can be called `none`.
impl RuleValue for Option<Code> {
    fn read(text: &str) -> Option<Option<Code>> {
        if text == NONE { Some(None) } else { text.parse().ok().map(Some) }
    }
    fn write(&self) -> String {
        self.as_ref().map_or_else(|| NONE.to_owned(), |code| code.as_str().to_owned())
    }
    fn form() -> String {
        "the name of a fee schedule, or none".to_owned()
    }
}

/// A number by which others know the payer, or none.
impl RuleValue for Option<PayerNumber> {
    fn read(text: &str) -> Option<Option<PayerNumber>> {
        if text == NONE { Some(None) } else { text.parse().ok().map(Some) }
    }
    fn write(&self) -> String {
        self.as_ref().map_or_else(|| NONE.to_owned(), |number| number.as_str().to_owned())
    }
    fn form() -> String {
        "2 to 80 capital letters or digits, or none".to_owned()
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

word_values! {
    AdministrationLines Anniversary AntibodyUnits AudioModifier CliaRule FluorideCode MemberIdScope NcciSet NdcRequired NewPlusNew
    PreventiveInterval PreventiveTpl RepeatedScreening ReplacementScope ResendAfterNumber SlOnAdministration Supervision
    TelehealthModifier VfcStyle WellPlusSick
}

macro_rules! list_values {
    ($($name:ident $form:literal;)*) => {$(
        impl RuleValue for $name {
            fn read(text: &str) -> Option<$name> {
                $name::parse(text)
            }
            fn write(&self) -> String {
                $name::write(self)
            }
            fn form() -> String {
                $form.to_owned()
            }
        }
    )*};
}

list_values! {
    CodeList "procedure codes and ranges such as \"96110 99381-99397\", or none";
    ModifierList "modifiers with codes and ages in years such as \"EP 99385 99395 @18-20; 33 99173; 95 *\", or none";
    ScreenList "procedure codes with ages in months such as \"83655 12 24; 96110 9 18 30\", or none";
    UnitList "procedure codes with a number of units such as \"96110 2; 90471-90474 6\", or none";
    NpiList "NPIs such as \"1900000112 1900000120\", or none";
    ServiceTypes "service type codes such as \"30 98 68\"";
}
