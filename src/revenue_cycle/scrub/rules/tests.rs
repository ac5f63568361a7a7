//! Every edit with a claim that trips it and the nearest claim that doesn't.

mod by_payer;

use std::collections::BTreeSet;

use jiff::civil::date;

use super::super::catalog::CATALOG;
use super::super::input::{History, LiveClaim, Original, OtherCoverage};
use super::testing::World;
use crate::edi::claim_837p::{
    Adjustment, Attachment, AttachmentKind, BenefitsAssignment, ClaimDateKind, DateValue, Drug, Frequency, Identifier, LineAdjudication,
    NdcUnit, OtherPayer, Payer, Provider, ProviderRole, Reference, ReferenceKind, RelatedCauses, Relationship, ReleaseOfInformation,
    Responsibility,
};
use crate::edi::remittance_835::{CasGroup, Quantity};
use crate::platform::ids::{EncounterId, Npi, PayerId};
use crate::platform::money::Money;
use crate::practice::model::PayerClass;
use crate::practice::rules::{ModifierList, NdcRequired, NpiList, PayerRules, ScreenList};
use crate::reference::operator::{self, Indicator, Kind, LimitPer, OperatorTables, Period};
use crate::reference::vaccine::VfcEligibility;
use crate::revenue_cycle::encounter::{Accident, AccidentKind, AuthorizationTerms, Eligibility};

/// One edit's row.
struct Row {
    edit: &'static str,
    /// A claim with one fault.
    trips: World,
    /// What is found besides: edits that the same fault necessarily trips.
    also: &'static [&'static str],
    /// The same claim without the fault: nothing is found.
    neighbour: World,
}

/// A row whose fault is planted into a clean claim.
fn planted(edit: &'static str, clean: World, fault: impl FnOnce(&mut World)) -> Row {
    let mut trips = clean.clone();
    fault(&mut trips);
    Row { edit, trips, also: &[], neighbour: clean }
}

/// A row of two claims of a commercially insured child of three years: diagnoses and lines with the fault, and without.
fn codes(edit: &'static str, faulty: (&[&str], &[&str]), right: (&[&str], &[&str])) -> Row {
    Row { edit, trips: World::visit(faulty.0, faulty.1), also: &[], neighbour: World::visit(right.0, right.1) }
}

/// A world, changed.
fn with(mut world: World, change: impl FnOnce(&mut World)) -> World {
    change(&mut world);
    world
}

/// A row of two claims whose child is of another age.
fn aged(row: Row, faulty: i32, right: i32) -> Row {
    let Row { edit, mut trips, also, mut neighbour } = row;
    trips.aged_days(faulty);
    neighbour.aged_days(right);
    Row { edit, trips, also, neighbour }
}

/// Envelope, parties and amounts.
fn form() -> Vec<Row> {
    let clean = World::medicaid;
    vec![
        planted("E001", clean(), |w| w.content.subscriber.payer.id.id = "009*00".to_owned()),
        planted("E002", clean(), |w| w.content.claim.id = "C".repeat(21)),
        planted("E003", clean(), |w| w.content.billing.id = Some(Identifier::new("XX", "1234567890".to_owned()))),
        planted("E004", clean(), |w| w.content.claim.providers.clear()),
        planted("E005", clean(), |w| w.content.billing.taxonomy = Some("2080000000".to_owned())),
        planted("E006", clean(), |w| w.content.billing.address.as_mut().unwrap().line1 = "P.O. Box 12".into()),
        planted("E007", clean(), |w| w.content.billing.tax_id = None),
        planted("E008", clean(), |w| w.has_route = false),
        planted("E009", clean(), |w| w.content.subscriber.person.id = None),
        planted("E010", World::visit(&["J029"], &["99213"]), |w| {
            w.content.subscriber.relationship = Some(Relationship::SelfSubscriber);
        }),
        planted("E011", World::visit(&["J029"], &["99213"]), |w| {
            w.content.patient.as_mut().unwrap().relationship = Relationship::Other("17".to_owned());
        }),
        planted("E012", clean(), |w| w.content.subscriber.person.sex = None),
        planted("E013", World::visit(&["J029"], &["99213"]), |w| {
            w.content.subscriber.person.address = w.content.patient.as_ref().unwrap().person.address.clone();
        }),
        planted("E014", World::visit(&["J029"], &["99213"]), |w| w.today = date(2026, 3, 15)),
        Row {
            edit: "E015",
            trips: with(World::visit(&["J029"], &["99213"]), |w| w.aged(22)),
            also: &[],
            neighbour: with(World::visit(&["J029"], &["99213"]), |w| w.aged(21)),
        },
        planted("E016", clean(), |w| w.content.claim.charge += Money::from_cents(1)),
        planted("E017", clean(), |w| w.rules.zero_charge_allowed = false),
        codes("E018", (&["R059"], &["94760"; 51]), (&["R059"], &["94760"; 50])),
        planted("E019", clean(), |w| w.content.claim.lines[0].diagnosis_pointers = vec![1, 3]),
        codes("E020", (&["J02"], &["99213"]), (&["J029"], &["99213"])),
        planted("E021", clean(), |w| w.content.claim.diagnoses.push("Z23".to_owned())),
    ]
}

