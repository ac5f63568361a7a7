//! Forms for sports, school and camp (PED-70): a well visit if one is due, else a problem visit if there is a medical reason, else
//! something the family pays itself.

use super::Rule;
use crate::reference::Icd10;

/// Forms.
pub const PED_70: Rule = Rule::new(
    "PED-70",
    "ICD-10-CM, Excludes1 at Z00 and Z02; payers' rules",
    "When the yearly visit is due, a form belongs to it and no Z02 stands beside Z00; otherwise it is a problem visit with Z02.5 or Z02.0 where medically supported, else the family pays and no claim is made.",
);

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// To take part in sports.
    Sports,
    /// For admission to a school or day care.
    School,
    /// For a camp or another purpose.
    Other,
}

/// How a visit for a form is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// As the well visit of the year, with its diagnosis.
    WellVisit,
    /// As a problem visit with this diagnosis.
    ProblemVisit(Icd10),
    /// Not to a payer: the practice's own fee.
    SelfPay,
}

/// How to bill a visit for a form. `well_visit_due`: the payer pays a well visit on this day. `medically_supported`: something beyond
/// the form was found or treated.
#[must_use]
pub fn billing(form: Form, well_visit_due: bool, medically_supported: bool) -> Billing {
    match (well_visit_due, medically_supported) {
        (true, _) => Billing::WellVisit,
        (false, true) => Billing::ProblemVisit(diagnosis(form)),
        (false, false) => Billing::SelfPay,
    }
}

/// The diagnosis of a visit for a form.
#[must_use]
pub fn diagnosis(form: Form) -> Icd10 {
    Icd10::literal(match form {
        Form::Sports => "Z025",
        Form::School => "Z020",
        Form::Other => "Z0289",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ped_70_a_form_goes_with_the_yearly_visit_when_that_is_due() {
        assert_eq!(billing(Form::Sports, true, true), Billing::WellVisit);
        assert_eq!(billing(Form::Sports, false, true), Billing::ProblemVisit("Z02.5".parse().unwrap()));
        assert_eq!(billing(Form::School, false, true), Billing::ProblemVisit("Z02.0".parse().unwrap()));
        assert_eq!(billing(Form::School, false, false), Billing::SelfPay);
    }
}
