//! Screenings at well visits: what excludes what, how often, at which ages (PED-60 to PED-62).

use std::ops::RangeInclusive;

use super::{Age, Rule};
use crate::reference::{Modifier, ProcedureCode};

/// Vision screenings.
pub const PED_60: Rule = Rule::new(
    "PED-60",
    "AAP coding guidance; CPT 99173, 99174, 99177",
    "Vision is screened by chart (99173) or by instrument (99174, 99177) on one day, not both.",
);

/// Units of questionnaires.
pub const PED_61: Rule = Rule::new(
    "PED-61",
    "CPT 96110, 96127, 96160, 96161",
    "Standardized questionnaires are counted by instrument: 96110 for development, 96127 for emotion and behavior, 96160 and 96161 for health risks.",
);

/// Screenings at unusual ages.
pub const PED_62: Rule =
    Rule::new("PED-62", "AAP periodicity; payers' edits", "A screening far outside of its ages is a warning: 96110 is for young children.");

/// Two screenings of one day that exclude each other, as positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The screening by chart.
    pub chart: usize,
    /// The screening by instrument.
    pub instrument: usize,
}

/// Vision by chart and by instrument on one day (PED-60).
#[must_use]
pub fn vision_conflict(day: &[ProcedureCode]) -> Option<Conflict> {
    let chart = day.iter().position(|code| code.number() == Some(99173))?;
    let instrument = day.iter().position(|code| matches!(code.number(), Some(99174 | 99177)))?;
    Some(Conflict { chart, instrument })
}

/// Whether a code is a questionnaire that is counted by instrument (PED-61).
#[must_use]
pub fn is_questionnaire(code: ProcedureCode) -> bool {
    matches!(code.number(), Some(96110 | 96127 | 96160 | 96161))
}

/// How a payer wants several instruments of one code on a day (PED-61).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instruments {
    /// One line with units.
    #[default]
    Units,
    /// A line for each, from the second on with 59.
    Lines,
}

/// Most lines that one code is spread over: as many as a claim has (X12 2400). Nobody fills in so many questionnaires; a typing error
/// must not fill the memory.
pub const LINES_MAX: u32 = 50;

/// The lines of some instruments of one code: units and modifier of each.
pub fn instrument_lines(instruments: u32, style: Instruments) -> impl Iterator<Item = (u32, Option<Modifier>)> {
    let lines = match style {
        Instruments::Units => instruments.min(1),
        Instruments::Lines => instruments.min(LINES_MAX),
    };
    (0..lines).map(move |line| match style {
        Instruments::Units => (instruments, None),
        Instruments::Lines => (1, (line > 0).then_some(Modifier::literal("59"))),
    })
}

/// Ages in months, both inclusive, at which a screening raises no question.
const USUAL_MONTHS: [(u32, RangeInclusive<u32>); 5] = [
    // Developmental instruments end in the sixth year of life.
    (96110, 1..=71),
    // From three years on children can name what is on a chart.
    (99173, 36..=263),
    // Instruments measure from the first birthday on.
    (99174, 12..=263),
    (99177, 12..=263),
    // From the first tooth to the sixth birthday.
    (99188, 4..=71),
];

/// The usual ages of a screening in months (PED-62); `None`: any age is usual, or it is no screening.
#[must_use]
pub fn usual_months(code: ProcedureCode) -> Option<RangeInclusive<u32>> {
    let number = code.number()?;
    USUAL_MONTHS.iter().find(|(screening, _)| *screening == number).map(|(_, months)| months.clone())
}

/// Whether a screening is unusual at an age (PED-62): a warning.
#[must_use]
pub fn is_unusual(code: ProcedureCode, age: Age) -> bool {
    usual_months(code).is_some_and(|months| !months.contains(&age.months))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> ProcedureCode {
        text.parse().unwrap()
    }

    #[test]
    fn ped_60_vision_is_screened_by_chart_or_by_instrument() {
        let conflict = |day: &[&str]| vision_conflict(&day.iter().map(|text| code(text)).collect::<Vec<_>>());
        assert_eq!(conflict(&["99392", "99177", "99173"]), Some(Conflict { chart: 2, instrument: 1 }));
        assert_eq!(conflict(&["99173", "99174"]), Some(Conflict { chart: 0, instrument: 1 }));
        assert_eq!((conflict(&["99173", "99392"]), conflict(&["99174", "99177"])), (None, None));
    }

    #[test]
    fn ped_61_instruments_are_units_or_lines_with_59() {
        let lines =
            |style| instrument_lines(2, style).map(|(units, modifier)| (units, modifier.map(|m| m.to_string()))).collect::<Vec<_>>();
        assert_eq!(lines(Instruments::Units), [(2, None)]);
        assert_eq!(lines(Instruments::Lines), [(1, None), (1, Some("59".to_owned()))]);
        assert_eq!(instrument_lines(0, Instruments::Units).count(), 0);
        assert!(is_questionnaire(code("96127")) && !is_questionnaire(code("99173")));
    }

    #[test]
    fn ped_62_a_developmental_screening_at_ten_years_is_unusual() {
        let age = |months: u32| Age { years: u16::try_from(months / 12).unwrap(), months, days: months * 30 };
        assert!(is_unusual(code("96110"), age(120)) && is_unusual(code("96110"), age(72)));
        assert!(!is_unusual(code("96110"), age(71)) && !is_unusual(code("96127"), age(120)) && !is_unusual(code("99392"), age(0)));
        assert!(is_unusual(code("99173"), age(35)) && !is_unusual(code("99173"), age(36)));
    }
}
