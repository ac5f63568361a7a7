//! The visits of the demo's families: when each child comes, and with what. A child's days are drawn from the child alone, so that a
//! month is the same whichever months are asked for. Visits fall on weekdays.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::coded::{self, Happened};
use super::draw::Draw;
use super::families::{DemoChild, DemoFamily, DemoOptions, days_after};
use super::schedule::{HPV_AGAIN, ILLNESSES, INFLUENZA, RSV_ANTIBODIES, WELL_VISITS};
use crate::pediatrics::Age;
use crate::practice::PracticeSetup;
use crate::practice::model::Provider;

/// Why a child comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VisitKind {
    /// A well visit that is due.
    Well,
    /// A well visit at which an illness is treated too.
    WellAndSick,
    /// An illness.
    Sick,
    /// The autumn dose against influenza alone.
    InfluenzaOnly,
    /// Another dose alone.
    ImmunizationOnly,
}

/// What is wrong with a visit on purpose, so that something is there to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// The coverage has no member id. Only at the child's first visit: later ones are completed by what is known.
    MemberIdMissing,
    /// The member id lost its last characters. Only at the child's first visit.
    MemberIdCut,
    /// The rendering NPI is valid and nobody's of the practice.
    ProviderUnknown,
    /// A diagnosis is a category, not a code.
    DiagnosisNotBillable,
    /// A line points to a diagnosis that is not there.
    PointerToNothing,
    /// The first diagnosis stands twice.
    DiagnosisTwice,
    /// The payer is not set up.
    PayerUnknown,
}

impl Defect {
    /// Every defect.
    pub const ALL: [Defect; 7] = [
        Defect::MemberIdMissing,
        Defect::MemberIdCut,
        Defect::ProviderUnknown,
        Defect::DiagnosisNotBillable,
        Defect::PointerToNothing,
        Defect::DiagnosisTwice,
        Defect::PayerUnknown,
    ];

    /// What must hold the visit: a reason of intake, or an edit of the claim.
    #[must_use]
    pub fn held_by(self) -> &'static str {
        match self {
            Defect::MemberIdMissing | Defect::MemberIdCut => "E009",
            Defect::ProviderUnknown => "ProviderUnknown",
            Defect::DiagnosisNotBillable => "Icd10NotBillable",
            Defect::PointerToNothing => "DiagnosisMissing",
            Defect::DiagnosisTwice => "E021",
            Defect::PayerUnknown => "PayerUnknown",
        }
    }

    fn needs_plan(self) -> bool {
        matches!(self, Defect::MemberIdMissing | Defect::MemberIdCut | Defect::PayerUnknown)
    }

    fn needs_first_visit(self) -> bool {
        matches!(self, Defect::MemberIdMissing | Defect::MemberIdCut)
    }
}

/// Visits with a defect, in a thousand.
const DEFECTS: u32 = 50;

/// One visit.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoVisit {
    /// External id.
    pub id: String,
    /// Date of service.
    pub date: Date,
    /// External id of the family.
    pub family: String,
    /// External id of the child.
    pub child: String,
    /// Why the child came.
    pub kind: VisitKind,
    /// What is wrong with it, if anything is.
    pub defect: Option<Defect>,
    /// The visit as our intake reads it (`revenue_cycle::encounter::read_json`).
    pub encounter: Value,
}

/// The visits from one day to another, both included, in the order of date and id. Any split of a range gives the same visits.
#[must_use]
pub fn visits(setup: &PracticeSetup, options: &DemoOptions, families: &[DemoFamily], from: Date, to: Date) -> Vec<DemoVisit> {
    let root = Draw::new(options.seed).of("visits");
    let mut visits: Vec<DemoVisit> = Vec::new();
    for family in families {
        for child in &family.children {
            let draw = root.of(&child.id);
            // Whole years, so that what a child gets does not depend on where a range ends.
            let days = days_of(child, &draw, to.last_of_year());
            for (place, day) in days.iter().enumerate().filter(|(_, day)| (from..=to).contains(&day.date)) {
                visits.push(visit(setup, family, child, day, place == 0, &draw.of(day.date)));
            }
        }
    }
    visits.sort_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
    visits
}

