//! What was due at a well visit by age: screenings of the periodicity schedule, as dated data of our own (PED-59). A list for
//! people to look at; it never keeps a claim back.

use std::ops::RangeInclusive;

use jiff::civil::{Date, date};

use super::{Age, Rule};
use crate::reference::ProcedureCode;

/// The due list.
pub const PED_59: Rule = Rule::new(
    "PED-59",
    "AAP recommendations for preventive pediatric health care, in a table of our own; 42 CFR 441.56 for lead",
    "What was due at the child's age and has not been billed in its window is shown as a list; nothing is held back for it.",
);

/// One thing that is due at some ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Our short name of it; unique.
    pub id: &'static str,
    /// In our words.
    pub label: &'static str,
    /// The codes that show that it was done, the usual one first.
    pub codes: &'static [ProcedureCode],
    /// The windows in which it is due once, in completed months of age, both ends inclusive; in order, none overlapping.
    pub months: &'static [RangeInclusive<u32>],
    /// For whom.
    pub whom: Whom,
}

/// For whom an item is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// Every child.
    All,
    /// Every child; Medicaid demands it (E073).
    AllMedicaidDemands,
    /// Children on Medicaid, where the practice's payers pay for it.
    Medicaid,
}

/// A schedule with its source and its time.
#[derive(Clone, Copy, Debug)]
pub struct Periodicity {
    /// Who recommends.
    pub source: &'static str,
    /// Version of our table.
    pub version: &'static str,
    /// First date of service for which it speaks.
    pub effective: Date,
    /// What is due.
    pub items: &'static [Item],
}

const fn code(text: &str) -> ProcedureCode {
    ProcedureCode::literal(text)
}

const DEVELOPMENT: &[ProcedureCode] = &[code("96110")];
const CAREGIVER_DEPRESSION: &[ProcedureCode] = &[code("96161")];
const EMOTION: &[ProcedureCode] = &[code("96127")];
const HEARING: &[ProcedureCode] = &[code("92551"), code("92552"), code("92567")];
const VISION: &[ProcedureCode] = &[code("99173"), code("99177"), code("99174")];
const VISION_BY_INSTRUMENT: &[ProcedureCode] = &[code("99177"), code("99174"), code("99173")];
const LEAD: &[ProcedureCode] = &[code("83655")];
const HEMOGLOBIN: &[ProcedureCode] = &[code("85018"), code("85014"), code("85025"), code("85027")];
const LIPIDS: &[ProcedureCode] = &[code("80061"), code("82465")];
const FLUORIDE: &[ProcedureCode] = &[code("99188"), code("D1206")];
const HIV: &[ProcedureCode] = &[code("87389"), code("86703"), code("87806"), code("G0475")];
const HEPATITIS_C: &[ProcedureCode] = &[code("86803"), code("G0472")];

/// A window of whole years of age.
const fn years(first: u32, last: u32) -> RangeInclusive<u32> {
    first * 12..=last * 12 + 11
}

/// One window a year.
const fn yearly<const N: usize>(first: u32) -> [RangeInclusive<u32>; N] {
    let mut windows = [const { 0..=0 }; N];
    let mut at = 0;
    while at < N {
        let year = first + at as u32;
        windows[at] = years(year, year);
        at += 1;
    }
    windows
}