/// Diagnoses.
fn diagnoses() -> Vec<Row> {
    vec![
        codes("E022", (&["W01198A", "M25512"], &["99213"]), (&["M25512", "W01198A"], &["99213"])),
        codes("E023", (&["Z00129", "Z025"], &["99392"]), (&["Z00129", "Z1342"], &["99392"])),
        aged(codes("E024", (&["Z00110"], &["99391"]), (&["Z00110"], &["99391"])), 8, 7),
        codes("E025", (&["Z23", "Z00129"], &["99392"]), (&["Z00129", "Z23"], &["99392"])),
        codes("E026", (&["Z00121", "Z23"], &["99392"]), (&["Z00121", "H6691"], &["99392"])),
        Row {
            edit: "E027",
            trips: with(World::visit(&["Z00129", "H6691"], &["99392", "99213-25"]), |w| {
                w.content.claim.lines[1].diagnosis_pointers = vec![2];
            }),
            also: &[],
            neighbour: with(World::visit(&["Z00129", "J45909"], &["99392", "99213-25"]), |w| {
                w.content.claim.lines[1].diagnosis_pointers = vec![2];
            }),
        },
        codes("E028", (&["Z3800"], &["99213"]), (&["Z3800"], &["99461"])).at(0),
        aged(codes("E029", (&["P599"], &["99213"]), (&["P599"], &["99213"])), 29, 28),
    ]
}

impl Row {
    /// Both claims' child is so many days old.
    fn at(self, days: i32) -> Row {
        aged(self, days, days)
    }
}

/// Visits.
fn visits() -> Vec<Row> {
    vec![
        codes("E030", (&["Z00129"], &["99393"]), (&["Z00129"], &["99392"])),
        codes("E031", (&["J029"], &["99203"]), (&["J029"], &["99213"])),
        codes("E032", (&["Z00129"], &["99392", "99392"]), (&["Z00129"], &["99392"])),
        codes("E033", (&["Z00129", "Z23"], &["99392", "90633", "90460"]), (&["Z00129", "Z23"], &["99392-25", "90633", "90460"])),
        codes("E034", (&["Z00121", "H6691"], &["99392", "99213"]), (&["Z00121", "H6691"], &["99392", "99213-25"])),
        codes("E035", (&["J029"], &["99213", "94760-25"]), (&["J029"], &["99213-25", "94760"])),
    ]
}

