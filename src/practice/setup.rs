//! The set-up file of a practice: from TOML to checked records. `practice.example.toml` shows every part.

use std::collections::BTreeSet;
use std::fmt::Display;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::platform::money::Money;
use crate::practice::model::{Address, Fee, Location, Payer, PayerClass, Practice, Provider, Submitter};
use crate::practice::rules::{DatedRule, Setting};
use crate::practice::shape::{Code, PayerNumber, ShapeError, TaxId, TaxIdKind};
use crate::practice::toml_reader::{Entry, Reader, Table};
use crate::reference::{Modifier, ProcedureCode};

pub use crate::practice::toml_reader::{Fault, Faults};

/// Longest set-up file that is read. A fee schedule of ten thousand codes has 200 kilobytes.
pub const SETUP_BYTES_MAX: usize = 4 << 20;

/// What a set-up file says about one practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupFile {
    /// The practice.
    pub practice: Practice,
    /// Its sites; at least one.
    pub locations: Vec<Location>,
    /// Its professionals; at least one.
    pub providers: Vec<Provider>,
    /// Trading partner connections.
    pub submitters: Vec<Submitter>,
    /// Its payers.
    pub payers: Vec<Payer>,
    /// Its fees.
    pub fees: Vec<Fee>,
}

impl SetupFile {
    /// Reads a set-up file. Every fault is reported with its place: unknown keys, shapes and check digits, boxes in place of streets, time
    /// zones, rules and their values, fees, codes that stand twice, references to nothing.
    pub fn read(text: &str) -> Result<SetupFile, Faults> {
        if text.len() > SETUP_BYTES_MAX {
            let message = format!("a set-up file has at most {SETUP_BYTES_MAX} bytes");
            return Err(Faults(vec![Fault { line: 1, column: 1, message }]));
        }
        Reader::run(text, |root| {
            let practice = root.table("practice").and_then(|table| whole(&table, practice));
            let locations = list(root, "location", location);
            let providers = list(root, "provider", provider);
            let submitters = list(root, "submitter", submitter);
            let payers = list(root, "payer", payer);
            let fees = list(root, "fee_schedule", fee_schedule).map(|schedules| schedules.into_iter().flatten().collect());

            for required in ["location", "provider"] {
                if !root.has(required) {
                    root.note(&root.span(), format_args!("at least one [[{required}]] is needed"));
                }
            }
            for kind in ["location", "provider", "submitter", "payer"] {
                refuse_twice(root, kind, &["code"]);
            }
            refuse_twice(root, "provider", &["npi"]);
            refuse_twice(root, "fee_schedule", &["name", "from"]);
            let known: BTreeSet<&Code> = submitters.iter().flatten().map(|submitter| &submitter.code).collect();
            for table in root.tables("payer").iter().filter(|table| table.has("submitter")) {
                table.need_by("submitter", |text| {
                    let defined = submitters.is_none() || known.iter().any(|code| code.as_str() == text);
                    if defined { Ok(()) } else { Err("no [[submitter]] has this code".to_owned()) }
                });
            }
            Some(SetupFile {
                practice: practice?,
                locations: locations?,
                providers: providers?,
                submitters: submitters?,
                payers: payers?,
                fees: fees?,
            })
        })
    }
}

/// Reads one table as a whole: what the reader did not ask for is refused.
fn whole<T>(table: &Table<'_, '_>, read: fn(&Table<'_, '_>) -> Option<T>) -> Option<T> {
    let value = read(table);
    table.refuse_unknown();
    value
}

/// Reads all tables of a kind, so that each reports its faults; none when any is faulty.
fn list<T>(root: &Table<'_, '_>, kind: &'static str, read: fn(&Table<'_, '_>) -> Option<T>) -> Option<Vec<T>> {
    let values: Vec<Option<T>> = root.tables(kind).iter().map(|table| whole(table, read)).collect();
    values.into_iter().collect()
}

