//! Who recommends which vaccine for all children, as dated data (PED-15). Since 2026 the bodies differ. Nothing here ever keeps a claim
//! back: it explains a denial, and it says where coverage is uncertain.

use jiff::civil::{Date, date};

use super::Rule;
use crate::reference::ProcedureCode;

/// Schedules.
pub const PED_15: Rule = Rule::new(
    "PED-15",
    "CDC schedule of 2026-01-05 and the court order of 2026-03-16; AAP schedule of 2026-01-26; insurers' statement for 2026",
    "A schedule is data with source, version and dates and never blocks a vaccine's claim; what a schedule has taken off the routine list is promised coverage until the end of 2026 only.",
);

/// What a vaccine protects from, as the schedules list it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vaccine {
    /// COVID-19.
    Covid,
    /// Diphtheria, tetanus and pertussis, at any age.
    DiphtheriaTetanusPertussis,
    /// Haemophilus influenzae b.
    Hib,
    /// Hepatitis A.
    HepatitisA,
    /// Hepatitis B.
    HepatitisB,
    /// Human papillomavirus.
    Hpv,
    /// Influenza.
    Influenza,
    /// Measles, mumps and rubella.
    MeaslesMumpsRubella,
    /// Meningococci A, C, W, Y.
    MeningococcusAcwy,
    /// Meningococci B.
    MeningococcusB,
    /// Pneumococci.
    Pneumococcus,
    /// Poliomyelitis.
    Polio,
    /// Rotavirus.
    Rotavirus,
    /// RSV, by antibody.
    Rsv,
    /// Chickenpox.
    Varicella,
}

use Vaccine::{
    Covid, DiphtheriaTetanusPertussis as Dtp, HepatitisA, HepatitisB, Hib, Hpv, Influenza, MeaslesMumpsRubella as Mmr, MeningococcusAcwy,
    MeningococcusB, Pneumococcus, Polio, Rotavirus, Rsv, Varicella,
};

/// Products and what they protect from; sorted.
const PRODUCTS: &[(u32, &[Vaccine])] = &[
    (90378, &[Rsv]),
    (90380, &[Rsv]),
    (90381, &[Rsv]),
    (90382, &[Rsv]),
    (90619, &[MeningococcusAcwy]),
    (90620, &[MeningococcusB]),
    (90621, &[MeningococcusB]),
    (90623, &[MeningococcusAcwy, MeningococcusB]),
    (90624, &[MeningococcusAcwy, MeningococcusB]),
    (90632, &[HepatitisA]),
    (90633, &[HepatitisA]),
    (90634, &[HepatitisA]),
    (90636, &[HepatitisA, HepatitisB]),
    (90647, &[Hib]),
    (90648, &[Hib]),
    (90651, &[Hpv]),
    (90653, &[Influenza]),
    (90656, &[Influenza]),
    (90657, &[Influenza]),
    (90658, &[Influenza]),
    (90660, &[Influenza]),
    (90661, &[Influenza]),
    (90662, &[Influenza]),
    (90670, &[Pneumococcus]),
    (90671, &[Pneumococcus]),
    (90672, &[Influenza]),
    (90673, &[Influenza]),
    (90674, &[Influenza]),
    (90677, &[Pneumococcus]),
    (90680, &[Rotavirus]),
    (90681, &[Rotavirus]),
    (90682, &[Influenza]),
    (90684, &[Pneumococcus]),
    (90685, &[Influenza]),
    (90686, &[Influenza]),
    (90687, &[Influenza]),
    (90688, &[Influenza]),
    (90696, &[Dtp, Polio]),
    (90697, &[Dtp, Hib, HepatitisB, Polio]),
    (90698, &[Dtp, Hib, Polio]),
    (90700, &[Dtp]),
    (90702, &[Dtp]),
    (90707, &[Mmr]),
    (90710, &[Mmr, Varicella]),
    (90713, &[Polio]),
    (90714, &[Dtp]),
    (90715, &[Dtp]),
    (90716, &[Varicella]),
    (90723, &[Dtp, HepatitisB, Polio]),
    (90734, &[MeningococcusAcwy]),
    (90739, &[HepatitisB]),
    (90743, &[HepatitisB]),
    (90744, &[HepatitisB]),
    (90746, &[HepatitisB]),
    (90748, &[Hib, HepatitisB]),
    (91304, &[Covid]),
    (91318, &[Covid]),
    (91319, &[Covid]),
    (91320, &[Covid]),
    (91321, &[Covid]),
    (91322, &[Covid]),
    (91323, &[Covid]),
];

/// What a product protects from; empty for what is no vaccine of the childhood schedules.
#[must_use]
pub fn protects_from(product: ProcedureCode) -> &'static [Vaccine] {
    let row = product.number().and_then(|number| PRODUCTS.binary_search_by_key(&number, |(product, _)| *product).ok());
    row.map_or(&[], |at| PRODUCTS[at].1)
}

/// How strongly a schedule recommends a vaccine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// For all children of its ages.
    Routine,
    /// By a decision of family and clinician.
    SharedDecision,
    /// For children at risk.
    AtRisk,
}

/// Whose schedule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// Centers for Disease Control and Prevention.
    Cdc,
    /// American Academy of Pediatrics.
    Aap,
}

/// One version of a schedule.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// Whose.
    pub body: Body,
    /// Which.
    pub version: &'static str,
    /// First day.
    pub effective: Date,
    /// Last day; `None`: until further notice.
    pub until: Option<Date>,
    /// What is not routine in it, as far as it differs from the list of 2025; sorted.
    pub not_routine: &'static [(Vaccine, Standing)],
}