/// Visits as one file for intake.
#[must_use]
pub fn intake_file(visits: &[DemoVisit]) -> Value {
    json!({ "encounters": visits.iter().map(|visit| &visit.encounter).collect::<Vec<_>>() })
}

/// A day on which a child comes.
struct Day {
    date: Date,
    kind: VisitKind,
    doses: Vec<&'static str>,
    services: Vec<super::schedule::Service>,
}

/// All of a child's days up to one, in order, one visit a day at most.
fn days_of(child: &DemoChild, draw: &Draw, to: Date) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let open = |date: Date| date >= child.since && date <= to;
    // Some come on the day that is due, some weeks later, every year alike.
    let slack = draw.below("slack", 50);
    let mut antibody_given = child.known_before;
    for due in WELL_VISITS {
        let on = well_visit_date(child.birth_date, due.months, slack, &draw.of("well").of(due.months));
        let attended = draw.of("well").of(due.months).chance("attends", if due.months <= 24 { 940 } else { 780 });
        if !open(on) || !attended {
            continue;
        }
        let mut doses = due.doses.to_vec();
        let age = Age::at(child.birth_date, on).unwrap_or(Age { years: 0, months: 0, days: 0 });
        if age.months < 8 && matches!(on.month(), 10..=12 | 1..=3) && !antibody_given {
            antibody_given = true;
            doses.push(RSV_ANTIBODIES[usize::from(age.months >= 2)]);
        }
        if wants_influenza(draw, on) && age.months >= 6 && in_influenza_season(on) {
            doses.push(INFLUENZA);
        }
        let kind = if draw.of("well").of(due.months).chance("sick too", 80) { VisitKind::WellAndSick } else { VisitKind::Well };
        days.push(Day { date: on, kind, doses, services: due.services.to_vec() });
    }
    let dose_only = |date, kind, dose| Day { date, kind, doses: vec![dose], services: Vec::new() };
    let again = weekday(days_after(months_after(child.birth_date, HPV_AGAIN.0), slack));
    if open(again) && draw.chance("second dose", 700) && !days.iter().any(|day| day.date == again) {
        days.push(dose_only(again, VisitKind::ImmunizationOnly, HPV_AGAIN.1));
    }
    let mut month = child.since.first_of_month();
    while month <= to {
        let place = draw.of("month").of(month);
        let sick = weekday(days_after(month, place.below("day", 27)));
        let free = |days: &[Day], date: Date| open(date) && !days.iter().any(|day| day.date == date);
        if place.chance("sick", illness_chance(child.birth_date, sick)) && free(&days, sick) {
            days.push(Day { date: sick, kind: VisitKind::Sick, doses: Vec::new(), services: Vec::new() });
        }
        if month.month() == 9 && wants_influenza(draw, month) {
            let on = weekday(days_after(month, 14 + place.below("influenza", 75)));
            let had = days.iter().any(|day| day.date.year() == on.year() && day.doses.contains(&INFLUENZA));
            let old_enough = Age::at(child.birth_date, on).is_ok_and(|age| age.months >= 6 && age.years < 19);
            if !had && old_enough && free(&days, on) {
                days.push(dose_only(on, VisitKind::InfluenzaOnly, INFLUENZA));
            }
        }
        month = month.saturating_add(1.month());
    }
    days.sort_by_key(|day| day.date);
    days
}

fn well_visit_date(birth: Date, months: u16, slack: u32, draw: &Draw) -> Date {
    weekday(match months {
        0 => days_after(birth, 3 + draw.below("day", 3)),
        1..=8 => days_after(months_after(birth, months), draw.below("day", 10)),
        9..=30 => days_after(months_after(birth, months), slack / 2),
        _ => days_after(months_after(birth, months), slack),
    })
}

