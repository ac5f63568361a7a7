//! The payer rules that are lists: of procedure codes, of modifiers on codes at ages, of screenings at months, of units. Each is one line
//! in the practice file, in a small written form of its own; `none` is the empty list.

use std::fmt::Write as _;

use crate::platform::ids::Npi;
use crate::reference::{Modifier, ProcedureCode};

/// How an empty list is written.
const NONE: &str = "none";

/// Between the entries of a list that has more than codes.
const ENTRY_END: &str = "; ";

/// A code, or all codes from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CodeSpan {
    first: ProcedureCode,
    last: ProcedureCode,
}

impl CodeSpan {
    fn parse(text: &str) -> Option<CodeSpan> {
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        let (first, last) = (ProcedureCode::parse(first).ok()?, ProcedureCode::parse(last).ok()?);
        (first <= last).then_some(CodeSpan { first, last })
    }

    fn write(&self) -> String {
        if self.first == self.last { self.first.to_string() } else { format!("{}-{}", self.first, self.last) }
    }
}

/// Procedure codes and ranges of them: `96110 99381-99397`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeList(Vec<CodeSpan>);

impl CodeList {
    /// No code.
    pub const NONE: CodeList = CodeList(Vec::new());

    /// Reads codes and ranges, with spaces between, or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<CodeList> {
        if text == NONE {
            return Some(CodeList::NONE);
        }
        let spans: Vec<CodeSpan> = text.split_whitespace().map(CodeSpan::parse).collect::<Option<_>>()?;
        (!spans.is_empty()).then_some(CodeList(spans))
    }

    /// Whether a code is in the list.
    #[must_use]
    pub fn covers(&self, code: ProcedureCode) -> bool {
        self.0.iter().any(|span| span.first <= code && code <= span.last)
    }

    /// Whether no code is in the list.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        match self.0.as_slice() {
            [] => NONE.to_owned(),
            spans => spans.iter().map(CodeSpan::write).collect::<Vec<_>>().join(" "),
        }
    }
}

/// Ages in completed years, both within.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Years {
    from: u16,
    to: u16,
}

impl Years {
    /// Nobody's age is beyond it; an open end is stored as this.
    const END: u16 = 150;
    const ALL: Years = Years { from: 0, to: Years::END };

    fn parse(text: &str) -> Option<Years> {
        let (from, to) = text.split_once('-').unwrap_or((text, text));
        let (from, to) = (from.parse().ok()?, if to.is_empty() { Years::END } else { to.parse().ok()? });
        (from <= to && to <= Years::END).then_some(Years { from, to })
    }
}

/// One entry of [`ModifierList`].
#[derive(Clone, Debug, PartialEq, Eq)]
struct ModifierRule {
    modifier: Modifier,
    /// None: on any code.
    codes: Option<CodeList>,
    ages: Years,
}

impl ModifierRule {
    fn parse(text: &str) -> Option<ModifierRule> {
        let (text, ages) = match text.split_once('@') {
            Some((text, ages)) => (text, Years::parse(ages.trim())?),
            None => (text, Years::ALL),
        };
        let (modifier, codes) = text.trim().split_once(char::is_whitespace)?;
        let codes = if codes.trim() == "*" { None } else { Some(CodeList::parse(codes).filter(|codes| !codes.is_empty())?) };
        Some(ModifierRule { modifier: Modifier::parse(modifier).ok()?, codes, ages })
    }

    fn write(&self) -> String {
        let mut text = format!("{} {}", self.modifier, self.codes.as_ref().map_or_else(|| "*".to_owned(), CodeList::write));
        // Writing to a String never fails.
        let _ = match self.ages {
            Years::ALL => Ok(()),
            Years { from, to } if from == to => write!(text, " @{from}"),
            Years { from, to: Years::END } => write!(text, " @{from}-"),
            Years { from, to } => write!(text, " @{from}-{to}"),
        };
        text
    }

    fn is_for(&self, code: ProcedureCode, age_years: u16) -> bool {
        self.codes.as_ref().is_none_or(|codes| codes.covers(code)) && self.ages.from <= age_years && age_years <= self.ages.to
    }
}

/// Modifiers that go with codes, at ages: `EP 99385 99395 @18-20; 33 99173` is EP on two visit codes from 18 to 20 years, and 33 on a
/// screening at any age; `95 *` is 95 on any code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModifierList(Vec<ModifierRule>);

impl ModifierList {
    /// No modifier.
    pub const NONE: ModifierList = ModifierList(Vec::new());

