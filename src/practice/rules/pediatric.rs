//! A payer's rules as the rules of pediatrics ask for them: what the charge assistant proposes by and what the scrub edits judge by.

use super::PayerRules;
use super::words::{NewPlusNew, SlOnAdministration, VfcStyle};
use crate::pediatrics::cob::PlanClass;
use crate::pediatrics::vfc::style::{self, Style};
use crate::pediatrics::{preventive, visits};
use crate::practice::model::PayerClass;
use crate::reference::ProcedureCode;

impl PayerRules {
    /// How public stock is billed (PED-22).
    #[must_use]
    pub fn public_style(&self) -> Style {
        match self.vfc_style {
            VfcStyle::ProductAndFirstComponent => Style::A,
            VfcStyle::ProductAndPlainAdministration => Style::B,
            VfcStyle::ProductCarriesFee => Style::C,
            VfcStyle::ProductIncludesAdministration => Style::D,
            VfcStyle::EpsdtAdministration => Style::E,
            VfcStyle::AdministrationOnly => Style::F,
        }
    }

    /// Whether SL stands on the administration of public stock (PED-22).
    #[must_use]
    pub fn public_administration(&self) -> style::SlOnAdministration {
        match self.sl_on_administration {
            SlOnAdministration::ByStyle => style::SlOnAdministration::ByStyle,
            SlOnAdministration::Always => style::SlOnAdministration::Always,
            SlOnAdministration::Never => style::SlOnAdministration::Never,
        }
    }

    /// What becomes of two new-patient codes on a day (PED-05).
    #[must_use]
    pub fn two_new_codes(&self) -> visits::NewPlusNew {
        match self.new_plus_new {
            NewPlusNew::Allow => visits::NewPlusNew::Allow,
            NewPlusNew::SecondEstablished => visits::NewPlusNew::SecondEstablished,
        }
    }

    /// The place of the payer's plans in the order of benefits (PED-40, step 0).
    #[must_use]
    pub fn plan_class(&self, class: PayerClass) -> PlanClass {
        match class {
            PayerClass::MedicaidFfs | PayerClass::MedicaidMco | PayerClass::Chip => PlanClass::MedicaidOrChip,
            PayerClass::Tricare => PlanClass::Tricare,
            PayerClass::Commercial | PayerClass::Other | PayerClass::SelfPay if self.coordinates_benefits => PlanClass::NonGovernment,
            PayerClass::Commercial | PayerClass::Other | PayerClass::SelfPay => PlanClass::WithoutRules,
        }
    }

    /// Whether a code is an EPSDT screening, where the payer runs the program: a preventive visit, or one of the payer's own list
    /// (domain.md 1.5, PED-30).
    #[must_use]
    pub fn is_epsdt_screening(&self, code: ProcedureCode) -> bool {
        self.epsdt && (preventive::patient_of(code).is_some() || self.epsdt_codes.covers(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::rules::CodeList;

    #[test]
    fn ped_30_a_payers_own_codes_are_screenings_only_where_it_runs_the_program() {
        let screens = |class, text: &str| {
            let rules = PayerRules { epsdt_codes: CodeList::parse("96110").unwrap(), ..PayerRules::of_class(class) };
            rules.is_epsdt_screening(text.parse().unwrap())
        };
        assert!(screens(PayerClass::MedicaidMco, "99392") && screens(PayerClass::MedicaidMco, "96110"));
        assert!(!screens(PayerClass::MedicaidMco, "96127") && !screens(PayerClass::Commercial, "96110"));
    }
}