impl Schedule {
    /// Whether it speaks for a date.
    #[must_use]
    pub fn holds_on(&self, on: Date) -> bool {
        self.effective <= on && self.until.is_none_or(|until| on <= until)
    }

    /// How strongly it recommends a vaccine.
    #[must_use]
    pub fn standing(&self, vaccine: Vaccine) -> Standing {
        let row = self.not_routine.iter().find(|(listed, _)| *listed == vaccine);
        row.map_or(Standing::Routine, |(_, standing)| *standing)
    }
}

/// Every version that we know, by body and first day.
pub const SCHEDULES: &[Schedule] = &[
    Schedule {
        body: Body::Cdc,
        version: "2025",
        effective: date(2025, 1, 1),
        until: Some(date(2026, 1, 4)),
        not_routine: &[(Covid, Standing::SharedDecision), (MeningococcusB, Standing::SharedDecision)],
    },
    Schedule {
        body: Body::Cdc,
        version: "2026-01-05",
        effective: date(2026, 1, 5),
        until: Some(date(2026, 3, 15)),
        not_routine: &[
            (Covid, Standing::SharedDecision),
            (HepatitisA, Standing::SharedDecision),
            (HepatitisB, Standing::SharedDecision),
            (Influenza, Standing::SharedDecision),
            (MeningococcusAcwy, Standing::SharedDecision),
            (MeningococcusB, Standing::SharedDecision),
            (Rotavirus, Standing::SharedDecision),
            (Rsv, Standing::AtRisk),
        ],
    },
    Schedule {
        body: Body::Cdc,
        version: "2025, by court order of 2026-03-16",
        effective: date(2026, 3, 16),
        until: None,
        not_routine: &[(Covid, Standing::SharedDecision), (MeningococcusB, Standing::SharedDecision)],
    },
    Schedule {
        body: Body::Aap,
        version: "2026-01-26",
        effective: date(2026, 1, 26),
        until: None,
        // COVID-19 is routine under two years of age only: a schedule has one standing a vaccine, the weaker one.
        not_routine: &[(Covid, Standing::SharedDecision), (MeningococcusB, Standing::SharedDecision)],
    },
];

/// What each body's schedule of a date says about a product: the weakest of its vaccines, since a combination is covered as its weakest
/// part. Empty for what no schedule lists.
pub fn standings(product: ProcedureCode, on: Date) -> impl Iterator<Item = (&'static Schedule, Standing)> {
    let vaccines = protects_from(product);
    SCHEDULES.iter().filter(move |schedule| schedule.holds_on(on)).filter_map(move |schedule| {
        let weakest = vaccines.iter().map(|vaccine| schedule.standing(*vaccine)).max()?;
        Some((schedule, weakest))
    })
}

/// The last date of service for which federal programs and insurers have promised to cover all that was recommended at the end of 2025.
pub const COVERAGE_PROMISED_TO: Date = date(2026, 12, 31);

/// Whether it is uncertain that a product is covered without cost share: after the promise ends, for what any schedule has taken off the
/// routine list. A note, never more.
#[must_use]
pub fn is_coverage_uncertain(product: ProcedureCode, service_date: Date) -> bool {
    let contested = |vaccine: &Vaccine| SCHEDULES.iter().any(|schedule| schedule.standing(*vaccine) != Standing::Routine);
    service_date > COVERAGE_PROMISED_TO && protects_from(product).iter().any(contested)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(product: &str, on: Date) -> Vec<(Body, Standing)> {
        standings(product.parse().unwrap(), on).map(|(schedule, standing)| (schedule.body, standing)).collect()
    }

    #[test]
    fn ped_15_the_bodies_differ_between_january_and_the_court_order() {
        use Body::{Aap, Cdc};
        use Standing::{Routine, SharedDecision};
        assert_eq!(said("90681", date(2025, 12, 31)), [(Cdc, Routine)]);
        assert_eq!(said("90681", date(2026, 2, 1)), [(Cdc, SharedDecision), (Aap, Routine)]);
        assert_eq!(said("90681", date(2026, 3, 16)), [(Cdc, Routine), (Aap, Routine)]);
        assert_eq!(said("90707", date(2026, 2, 1)), [(Cdc, Routine), (Aap, Routine)]);
        assert!(said("99213", date(2026, 2, 1)).is_empty());
    }

    #[test]
    fn ped_15_a_combination_stands_as_its_weakest_part() {
        assert_eq!(said("90697", date(2026, 2, 1))[0], (Body::Cdc, Standing::SharedDecision));
        assert_eq!(said("90698", date(2026, 2, 1))[0], (Body::Cdc, Standing::Routine));
    }

    #[test]
    fn ped_15_coverage_is_uncertain_from_2027_on_for_what_was_taken_off_the_list() {
        let uncertain = |product: &str, on| is_coverage_uncertain(product.parse().unwrap(), on);
        assert!(!uncertain("90681", date(2026, 12, 31)) && uncertain("90681", date(2027, 1, 1)));
        assert!(!uncertain("90707", date(2027, 1, 1)) && !uncertain("99213", date(2027, 1, 1)));
    }

    #[test]
    fn the_tables_are_sorted_and_a_body_has_one_schedule_a_day() {
        assert!(PRODUCTS.is_sorted_by(|a, b| a.0 < b.0));
        for pair in SCHEDULES.windows(2).filter(|pair| pair[0].body == pair[1].body) {
            assert!(pair[0].until.is_some_and(|until| until.tomorrow().unwrap() == pair[1].effective));
        }
        assert!(SCHEDULES.iter().all(|schedule| schedule.not_routine.is_sorted_by(|a, b| a.0 < b.0)));
    }
}