/// Vaccines of a child of three years, by an otherwise clean visit of doses alone.
fn vaccines() -> Vec<Row> {
    let infant = |lines: &[&str]| with(World::visit(&["Z23"], lines), |w| w.aged_days(120));
    let antibody = |diagnosis: &str, lines: &[&str]| with(World::visit(&[diagnosis], lines), |w| w.aged_days(120));
    vec![
        Row {
            edit: "E036",
            trips: with(World::visit(&["Z23"], &["90651", "90460"]), |w| w.aged(19)),
            also: &[],
            neighbour: with(World::visit(&["Z23"], &["90651", "90460"]), |w| w.aged(18)),
        },
        planted("E037", World::medicaid(), |w| w.visit.doses[0].facts.counselled = Some(false)),
        codes("E038", (&["Z23"], &["90633", "90716", "90460", "90471"]), (&["Z23"], &["90633", "90716", "90460", "90472"])),
        Row {
            edit: "E039",
            trips: infant(&["90697", "90460"]),
            also: &[],
            neighbour: with(infant(&["90697", "90460", "90461"]), |w| {
                w.content.claim.lines[2].quantity = Quantity::whole(5);
            }),
        },
        codes("E040", (&["Z23"], &["90633", "90472"]), (&["Z23"], &["90633", "90471"])),
        codes("E041", (&["Z23"], &["90633"]), (&["Z23"], &["90633", "90471"])),
        codes("E042", (&["Z23"], &["91318", "90471"]), (&["Z23"], &["91318", "90480"])),
        Row { edit: "E043", trips: antibody("Z2911", &["90381", "90471"]), also: &[], neighbour: antibody("Z2911", &["90381", "96380"]) },
        codes("E044", (&["Z7185"], &["99213-25", "90482"]), (&["Z7185", "Z2821"], &["99213-25", "90482"])),
    ]
}

/// A hospital day of a newborn, admitted at birth.
fn newborn() -> World {
    with(World::visit(&["Z3800"], &["99460"]), |w| {
        w.aged_days(0);
        w.content.claim.place_of_service = "21".to_owned();
        w.content.claim.dates.push((ClaimDateKind::Admission, DateValue::Day(date(2026, 3, 16))));
        let hospital = Provider { role: ProviderRole::Facility, ..w.content.claim.providers[0].clone() };
        w.content.claim.providers.push(hospital);
    })
}

/// Places and situations.
fn situations() -> Vec<Row> {
    let injury = || {
        with(World::visit(&["S52501A"], &["99213"]), |w| {
            w.visit.answers.accident = Some(Accident { kind: AccidentKind::None, date: None, state: None });
        })
    };
    let by_car = || {
        with(injury(), |w| {
            w.content.claim.related_causes =
                Some(RelatedCauses { causes: vec!["AA".to_owned()], state: Some("TX".to_owned()), country: None });
            w.content.claim.dates.push((ClaimDateKind::Accident, DateValue::Day(date(2026, 3, 14))));
        })
    };
    vec![
        planted("E049", World::medicaid(), |w| w.content.claim.conditions[0].codes = vec!["ST".to_owned()]),
        codes("E053", (&["J029"], &["99213-2"]), (&["J029"], &["99213-25"])),
        codes("E054", (&["Z3800"], &["99460"]), (&["Z3800"], &["99461"])).at(0),
        planted("E055", newborn(), |w| w.content.claim.dates.clear()),
        planted("E058", replacement(), |w| w.content.claim.references.clear()),
        planted("E059", replacement(), |w| w.original.as_mut().unwrap().codes.push("87880".to_owned())),
        planted("E068", injury(), |w| w.visit.answers.accident = None),
        planted("E075", World::visit(&["J029"], &["99213"]), |w| {
            w.content.claim.dates.push((ClaimDateKind::Admission, DateValue::Day(date(2026, 3, 16))));
        }),
        planted("E078", by_car(), |w| w.content.claim.dates[0].1 = DateValue::Day(date(2026, 3, 17))),
    ]
}

/// A replacement of a claim that the payer numbered.
fn replacement() -> World {
    with(World::visit(&["J029"], &["99213"]), |w| {
        w.content.claim.frequency = Frequency::Replacement;
        w.content.claim.references.push(Reference::new(ReferenceKind::PayerClaimNumber, "26075X1"));
        w.original = Some(Original { icn: Some("26075X1".to_owned()), codes: vec!["99213".to_owned()] });
    })
}

