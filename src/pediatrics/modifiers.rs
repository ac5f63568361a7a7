//! What modifiers may stand where (PED-64). Which ones exist and in what order they stand: [`crate::reference::modifier`].

use super::Rule;
use super::visits::{Visit, visit};
use crate::reference::modifier::{StandsOn, lookup};
use crate::reference::{Modifier, ProcedureCode};

/// Modifiers.
pub const PED_64: Rule = Rule::new(
    "PED-64",
    "CPT and HCPCS modifiers; NCCI",
    "At most four modifiers, none twice, pricing ones first; 25 and its kin on visits only, 59 and X on procedures only and X rather than 59, 33 for commercial payers and never on what is preventive by itself.",
);

/// Most modifiers on a line (X12 SV101-3 to SV101-6).
pub const MODIFIERS_MAX: usize = 4;

/// What is wrong with the modifiers of a line (E035, E050, E053).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More than four.
    #[error("more than four modifiers")]
    TooMany,
    /// The same one again.
    #[error("modifier {0} stands twice")]
    Twice(Modifier),
    /// A visit's modifier on something else.
    #[error("modifier {0} is for visits only")]
    VisitsOnly(Modifier),
    /// A procedure's modifier on a visit.
    #[error("modifier {0} is not for visits")]
    NotOnVisits(Modifier),
    /// 59 together with one of its finer forms.
    #[error("modifier 59 stands beside {0}, which says the same more exactly")]
    Beside59(Modifier),
    /// 50 with LT or RT.
    #[error("modifier 50 means both sides: it excludes {0}")]
    BothSides(Modifier),
    /// 33 on what is preventive by itself.
    #[error("modifier 33 is not for services that are preventive by themselves")]
    InherentlyPreventive,
    /// 33 for a payer that is not commercial.
    #[error("modifier 33 is for commercial payers")]
    NotCommercial,
    /// SL on what is no vaccine and no administration.
    #[error("modifier SL is for vaccines and their administration")]
    NoVaccine,
}

impl Fault {
    /// Whether a payer refuses the line for it: a visit's modifier elsewhere, or a visit said to be distinct as procedures are. The others
    /// contradict themselves and are for a person to judge.
    #[must_use]
    pub fn is_refused(self) -> bool {
        match self {
            Fault::TooMany | Fault::VisitsOnly(_) => true,
            Fault::NotOnVisits(modifier) => modifier.as_str() == "59" || is_finer_59(modifier),
            Fault::Twice(_)
            | Fault::Beside59(_)
            | Fault::BothSides(_)
            | Fault::InherentlyPreventive
            | Fault::NotCommercial
            | Fault::NoVaccine => false,
        }
    }

    /// The modifier that it is about; `None` where it is about their number.
    #[must_use]
    pub fn modifier(self) -> Option<Modifier> {
        match self {
            Fault::Twice(modifier) | Fault::VisitsOnly(modifier) | Fault::NotOnVisits(modifier) => Some(modifier),
            Fault::Beside59(_) => Some(Modifier::literal("59")),
            Fault::BothSides(modifier) => Some(modifier),
            Fault::InherentlyPreventive | Fault::NotCommercial => Some(Modifier::literal("33")),
            Fault::NoVaccine => Some(Modifier::SL),
            Fault::TooMany => None,
        }
    }
}

/// One of the finer forms of 59.
#[must_use]
pub fn is_finer_59(modifier: Modifier) -> bool {
    matches!(modifier.as_str(), "XE" | "XP" | "XS" | "XU")
}

/// Whether a service is preventive by itself, so that a commercial plan pays it in full without 33: preventive visits, vaccines and
/// their administration, the screenings that mean nothing else.
#[must_use]
pub fn is_preventive_by_itself(code: ProcedureCode) -> bool {
    visit(code) == Some(Visit::Preventive)
        || matches!(code.number(), Some(90380..=90382 | 90460..=90484 | 90619..=90759 | 91300..=91323 | 96380 | 96381 | 99188))
}

/// Whether a code is a vaccine, an antibody or the administration of one.
fn is_immunization(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(90378..=90382 | 90460..=90474 | 90476..=90480 | 90581..=90759 | 91300..=91323 | 96380 | 96381))
}

/// Whether a code takes a visit's modifiers: visits, eye examinations and psychiatric evaluations, and codes of HCPCS, some of which are
/// visits to some payers.
fn takes_modifiers_of_visits(code: ProcedureCode) -> bool {
    visit(code).is_some() || matches!(code.number(), None | Some(92002..=92014 | 90791 | 90792))
}

