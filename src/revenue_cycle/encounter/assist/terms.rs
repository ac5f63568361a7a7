//! A payer's rules on a date of service, as the charge assistant asks for them.

use crate::pediatrics::after_hours;
use crate::pediatrics::assistant::Choices;
use crate::pediatrics::clia::Certificate;
use crate::practice::rules::{CliaRule, FluorideCode, PayerRules};

/// What the payer wants. `certificate`: what the site's laboratory may test.
///
/// EP and 33 are left out: payers want them on lists of their own (`modifiers_required`), which [`super::advise`] adds to the proposal.
pub(super) fn choices(rules: &PayerRules, certificate: Option<Certificate>) -> Choices {
    Choices {
        vaccines: rules.vaccines(),
        ncci: rules.ncci.is_followed(),
        new_plus_new: rules.new_plus_new,
        well_plus_sick: rules.well_plus_sick,
        adult_from_years: u16::from(rules.adult_diagnosis_from_years),
        epsdt: rules.epsdt(),
        telehealth: rules.telehealth(),
        after_hours: after_hours::Terms { outside_hours: rules.after_hours_payable, posted_evenings: rules.after_hours_payable },
        instruments: rules.repeated_screening,
        counselling_only: rules.counselling_only_payable,
        marks_preventive: false,
        dental_fluoride: rules.fluoride_code == FluorideCode::Dental,
        mother_on_child: rules.maternal_screening_on_child,
        certificate: certificate.filter(|_| rules.clia == CliaRule::NumberAndQw),
    }
}
