//! A fee schedule as a table: what a contract or a fee survey comes as. One row a price, with the headings `code`, `modifier`, `amount`.

use jiff::civil::Date;

use crate::platform::money::Money;
use crate::practice::model::Fee;
use crate::practice::shape::Code;
use crate::reference::operator::read::{Fault, Faults};
use crate::reference::{Modifier, ProcedureCode};

/// Prices of one file: the practice file's limit is the same four megabytes.
const ROWS_MAX: usize = 200_000;

/// Reads the prices of a schedule from a day on. Every fault is reported with its line; nothing is taken when there is one. `modifier` may
/// be empty or its column absent. An amount is in dollars, two decimal places at most, never negative.
pub fn read(text: &str, schedule: &Code, from: Date) -> Result<Vec<Fee>, Faults> {
    let mut faults = Vec::new();
    let mut fees: Vec<Fee> = Vec::new();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings: Vec<String> = reader.headers().map(|record| record.iter().map(str::to_lowercase).collect()).unwrap_or_default();
    let place = |name: &str| headings.iter().position(|heading| heading == name);
    let (Some(code), Some(amount)) = (place("code"), place("amount")) else {
        return Err(Faults {
            first: vec![Fault { part: 0, line: 1, message: "the first line needs the headings code and amount".to_owned() }],
            count: 1,
        });
    };
    let modifier = place("modifier");
    let mut known = std::collections::BTreeSet::new();
    for record in reader.into_records() {
        let (line, row) = match &record {
            Ok(record) => (record.position().map_or(0, csv::Position::line), fee(record, code, modifier, amount, schedule, from)),
            Err(error) => (error.position().map_or(0, csv::Position::line), Err("not a line of cells".to_owned())),
        };
        let row = row.and_then(|fee| match known.insert((fee.procedure, fee.modifier)) {
            true if fees.len() < ROWS_MAX => Ok(fee),
            true => Err(format!("a file has at most {ROWS_MAX} prices")),
            false => Err("has its price above already".to_owned()),
        });
        match row {
            Ok(fee) => fees.push(fee),
            Err(message) => faults.push(Fault { part: 0, line, message }),
        }
    }
    if faults.is_empty() { Ok(fees) } else { Err(Faults::of(faults)) }
}

fn fee(
    record: &csv::StringRecord,
    code: usize,
    modifier: Option<usize>,
    amount: usize,
    schedule: &Code,
    from: Date,
) -> Result<Fee, String> {
    let cell = |at: usize| record.get(at).unwrap_or("");
    let procedure = ProcedureCode::parse(cell(code)).map_err(|error| format!("code: {error}"))?;
    let modifier = match modifier.map_or("", cell) {
        "" => None,
        text => Some(Modifier::parse(text).map_err(|error| format!("modifier: {error}"))?),
    };
    let amount: Money = cell(amount).trim_start_matches('$').parse().map_err(|error| format!("amount: {error}"))?;
    if amount.is_negative() {
        return Err("amount: a fee is not negative".to_owned());
    }
    Ok(Fee { schedule: schedule.clone(), effective_from: from, procedure, modifier, amount })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn read_2026(text: &str) -> Result<Vec<Fee>, Faults> {
        read(text, &"prairie".parse().unwrap(), date(2026, 1, 1))
    }

    #[test]
    fn prices_are_read_with_and_without_modifier() {
        let fees = read_2026("Code,Modifier,Amount\n99392,,$131.20\n90707,sl,0\n").unwrap();
        let told: Vec<String> = fees
            .iter()
            .map(|f| format!("{}{} {}", f.procedure, f.modifier.map(|m| format!("-{m}")).unwrap_or_default(), f.amount))
            .collect();
        assert_eq!(told, ["99392 131.20", "90707-SL 0.00"]);
        assert_eq!(read_2026("amount,code\n1,99392\n").unwrap().len(), 1);
    }

    #[test]
    fn every_fault_comes_with_its_line() {
        let found = read_2026("code,modifier,amount\n9939,,1\n99392,ABC,1\n99392,,1.005\n99392,,-1\n99392,,1\n99392,,2\n").unwrap_err();
        let lines: Vec<u64> = found.first.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 7], "{found}");
        assert!(read_2026("procedure,price\n").unwrap_err().to_string().contains("code and amount"));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,100}", cells in "[0-9A-Z,.\n$\"-]{0,100}") {
            let _ = (read_2026(&text), read_2026(&format!("code,modifier,amount\n{cells}")));
        }
    }
}