    /// Reads entries with `;` between, or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<ModifierList> {
        entries(text, ModifierRule::parse).map(ModifierList)
    }

    /// The modifiers that the list has for a code at an age in completed years.
    pub fn of(&self, code: ProcedureCode, age_years: u16) -> impl Iterator<Item = Modifier> + '_ {
        self.0.iter().filter(move |rule| rule.is_for(code, age_years)).map(|rule| rule.modifier)
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        written(&self.0, ModifierRule::write)
    }
}

/// One entry of [`ScreenList`].
#[derive(Clone, Debug, PartialEq, Eq)]
struct Screen {
    code: ProcedureCode,
    months: Vec<u16>,
}

/// Oldest age at which a screening falls due: 21 years, the end of EPSDT (domain.md PED-30).
const SCREEN_MONTHS_MAX: u16 = 21 * 12;

impl Screen {
    fn parse(text: &str) -> Option<Screen> {
        let (code, months) = text.split_once(char::is_whitespace)?;
        let month = |text: &str| text.parse().ok().filter(|month| *month <= SCREEN_MONTHS_MAX);
        let months: Vec<u16> = months.split_whitespace().map(month).collect::<Option<_>>()?;
        (!months.is_empty()).then_some(Screen { code: ProcedureCode::parse(code).ok()?, months })
    }

    fn write(&self) -> String {
        self.months.iter().fold(self.code.to_string(), |text, month| format!("{text} {month}"))
    }
}

/// Screenings that a payer wants to see by ages in months: `83655 12 24; 96110 9 18 30`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScreenList(Vec<Screen>);

impl ScreenList {
    /// No screening.
    pub const NONE: ScreenList = ScreenList(Vec::new());

    /// One screening at some months.
    #[must_use]
    pub fn one(code: ProcedureCode, months: &[u16]) -> ScreenList {
        ScreenList(vec![Screen { code, months: months.to_vec() }])
    }

    /// Reads entries with `;` between, or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<ScreenList> {
        entries(text, Screen::parse).map(ScreenList)
    }

    /// Each screening with the ages in months at which it is due.
    pub fn iter(&self) -> impl Iterator<Item = (ProcedureCode, &[u16])> {
        self.0.iter().map(|screen| (screen.code, screen.months.as_slice()))
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        written(&self.0, Screen::write)
    }
}

/// Most units that a list may allow: SV104 takes eight digits, no pediatric service reaches three.
const UNITS_MAX: u32 = 999;

/// One entry of [`UnitList`].
#[derive(Clone, Debug, PartialEq, Eq)]
struct UnitLimit {
    codes: CodeList,
    units: u32,
}

impl UnitLimit {
    fn parse(text: &str) -> Option<UnitLimit> {
        let (codes, units) = text.rsplit_once(char::is_whitespace)?;
        let codes = CodeList::parse(codes).filter(|codes| !codes.is_empty())?;
        let units = units.parse().ok().filter(|units| (1..=UNITS_MAX).contains(units))?;
        Some(UnitLimit { codes, units })
    }

    fn write(&self) -> String {
        format!("{} {}", self.codes.write(), self.units)
    }
}

/// The most units of a code that a payer takes on one day: `96110 2; 90471-90474 6`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitList(Vec<UnitLimit>);

impl UnitList {
    /// No limit.
    pub const NONE: UnitList = UnitList(Vec::new());

    /// Reads entries with `;` between, or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<UnitList> {
        entries(text, UnitLimit::parse).map(UnitList)
    }

    /// The most units of a code; the first entry that names the code decides.
    #[must_use]
    pub fn of(&self, code: ProcedureCode) -> Option<u32> {
        self.0.iter().find(|limit| limit.codes.covers(code)).map(|limit| limit.units)
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        written(&self.0, UnitLimit::write)
    }
}

/// Service types of an eligibility question (EQ01): `30 98 68`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTypes(Vec<String>);

impl ServiceTypes {
    /// The plan as a whole, which every payer answers (domain.md 3.3).
    #[must_use]
    pub fn plan() -> ServiceTypes {
        ServiceTypes(vec!["30".to_owned()])
    }

    /// Reads one or more codes of one or two letters or digits, with spaces between.
    #[must_use]
    pub fn parse(text: &str) -> Option<ServiceTypes> {
        let shaped = |code: &&str| code.len() <= 2 && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        let codes: Vec<&str> = text.split_whitespace().collect();
        (!codes.is_empty() && codes.iter().all(shaped)).then(|| ServiceTypes(codes.into_iter().map(str::to_owned).collect()))
    }

    /// The codes, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        self.0.join(" ")
    }
}

/// Professionals by NPI: `1900000112 1900000120`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NpiList(Vec<Npi>);

impl NpiList {
    /// Nobody.
    pub const NONE: NpiList = NpiList(Vec::new());

