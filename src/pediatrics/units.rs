//! Units against the limits that the operator has loaded (PED-68). No number is shipped here.

use super::Rule;
use crate::reference::ProcedureCode;

/// Unit limits.
pub const PED_68: Rule = Rule::new(
    "PED-68",
    "CMS, medically unlikely edits (NCCI), Medicaid and Medicare files",
    "Units of a code stay within the loaded limit: for each line in Medicaid's file and where Medicare's says so, else for the day.",
);

/// Over what a limit is counted: Medicare's file says it by its adjudication indicator (1: line; 2 and 3: day), Medicaid's file always
/// means the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedOver {
    /// Each line by itself.
    Line,
    /// All lines of the code on one date of service.
    Day,
}

/// The limit of one code on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Most units.
    pub units: u32,
    /// Over what they are counted.
    pub over: CountedOver,
}

/// Units over a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The line, as a position; for a limit of the day the first line of its code.
    pub line: usize,
    /// Units found on the line or on the day.
    pub found: u64,
    /// The limit.
    pub limit: Limit,
}

/// Compares the lines of one date of service with their limits (E057). `limit_of`: the loaded limit of a code, `None` where the file
/// has none.
pub fn excesses<'a>(
    lines: &'a [(ProcedureCode, u32)],
    limit_of: impl Fn(ProcedureCode) -> Option<Limit> + 'a,
) -> impl Iterator<Item = Excess> + 'a {
    lines.iter().enumerate().filter_map(move |(line, (code, units))| {
        let limit = limit_of(*code)?;
        let found = match limit.over {
            CountedOver::Line => u64::from(*units),
            CountedOver::Day if lines[..line].iter().any(|(earlier, _)| earlier == code) => return None,
            CountedOver::Day => lines.iter().filter(|(other, _)| other == code).map(|(_, units)| u64::from(*units)).sum(),
        };
        (found > u64::from(limit.units)).then_some(Excess { line, found, limit })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(over: CountedOver, lines: &[(&str, u32)]) -> Vec<(usize, u64)> {
        let lines: Vec<(ProcedureCode, u32)> = lines.iter().map(|(code, units)| (code.parse().unwrap(), *units)).collect();
        let limit = |code: ProcedureCode| (code.as_str() == "96110").then_some(Limit { units: 3, over });
        excesses(&lines, limit).map(|excess| (excess.line, excess.found)).collect()
    }

    #[test]
    fn ped_68_a_line_limit_looks_at_each_line_and_a_day_limit_at_their_sum() {
        let lines = [("99392", 9), ("96110", 2), ("96110", 2)];
        assert!(over(CountedOver::Line, &lines).is_empty());
        assert_eq!(over(CountedOver::Day, &lines), [(1, 4)]);
        assert_eq!(over(CountedOver::Line, &[("96110", 4), ("96110", 5)]), [(0, 4), (1, 5)]);
    }

    #[test]
    fn ped_68_the_limit_itself_may_be_reached() {
        assert!(over(CountedOver::Line, &[("96110", 3)]).is_empty() && over(CountedOver::Day, &[("96110", 3)]).is_empty());
    }
}