fn months_after(date: Date, months: u16) -> Date {
    date.saturating_add(i32::from(months).months())
}

/// The same day, or the Monday after a weekend.
fn weekday(date: Date) -> Date {
    match date.weekday() {
        Weekday::Saturday => days_after(date, 2),
        Weekday::Sunday => days_after(date, 1),
        _ => date,
    }
}

fn wants_influenza(draw: &Draw, on: Date) -> bool {
    draw.of("influenza").of(on.year()).chance("wants", 450)
}

fn in_influenza_season(on: Date) -> bool {
    matches!(on.month(), 9..=12)
}

/// Chance of an illness in a month, in a thousand: two a year on average, more for the small and in winter.
fn illness_chance(birth: Date, on: Date) -> u32 {
    let by_age = match Age::at(birth, on).map(|age| age.years) {
        Ok(0..=2) => 215,
        Ok(3..=5) => 185,
        Ok(6..=11) => 150,
        _ => 120,
    };
    if matches!(on.month(), 6..=8) { by_age * 6 / 10 } else { by_age * 115 / 100 }
}

fn visit(setup: &PracticeSetup, family: &DemoFamily, child: &DemoChild, day: &Day, first: bool, draw: &Draw) -> DemoVisit {
    let id = format!("{}-{}", child.id, day.date.strftime("%Y%m%d"));
    let sick = matches!(day.kind, VisitKind::Sick | VisitKind::WellAndSick);
    let season = usize::from(matches!(day.date.month(), 4..=9));
    let illness = if sick { draw.weighted("illness", ILLNESSES, |illness| illness.weights[season]) } else { None };
    let defect = defect(family, first, day.kind, draw);
    let happened = Happened {
        date: day.date,
        age: Age::at(child.birth_date, day.date).unwrap_or(Age { years: 0, months: 0, days: 0 }),
        well: matches!(day.kind, VisitKind::Well | VisitKind::WellAndSick),
        new_patient: first && !child.known_before,
        illness,
        level: draw.weighted("level", &[(2, 8), (3, 66), (4, 26)], |(_, share)| *share).map_or(3, |(level, _)| *level),
        counselled: !matches!(day.kind, VisitKind::InfluenzaOnly | VisitKind::ImmunizationOnly),
        doses: &day.doses,
        services: &day.services,
        referred: sick && draw.chance("referred", 300),
    };
    let payer = family.plan.as_ref().and_then(|plan| setup.payer(plan.payer));
    let mut encounter = coded::code(&happened, payer.map(|payer| &payer.facts));
    add_people(&mut encounter, setup, family, child, draw);
    encounter["id"] = json!(id);
    encounter["service_date"] = json!(day.date.to_string());
    if let Some(defect) = defect {
        break_on_purpose(&mut encounter, defect);
    }
    DemoVisit { id, date: day.date, family: family.id.clone(), child: child.id.clone(), kind: day.kind, defect, encounter }
}