/// Notes every table of a kind that has the same values as one before it.
fn refuse_twice(root: &Table<'_, '_>, kind: &'static str, keys: &[&'static str]) {
    let mut seen = BTreeSet::new();
    for table in root.tables(kind) {
        let values: Option<Vec<String>> = keys.iter().map(|key| table.peek(key)).collect();
        if values.is_some_and(|values| !seen.insert(values)) {
            table.note(&table.span(), format_args!("another {kind} has the same {}", keys.join(" and ")));
        }
    }
}

fn practice(table: &Table<'_, '_>) -> Option<Practice> {
    let (code, name, npi) = (table.need("code"), table.need("name"), table.need("npi"));
    let tax_id = tax_id(table);
    let (taxonomy, address) = (table.need("taxonomy"), address(table));
    let (phone, contact) = (table.need("phone"), table.need("contact"));
    let time_zone = table.need_by("time_zone", |name| TimeZone::get(name).map_err(|_| ShapeError::TimeZone.to_string()));
    Some(Practice {
        code: code?,
        name: name?,
        npi: npi?,
        tax_id: tax_id?,
        taxonomy: taxonomy?,
        address: address?,
        phone: phone?,
        contact: contact?,
        time_zone: time_zone?,
    })
}

/// Exactly one of `ein` and `ssn` (domain.md 1.3).
fn tax_id(table: &Table<'_, '_>) -> Option<TaxId> {
    let read = |kind| move |text: &str| TaxId::parse(kind, text).map_err(|error| error.to_string());
    match (table.has("ein"), table.has("ssn")) {
        (true, true) => {
            table.note(&table.span(), "ein and ssn exclude each other");
            table.need_by("ein", read(TaxIdKind::Ein)).and(table.need_by("ssn", read(TaxIdKind::Ssn))).and(None)
        }
        (false, true) => table.need_by("ssn", read(TaxIdKind::Ssn)),
        _ => table.need_by("ein", read(TaxIdKind::Ein)),
    }
}

fn address(table: &Table<'_, '_>) -> Option<Address> {
    let (street, city, state, zip) = (table.need("street"), table.need("city"), table.need("state"), table.need("zip"));
    Some(Address { street: street?, city: city?, state: state?, zip: zip? })
}

fn location(table: &Table<'_, '_>) -> Option<Location> {
    let (code, name, place_of_service) = (table.need("code"), table.need("name"), table.need("place_of_service"));
    let (npi, clia, clia_certificate, address) = (table.may("npi"), table.may("clia"), table.may("clia_certificate"), address(table));
    Some(Location {
        code: code?,
        name: name?,
        place_of_service: place_of_service?,
        npi: npi?,
        clia: clia?,
        clia_certificate: clia_certificate?,
        address: address?,
    })
}

fn provider(table: &Table<'_, '_>) -> Option<Provider> {
    let (code, last_name, first_name) = (table.need("code"), table.need("last_name"), table.need("first_name"));
    let (npi, taxonomy) = (table.need("npi"), table.need("taxonomy"));
    Some(Provider { code: code?, last_name: last_name?, first_name: first_name?, npi: npi?, taxonomy: taxonomy? })
}

fn submitter(table: &Table<'_, '_>) -> Option<Submitter> {
    let (code, name) = (table.need("code"), table.need("name"));
    let (contact, phone) = (table.need("contact"), table.need("phone"));
    let (sender_qualifier, sender_id) = (table.need("sender_qualifier"), table.need("sender_id"));
    let (receiver_qualifier, receiver_id) = (table.need("receiver_qualifier"), table.need("receiver_id"));
    let (receiver_name, usage, connection) = (table.need("receiver_name"), table.need("usage"), table.need("connection"));
    Some(Submitter {
        code: code?,
        name: name?,
        contact: contact?,
        phone: phone?,
        sender_qualifier: sender_qualifier?,
        sender_id: sender_id?,
        receiver_qualifier: receiver_qualifier?,
        receiver_id: receiver_id?,
        receiver_name: receiver_name?,
        usage: usage?,
        connection: connection?,
    })
}