/// A claim of one line of $100 to Medicaid, of which a plan has paid $60 and taken off $25; $15 remain.
fn secondary() -> World {
    let amount = |group: CasGroup, reason: &str, cents| Adjustment {
        group,
        reason: reason.into(),
        amount: Money::from_cents(cents),
        quantity: None,
    };
    with(World::visit(&["J029"], &["99213"]), |w| {
        let subscriber = w.content.subscriber.person.clone();
        let payer =
            Payer { name: "Prairie".to_owned(), id: Identifier::new("PI", "60054".to_owned()), address: None, references: Vec::new() };
        w.content.subscriber.responsibility = Responsibility::Secondary;
        w.rank = Some(2);
        w.content.claim.other_payers.push(OtherPayer {
            responsibility: Responsibility::Primary,
            relationship: Relationship::Child,
            group_number: None,
            group_name: None,
            insurance_type: None,
            filing_indicator: Some("CI".to_owned()),
            adjustments: Vec::new(),
            paid: Some(Money::from_cents(6_000)),
            non_covered: None,
            remaining: None,
            benefits_assignment: BenefitsAssignment::Yes,
            signed_for_patient: false,
            release: ReleaseOfInformation::Yes,
            remarks: None,
            subscriber,
            payer,
            adjudicated: None,
            providers: Vec::new(),
        });
        let line = &mut w.content.claim.lines[0];
        line.adjudications.push(LineAdjudication {
            payer_id: "60054".to_owned(),
            paid: Money::from_cents(6_000),
            procedure: line.procedure.clone(),
            units: Quantity::whole(1),
            bundled_into: None,
            adjustments: vec![amount(CasGroup::CO, "45", 2_500), amount(CasGroup::PR, "2", 1_500)],
            adjudicated: Some(date(2026, 3, 18)),
            remaining: Some(Money::from_cents(1_500)),
        });
    })
}

/// Payers and coverages.
fn payers() -> Vec<Row> {
    let other = |class: PayerClass, rank| {
        let plan = PayerRules::of_class(class).plan_class(class);
        OtherCoverage { payer_name: "Prairie".to_owned(), payer_number: "60054".to_owned(), plan, rank, billed: None }
    };
    let twin = |encounter| LiveClaim {
        encounter: EncounterId(encounter),
        payer: PayerId(1),
        sent: None,
        pcn: "C77".to_owned(),
        responsibility: "P".to_owned(),
        renderer: Npi::from_nine_digits(124_531_959),
        lines: vec![("99213".to_owned(), String::new())],
    };
    let sick = || World::visit(&["J029"], &["99213"]);
    let terms = AuthorizationTerms { from: Some(date(2026, 1, 1)), to: Some(date(2026, 3, 16)), units_left: Some(1) };
    vec![
        planted("E060", secondary(), |w| w.content.claim.other_payers.clear()),
        planted("E061", secondary(), |w| w.content.claim.lines[0].adjudications[0].adjustments[1].amount = Money::from_cents(1_501)),
        Row {
            edit: "E062",
            trips: with(sick(), |w| (w.class, w.others) = (PayerClass::Tricare, vec![other(PayerClass::Commercial, 2)])),
            also: &[],
            neighbour: with(sick(), |w| (w.class, w.others) = (PayerClass::Tricare, vec![other(PayerClass::MedicaidFfs, 2)])),
        },
        planted("E063", with(sick(), |w| (w.class, w.others) = (PayerClass::MedicaidMco, vec![other(PayerClass::Chip, 2)])), |w| {
            w.others = vec![other(PayerClass::Commercial, 2)];
        }),
        planted("E064", with(sick(), |w| w.visit.answers.eligibility = Some(Eligibility::Active)), |w| {
            w.visit.answers.eligibility = Some(Eligibility::Inactive);
        }),
        planted("E065", with(sick(), |w| w.aged_days(60)), |w| w.own_enrolment = Some(false)),
        planted("E066", with(sick(), |w| w.file_by = Some(date(2026, 4, 4))), |w| w.file_by = Some(date(2026, 4, 3))),
        planted("E067", with(sick(), |w| w.visit.answers.authorization_terms = Some(terms)), |w| {
            w.visit.answers.authorization_terms.as_mut().unwrap().to = Some(date(2026, 3, 15));
        }),
        planted("E071", with(sick(), |w| w.rules.not_enrolled = NpiList::parse("1900000112").unwrap()), |w| {
            w.rules.not_enrolled = NpiList::parse("1245319599").unwrap();
        }),
        Row {
            edit: "E069",
            trips: with(sick(), |w| w.same_day = vec![twin(2)]),
            also: &[],
            neighbour: with(sick(), |w| w.same_day = vec![twin(1)]),
        },
        planted("E070", with(sick(), |w| w.allowed = vec![Some(Money::from_cents(10_000))]), |w| {
            w.allowed = vec![Some(Money::from_cents(10_001))];
        }),
        planted("E072", sick(), |w| {
            let referring = Provider { role: ProviderRole::Referring, ..w.content.claim.providers[0].clone() };
            w.content.claim.lines[0].providers.push(referring);
        }),
        planted("E074", secondary(), |w| w.content.claim.other_payers[0].remaining = Some(Money::from_cents(1_500))),
        codes("E076", (&["Z00121", "H6691"], &["99392", "99203-25"]), (&["Z00121", "H6691"], &["99392", "99213-25"])).unseen(),
        codes("E077", (&["Z23"], &["99211-25", "90633", "90471"]), (&["Z23"], &["90633", "90471"])),
        planted("E079", with(sick(), |w| w.content.claim.attachments.push(attachment(Some("A1")))), |w| {
            w.content.claim.attachments = vec![attachment(None)];
        }),
        planted("E080", sick(), |w| w.content.claim.lines[0].procedure.code = "VISIT".into()),
    ]
}