/// Windows reach from one visit of the schedule to the day before the next, so that a child seen a little late is still seen in time.
const ITEMS: &[Item] = &[
    Item {
        id: "caregiver_depression",
        label: "depression of the mother, on the child's visit",
        codes: CAREGIVER_DEPRESSION,
        months: &[1..=1, 2..=3, 4..=5, 6..=8],
        whom: Whom::All,
    },
    Item { id: "development", label: "development", codes: DEVELOPMENT, months: &[9..=11, 18..=23, 30..=35], whom: Whom::All },
    Item { id: "autism", label: "autism", codes: DEVELOPMENT, months: &[18..=23, 24..=29], whom: Whom::All },
    Item { id: "lead", label: "lead in blood", codes: LEAD, months: &[12..=23, 24..=35], whom: Whom::AllMedicaidDemands },
    Item { id: "hemoglobin", label: "hemoglobin", codes: HEMOGLOBIN, months: &[12..=14], whom: Whom::All },
    Item {
        id: "fluoride",
        label: "fluoride varnish",
        codes: FLUORIDE,
        months: &[12..=17, 18..=23, 24..=29, 30..=35, years(3, 3), years(4, 4), years(5, 5)],
        whom: Whom::Medicaid,
    },
    Item {
        id: "vision_instrument",
        label: "vision by instrument",
        codes: VISION_BY_INSTRUMENT,
        months: &[12..=23, 24..=35],
        whom: Whom::All,
    },
    Item {
        id: "vision",
        label: "vision",
        codes: VISION,
        months: &[years(3, 3), years(4, 4), years(5, 5), years(6, 6), years(8, 8), years(10, 10), years(12, 12), years(15, 15)],
        whom: Whom::All,
    },
    Item {
        id: "hearing",
        label: "hearing",
        codes: HEARING,
        months: &[years(4, 4), years(5, 5), years(6, 6), years(8, 8), years(10, 10), years(11, 14), years(15, 17), years(18, 21)],
        whom: Whom::All,
    },
    Item { id: "lipids", label: "lipids in blood", codes: LIPIDS, months: &[years(9, 11), years(17, 21)], whom: Whom::All },
    Item { id: "depression", label: "depression and risk of suicide", codes: EMOTION, months: &yearly::<10>(12), whom: Whom::All },
    Item { id: "hiv", label: "HIV", codes: HIV, months: &[years(15, 21)], whom: Whom::All },
    Item { id: "hepatitis_c", label: "hepatitis C", codes: HEPATITIS_C, months: &[years(18, 21)], whom: Whom::All },
];

/// Every schedule, the newest last.
pub const PERIODICITIES: &[Periodicity] =
    &[Periodicity { source: "AAP periodicity schedule", version: "1", effective: date(2023, 1, 1), items: ITEMS }];

/// The schedule that speaks for a date of service; `None` before the first.
#[must_use]
pub fn periodicity(service_date: Date) -> Option<&'static Periodicity> {
    PERIODICITIES.iter().rev().find(|periodicity| periodicity.effective <= service_date)
}

/// One service that was billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billed {
    /// When it was done.
    pub service_date: Date,
    /// What.
    pub code: ProcedureCode,
    /// How often: two questionnaires of one code count for two items.
    pub units: u32,
}

/// One thing that was due and was not billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub item: &'static Item,
    /// Its window, in completed months of age.
    pub months: &'static RangeInclusive<u32>,
    /// Whether this is the last month of the window.
    pub last_month: bool,
}

impl Due {
    /// Whether Medicaid demands it.
    #[must_use]
    pub fn is_demanded(&self, medicaid: bool) -> bool {
        medicaid && self.item.whom == Whom::AllMedicaidDemands
    }
}