fn payer(table: &Table<'_, '_>) -> Option<Payer> {
    let (code, name, class) = (table.need("code"), table.need("name"), table.need::<PayerClass>("class"));
    let (filing_indicator, payer_number) = (table.need("filing_indicator"), table.need::<PayerNumber>("payer_number"));
    let (era_payer_id, submitter) = (table.may("era_payer_id"), table.may("submitter"));
    let rules = payer_rules(table);
    let payer_number = payer_number?;
    Some(Payer {
        code: code?,
        name: name?,
        class: class?,
        filing_indicator: filing_indicator?,
        era_payer_id: era_payer_id?.unwrap_or_else(|| payer_number.clone()),
        payer_number,
        submitter: submitter?,
        rules: rules?,
    })
}

/// `[[payer.rules]]`: a first day, perhaps a last day, and any number of keys with values.
fn payer_rules(payer: &Table<'_, '_>) -> Option<Vec<DatedRule>> {
    let mut rules: Vec<DatedRule> = Vec::new();
    let mut whole = true;
    for table in payer.tables("rules") {
        let (from, to) = (table.need::<Date>("from"), table.may::<Date>("to"));
        if let (Some(from), Some(Some(to))) = (from, to)
            && to < from
        {
            table.note(&table.span(), "the last day is before the first");
        }
        for entry in table.others() {
            let setting = value_of(&table, &entry, |text| Setting::parse(entry.key, text));
            let (Some(from), Some(to), Some(setting)) = (from, to, setting) else {
                whole = false;
                continue;
            };
            if rules.iter().any(|rule| rule.from == from && rule.setting.key() == setting.key()) {
                table.note(&entry.key_span, format_args!("{} is set twice from the same day", entry.key));
            }
            rules.push(DatedRule { from, to, setting });
        }
    }
    rules.sort_by_key(|rule| (rule.setting.key(), rule.from));
    whole.then_some(rules)
}

/// `[[fee_schedule]]`: a name, a first day, and a table of fees by code, or by code and modifier as in `90707-SL`.
fn fee_schedule(schedule: &Table<'_, '_>) -> Option<Vec<Fee>> {
    let (name, from, table) = (schedule.need::<Code>("name"), schedule.need::<Date>("from"), schedule.table("fees"));
    let (table, mut fees, mut whole) = (table?, Vec::new(), true);
    for entry in table.others() {
        let what = procedure(entry.key).map_err(|message| table.note(&entry.key_span, message)).ok();
        let amount = value_of(&table, &entry, amount);
        match (what, amount, &name, from) {
            (Some((procedure, modifier)), Some(amount), Some(schedule), Some(effective_from)) => {
                fees.push(Fee { schedule: schedule.clone(), effective_from, procedure, modifier, amount });
            }
            _ => whole = false,
        }
    }
    whole.then_some(fees)
}

fn procedure(key: &str) -> Result<(ProcedureCode, Option<Modifier>), String> {
    let (code, modifier) = key.split_once('-').map_or((key, None), |(code, modifier)| (code, Some(modifier)));
    let code = code.parse().map_err(|error| format!("fee {key}: {error}"))?;
    let modifier = modifier.map(str::parse).transpose().map_err(|error| format!("fee {key}: {error}"))?;
    Ok((code, modifier))
}

fn amount(text: &str) -> Result<Money, String> {
    let amount: Money = text.parse().map_err(|error: crate::platform::money::MoneyError| error.to_string())?;
    if amount.is_negative() {
        return Err("a fee is not negative".to_owned());
    }
    if amount > Money::X12_MAX { Err("a fee has at most ten digits with its cents".to_owned()) } else { Ok(amount) }
}

