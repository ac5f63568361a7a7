//! What every edit asks about a claim, computed once: ages, parsed codes, what each line is. Twenty thousand claims a second leave fifty
//! microseconds for all edits of one, so no rule parses or looks up what another has.

use std::cell::OnceCell;
use std::ops::Deref;

use jiff::civil::Date;

use super::input::{PriorVisit, ScrubInput};
use super::written::{Misfit, misfits};
use crate::edi::claim_837p::{ProviderRole, ServiceLine};
use crate::pediatrics::Age;
use crate::pediatrics::immunization_administration::administers;
use crate::pediatrics::visits::{Visit, visit};
use crate::reference::vaccine::{Class, Funding, Product, product};
use crate::reference::{Icd10, Modifier, ProcedureCode};
use crate::revenue_cycle::claim::model::service_day;
use crate::revenue_cycle::encounter::model::DoseFacts;

/// A claim with its facts and what follows from them. Facts are reached directly: `case.payer`.
#[derive(Debug)]
pub struct Case<'a> {
    input: ScrubInput<'a>,
    /// The earliest date of service.
    pub day: Option<Date>,
    /// The child's age on it; none also when the birth is later, which E014 tells.
    pub age: Option<Age>,
    /// The lines, in order.
    pub lines: Vec<Line<'a>>,
    /// The diagnoses, in order; none where the text is no code, which E020 tells.
    pub diagnoses: Vec<Option<Icd10>>,
    misfits: OnceCell<Vec<Misfit>>,
}

/// One line of the claim.
#[derive(Debug)]
pub struct Line<'a> {
    /// From 1.
    pub number: usize,
    /// As it will be sent.
    pub sent: &'a ServiceLine,
    /// What was done; none where the text is no code, which E080 tells.
    pub code: Option<ProcedureCode>,
    /// What kind of visit, if it is one.
    pub visit: Option<Visit>,
    /// Which vaccine or antibody, if it is one.
    pub product: Option<&'static Product>,
    /// What it administers, if it does.
    pub administers: Option<Class>,
    /// Whole units; 0 for a fraction.
    pub units: u32,
    /// The dose behind a product line, where the practice's system recorded one.
    pub dose: Option<&'a DoseFacts>,
    /// Place of service: the line's, or else the claim's.
    pub place: &'a str,
}

impl<'a> Deref for Case<'a> {
    type Target = ScrubInput<'a>;
    fn deref(&self) -> &ScrubInput<'a> {
        &self.input
    }
}

impl<'a> Case<'a> {
    /// Works out a claim's facts.
    #[must_use]
    pub fn new(input: &ScrubInput<'a>) -> Case<'a> {
        let claim = &input.content.claim;
        let day = input.content.service_date();
        let age = input.content.birth_date().zip(day).and_then(|(birth, day)| Age::at(birth, day).ok());
        let lines = claim.lines.iter().enumerate().map(|(at, sent)| {
            let dose = input.visit.doses.iter().find(|dose| dose.line == at + 1).map(|dose| &dose.facts);
            let code = ProcedureCode::parse(&sent.procedure.code).ok();
            Line {
                number: at + 1,
                sent,
                code,
                visit: code.and_then(visit),
                product: code.and_then(|code| product(code, dose.map(|dose| dose.cvx))),
                administers: code.and_then(administers),
                units: sent.quantity.as_whole().unwrap_or_default(),
                dose,
                place: sent.place_of_service.as_deref().unwrap_or(&claim.place_of_service),
            }
        });
        let diagnoses = claim.diagnoses.iter().map(|text| Icd10::parse(text).ok()).collect();
        Case { input: *input, day, age, lines: lines.collect(), diagnoses, misfits: OnceCell::new() }
    }

    /// What does not fit into its element, found by writing the claim once, when it is first asked.
    #[must_use]
    pub fn misfits(&self) -> &[Misfit] {
        self.misfits.get_or_init(|| misfits(self.content))
    }

    /// Whether a diagnosis or one below a category is on the claim; `prefix` without dot.
    #[must_use]
    pub fn has_diagnosis(&self, prefix: &str) -> bool {
        self.diagnoses.iter().flatten().any(|code| code.is_within(prefix))
    }

    /// Whether a preventive visit is billed.
    #[must_use]
    pub fn is_well_visit(&self) -> bool {
        self.lines.iter().any(|line| line.visit == Some(Visit::Preventive))
    }

    /// The child's other visits to the practice, up to the date of service, the latest first.
    pub fn earlier(&self) -> impl Iterator<Item = &'a PriorVisit> {
        let (own, day) = (self.input.encounter, self.day);
        self.input.history.visits.iter().rev().filter(move |visit| Some(visit.encounter) != own && day.is_some_and(|day| visit.date <= day))
    }

    /// Units of a code on all lines.
    #[must_use]
    pub fn units_of(&self, number: u32) -> u32 {
        self.lines.iter().filter(|line| line.number_is(number..=number)).map(|line| line.units).sum()
    }

    /// The taxonomy of who rendered, which tells the specialty.
    #[must_use]
    pub fn rendering_taxonomy(&self) -> Option<&str> {
        let sent = || self.content.claim.provider(&ProviderRole::Rendering)?.taxonomy.as_deref();
        self.input.rendering_taxonomy.or_else(sent)
    }

    /// The diagnoses that a line points to, in its order.
    pub fn pointed<'s>(&'s self, line: &'s Line<'_>) -> impl Iterator<Item = Icd10> + 's {
        line.sent.diagnosis_pointers.iter().filter_map(|&at| *self.diagnoses.get(usize::from(at).checked_sub(1)?)?)
    }
}

impl Line<'_> {
    /// Whether it carries a modifier.
    #[must_use]
    pub fn has(&self, modifier: &str) -> bool {
        self.sent.procedure.modifiers.iter().any(|m| &**m == modifier)
    }

    /// Its modifiers; what is none is left out, which E053 tells.
    #[must_use]
    pub fn modifiers(&self) -> Vec<Modifier> {
        self.sent.procedure.modifiers.iter().filter_map(|text| text.parse().ok()).collect()
    }

    /// The code as a number, for ranges.
    #[must_use]
    pub fn cpt(&self) -> Option<u32> {
        self.code?.number()
    }

    /// Whether its code lies in a range of numbers.
    #[must_use]
    pub fn number_is(&self, range: std::ops::RangeInclusive<u32>) -> bool {
        self.cpt().is_some_and(|number| range.contains(&number))
    }

    /// The code as it will be sent.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.sent.procedure.code
    }

    /// Its first day.
    #[must_use]
    pub fn day(&self) -> Option<Date> {
        service_day(self.sent)
    }

    /// A path to one of its elements: `2400[2] SV107 (charge_line.pointers)`.
    #[must_use]
    pub fn path(&self, element: &str) -> String {
        format!("2400[{}] {element}", self.number)
    }

    /// Whether it administers a vaccine in the classical way: by 90460, 90461 or 90471 to 90474.
    #[must_use]
    pub fn administers_vaccine(&self) -> bool {
        self.number_is(90_460..=90_461) || self.number_is(90_471..=90_474)
    }

    /// Whether the product came from public stock: as recorded at the dose, or else by modifier SL, which says nothing else.
    #[must_use]
    pub fn is_public_stock(&self) -> bool {
        self.dose.map_or_else(|| self.has("SL"), |dose| dose.funding != Funding::Private)
    }
}