fn add_people(encounter: &mut Value, setup: &PracticeSetup, family: &DemoFamily, child: &DemoChild, draw: &Draw) {
    let (city, state, zip) = family.place;
    let address = json!({ "lines": [family.street], "city": city, "state": state, "zip": zip });
    encounter["child"] = json!({
        "id": child.id, "family_name": family.last_name, "given_names": child.first_name,
        "birth_date": child.birth_date.to_string(), "sex": child.sex, "address": address,
    });
    let guardian = &family.guardian;
    encounter["guardian"] = json!({
        "id": family.id, "family_name": family.last_name, "given_names": guardian.first_name, "relationship": guardian.relationship,
        "birth_date": guardian.birth_date.to_string(), "phone": guardian.phone, "address": address,
    });
    if let Some((plan, payer)) = family.plan.as_ref().and_then(|plan| Some((plan, setup.payer(plan.payer)?))) {
        let mut coverage = json!({
            "payer_id": payer.payer_number.as_str(), "payer_name": payer.name.as_str(), "member_id": child.member_id,
            "valid_from": plan.since.max(child.birth_date).to_string(),
        });
        if let Some(group) = &plan.group_number {
            coverage["group_number"] = json!(group);
        }
        if let Some(holder) = &plan.holder {
            coverage["subscriber"] = json!({
                "family_name": family.last_name, "given_names": holder.first_name, "relationship": holder.relationship,
                "birth_date": holder.birth_date.to_string(),
            });
        }
        encounter["coverages"] = json!([coverage]);
    }
    let providers: Vec<&Provider> = setup.providers.iter().map(|provider| &provider.facts).collect();
    if !providers.is_empty() {
        let provider = draw.pick("provider", &providers);
        let name = format!("{} {}", provider.first_name, provider.last_name);
        encounter["rendering"] = json!({ "npi": provider.npi.to_string(), "name": name });
    }
    if !family.location.is_empty() {
        encounter["location"] = json!({ "id": family.location });
    }
}

fn defect(family: &DemoFamily, first: bool, kind: VisitKind, draw: &Draw) -> Option<Defect> {
    if !draw.chance("defect", DEFECTS) {
        return None;
    }
    let possible: Vec<Defect> = Defect::ALL
        .into_iter()
        .filter(|defect| (first || !defect.needs_first_visit()) && (family.plan.is_some() || !defect.needs_plan()))
        // A diagnosis that stands twice reaches the edits on a claim, and there is none without a plan.
        .filter(|defect| *defect != Defect::DiagnosisTwice || (family.plan.is_some() && kind != VisitKind::InfluenzaOnly))
        .collect();
    Some(draw.pick("which defect", &possible))
}

/// An NPI whose check digit holds and that no example practice has.
const STRANGERS_NPI: &str = "1999999992";

/// A payer number that no example practice has.
const STRANGE_PAYER: &str = "99999";

