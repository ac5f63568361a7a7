//! A demo visit as a practice's own system would code it: diagnoses in order, visit codes, products, administrations in the payer's style,
//! tests. By the rules of `pediatrics`, with the charges left to the fee schedule.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::schedule::{Illness, STOCK, Service, Stock};
use crate::pediatrics::immunization_administration::{self as immunization, Dose, LineStyle, Style};
use crate::pediatrics::preventive::{self, PatientStatus};
use crate::pediatrics::{Age, visits};
use crate::practice::model::{Payer, PayerClass};
use crate::practice::rules::{NewPlusNew, PayerRules, VfcStyle};
use crate::reference::{Icd10, Modifier, ProcedureCode, vaccine};

/// What happened at a visit.
pub(super) struct Happened<'a> {
    pub date: Date,
    pub age: Age,
    /// Whether it is a well visit.
    pub well: bool,
    /// Whether the practice sees the child for the first time.
    pub new_patient: bool,
    /// What the child has.
    pub illness: Option<&'a Illness>,
    /// Level of the problem visit, 2 to 4.
    pub level: u32,
    /// Whether a physician counselled on the vaccines.
    pub counselled: bool,
    /// Vaccines, by product code.
    pub doses: &'a [&'static str],
    /// Screenings and tests.
    pub services: &'a [Service],
    /// Whether the screening led to new services.
    pub referred: bool,
}

/// Children to this age get vaccines from public stock where Medicaid pays (domain.md PED-20).
const PUBLIC_STOCK_TO_YEARS: u16 = 18;

struct Line {
    code: ProcedureCode,
    modifiers: Vec<Modifier>,
    units: u32,
    pointers: Vec<usize>,
    stock: Option<&'static Stock>,
}

impl Line {
    fn new(code: ProcedureCode, pointers: Vec<usize>) -> Line {
        Line { code, modifiers: Vec::new(), units: 1, pointers, stock: None }
    }
}

/// Codes a visit for the payer of the child, or for a family that pays by itself: the fields `diagnoses`, `lines` and `epsdt_referrals`.
pub(super) fn code(happened: &Happened<'_>, payer: Option<&Payer>) -> Value {
    let class = payer.map_or(PayerClass::SelfPay, |payer| payer.class);
    let rules = payer.map_or_else(|| PayerRules::of_class(class), |payer| payer.rules_on(happened.date));
    let public_stock = class.is_medicaid() && happened.age.years <= PUBLIC_STOCK_TO_YEARS;
    let stocks: Vec<&'static Stock> = happened.doses.iter().filter_map(|cpt| STOCK.iter().find(|s| s.cpt == *cpt)).collect();
    let diagnoses = diagnoses(happened, &stocks);
    let at = |icd: Icd10| diagnoses.iter().position(|code| *code == icd).map_or(1, |place| place + 1);
    let status = if happened.new_patient { PatientStatus::New } else { PatientStatus::Established };

    let mut lines: Vec<Line> = Vec::new();
    if happened.well {
        lines.extend(preventive::visit_code(happened.age, status).map(|code| Line::new(code, vec![1])));
    }
    if let Some(illness) = happened.illness {
        let pointer = vec![at(illness.icd)];
        let beside_well = happened.well && rules.new_plus_new == NewPlusNew::SecondEstablished;
        let status = if beside_well { PatientStatus::Established } else { status };
        lines.push(Line::new(problem_visit(status, happened.level), pointer.clone()));
        lines.extend(services(illness.services, &pointer));
    }
    lines.extend(immunization_lines(happened, &stocks, &rules, public_stock, &at));
    lines.extend(services(happened.services, &[1]));

    let codes: Vec<ProcedureCode> = lines.iter().map(|line| line.code).collect();
    for (place, _) in visits::needs_25(&codes, rules.ncci.is_followed()) {
        visits::add_25(&mut lines[place].modifiers);
    }
    let mut encounter = json!({
        "diagnoses": diagnoses.iter().map(Icd10::dotted).collect::<Vec<_>>(),
        "lines": lines.iter().map(|line| line_json(line, happened.counselled, public_stock)).collect::<Vec<_>>(),
    });
    if rules.epsdt && happened.well {
        encounter["epsdt_referrals"] = json!([if happened.referred { "ST" } else { "NU" }]);
    }
    encounter
}

/// The examination first, then the illness, then the reasons for vaccines and antibodies (domain.md PED-04).
fn diagnoses(happened: &Happened<'_>, stocks: &[&Stock]) -> Vec<Icd10> {
    let mut diagnoses = Vec::new();
    if happened.well {
        diagnoses.push(preventive::diagnosis(happened.age, happened.illness.is_some(), preventive::ADULT_FROM_YEARS));
    }
    diagnoses.extend(happened.illness.map(|illness| illness.icd));
    for stock in stocks {
        let reason = product(stock).map_or(preventive::Z23, |product| immunization::diagnosis(product.class));
        if !diagnoses.contains(&reason) {
            diagnoses.push(reason);
        }
    }
    diagnoses
}