/// What an operator has loaded about these codes: none is in a list of procedures, `column2` is part of `column1`, and a line takes one unit.
fn tables(kind: Kind, codes: &[&str], rows: Vec<operator::Row>) -> OperatorTables {
    let mut tables = OperatorTables::for_codes(codes.iter().copied());
    tables.add(kind, Period { from: date(2026, 1, 1), to: Some(date(2026, 12, 31)) }, rows);
    tables
}

/// What payers and loaded files say.
fn files() -> Vec<Row> {
    let listed = |code: &str| operator::Row::Code { code: code.to_owned(), billable: true, label: None, from: None, to: None };
    let pair = |indicator| operator::Row::Pair {
        column1: "94640".parse().unwrap(),
        column2: "94760".parse().unwrap(),
        indicator,
        from: date(2026, 1, 1),
        to: None,
    };
    let bundled =
        || with(World::visit(&["J4521"], &["94640", "94760"]), |w| w.content.claim.lines[1].procedure.modifiers = vec!["59".into()].into());
    let paired = |indicator| with(bundled(), |w| w.tables = tables(Kind::PtpMedicare, &["94640", "94760"], vec![pair(indicator)]));
    let limit = operator::Row::Limit { code: "94760".parse().unwrap(), units: 1, per: LimitPer::Line };
    let antibody = |ndc: &str| {
        with(World::visit(&["Z2911"], &["90381", "96380"]), |w| {
            w.aged_days(120);
            w.rules.ndc_required = NdcRequired::Drugs;
            w.content.claim.lines[0].drug = Some(Drug {
                qualifier: "N4".to_owned(),
                code: ndc.to_owned(),
                quantity: Some(Quantity::whole(1)),
                unit: Some(NdcUnit::Milliliter),
                reference: None,
            });
        })
    };
    let strep = || {
        with(World::visit(&["J029"], &["99213-25", "87880-QW"]), |w| {
            w.content.claim.references.push(Reference::new(ReferenceKind::Clia, "14D9990001"));
        })
    };
    let lead = || {
        with(World::medicaid(), |w| {
            w.aged_days(740);
            w.history.visits.clear();
            w.history.complete_since = None;
            w.rules.required_screens = ScreenList::NONE;
        })
    };
    vec![
        planted("E045", World::medicaid(), |w| w.visit.doses[0].facts.eligibility = Some(VfcEligibility::V01)),
        planted("E046", World::medicaid(), |w| {
            w.content.claim.lines[1].charge = Money::from_cents(1_000);
            w.total();
        }),
        Row {
            edit: "E047",
            trips: with(World::visit(&["Z23"], &["90715", "90471"]), |w| w.aged(6)),
            also: &[],
            neighbour: with(World::visit(&["Z23"], &["90715", "90471"]), |w| w.aged(7)),
        },
        planted("E048", antibody("49281057488"), |w| w.content.claim.lines[0].drug = None),
        planted(
            "E050",
            with(World::visit(&["Z00129"], &["99392"]), |w| {
                w.rules.modifiers_required = ModifierList::parse("EP 99381-99397 @4-").unwrap()
            }),
            |w| {
                w.rules.modifiers_required = ModifierList::parse("EP 99381-99397").unwrap();
            },
        ),
        planted("E051", strep(), |w| w.content.claim.lines[1].procedure.modifiers.clear()),
        planted(
            "E052",
            with(World::visit(&["J029"], &["99213"]), |w| w.tables = tables(Kind::Cpt, &["99213"], vec![listed("99213")])),
            |w| {
                w.tables = tables(Kind::Cpt, &["99213"], Vec::new());
            },
        ),
        planted("E056", paired(Indicator::WithModifier), |w| w.tables = paired(Indicator::Never).tables),
        planted("E057", with(bundled(), |w| w.tables = tables(Kind::MueMedicare, &["94760"], vec![limit])), |w| {
            w.content.claim.lines[1].quantity = Quantity::whole(2);
        }),
        planted("E073", lead(), |w| w.rules.required_screens = ScreenList::parse("83655 12 24").unwrap()),
    ]
}

