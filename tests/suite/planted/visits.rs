//! Visits as they should be: finished charge lines of pediatric visits, written by hand. All persons are made up.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// First day of the month: the code tables cover it, and it ends before the tests' world begins.
const FIRST: Date = date(2026, 4, 15);

/// Days of the month.
const DAYS: u64 = 30;

/// Draws of one visit: the same visit has the same draws whatever the others are.
pub struct Draw(u64);

impl Draw {
    /// The draws of a visit by its number.
    pub fn new(seed: u64, number: usize) -> Draw {
        let mut draw = Draw(seed ^ (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        draw.next();
        draw
    }

    /// splitmix64.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// One of several.
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// Who pays: the practice file's payers.
#[derive(Clone, Copy)]
pub enum Payer {
    Prairie,
    Lakeshore,
    Medicaid,
    Meadow,
    KidsCare,
}

impl Payer {
    fn number(self) -> &'static str {
        match self {
            Payer::Prairie => "60054",
            Payer::Lakeshore => "00621",
            Payer::Medicaid => "37066",
            Payer::Meadow => "68069",
            Payer::KidsCare => "77027",
        }
    }

    fn member_id(self, number: usize) -> String {
        match self {
            Payer::Prairie => format!("W{:09}", 100_000_000 + number),
            Payer::Lakeshore => format!("LBP{:09}", 200_000_000 + number),
            Payer::Medicaid | Payer::Meadow => format!("{:09}", 300_000_000 + number),
            Payer::KidsCare => format!("K{:08}", 40_000_000 + number),
        }
    }

    /// Known as somebody's dependent, not by a member id of the child's own.
    fn names_the_family(self) -> bool {
        matches!(self, Payer::Prairie | Payer::Lakeshore)
    }
}

/// Code, modifiers, units, the diagnosis that it is for.
type Line = (&'static str, &'static [&'static str], u32, u64);

/// A kind of visit.
pub struct Template {
    pub name: &'static str,
    /// The child's age: months, and up to so many days more.
    age: (i32, u64),
    payers: &'static [Payer],
    diagnoses: &'static [&'static str],
    lines: &'static [Line],
    /// Whether a physician counselled on the vaccines.
    counselled: bool,
}

const COMMERCIAL: &[Payer] = &[Payer::Prairie, Payer::Lakeshore];
const NO_PUBLIC_STOCK: &[Payer] = &[Payer::Prairie, Payer::Lakeshore, Payer::KidsCare];
const EVERYBODY: &[Payer] = &[Payer::Prairie, Payer::Lakeshore, Payer::Medicaid, Payer::Meadow, Payer::KidsCare];

const fn template(
    name: &'static str,
    age: (i32, u64),
    payers: &'static [Payer],
    diagnoses: &'static [&'static str],
    lines: &'static [Line],
) -> Template {
    Template { name, age, payers, diagnoses, lines, counselled: true }
}

/// A visit at which nobody counselled.
const fn silent(template: Template) -> Template {
    Template { counselled: false, ..template }
}

/// The kinds of visits.
pub const TEMPLATES: &[Template] = &[
    template(
        "four months",
        (4, 20),
        NO_PUBLIC_STOCK,
        &["Z00.129", "Z23"],
        &[
            ("99391", &["25"], 1, 1),
            ("90697", &[], 1, 2),
            ("90677", &[], 1, 2),
            ("90680", &[], 1, 2),
            ("90460", &[], 3, 2),
            ("90461", &[], 5, 2),
        ],
    ),
    template(
        "one year, Medicaid",
        (12, 20),
        &[Payer::Medicaid],
        &["Z00.129", "Z23"],
        &[
            ("99392", &["25"], 1, 1),
            ("90707", &["SL"], 1, 2),
            ("90716", &["SL"], 1, 2),
            ("90633", &["SL"], 1, 2),
            ("90460", &["SL"], 3, 2),
            ("85018", &["QW"], 1, 1),
            ("83655", &["QW"], 1, 1),
        ],
    ),
    template(
        "two years",
        (24, 20),
        NO_PUBLIC_STOCK,
        &["Z00.129", "Z23"],
        &[("99392", &["25"], 1, 1), ("90633", &[], 1, 2), ("90460", &[], 1, 2), ("96110", &[], 1, 1)],
    ),
    template(
        "two years, Medicaid plan",
        (24, 20),
        &[Payer::Meadow],
        &["Z00.129", "Z23"],
        &[("99392", &["25"], 1, 1), ("90633", &["SL"], 1, 2), ("90471", &[], 1, 2), ("96110", &[], 1, 1), ("83655", &["QW"], 1, 1)],
    ),
    template(
        "four years",
        (48, 300),
        NO_PUBLIC_STOCK,
        &["Z00.129", "Z23"],
        &[("99392", &["25"], 1, 1), ("90710", &[], 1, 2), ("90696", &[], 1, 2), ("90460", &[], 2, 2), ("90461", &[], 6, 2)],
    ),
    template("well and an ear", (72, 300), NO_PUBLIC_STOCK, &["Z00.121", "H66.91"], &[("99393", &[], 1, 1), ("99213", &["25"], 1, 2)]),
    template(
        "eleven years",
        (132, 300),
        NO_PUBLIC_STOCK,
        &["Z00.129", "Z23"],
        &[
            ("99393", &["25"], 1, 1),
            ("90651", &[], 1, 2),
            ("90715", &[], 1, 2),
            ("90619", &[], 1, 2),
            ("90460", &[], 3, 2),
            ("90461", &[], 2, 2),
        ],
    ),
    template("teenager", (180, 300), EVERYBODY, &["Z00.129"], &[("99394", &[], 1, 1), ("96127", &[], 1, 1)]),
    template("throat", (84, 1_000), EVERYBODY, &["J02.0"], &[("99213", &[], 1, 1), ("87880", &["QW"], 1, 1)]),
    template("ear", (36, 1_000), EVERYBODY, &["H66.91"], &[("99213", &[], 1, 1)]),
    template("urine", (60, 1_000), EVERYBODY, &["N39.0"], &[("99213", &[], 1, 1), ("81002", &[], 1, 1)]),
    silent(template("influenza dose", (60, 1_000), NO_PUBLIC_STOCK, &["Z23"], &[("90656", &[], 1, 1), ("90471", &[], 1, 1)])),
    template("COVID-19 dose", (96, 300), COMMERCIAL, &["Z23"], &[("91319", &[], 1, 1), ("90480", &[], 1, 1)]),
    template("RSV antibody", (3, 20), COMMERCIAL, &["Z29.11"], &[("90381", &[], 1, 1), ("96380", &[], 1, 1)]),
    template("HPV dose at nineteen", (228, 300), COMMERCIAL, &["Z23"], &[("90651", &[], 1, 1), ("90471", &[], 1, 1)]),
];

/// What is given under a product code: vaccine code, drug code, quantity, unit.
const STOCK: &[(&str, &str, &str, &str, &str)] = &[
    ("90381", "307", "49281057488", "1", "ML"),
    ("90619", "203", "49281059058", "0.5", "ML"),
    ("90633", "83", "00006483101", "0.5", "ML"),
    ("90651", "165", "00006412101", "0.5", "ML"),
    ("90656", "140", "49281042588", "0.5", "ML"),
    ("90677", "216", "00005200001", "0.5", "ML"),
    ("90680", "116", "00006404701", "2", "ML"),
    ("90696", "130", "58160081243", "0.5", "ML"),
    ("90697", "146", "63361024358", "0.5", "ML"),
    ("90707", "03", "00006468101", "1", "UN"),
    ("90710", "94", "00006417101", "1", "UN"),
    ("90715", "115", "58160084201", "0.5", "ML"),
    ("90716", "21", "00006482701", "1", "UN"),
    ("91319", "310", "", "", ""),
];

/// Gives a line the dose of its product.
pub fn give(line: &mut Value, counselled: bool, public: bool) {
    let code = line["code"].as_str().unwrap_or_default().to_owned();
    let Some((_, cvx, ndc, quantity, unit)) = STOCK.iter().find(|(cpt, ..)| *cpt == code) else { return };
    if !ndc.is_empty() {
        line["ndc"] = json!({ "ndc": ndc, "quantity": quantity, "unit": unit });
    }
    let (funding, eligibility) = if public { ("vfc", "V02") } else { ("private", "V01") };
    line["dose"] = json!({ "cvx": cvx, "lot": "L1", "counselled": counselled, "funding": funding, "eligibility": eligibility });
}

/// A visit of a kind by a child of its own.
pub fn visit(template: &Template, id: &str, number: usize, draw: &mut Draw) -> Value {
    let day = |days: u64| i64::try_from(days).unwrap().days();
    let service_date = FIRST.saturating_add(day(draw.below(DAYS)));
    let birth_date = service_date.saturating_sub(template.age.0.months()).saturating_sub(day(draw.below(template.age.1)));
    let payer = *draw.of(template.payers);
    let family_name = format!("{}{}", draw.of(&["Mar", "Cas", "Ros", "Bel", "Tan"]), draw.of(&["lowe", "tellan", "wood", "field"]));
    let mut coverage = json!({ "payer_id": payer.number(), "member_id": payer.member_id(number) });
    if payer.names_the_family() {
        coverage["subscriber"] = json!({ "family_name": family_name, "given_names": "Theodora", "relationship": "mother" });
    }
    let lines = template.lines.iter().map(|(code, modifiers, units, pointer)| {
        let mut line = json!({ "code": code, "modifiers": modifiers, "units": units, "pointers": [pointer] });
        give(&mut line, template.counselled, modifiers.contains(&"SL"));
        line
    });
    json!({
        "id": id,
        "service_date": service_date.to_string(),
        "child": {
            "id": format!("C-{number}"), "family_name": family_name, "given_names": draw.of(&["Juniper", "Bram", "Odile", "Wren", "Ilse"]),
            "birth_date": birth_date.to_string(), "sex": draw.of(&["F", "M"]),
            "address": { "lines": [format!("{} Larkspur Lane", 1 + draw.below(400))], "city": "Springfield", "state": "IL", "zip": "627041188" }
        },
        "guardian": { "id": format!("G-{number}"), "family_name": family_name, "given_names": "Theodora", "relationship": "mother" },
        "coverages": [coverage],
        "rendering": { "npi": draw.of(&["1900000112", "1900000120", "1900000138"]) },
        "diagnoses": template.diagnoses,
        "lines": lines.collect::<Vec<_>>(),
        "epsdt_referrals": ["NU"],
    })
}