fn break_on_purpose(encounter: &mut Value, defect: Defect) {
    match defect {
        Defect::MemberIdMissing => encounter["coverages"][0]["member_id"] = Value::Null,
        Defect::MemberIdCut => {
            let id = encounter["coverages"][0]["member_id"].as_str().unwrap_or_default();
            encounter["coverages"][0]["member_id"] = json!(id.get(..id.len() / 2).unwrap_or_default());
        }
        Defect::ProviderUnknown => encounter["rendering"] = json!({ "npi": STRANGERS_NPI, "name": "Locum Tenens" }),
        Defect::DiagnosisNotBillable => encounter["diagnoses"][0] = json!("Z00.12"),
        Defect::PointerToNothing => encounter["lines"][0]["pointers"] = json!([12]),
        Defect::DiagnosisTwice => {
            let first = encounter["diagnoses"][0].clone();
            if let Some(diagnoses) = encounter["diagnoses"].as_array_mut() {
                diagnoses.push(first);
            }
        }
        Defect::PayerUnknown => {
            encounter["coverages"][0]["payer_id"] = json!(STRANGE_PAYER);
            encounter["coverages"][0]["payer_name"] = json!("Faraway Mutual");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::families;
    use crate::platform::ids::{LocationId, Npi, PayerId, PracticeId, ProviderId, SubmitterId};
    use crate::practice::model::{PayerClass, Stored};
    use crate::practice::setup::SetupFile;
    use crate::revenue_cycle::encounter::admit::{AdmitOptions, admit};
    use crate::revenue_cycle::encounter::read_json;
    use jiff::civil::date;
    use std::collections::{BTreeMap, BTreeSet};

    const OPTIONS: DemoOptions = DemoOptions { seed: 7, families: 300, opened: Date::constant(2026, 1, 1) };

    fn setup() -> PracticeSetup {
        fn keyed<K: From<i64>, T>(records: Vec<T>) -> Vec<Stored<K, T>> {
            records.into_iter().zip(1_i64..).map(|(facts, id)| Stored { id: id.into(), facts }).collect()
        }
        let file = SetupFile::read(include_str!("../../practice.example.toml")).unwrap();
        PracticeSetup {
            practice: Stored { id: PracticeId(1), facts: file.practice },
            locations: keyed::<LocationId, _>(file.locations),
            providers: keyed::<ProviderId, _>(file.providers),
            payers: keyed::<PayerId, _>(file.payers),
            submitters: keyed::<SubmitterId, _>(file.submitters),
            fees: file.fees.into_iter().collect(),
        }
    }

    fn year(setup: &PracticeSetup) -> (Vec<DemoFamily>, Vec<DemoVisit>) {
        let families = families::families(setup, &OPTIONS);
        let visits = visits(setup, &OPTIONS, &families, OPTIONS.opened, date(2026, 12, 31));
        (families, visits)
    }

    #[test]
    fn a_year_is_the_sum_of_its_months_and_a_family_the_same_among_few_and_many() {
        let setup = setup();
        let (families, whole) = year(&setup);
        let months = (1..=12).map(|month| date(2026, month, 1));
        let by_month: Vec<DemoVisit> = months.flat_map(|first| visits(&setup, &OPTIONS, &families, first, first.last_of_month())).collect();
        assert!(by_month == whole);
        assert!(families::families(&setup, &DemoOptions { families: 20, ..OPTIONS }) == families[..20]);
        assert!(families::families(&setup, &DemoOptions { seed: 8, ..OPTIONS }) != families);
    }

    #[test]
    fn visits_fall_on_weekdays_have_ids_of_their_own_and_come_one_a_day() {
        let (_, visits) = year(&setup());
        assert!(visits.iter().all(|visit| !matches!(visit.date.weekday(), Weekday::Saturday | Weekday::Sunday)));
        let ids: BTreeSet<&str> = visits.iter().map(|visit| visit.id.as_str()).collect();
        let days: BTreeSet<(&str, Date)> = visits.iter().map(|visit| (visit.child.as_str(), visit.date)).collect();
        assert_eq!((ids.len(), days.len()), (visits.len(), visits.len()));
    }

    #[test]
    fn the_mix_is_that_of_a_practice() {
        let setup = setup();
        let (families, visits) = year(&setup);
        let children: Vec<&DemoChild> = families.iter().flat_map(|family| &family.children).collect();
        let ten_per_family = children.len() * 10 / families.len();
        assert!((20..=24).contains(&ten_per_family), "{ten_per_family}");
        let all_year = children.iter().filter(|child| child.since <= OPTIONS.opened).count();
        let count = |kinds: &[VisitKind]| visits.iter().filter(|visit| kinds.contains(&visit.kind)).count();
        let sick_tenths = count(&[VisitKind::Sick, VisitKind::WellAndSick]) * 10 / all_year;
        assert!((16..=24).contains(&sick_tenths), "{sick_tenths}");
        assert!(count(&[VisitKind::Well]) * 2 > all_year && count(&[VisitKind::WellAndSick]) > 5);
        assert!(count(&[VisitKind::InfluenzaOnly]) > 50 && count(&[VisitKind::ImmunizationOnly]) > 3);
        let months: BTreeSet<i8> = visits.iter().filter(|v| v.kind == VisitKind::InfluenzaOnly).map(|v| v.date.month()).collect();
        assert!(months.iter().all(|month| (9..=12).contains(month)), "{months:?}");
        let defective = visits.iter().filter(|visit| visit.defect.is_some()).count() * 1_000 / visits.len();
        assert!((30..=70).contains(&defective), "{defective}");
        let twins = families.iter().filter(|f| f.children.windows(2).any(|pair| pair[0].birth_date == pair[1].birth_date)).count();
        assert!((1..30).contains(&twins), "{twins}");
    }

    #[test]
    fn siblings_share_a_member_id_unless_it_names_the_child_alone() {
        let setup = setup();
        for family in families::families(&setup, &OPTIONS).iter().filter(|family| family.children.len() > 1) {
            let ids: BTreeSet<&str> = family.children.iter().map(|child| child.member_id.as_str()).collect();
            let Some(plan) = &family.plan else { continue };
            let payer = setup.payer(plan.payer).unwrap();
            let one_each = matches!(payer.class, PayerClass::MedicaidFfs | PayerClass::MedicaidMco | PayerClass::Chip);
            assert_eq!(ids.len(), if one_each { family.children.len() } else { 1 }, "{}", family.id);
            assert_eq!(plan.holder.is_none(), one_each);
            let pattern = payer.rules_on(OPTIONS.opened).member_id_pattern;
            assert!(ids.iter().all(|id| pattern.fits(id)));
        }
    }

    #[test]
    fn intake_admits_every_visit_but_those_with_a_defect_and_holds_these_for_it() {
        let setup = setup();
        let (_, visits) = year(&setup);
        let file = intake_file(&visits).to_string();
        let drafts = read_json::read(file.as_bytes(), "demo").unwrap();
        assert_eq!(drafts.len(), visits.len());
        let mut seen: BTreeMap<Defect, usize> = BTreeMap::new();
        for (visit, draft) in visits.iter().zip(&drafts) {
            let held: BTreeSet<String> = match admit(draft, &setup, &AdmitOptions::default()) {
                Ok(_) => BTreeSet::new(),
                Err(holds) => holds.into_iter().map(|hold| hold.reason).collect(),
            };
            let expected = visit.defect.map(Defect::held_by).filter(|by| !by.starts_with('E'));
            assert_eq!(held, expected.map(str::to_owned).into_iter().collect(), "{} {:?}", visit.id, visit.defect);
            if let Some(defect) = visit.defect {
                *seen.entry(defect).or_default() += 1;
            }
        }
        assert_eq!(seen.len(), Defect::ALL.len(), "{seen:?}");
    }

    #[test]
    fn a_defect_for_the_edits_is_one_that_they_find() {
        let setup = setup();
        let (_, visits) = year(&setup);
        for visit in visits.iter().filter(|visit| visit.defect == Some(Defect::MemberIdCut)) {
            let number = visit.encounter["coverages"][0]["payer_id"].as_str();
            let pattern = setup.payer_for(number, None).unwrap().rules_on(visit.date).member_id_pattern;
            let cut = visit.encounter["coverages"][0]["member_id"].as_str().unwrap();
            assert!(!pattern.fits(cut));
        }
        assert!(STRANGERS_NPI.parse::<Npi>().is_ok());
        assert!(setup.provider_for(STRANGERS_NPI.parse().ok(), None, None).is_none());
        assert!(setup.payer_for(Some(STRANGE_PAYER), None).is_none());
    }

    #[test]
    fn a_newborn_is_new_at_the_first_visit_and_established_at_the_second() {
        let setup = setup();
        let (families, visits) = year(&setup);
        let born_here = families.iter().flat_map(|f| &f.children).filter(|c| c.birth_date.year() == 2026 && c.since == c.birth_date);
        let mut newborns = 0;
        for child in born_here {
            let codes: Vec<&str> = visits
                .iter()
                .filter(|visit| visit.child == child.id && visit.kind == VisitKind::Well)
                .filter_map(|visit| visit.encounter["lines"][0]["code"].as_str())
                .collect();
            newborns += usize::from(codes.len() > 1);
            assert!(codes.iter().skip(1).all(|code| *code == "99391"), "{codes:?}");
        }
        assert!(newborns > 3, "{newborns}");
    }
}