fn attachment(number: Option<&str>) -> Attachment {
    Attachment { report_type: "OZ".to_owned(), transmission: AttachmentKind::Fax, control_number: number.map(str::to_owned) }
}

impl Row {
    /// Nobody knows whether the child was seen before.
    fn unseen(mut self) -> Row {
        for world in [&mut self.trips, &mut self.neighbour] {
            world.history = History::default();
        }
        self
    }
}

fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = [form(), diagnoses(), visits(), vaccines(), situations(), payers(), files()].into_iter().flatten().collect();
    rows.sort_by_key(|row| row.edit);
    rows
}

#[test]
fn every_edit_of_the_catalog_is_in_the_table_once() {
    let rows = rows();
    let edits: Vec<&str> = rows.iter().map(|row| row.edit).collect();
    let catalog: Vec<&str> = CATALOG.iter().map(|entry| entry.edit.id).collect();
    assert_eq!(edits, catalog);
}

#[test]
fn every_edit_finds_its_fault_and_its_neighbour_is_clean() {
    let mut wrong = Vec::new();
    for row in rows() {
        let expected: BTreeSet<&str> = row.also.iter().copied().chain([row.edit]).collect();
        let (trips, neighbour) = (row.trips.findings(), row.neighbour.findings());
        let found: BTreeSet<&str> = trips.iter().map(|finding| finding.edit.as_str()).collect();
        if found != expected {
            wrong.push(format!("{}: expected {expected:?}, found {trips:#?}", row.edit));
        }
        if !neighbour.is_empty() {
            wrong.push(format!("{}: the neighbour has {neighbour:#?}", row.edit));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn e060_and_e061_want_what_a_prior_payer_paid_even_where_it_is_nothing() {
    let silent = with(secondary(), |w| w.content.claim.other_payers[0].paid = None);
    assert_eq!(silent.edits(), ["E060"]);
    let bare = with(secondary(), |w| {
        w.content.claim.other_payers[0].paid = Some(Money::ZERO);
        w.content.claim.other_payers[0].adjudicated = Some(date(2026, 3, 18));
        w.content.claim.lines[0].adjudications.clear();
    });
    assert_eq!(bare.edits(), ["E061"]);
}
