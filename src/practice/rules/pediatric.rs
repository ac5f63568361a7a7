//! A payer's rules as the rules of pediatrics ask for them: what the charge assistant proposes by and what the scrub edits judge by.

use super::PayerRules;
use crate::pediatrics::cob::PlanClass;
use crate::pediatrics::immunization_administration::Style as Codes;
use crate::pediatrics::{Age, epsdt, preventive, telehealth, vaccine_lines};
use crate::practice::model::PayerClass;
use crate::reference::ProcedureCode;

impl PayerRules {
    /// What it wants for vaccines and antibodies (PED-11, PED-14, PED-22).
    #[must_use]
    pub fn vaccines(&self) -> vaccine_lines::Terms {
        vaccine_lines::Terms {
            private: Codes { lines: self.administration_lines, ..Codes::COMMERCIAL },
            public: self.vfc_style,
            sl_on_administration: self.sl_on_administration,
            antibody_units: self.antibody_units,
        }
    }

    /// What it wants for visits at a distance (PED-65).
    #[must_use]
    pub fn telehealth(&self) -> telehealth::Terms {
        telehealth::Terms {
            video: self.telehealth_modifier,
            audio: self.audio_modifier,
            own_codes: self.accepts_98000,
            well_visits: self.telehealth_well_visits,
        }
    }

    /// What it wants for EPSDT (PED-30). EP is left out: payers want it on lists of their own (`modifiers_required`).
    #[must_use]
    pub fn epsdt(&self) -> epsdt::Terms {
        epsdt::Terms { program: self.epsdt, ep: epsdt::EpOn::Nothing, s0302: self.epsdt_complete_code }
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

    /// Whether a code is an EPSDT screening of a child whom the payer's program covers: a preventive visit, or one of the payer's own list
    /// (domain.md 1.5, PED-30).
    #[must_use]
    pub fn is_epsdt_screening(&self, code: ProcedureCode, age: Age) -> bool {
        epsdt::covers(age, self.epsdt()) && (preventive::patient_of(code).is_some() || self.epsdt_codes.covers(code))
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
            rules.is_epsdt_screening(text.parse().unwrap(), Age { years: 20, months: 250, days: 7_600 })
        };
        assert!(screens(PayerClass::MedicaidMco, "99392") && screens(PayerClass::MedicaidMco, "96110"));
        assert!(!screens(PayerClass::MedicaidMco, "96127") && !screens(PayerClass::Commercial, "96110"));
    }
}
