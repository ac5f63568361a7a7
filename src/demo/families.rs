//! Synthetic families for the demo: guarantors, siblings, twins now and then, a plan of the mother's or the father's, or Medicaid with an
//! id for each child. Everything is drawn from the seed, the payers of the practice and the family's number. Made up, and so no `Phi`.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::draw::Draw;
use crate::platform::ids::PayerId;
use crate::practice::PracticeSetup;
use crate::practice::model::{Payer, PayerClass};
use crate::practice::rules::MemberIdScope;

/// What the demo's world is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoOptions {
    /// Another seed gives other families and other visits.
    pub seed: u64,
    /// How many families: each has 2.2 children.
    pub families: u32,
    /// The first day of the demo. Nine families in ten are patients on that day; the others come within two years.
    pub opened: Date,
}

/// A family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoFamily {
    /// External id of the account.
    pub id: String,
    /// Number of the family, from 0.
    pub number: u32,
    /// Everybody's family name.
    pub last_name: &'static str,
    /// Who answers for the children.
    pub guardian: DemoAdult,
    /// Street line.
    pub street: String,
    /// City, state and ZIP code.
    pub place: (&'static str, &'static str, &'static str),
    /// Who pays; none: the family itself.
    pub plan: Option<DemoPlan>,
    /// Code of the site that they go to.
    pub location: String,
    /// The children, the oldest first; some are born after the demo's first day.
    pub children: Vec<DemoChild>,
}

/// A parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAdult {
    /// Given name.
    pub first_name: &'static str,
    /// `mother` or `father`.
    pub relationship: &'static str,
    /// Date of birth.
    pub birth_date: Date,
    /// Ten digits.
    pub phone: String,
}

/// The family's plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPlan {
    /// The practice's payer.
    pub payer: PayerId,
    /// The holder, for a plan whose member id names the family.
    pub holder: Option<DemoAdult>,
    /// Group number, for a plan of an employer.
    pub group_number: Option<String>,
    /// First day.
    pub since: Date,
}

/// A child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoChild {
    /// External id.
    pub id: String,
    /// Given name.
    pub first_name: &'static str,
    /// `F` or `M`.
    pub sex: &'static str,
    /// Date of birth.
    pub birth_date: Date,
    /// First day as a patient of the practice.
    pub since: Date,
    /// Whether the practice saw the child before the demo's first day.
    pub known_before: bool,
    /// Member id: the child's own, or the plan's; empty without a plan.
    pub member_id: String,
}

/// Numbers of children with their shares in per cent: 2.22 on average.
const CHILDREN: [(u32, u32); 5] = [(1, 27), (2, 38), (3, 24), (4, 8), (5, 3)];

/// Shares of the classes of payers in per cent, as a suburban practice has them; the rest pays by itself.
const CLASSES: [(PayerClass, u32); 5] = [
    (PayerClass::Commercial, 53),
    (PayerClass::MedicaidMco, 22),
    (PayerClass::MedicaidFfs, 13),
    (PayerClass::Chip, 7),
    (PayerClass::Tricare, 2),
];

/// Families in a hundred that pay by themselves.
const SELF_PAY: u32 = 3;

const LAST_NAMES: &[&str] = &[
    "Abara",
    "Bergström",
    "Carmichael",
    "D'Angelo",
    "Eastman",
    "Fitzwilliam",
    "Grünwald",
    "Holloway",
    "Ibarra",
    "Jankowski",
    "Kealoha",
    "Lindgren",
    "Montoya",
    "Núñez",
    "O'Rourke",
    "Pellegrino",
    "Quimby",
    "Rasmussen",
    "Sokolova",
    "Tanaka",
    "Underhill",
    "Vandermeer",
    "Whitaker",
    "Xiong",
    "Yarborough",
    "Zamora",
    "Bell-Ames",
    "Castellanos",
    "Drummond",
    "Featherstone",
];
const MOTHERS: &[&str] =
    &["Adaeze", "Bridget", "Camila", "Dorothea", "Elena", "Farah", "Greta", "Hana", "Imani", "Joanna", "Keiko", "Lucía"];
const FATHERS: &[&str] =
    &["Anders", "Benicio", "Callum", "Dmitri", "Emeka", "Felix", "Gareth", "Hiroshi", "Ivan", "Joaquín", "Kwame", "Lars"];
const GIRLS: &[&str] = &[
    "Amara", "Beatrix", "Clara", "Delphine", "Esme", "Flora", "Gwen", "Hazel", "Iris", "Juniper", "Kaia", "Luna", "Mireya", "Noor",
    "Odette", "Phoebe",
];
const BOYS: &[&str] = &[
    "Arlo", "Basil", "Cyrus", "Dashiell", "Ezra", "Finn", "Gideon", "Hugo", "Ignacio", "Jasper", "Kofi", "Leander", "Milo", "Nico", "Otis",
    "Percy",
];
const STREETS: &[&str] =
    &["Maple Court", "Prairie Avenue", "Lincoln Street", "Willow Bend", "Sangamon Drive", "Orchard Lane", "Capitol Road"];
const PLACES: &[(&str, &str, &str)] = &[
    ("Springfield", "IL", "627041201"),
    ("Springfield", "IL", "62702"),
    ("Chatham", "IL", "626290804"),
    ("Rochester", "IL", "62563"),
    ("Sherman", "IL", "626840117"),
];