fn value_of<T, E: Display>(table: &Table<'_, '_>, entry: &Entry<'_>, read: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
    let outcome = match &entry.value {
        Some(text) => read(text).map_err(|error| error.to_string()),
        None => Err("needs a single value".to_owned()),
    };
    outcome.map_err(|message| table.note(&entry.value_span, format_args!("{}: {message}", entry.key))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::rules::VfcStyle;
    use jiff::civil::date;
    use proptest::prelude::*;

    const EXAMPLE: &str = include_str!("../../practice.example.toml");

    fn faults(text: &str) -> Vec<String> {
        SetupFile::read(text).map_or_else(|faults| faults.0.iter().map(Fault::to_string).collect(), |_| Vec::new())
    }

    /// The example with one text replaced, and the faults that this makes.
    fn broken(good: &str, bad: &str) -> Vec<String> {
        assert!(EXAMPLE.contains(good), "{good}");
        faults(&EXAMPLE.replacen(good, bad, 1))
    }

    #[test]
    fn the_example_is_a_whole_practice() {
        let file = SetupFile::read(EXAMPLE).unwrap();
        assert_eq!((file.locations.len(), file.providers.len(), file.payers.len(), file.submitters.len()), (2, 3, 6, 1));
        assert_eq!(file.practice.time_zone.iana_name(), Some("America/Chicago"));
        let payer = |code: &str| file.payers.iter().find(|p| p.code.as_str() == code).unwrap();
        let rules = |code, on| payer(code).rules_on(on);
        assert_eq!(rules("prairie-ppo", date(2026, 6, 30)).initial_days, 180);
        assert_eq!(rules("prairie-ppo", date(2026, 7, 1)).initial_days, 120);
        assert!(rules("prairie-ppo", date(2026, 7, 1)).member_id_pattern.fits("W123456789"));
        assert_eq!(rules("meadow-health", date(2026, 7, 1)).vfc_style, VfcStyle::B);
        assert_eq!(payer("lakeshore-blue").era_payer_id, payer("lakeshore-blue").payer_number);
        assert_eq!(payer("self-pay").submitter, None);
    }

    #[test]
    fn every_vaccine_of_public_stock_is_free_in_the_example_and_has_a_price_in_private_stock() {
        let file = SetupFile::read(EXAMPLE).unwrap();
        let public: Vec<&Fee> = file.fees.iter().filter(|fee| fee.modifier == Some(Modifier::SL)).collect();
        assert!(public.len() > 20 && public.iter().all(|fee| fee.amount.is_zero()));
        for fee in public {
            assert!(
                file.fees.iter().any(|f| f.procedure == fee.procedure && f.modifier.is_none() && !f.amount.is_zero()),
                "{}",
                fee.procedure
            );
        }
    }

    #[test]
    fn each_fault_is_found_at_its_line() {
        for (good, bad, message) in [
            ("npi = \"1900000013\"", "npi = \"1900000014\"", "practice: npi: the NPI's check digit is wrong"),
            ("ein = \"12-3456789\"", "ein = \"12-345678\"", "practice: ein: a tax id has nine digits"),
            ("ein = \"12-3456789\"", "", "practice: ein is missing"),
            ("ein = \"12-3456789\"", "ein = \"12-3456789\"\nssn = \"123-45-6789\"", "practice: ein and ssn exclude each other"),
            ("taxonomy = \"208000000X\"", "taxonomy = \"2080\"", "practice: taxonomy: a taxonomy code"),
            ("street = \"120 Oak Hill Road\"", "street = \"PO Box 120\"", "practice: street: a street address is needed"),
            ("zip = \"62704-1201\"", "zip = \"62704\"", "practice: zip: a ZIP code needs all nine digits"),
            ("state = \"IL\"", "state = \"Ontario\"", "practice: state: no state"),
            ("America/Chicago", "Chicago", "practice: time_zone: not a time zone"),
            ("place_of_service = \"11\"", "place_of_service = \"office\"", "location main: place_of_service: not a place of service"),
            ("clia = \"14D9990001\"", "clia = \"14E9990001\"", "location main: clia: a CLIA number"),
            ("class = \"medicaid_mco\"", "class = \"medicaid\"", "payer meadow-health: class: must be one of: commercial"),
            ("filing_indicator = \"12\"", "filing_indicator = \"09\"", "payer prairie-ppo: filing_indicator: not a claim filing"),
            ("expected_days = 30", "expected_day = 30", "payer state-medicaid: rules: expected_day: no payer rule has this key"),
            ("expected_days = 30", "expected_days = -1", "payer rule expected_days: a number of days from 1"),
            ("expected_days = 30", "expected_days = [30]", "expected_days: needs a single value"),
            ("from = 2026-07-01  ", "from = 2025-01-01  ", "initial_days is set twice from the same day"),
            ("from = 2026-07-01  ", "to = 2026-06-30\nfrom = 2026-07-01  ", "the last day is before the first"),
            ("submitter = \"demo-clearinghouse\"", "submitter = \"demo\"", "payer prairie-ppo: submitter: no [[submitter]] has this code"),
            ("usage = \"T\"", "usage = \"X\"", "submitter demo-clearinghouse: usage: must be one of: T, P"),
            ("connection = \"simulator\"", "connection = \"carrier pigeon\"", "connection: a connection is"),
            ("99381 = 235.00", "9938 = 235.00", "fee_schedule standard: fees: fee 9938: not a procedure code"),
            ("99381 = 235.00", "99381-5 = 235.00", "fee 99381-5: not a modifier"),
            ("99381 = 235.00", "99381 = 235.005", "99381: has more than two decimal places"),
            ("99381 = 235.00", "99381 = 2.35e2", "99381: not a decimal amount"),
            ("99381 = 235.00", "99381 = -1", "99381: a fee is not negative"),
            ("99381 = 235.00", "99381 = 99999999999", "99381: a fee has at most ten digits"),
            ("code = \"dr-okafor\"", "code = \"dr-lindqvist\"", "another provider has the same code"),
            ("npi = \"1900000120\"", "npi = \"1900000112\"", "another provider has the same npi"),
            ("from = 2026-07-01\n\n[fee", "from = 2025-01-01\n\n[fee", "another fee_schedule has the same name and from"),
            ("contact = \"Billing Office\"", "contacts = \"Billing Office\"", "practice: nothing is called contacts"),
            ("[practice]", "[practise]", "[practice] is missing"),
        ] {
            let found = broken(good, bad);
            assert!(found.iter().any(|fault| fault.contains(message)), "{bad}: {found:#?}");
        }
    }

    #[test]
    fn all_faults_of_a_file_come_at_once_in_the_order_of_their_lines() {
        let text = EXAMPLE.replacen("1900000013", "1900000014", 1).replacen("62704-1201", "62704", 1).replacen("235.00", "-1", 1);
        let found = SetupFile::read(&text).unwrap_err().0;
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.is_sorted_by_key(|fault| fault.line));
        let line_of = |needle: &str| text.lines().position(|line| line.contains(needle)).unwrap() + 1;
        assert_eq!([found[0].line, found[1].line, found[2].line], [line_of("1900000014"), line_of("\"62704\""), line_of("99381 = ")]);
    }

    #[test]
    fn no_fault_repeats_a_tax_id() {
        let found = broken("12-3456789", "12-34567890");
        assert!(!found.is_empty() && found.iter().all(|fault| !fault.contains("3456")), "{found:?}");
    }

    proptest! {
        #[test]
        fn a_mangled_file_is_read_or_refused(at in 0..EXAMPLE.len(), length in 0_usize..40, text in "\\PC{0,8}") {
            let mut mangled = EXAMPLE.as_bytes().to_vec();
            let end = (at + length).min(mangled.len());
            mangled.splice(at..end, text.into_bytes());
            let _ = SetupFile::read(&String::from_utf8_lossy(&mangled));
        }
    }
}