fn product(stock: &Stock) -> Option<&'static vaccine::Product> {
    vaccine::product(ProcedureCode::literal(stock.cpt), stock.cvx.parse().ok())
}

fn problem_visit(status: PatientStatus, level: u32) -> ProcedureCode {
    ProcedureCode::literal(match (status, level) {
        (PatientStatus::New, 2) => "99202",
        (PatientStatus::New, 3) => "99203",
        (PatientStatus::New, _) => "99204",
        (PatientStatus::Established, 2) => "99212",
        (PatientStatus::Established, 3) => "99213",
        (PatientStatus::Established, _) => "99214",
    })
}

fn services(services: &[Service], pointers: &[usize]) -> Vec<Line> {
    let line = |(code, modifiers, units): &Service| {
        let modifiers = modifiers.iter().filter_map(|modifier| modifier.parse().ok()).collect();
        Line { modifiers, units: *units, ..Line::new(ProcedureCode::literal(code), pointers.to_vec()) }
    };
    services.iter().map(line).collect()
}

/// How doses of public stock are billed (domain.md PED-22): the product line's modifier, where there is such a line, and the
/// administration's style and modifier, where there is one.
struct PublicStyle {
    product: Option<&'static str>,
    administration: Option<(Style, Option<&'static str>)>,
}

fn public_style(style: VfcStyle, lines: LineStyle) -> PublicStyle {
    let by_injection = Style { lines, counselled_codes: false, further_components: false };
    let by_vaccine = Style { lines, counselled_codes: true, further_components: false };
    match style {
        VfcStyle::A => PublicStyle { product: Some("SL"), administration: Some((by_vaccine, Some("SL"))) },
        VfcStyle::B => PublicStyle { product: Some("SL"), administration: Some((by_injection, None)) },
        VfcStyle::C | VfcStyle::D => PublicStyle { product: Some(""), administration: None },
        VfcStyle::E => PublicStyle { product: Some("SL"), administration: Some((by_injection, Some("EP"))) },
        VfcStyle::F => PublicStyle { product: None, administration: Some((by_vaccine, None)) },
    }
}

fn immunization_lines(
    happened: &Happened<'_>,
    stocks: &[&'static Stock],
    rules: &PayerRules,
    public_stock: bool,
    at: &dyn Fn(Icd10) -> usize,
) -> Vec<Line> {
    let lines = rules.administration_lines;
    let style = if public_stock {
        public_style(rules.vfc_style, lines)
    } else {
        PublicStyle { product: Some(""), administration: Some((Style { lines, ..Style::COMMERCIAL }, None)) }
    };
    let given: Vec<(&'static Stock, &'static vaccine::Product)> = stocks.iter().filter_map(|s| Some((*s, product(s)?))).collect();
    let pointers = |product: &vaccine::Product| vec![at(immunization::diagnosis(product.class))];
    let mut result = Vec::new();
    for (stock, product) in given.iter().filter(|_| style.product.is_some()) {
        let modifiers = style.product.and_then(|modifier| modifier.parse().ok()).into_iter().collect();
        result.push(Line { modifiers, stock: Some(stock), ..Line::new(product.cpt, pointers(product)) });
    }
    if let Some((administration_style, modifier)) = style.administration {
        let doses: Vec<Dose> = given.iter().map(|(_, product)| Dose::of(product, happened.counselled)).collect();
        for line in immunization::administration(happened.age, &doses, administration_style).lines {
            let modifiers = modifier.and_then(|modifier| modifier.parse().ok()).into_iter().collect();
            let reason = line.doses.first().and_then(|dose| given.get(*dose)).map_or_else(|| vec![1], |(_, product)| pointers(product));
            result.push(Line { modifiers, units: line.units, ..Line::new(line.code, reason) });
        }
    }
    result
}

fn line_json(line: &Line, counselled: bool, public_stock: bool) -> Value {
    let mut value = json!({ "code": line.code, "units": line.units, "pointers": line.pointers });
    if !line.modifiers.is_empty() {
        value["modifiers"] = json!(line.modifiers);
    }
    if let Some(stock) = line.stock {
        value["ndc"] = json!({ "ndc": stock.ndc, "quantity": stock.quantity, "unit": stock.unit });
        value["dose"] = json!({
            "cvx": stock.cvx,
            "counselled": counselled,
            "funding": if public_stock { "vfc" } else { "private" },
            "eligibility": if public_stock { "V02" } else { "V01" },
        });
    }
    value
}