/// The demo's families, in the order of their numbers. Each is the same in any number of families.
#[must_use]
pub fn families(setup: &PracticeSetup, options: &DemoOptions) -> Vec<DemoFamily> {
    (0..options.families).map(|number| family(setup, options, number)).collect()
}

fn family(setup: &PracticeSetup, options: &DemoOptions, number: u32) -> DemoFamily {
    let draw = Draw::new(options.seed).of("family").of(number);
    let births = births(&draw, options.opened);
    let oldest = births.first().copied().unwrap_or(options.opened);
    let mother = draw.chance("mother answers", 700);
    let guardian = adult(&draw.of("guardian"), mother, oldest);
    let id = format!("F{number:06}");
    let since = if draw.chance("known before", 900) { None } else { Some(days_after(options.opened, draw.below("came", 730))) };

    let payer = payer(&draw, setup);
    let plan = payer.map(|(payer_id, payer)| {
        let holder = (payer.rules_on(options.opened).member_id_scope == MemberIdScope::Family).then(|| {
            let own = draw.chance("guardian holds the plan", 650);
            if own { guardian.clone() } else { adult(&draw.of("other parent"), !mother, oldest) }
        });
        let group_number = holder.as_ref().map(|_| format!("G{:05}", draw.below("group", 100_000)));
        DemoPlan { payer: payer_id, holder, group_number, since: Date::constant(options.opened.year() - 1, 1, 1) }
    });
    let family_member_id = payer.map(|(_, payer)| member_id(&draw, payer, options.opened)).unwrap_or_default();
    let sites: Vec<&str> = setup.locations.iter().map(|location| location.code.as_str()).collect();
    let names_family = plan.as_ref().is_some_and(|plan| plan.holder.is_some());
    let children = births.into_iter().zip(1..).map(|(birth_date, place): (Date, u32)| {
        let child = draw.of("child").of(place);
        let girl = child.chance("girl", 490);
        let names = if girl { GIRLS } else { BOYS };
        let offset = draw.of(girl).below("names", 16) + place * 5;
        let own_id = || payer.map(|(_, payer)| member_id(&child, payer, options.opened)).unwrap_or_default();
        DemoChild {
            id: format!("{id}-{place}"),
            first_name: names[usize::try_from(offset).unwrap_or_default() % names.len()],
            sex: if girl { "F" } else { "M" },
            birth_date,
            since: birth_date.max(since.unwrap_or(options.opened)),
            known_before: since.is_none() && birth_date < options.opened,
            member_id: if names_family { family_member_id.clone() } else { own_id() },
        }
    });
    DemoFamily {
        number,
        last_name: draw.pick("last name", LAST_NAMES),
        guardian,
        street: format!("{} {}", 10 + draw.below("house", 980), draw.pick("street", STREETS)),
        place: draw.pick("place", PLACES),
        location: if sites.is_empty() { String::new() } else { draw.pick("site", &sites).to_owned() },
        children: children.collect(),
        plan,
        id,
    }
}

/// Birth dates of the children, the oldest first. The oldest is at most 17 on the demo's first day and may be born in its first two
/// years; the next come after one and a half to four and a half years, or with the one before.
fn births(draw: &Draw, opened: Date) -> Vec<Date> {
    /// Sibling births that are twins, in a thousand.
    const TWINS: u32 = 30;
    let count = draw.weighted("children", &CHILDREN, |(_, share)| *share).map_or(1, |(count, _)| *count);
    let first_born = days_after(opened.saturating_sub(17.years()), draw.below("oldest", 19 * 365));
    let mut births = vec![first_born];
    for place in 1..count {
        let gap = draw.of("gap").of(place);
        let before = births.last().copied().unwrap_or(first_born);
        births.push(if gap.chance("twins", TWINS) { before } else { days_after(before, 550 + gap.below("days", 1_100)) });
    }
    births
}

fn adult(draw: &Draw, mother: bool, oldest_child: Date) -> DemoAdult {
    let age = Span::new().days(i64::from(20 * 365 + draw.below("age", 18 * 365)));
    DemoAdult {
        first_name: draw.pick("first name", if mother { MOTHERS } else { FATHERS }),
        relationship: if mother { "mother" } else { "father" },
        birth_date: oldest_child.saturating_sub(age),
        phone: format!("21755501{:02}", draw.below("phone", 100)),
    }
}

fn payer<'a>(draw: &Draw, setup: &'a PracticeSetup) -> Option<(PayerId, &'a Payer)> {
    if draw.below("pays by itself", 100) < SELF_PAY {
        return None;
    }
    let of_class = |class: PayerClass| setup.payers.iter().filter(|payer| payer.class == class).collect::<Vec<_>>();
    let (class, _) = draw.weighted("class", &CLASSES, |(class, share)| if of_class(*class).is_empty() { 0 } else { *share })?;
    let payer = draw.pick("payer", &of_class(*class));
    Some((payer.id, &payer.facts))
}

fn member_id(draw: &Draw, payer: &Payer, on: Date) -> String {
    let mut place = 0;
    payer.rules_on(on).member_id_pattern.made_up(|count| {
        place += 1;
        usize::try_from(draw.of("member id").of(place).below("character", u32::try_from(count).unwrap_or(1))).unwrap_or_default()
    })
}

/// A date so many days later.
pub(super) fn days_after(date: Date, days: u32) -> Date {
    date.saturating_add(Span::new().days(i64::from(days)))
}