/// Everything that is wrong with the modifiers of one line. `commercial`: whether the payer is a commercial plan. Modifiers that our
/// list does not know raise nothing: payers define their own.
pub fn faults(code: ProcedureCode, modifiers: &[Modifier], commercial: bool) -> impl Iterator<Item = Fault> {
    let is_visit = visit(code).is_some();
    let has = |wanted: &str| modifiers.iter().any(|modifier| modifier.as_str() == wanted);
    let (fifty_nine, fifty) = (has("59"), has("50"));
    let of_one = modifiers.iter().enumerate().flat_map(move |(at, &modifier)| {
        let stands_on = lookup(modifier).map(|known| known.stands_on);
        [
            modifiers[..at].contains(&modifier).then_some(Fault::Twice(modifier)),
            (stands_on == Some(StandsOn::EvaluationAndManagement) && !takes_modifiers_of_visits(code))
                .then_some(Fault::VisitsOnly(modifier)),
            (stands_on == Some(StandsOn::Procedure) && is_visit).then_some(Fault::NotOnVisits(modifier)),
            (fifty_nine && is_finer_59(modifier)).then_some(Fault::Beside59(modifier)),
            (fifty && matches!(modifier.as_str(), "LT" | "RT")).then_some(Fault::BothSides(modifier)),
        ]
        .into_iter()
        .flatten()
    });
    let of_all = [
        (modifiers.len() > MODIFIERS_MAX).then_some(Fault::TooMany),
        (has("33") && is_preventive_by_itself(code)).then_some(Fault::InherentlyPreventive),
        (has("33") && !commercial).then_some(Fault::NotCommercial),
        (modifiers.contains(&Modifier::SL) && !is_visit && !is_immunization(code)).then_some(Fault::NoVaccine),
    ];
    of_one.chain(of_all.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str, modifiers: &[&str], commercial: bool) -> Vec<String> {
        let modifiers: Vec<Modifier> = modifiers.iter().map(|m| m.parse().unwrap()).collect();
        faults(code.parse().unwrap(), &modifiers, commercial).map(|fault| format!("{fault:?}")).collect()
    }

    #[test]
    fn ped_64_25_is_for_visits_and_59_for_procedures() {
        assert_eq!(found("90460", &["25"], true), ["VisitsOnly(25)"]);
        assert_eq!(found("99213", &["59"], true), ["NotOnVisits(59)"]);
        assert_eq!(found("99213", &["XU"], true), ["NotOnVisits(XU)"]);
        assert!(found("99213", &["25"], true).is_empty() && found("87804", &["QW", "59"], true).is_empty());
        assert!(["92014", "90791", "S0302"].iter().all(|code| found(code, &["25"], true).is_empty()));
        let refused = |modifier: &str| Fault::NotOnVisits(modifier.parse().unwrap()).is_refused();
        assert!(refused("59") && refused("XU") && !refused("76"));
    }

    #[test]
    fn ped_64_a_modifier_stands_once_and_not_beside_one_that_says_the_same_or_the_contrary() {
        assert_eq!(found("96110", &["59", "59"], true), ["Twice(59)"]);
        assert_eq!(found("96110", &["59", "XU"], true), ["Beside59(XU)"]);
        assert_eq!(found("69210", &["50", "RT"], true), ["BothSides(RT)"]);
        assert_eq!(found("99213", &["25", "95", "U1", "U2", "U3"], true), ["TooMany"]);
    }

    #[test]
    fn ped_64_33_is_for_commercial_plans_and_for_what_may_be_preventive_or_not() {
        assert!(found("83655", &["33"], true).is_empty());
        assert_eq!(found("83655", &["33"], false), ["NotCommercial"]);
        assert_eq!(found("99392", &["33"], true), ["InherentlyPreventive"]);
        assert_eq!(found("90707", &["33"], true), ["InherentlyPreventive"]);
    }

    #[test]
    fn ped_64_sl_is_for_vaccines_and_what_payers_define_themselves_is_theirs() {
        assert_eq!(found("87880", &["SL"], false), ["NoVaccine"]);
        for code in ["90707", "90460", "91319", "90480", "90381", "96380"] {
            assert!(found(code, &["SL", "ZZ"], false).is_empty(), "{code}");
        }
    }
}
