//! Parts of any shape, for the trees of inquiries and answers.

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::{DateKind, Dated, Family, Heading, Inquiry, Party, Reference, Role, Source, Specialty, Trace};
use crate::edi::claim_837p::{Address, Contact, DateValue, EntityName, Identifier, PersonName};
use crate::edi::remittance_835::{Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// A tree without what a reader adds: segment numbers.
pub(in crate::edi) fn without_segments<T: serde::Serialize>(tree: &T) -> serde_json::Value {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(fields) => {
                fields.remove("segment");
                fields.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(tree).expect("a tree of strings and numbers");
    strip(&mut value);
    value
}

pub(in crate::edi) fn inquiry<S: std::fmt::Debug>(sources: impl Strategy<Value = Vec<S>>) -> impl Strategy<Value = Inquiry<S>> {
    (heading(), sources).prop_map(|(heading, sources)| Inquiry { heading, sources, unread: Vec::new() })
}

pub(in crate::edi) fn source<R: std::fmt::Debug>(
    payer: impl Strategy<Value = Party<Phi<String>>>,
    receivers: impl Strategy<Value = Vec<R>>,
) -> impl Strategy<Value = Source<R>> {
    (payer, receivers).prop_map(|(payer, receivers)| Source { segment: 0, payer: payer.open(), receivers })
}

/// A family whose members are of one kind.
pub(in crate::edi) fn family<M: std::fmt::Debug, S: Strategy<Value = M>>(member: impl Fn() -> S) -> impl Strategy<Value = Family<M>> {
    (member(), vec(member(), 0..3)).prop_map(|(subscriber, dependents)| Family { subscriber, dependents })
}

fn heading() -> impl Strategy<Value = Heading> {
    let created = of((day(), 0_i8..24, 0_i8..60).prop_map(|(day, hour, minute)| day.at(hour, minute, 0, 0)));
    ("[0-9]{4,9}", code(), code(), created, "(|RT|DG)").prop_map(|(control_number, purpose, reference, created, kind)| Heading {
        control_number,
        segment: 0,
        purpose: purpose.into(),
        reference,
        created,
        kind: kind.into(),
    })
}

pub(in crate::edi) fn traces() -> impl Strategy<Value = Vec<Trace>> {
    let trace = ("[12]", code(), of(code()), of(code())).prop_map(|(kind, number, originator, division)| Trace {
        kind: kind.into(),
        number,
        originator,
        division,
    });
    vec(trace, 0..3)
}

/// NM1 alone.
pub(in crate::edi) fn named() -> impl Strategy<Value = Party<Phi<String>>> {
    ("[A-Z0-9]{1,3}", name(), of(identifier())).prop_map(|(role, name, id)| Party::new(Role::from(role), name, id.map(masked)))
}

/// NM1 and PER.
pub(in crate::edi) fn reachable() -> impl Strategy<Value = Party<Phi<String>>> {
    (named(), contacts()).prop_map(|(party, contacts)| Party { contacts, ..party })
}

/// NM1, REF, N3, N4, PRV.
pub(in crate::edi) fn described() -> impl Strategy<Value = Party<Phi<String>>> {
    (named(), references(), of(address()), of(specialty())).prop_map(|(party, references, address, specialty)| Party {
        references,
        address,
        specialty,
        ..party
    })
}

/// NM1, N3, N4, PER, PRV.
pub(in crate::edi) fn related() -> impl Strategy<Value = Party<Phi<String>>> {
    (described(), contacts()).prop_map(|(party, contacts)| Party { references: Vec::new(), contacts, ..party })
}

pub(in crate::edi) fn references() -> impl Strategy<Value = Vec<Reference>> {
    let reference = (code(), code(), of(text())).prop_map(|(qualifier, id, description)| Reference {
        qualifier: qualifier.into(),
        id: id.into(),
        description: description.map(Phi::new),
    });
    vec(reference, 0..3)
}

pub(in crate::edi) fn dates() -> impl Strategy<Value = Vec<Dated>> {
    let kind = prop_oneof![code(), select(vec!["291", "346", "347"]).prop_map(str::to_owned)];
    vec((kind, date_value()).prop_map(|(kind, value)| Dated { kind: DateKind::from(kind), value }), 0..3)
}

pub(in crate::edi) fn date_value() -> impl Strategy<Value = DateValue> {
    prop_oneof![day().prop_map(DateValue::Day), (day(), day()).prop_map(|(from, to)| DateValue::Span(from, to))]
}

pub(in crate::edi) fn procedure() -> impl Strategy<Value = Procedure> {
    (code(), code(), vec(code(), 0..5), of(text())).prop_map(|(qualifier, code, modifiers, description)| Procedure {
        qualifier: qualifier.into(),
        code: code.into(),
        modifiers: modifiers.into_iter().map(Into::into).collect(),
        description,
    })
}

fn contacts() -> impl Strategy<Value = Vec<Contact>> {
    let contact =
        (of(text()), vec(identifier().prop_map(masked), 0..4)).prop_map(|(name, numbers)| Contact { name: name.map(Phi::new), numbers });
    vec(contact, 0..3)
}

fn specialty() -> impl Strategy<Value = Specialty> {
    (code(), of(identifier())).prop_map(|(role, id)| Specialty { role: role.into(), id })
}

fn address() -> impl Strategy<Value = Address> {
    (text(), of(text()), text(), of("[A-Z]{2}"), of("[0-9]{9}"), of("[A-Z]{3}")).prop_map(
        |(line1, line2, city, state, postal_code, country)| Address {
            line1: line1.into(),
            line2: line2.map(Phi::new),
            city: city.into(),
            state,
            postal_code: postal_code.map(Phi::new),
            country,
            subdivision: None,
        },
    )
}

fn name() -> impl Strategy<Value = EntityName> {
    let person = (text(), of(text()), of(text()), of(code())).prop_map(|(last, first, middle, suffix)| {
        EntityName::Person(PersonName {
            last: last.into(),
            first: first.map(Phi::new),
            middle: middle.map(Phi::new),
            suffix: suffix.map(Phi::new),
        })
    });
    prop_oneof![person, text().prop_map(EntityName::Organization)]
}

fn identifier() -> impl Strategy<Value = Identifier> {
    ("[A-Z0-9]{1,2}", code()).prop_map(|(qualifier, id)| Identifier { qualifier, id })
}

fn masked(id: Identifier) -> Identifier<Phi<String>> {
    Identifier { qualifier: id.qualifier, id: Phi::new(id.id) }
}

pub(in crate::edi) fn day() -> impl Strategy<Value = Date> {
    (1990_i16..2090, 1_i8..13, 1_i8..29).prop_map(|(year, month, day)| date(year, month, day))
}

pub(in crate::edi) fn money() -> impl Strategy<Value = Money> {
    (-9_999_999_999_i64..=9_999_999_999).prop_map(Money::from_cents)
}

pub(in crate::edi) fn quantity() -> impl Strategy<Value = Quantity> {
    "[1-9][0-9]{0,3}(\\.[0-9]{0,2}[1-9])?".prop_map(|text| text.parse().expect("a sample is well formed"))
}

/// A short code or identifier.
pub(in crate::edi) fn code() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,5}"
}

/// A name or other text in its normal form.
pub(in crate::edi) fn text() -> impl Strategy<Value = String> {
    "[A-Z][A-Z0-9'.,&/-]{0,8}( [A-Z0-9'-]{1,8})?"
}