    /// Reads NPIs with spaces between, or `none`.
    #[must_use]
    pub fn parse(text: &str) -> Option<NpiList> {
        if text == NONE {
            return Some(NpiList::NONE);
        }
        let npis: Vec<Npi> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
        (!npis.is_empty()).then_some(NpiList(npis))
    }

    /// Whether a professional is in the list.
    #[must_use]
    pub fn names(&self, npi: Npi) -> bool {
        self.0.contains(&npi)
    }

    /// The list as it is read.
    #[must_use]
    pub fn write(&self) -> String {
        if self.0.is_empty() { NONE.to_owned() } else { self.0.iter().map(Npi::to_string).collect::<Vec<_>>().join(" ") }
    }
}

fn entries<T>(text: &str, read: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    if text == NONE {
        return Some(Vec::new());
    }
    text.split(';').map(|entry| read(entry.trim())).collect()
}

fn written<T>(entries: &[T], write: fn(&T) -> String) -> String {
    if entries.is_empty() { NONE.to_owned() } else { entries.iter().map(write).collect::<Vec<_>>().join(ENTRY_END) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> ProcedureCode {
        text.parse().unwrap()
    }

    #[test]
    fn a_code_list_holds_codes_and_ranges_with_both_ends() {
        let list = CodeList::parse("96110 99381-99385").unwrap();
        assert_eq!(
            ["96110", "99381", "99385", "99386", "99380", "96111"].map(|c| list.covers(code(c))),
            [true, true, true, false, false, false]
        );
        assert_eq!(list.write(), "96110 99381-99385");
        for bad in ["", "9611", "99385-99381", "99381-", "96110,96127", "none 96110"] {
            assert_eq!(CodeList::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_modifier_list_answers_by_code_and_age() {
        let list = ModifierList::parse("EP 99385 99395 @18-20; 33 99173; 95 * @0-").unwrap();
        let of = |c: &str, age| list.of(code(c), age).map(|m| m.to_string()).collect::<Vec<_>>();
        assert_eq!([of("99395", 17), of("99395", 18), of("99395", 20), of("99395", 21)].map(|found| found.len()), [1, 2, 2, 1]);
        assert_eq!(of("99173", 5), ["33", "95"]);
        assert_eq!(list.write(), "EP 99385 99395 @18-20; 33 99173; 95 *");
        assert_eq!(ModifierList::parse("TH 99213 @9-").unwrap().write(), "TH 99213 @9-");
        for bad in ["", "EP", "EP none", "E 99395", "EP 99395 @20-18", "EP 99395 @18-20;", "EP 99395 @"] {
            assert_eq!(ModifierList::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_screen_list_answers_by_code_with_months() {
        let list = ScreenList::parse("83655 12 24; 96110 9 18 30").unwrap();
        assert_eq!(list.iter().collect::<Vec<_>>(), [(code("83655"), [12, 24].as_slice()), (code("96110"), [9, 18, 30].as_slice())]);
        assert_eq!(ScreenList::one(code("83655"), &[12, 24]).write(), "83655 12 24");
        for bad in ["", "83655", "83655 twelve", "83655 253", "83655 12;"] {
            assert_eq!(ScreenList::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_unit_list_answers_by_code() {
        let list = UnitList::parse("96110 2; 90471-90474 6").unwrap();
        assert_eq!(["96110", "90472", "96127"].map(|c| list.of(code(c))), [Some(2), Some(6), None]);
        for bad in ["", "96110", "96110 0", "96110 1000", "2"] {
            assert_eq!(UnitList::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn service_types_are_one_or_two_characters_each() {
        assert_eq!(ServiceTypes::parse("30 98  UC").unwrap().write(), "30 98 UC");
        for bad in ["", "none", "123", "3o"] {
            assert_eq!(ServiceTypes::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_reads_the_same(text in "[A-Z0-9;@ *-]{0,40}", any in "\\PC{0,30}") {
            for text in [text.as_str(), any.as_str()] {
                if let Some(list) = CodeList::parse(text) {
                    prop_assert_eq!(CodeList::parse(&list.write()), Some(list));
                }
                if let Some(list) = ModifierList::parse(text) {
                    prop_assert_eq!(ModifierList::parse(&list.write()), Some(list));
                }
                if let Some(list) = ScreenList::parse(text) {
                    prop_assert_eq!(ScreenList::parse(&list.write()), Some(list));
                }
                if let Some(list) = UnitList::parse(text) {
                    prop_assert_eq!(UnitList::parse(&list.write()), Some(list));
                }
                if let Some(list) = ServiceTypes::parse(text) {
                    prop_assert_eq!(ServiceTypes::parse(&list.write()), Some(list));
                }
            }
        }
    }
}
