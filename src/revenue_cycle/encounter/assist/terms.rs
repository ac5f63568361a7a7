//! A payer's rules on a date of service, as the charge assistant asks for them.

use crate::pediatrics::assistant::Choices;
use crate::pediatrics::clia::Certificate;
use crate::pediatrics::immunization_administration::{LineStyle, Style as Codes};
use crate::pediatrics::screening::Instruments;
use crate::pediatrics::vaccine_lines::{self as lines, Terms as VaccineTerms};
use crate::pediatrics::{after_hours, epsdt, preventive, telehealth, visits};
use crate::practice::rules::{
    AdministrationLines, Anniversary, AntibodyUnits, AudioModifier, CliaRule, FluorideCode, PayerRules, RepeatedScreening,
    TelehealthModifier, WellPlusSick,
};

/// What the payer wants. `certificate`: what the site's laboratory may test.
///
/// EP and 33 are left out: payers want them on lists of their own (`modifiers_required`), which [`super::advise`] adds to the proposal.
pub(super) fn choices(rules: &PayerRules, certificate: Option<Certificate>) -> Choices {
    Choices {
        vaccines: vaccines(rules),
        ncci: rules.ncci.is_followed(),
        new_plus_new: rules.two_new_codes(),
        well_plus_sick: match rules.well_plus_sick {
            WellPlusSick::Pay => visits::WellPlusSick::Pay,
            WellPlusSick::Deny => visits::WellPlusSick::Deny,
            WellPlusSick::Reduce50 => visits::WellPlusSick::Reduce50,
        },
        adult_from_years: u16::from(rules.adult_diagnosis_from_years),
        epsdt: epsdt::Terms { program: rules.epsdt, ep: epsdt::EpOn::Nothing, s0302: rules.epsdt_complete_code },
        telehealth: telehealth(rules),
        after_hours: after_hours::Terms { outside_hours: rules.after_hours_payable, posted_evenings: rules.after_hours_payable },
        instruments: match rules.repeated_screening {
            RepeatedScreening::Units => Instruments::Units,
            RepeatedScreening::SecondLine => Instruments::Lines,
        },
        counselling_only: rules.counselling_only_payable,
        marks_preventive: false,
        dental_fluoride: rules.fluoride_code == FluorideCode::Dental,
        mother_on_child: rules.maternal_screening_on_child,
        certificate: certificate.filter(|_| rules.clia == CliaRule::NumberAndQw),
    }
}

/// What the payer makes of the day three years after the last visit.
pub(super) fn anniversary(rules: &PayerRules) -> preventive::Anniversary {
    match rules.new_patient_anniversary {
        Anniversary::Established => preventive::Anniversary::Established,
        Anniversary::New => preventive::Anniversary::New,
    }
}

fn vaccines(rules: &PayerRules) -> VaccineTerms {
    VaccineTerms {
        private: Codes {
            lines: match rules.administration_lines {
                AdministrationLines::WithUnits => LineStyle::Units,
                AdministrationLines::PerVaccine => LineStyle::PerVaccine,
            },
            ..Codes::COMMERCIAL
        },
        public: rules.public_style(),
        sl_on_administration: rules.public_administration(),
        antibody_units: match rules.antibody_units {
            AntibodyUnits::PerDose => lines::AntibodyUnits::PerDose,
            AntibodyUnits::PerProductUnit => lines::AntibodyUnits::PerProductUnit,
        },
    }
}

fn telehealth(rules: &PayerRules) -> telehealth::Terms {
    telehealth::Terms {
        video: match rules.telehealth_modifier {
            TelehealthModifier::None => telehealth::VideoMark::Nothing,
            TelehealthModifier::Synchronous => telehealth::VideoMark::NinetyFive,
            TelehealthModifier::Older => telehealth::VideoMark::Gt,
        },
        audio: match rules.audio_modifier {
            AudioModifier::None => telehealth::AudioMark::Nothing,
            AudioModifier::AudioOnly => telehealth::AudioMark::NinetyThree,
            AudioModifier::Medicare => telehealth::AudioMark::Fq,
        },
        own_codes: rules.accepts_98000,
        well_visits: rules.telehealth_well_visits,
    }
}