/// What was due at the child's age on a date and stands neither in the history nor on the day's own charges. `billed`: both, in any
/// order; what was done outside of an item's window does not count for it. A unit counts for one item: a code that is due twice at one
/// age must be billed twice (PED-61).
#[must_use]
pub fn due(birth: Date, service_date: Date, medicaid: bool, billed: &[Billed]) -> Vec<Due> {
    let (Some(periodicity), Ok(age)) = (periodicity(service_date), Age::at(birth, service_date)) else { return Vec::new() };
    let mut found: Vec<Due> = Vec::new();
    for item in periodicity.items.iter().filter(|item| medicaid || item.whom != Whom::Medicaid) {
        let Some(months) = item.months.iter().find(|months| months.contains(&age.months)) else { continue };
        let in_window = |billed: &&Billed| {
            billed.service_date <= service_date
                && item.codes.contains(&billed.code)
                && Age::at(birth, billed.service_date).is_ok_and(|then| months.contains(&then.months))
        };
        let done: u64 = billed.iter().filter(in_window).map(|billed| u64::from(billed.units)).sum();
        // Items before this one with the same codes in the same window have taken their units first.
        let before = periodicity.items.iter().take_while(|other| other.id != item.id);
        let taken = before.filter(|other| other.codes == item.codes && other.months.iter().any(|months| months.contains(&age.months)));
        if done <= taken.count() as u64 {
            found.push(Due { item, months, last_month: *months.end() == age.months });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    const BIRTH: Date = date(2024, 3, 10);

    fn months(months: i32) -> Date {
        BIRTH.saturating_add(months.months())
    }

    fn billed(at: i32, code: &str, units: u32) -> Billed {
        Billed { service_date: months(at), code: code.parse().unwrap(), units }
    }

    fn ids(at: i32, medicaid: bool, billed: &[Billed]) -> Vec<&'static str> {
        due(BIRTH, months(at), medicaid, billed).iter().map(|due| due.item.id).collect()
    }

    #[test]
    fn ped_59_each_age_has_its_items() {
        assert_eq!(ids(0, true, &[]), [""; 0]);
        assert_eq!(ids(2, false, &[]), ["caregiver_depression"]);
        assert_eq!(ids(9, false, &[]), ["development"]);
        assert_eq!(ids(12, true, &[]), ["lead", "hemoglobin", "fluoride", "vision_instrument"]);
        assert_eq!(ids(18, false, &[]), ["development", "autism", "lead", "vision_instrument"]);
        assert_eq!(ids(24, false, &[]), ["autism", "lead", "vision_instrument"]);
        assert_eq!(ids(4 * 12, false, &[]), ["vision", "hearing"]);
        assert_eq!(ids(7 * 12, false, &[]), [""; 0]);
        assert_eq!(ids(12 * 12, false, &[]), ["vision", "hearing", "depression"]);
        assert_eq!(ids(18 * 12, false, &[]), ["hearing", "lipids", "depression", "hiv", "hepatitis_c"]);
        assert_eq!(ids(22 * 12, false, &[]), [""; 0]);
    }

    #[test]
    fn ped_59_what_was_billed_in_its_window_is_not_due_again() {
        assert_eq!(ids(10, false, &[billed(9, "96110", 1)]), [""; 0]);
        assert_eq!(ids(30, false, &[billed(9, "96110", 1), billed(24, "99177", 1), billed(25, "83655", 1)]), ["development"]);
        assert_eq!(ids(9, false, &[billed(10, "96110", 1)]), ["development"]);
    }

    #[test]
    fn ped_59_and_ped_61_two_questionnaires_of_one_code_need_two_units() {
        let rest = [billed(18, "83655", 1), billed(18, "99177", 1)];
        let with = |units| ids(18, false, &[rest[0], rest[1], billed(18, "96110", units)]);
        assert_eq!(with(1), ["autism"]);
        assert_eq!(with(2), [""; 0]);
    }

    #[test]
    fn ped_59_medicaid_demands_lead_at_12_and_24_months() {
        let demanded = |at, medicaid| {
            due(BIRTH, months(at), medicaid, &[]).iter().filter(|due| due.is_demanded(medicaid)).map(|due| due.item.id).collect::<Vec<_>>()
        };
        assert_eq!((demanded(12, true), demanded(24, true), demanded(36, true)), (vec!["lead"], vec!["lead"], vec![]));
        assert!(demanded(12, false).is_empty());
    }

    #[test]
    fn ped_59_the_last_month_of_a_window_is_told() {
        let last = |at| due(BIRTH, months(at), false, &[])[0].last_month;
        assert_eq!((last(9), last(11)), (false, true));
    }

    #[test]
    fn ped_59_a_schedule_speaks_from_its_first_day_and_its_windows_are_in_order() {
        assert!(periodicity(date(2022, 12, 31)).is_none() && periodicity(date(2026, 11, 22)).is_some());
        for periodicity in PERIODICITIES {
            let mut ids: Vec<&str> = periodicity.items.iter().map(|item| item.id).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
            for item in periodicity.items {
                assert!(!item.codes.is_empty() && item.months.windows(2).all(|pair| pair[0].end() < pair[1].start()), "{}", item.id);
            }
        }
    }
}
