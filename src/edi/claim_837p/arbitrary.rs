//! Claim trees of any shape: what the writer must be able to write and the reader to read again.
//!
//! The trees are in the order of the guide (roles, CAS groups), so that reading gives them back unchanged.

use jiff::civil::{Date, DateTime, date};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::edi::remittance_835::{CasGroup, Procedure, Quantity};
use crate::platform::money::Money;
use crate::platform::phi::Phi;

/// One transaction set.
pub(super) fn claims() -> impl Strategy<Value = ProfessionalClaims> {
    let submitter = (name(), identifier(), vec(contact(), 0..3)).prop_map(|(name, id, contacts)| Submitter { name, id, contacts });
    let receiver = (name(), identifier()).prop_map(|(name, id)| Receiver { name, id });
    ("[0-9]{4,9}", pair(), code(), of(moment()), pair(), submitter, receiver, vec(billing_provider(), 0..3)).prop_map(
        |(control_number, purpose, reference, created, claim_use, submitter, receiver, billing_providers)| ProfessionalClaims {
            control_number,
            purpose: purpose.into(),
            reference,
            created,
            claim_use: claim_use.into(),
            submitter,
            receiver,
            billing_providers,
        },
    )
}

fn billing_provider() -> impl Strategy<Value = BillingProvider> {
    let tax_id = code().prop_map(|id| Reference::new(ReferenceKind::Ein, &id));
    let lists = (references(), vec(contact(), 0..3), vec(subscriber(), 0..3));
    (name(), of(identifier()), of(code()), of("[A-Z]{3}"), of(address()), of(tax_id), of(address()), lists).prop_map(
        |(name, id, taxonomy, currency, address, tax_id, pay_to, (references, contacts, subscribers))| BillingProvider {
            name,
            id,
            taxonomy,
            currency,
            address,
            tax_id,
            references,
            contacts,
            pay_to,
            subscribers,
        },
    )
}

fn subscriber() -> impl Strategy<Value = Subscriber> {
    let policy = (letter(), of(pair()), of(code()), of(text()), of(triple()), of(pair()));
    (policy, status(), individual(), payer(), vec(claim(), 0..2), vec(patient(), 0..2)).prop_map(
        |(
            (responsibility, relationship, group_number, group_name, insurance_type, filing_indicator),
            status,
            person,
            payer,
            claims,
            patients,
        )| {
            Subscriber {
                responsibility: responsibility.into(),
                relationship: relationship.map(Relationship::from),
                group_number,
                group_name,
                insurance_type,
                filing_indicator,
                status,
                person,
                payer,
                claims,
                patients,
            }
        },
    )
}

fn patient() -> impl Strategy<Value = Patient> {
    (pair(), status(), individual(), vec(claim(), 0..3)).prop_map(|(relationship, status, person, claims)| Patient {
        relationship: relationship.into(),
        status,
        person,
        claims,
    })
}

fn claim() -> impl Strategy<Value = Claim> {
    let clm = (code(), money(), pair(), letter(), letter(), letter(), letter(), of(related_causes()), of(triple()), of(pair()));
    let flags = (any::<bool>(), any::<bool>());
    let codes = (vec(code(), 0..14), vec(health_care_code(), 0..3), vec(condition(), 0..3));
    let prices = (of(contract()), of(repricing()));
    let texts = (vec(attachment(), 0..3), of(money()), references(), vec(text(), 0..3), of(note()));
    let dates = vec((triple().prop_map(ClaimDateKind::from), date_value()), 0..3);
    let roles = vec![
        ProviderRole::Referring,
        ProviderRole::PrimaryCare,
        ProviderRole::Rendering,
        ProviderRole::Facility,
        ProviderRole::Supervising,
    ];
    let loops = (providers(roles), vec(other_payer(), 0..3), vec(line(), 0..3));
    (clm, flags, dates, codes, prices, texts, loops).prop_map(|(clm, flags, dates, codes, prices, texts, loops)| Claim {
        segment: None,
        id: clm.0,
        charge: clm.1,
        place_of_service: clm.2,
        frequency: clm.3.into(),
        provider_signature: flags.0,
        assignment: clm.4.into(),
        benefits_assignment: clm.5.into(),
        release: clm.6.into(),
        signed_for_patient: flags.1,
        related_causes: clm.7,
        special_program: clm.8,
        delay_reason: clm.9,
        dates,
        attachments: texts.0,
        contract: prices.0,
        patient_paid: texts.1,
        references: texts.2,
        fixed_format: texts.3,
        note: texts.4,
        conditions: codes.2,
        diagnoses: codes.0,
        other_codes: codes.1,
        repricing: prices.1,
        providers: loops.0,
        other_payers: loops.1,
        lines: loops.2,
    })
}

fn other_payer() -> impl Strategy<Value = OtherPayer> {
    let policy = (letter(), pair(), of(code()), of(text()), of(triple()), of(pair()), letter(), letter(), any::<bool>());
    let amounts = (adjustments(), of(money()), of(money()), of(money()), of(remarks()), of(day()));
    let subscriber = (name(), of(identifier()), of(address()), references()).prop_map(|(name, id, address, references)| Individual {
        name,
        id: id.map(masked),
        address,
        birth_date: None,
        sex: None,
        references,
    });
    let provider = (select(vec![ProviderRole::Rendering, ProviderRole::Billing]), any::<bool>(), references())
        .prop_map(|(role, is_person, references)| OtherPayerProvider { role, is_person, references });
    (policy, amounts, subscriber, payer(), vec(provider, 0..3)).prop_map(|(policy, amounts, subscriber, payer, providers)| OtherPayer {
        responsibility: policy.0.into(),
        relationship: policy.1.into(),
        group_number: policy.2,
        group_name: policy.3,
        insurance_type: policy.4,
        filing_indicator: policy.5,
        adjustments: amounts.0,
        paid: amounts.1,
        non_covered: amounts.2,
        remaining: amounts.3,
        benefits_assignment: policy.6.into(),
        signed_for_patient: policy.8,
        release: policy.7.into(),
        remarks: amounts.4,
        subscriber,
        payer,
        adjudicated: amounts.5,
        providers,
    })
}

fn line() -> impl Strategy<Value = ServiceLine> {
    let service = (procedure(), money(), pair(), quantity(), of(pair()), vec(1_u8..13, 0..5));
    let dates = (of(date_value()), vec((select(vec![LineDateKind::LastSeen, LineDateKind::Prescription]), date_value()), 0..2));
    let texts = (vec(attachment(), 0..2), references(), vec(text(), 0..2), of(note()), of(drug()));
    let roles = vec![
        ProviderRole::Rendering,
        ProviderRole::Purchased,
        ProviderRole::Facility,
        ProviderRole::Supervising,
        ProviderRole::Ordering,
        ProviderRole::Referring,
        ProviderRole::PrimaryCare,
    ];
    (service, any::<[bool; 4]>(), dates, texts, providers(roles), vec(line_adjudication(), 0..3)).prop_map(
        |(service, flags, dates, texts, providers, adjudications)| ServiceLine {
            segment: None,
            procedure: service.0,
            charge: service.1,
            unit: service.2.into(),
            quantity: service.3,
            place_of_service: service.4,
            diagnosis_pointers: service.5,
            emergency: flags[0],
            epsdt: flags[1],
            family_planning: flags[2],
            copay_exempt: flags[3],
            attachments: texts.0,
            service_date: dates.0,
            dates: dates.1,
            references: texts.1,
            fixed_format: texts.2,
            note: texts.3,
            drug: texts.4,
            providers,
            adjudications,
        },
    )
}

fn line_adjudication() -> impl Strategy<Value = LineAdjudication> {
    (code(), money(), procedure(), quantity(), of(1_u32..50), adjustments(), of(day()), of(money())).prop_map(
        |(payer_id, paid, procedure, units, bundled_into, adjustments, adjudicated, remaining)| LineAdjudication {
            payer_id,
            paid,
            procedure,
            units,
            bundled_into,
            adjustments,
            adjudicated,
            remaining,
        },
    )
}

fn providers(roles: Vec<ProviderRole>) -> impl Strategy<Value = Vec<Provider>> {
    let details = (name(), of(identifier()), of(code()), of(address()), references(), of(contact()));
    let count = roles.len();
    (subsequence(roles, 0..=2), vec(details, count)).prop_map(|(roles, details)| {
        let provider = |(role, details): (_, (_, _, _, _, _, _))| Provider {
            role,
            name: details.0,
            id: details.1,
            taxonomy: details.2,
            address: details.3,
            references: details.4,
            contact: details.5,
        };
        roles.into_iter().zip(details).map(provider).collect()
    })
}

fn individual() -> impl Strategy<Value = Individual> {
    (name(), of(identifier()), of(address()), of(day()), of(letter()), references()).prop_map(
        |(name, id, address, birth_date, sex, references)| Individual {
            name,
            id: id.map(masked),
            address,
            birth_date: birth_date.map(Phi::new),
            sex: sex.map(Sex::from),
            references,
        },
    )
}

fn payer() -> impl Strategy<Value = Payer> {
    (text(), identifier(), of(address()), references()).prop_map(|(name, id, address, references)| Payer { name, id, address, references })
}

/// One to three groups in a row, each with up to fourteen triples: more than one segment holds.
fn adjustments() -> impl Strategy<Value = Vec<Adjustment>> {
    let triples = vec((code(), money(), of(quantity())), 1..15);
    let groups = subsequence(vec![CasGroup::CO, CasGroup::OA, CasGroup::PR], 0..=2);
    (groups, vec(triples, 3)).prop_map(|(groups, triples)| {
        let of_group = |(group, triples): (CasGroup, Vec<(String, Money, Option<Quantity>)>)| {
            triples.into_iter().map(move |(reason, amount, quantity)| Adjustment {
                group: group.clone(),
                reason: reason.into(),
                amount,
                quantity,
            })
        };
        groups.into_iter().zip(triples).flat_map(of_group).collect()
    })
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

fn address() -> impl Strategy<Value = Address> {
    (text(), of(text()), text(), of("[A-Z]{2}"), of("[0-9]{9}"), of("[A-Z]{2}"), of("[A-Z]{3}")).prop_map(
        |(line1, line2, city, state, postal_code, country, subdivision)| Address {
            line1: line1.into(),
            line2: line2.map(Phi::new),
            city: city.into(),
            state,
            postal_code: postal_code.map(Phi::new),
            country,
            subdivision,
        },
    )
}

fn contact() -> impl Strategy<Value = Contact> {
    (of(text()), vec(identifier().prop_map(masked), 0..4)).prop_map(|(name, numbers)| Contact { name: name.map(Phi::new), numbers })
}

fn identifier() -> impl Strategy<Value = Identifier> {
    (pair(), code()).prop_map(|(qualifier, id)| Identifier { qualifier, id })
}

fn masked(id: Identifier) -> Identifier<Phi<String>> {
    Identifier { qualifier: id.qualifier, id: Phi::new(id.id) }
}

fn references() -> impl Strategy<Value = Vec<Reference>> {
    let reference =
        (triple(), code(), of(code())).prop_filter("the tax identifier stands apart", |(kind, ..)| kind != "EI" && kind != "SY");
    vec(reference.prop_map(|(kind, id, payer_id)| Reference { kind: kind.into(), id: Phi::new(id), payer_id }), 0..3)
}

fn status() -> impl Strategy<Value = PatientStatus> {
    (of(day()), any::<bool>()).prop_map(|(death_date, pregnant)| PatientStatus { death_date: death_date.map(Phi::new), pregnant })
}

fn related_causes() -> impl Strategy<Value = RelatedCauses> {
    (vec(triple(), 1..3), of("[A-Z]{2}"), of("[A-Z]{2}")).prop_map(|(causes, state, country)| RelatedCauses { causes, state, country })
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (pair(), pair(), of(code())).prop_map(|(report_type, transmission, control_number)| Attachment {
        report_type,
        transmission: transmission.into(),
        control_number,
    })
}

fn contract() -> impl Strategy<Value = Contract> {
    ("[0-9]{2}", of(money()), of(quantity()), of(code()), of(quantity()), of(code())).prop_map(
        |(kind, amount, percent, code, discount_percent, version)| Contract { kind, amount, percent, code, discount_percent, version },
    )
}

fn repricing() -> impl Strategy<Value = Repricing> {
    let group = (of(code()), of(money()));
    let reasons = (of("[A-Z][1-9]"), of("[1-9]"), of("[1-9]"));
    ("[0-9]{2}", money(), of(money()), of(code()), of(quantity()), group, reasons).prop_map(
        |(method, allowed, saved, organization, rate, (group, group_amount), (reject_reason, compliance, exception))| Repricing {
            method,
            allowed,
            saved,
            organization,
            rate,
            group,
            group_amount,
            reject_reason,
            compliance,
            exception,
        },
    )
}

fn condition() -> impl Strategy<Value = Condition> {
    (pair(), any::<bool>(), vec(triple(), 1..6)).prop_map(|(category, applies, codes)| Condition { category, applies, codes })
}

fn health_care_code() -> impl Strategy<Value = HealthCareCode> {
    (select(vec!["BG", "BP", "BO"]), code()).prop_map(|(qualifier, code)| HealthCareCode { qualifier: qualifier.to_owned(), code })
}

fn note() -> impl Strategy<Value = Note> {
    (triple(), text()).prop_map(|(code, text)| Note { code, text: text.into() })
}

fn remarks() -> impl Strategy<Value = OutpatientRemarks> {
    (of(quantity()), of(money()), vec(code(), 1..6)).prop_map(|(reimbursement_rate, payable, codes)| OutpatientRemarks {
        reimbursement_rate,
        payable,
        codes,
    })
}

fn drug() -> impl Strategy<Value = Drug> {
    let reference = code().prop_map(|id| Reference::new(ReferenceKind::Prescription, &id));
    (pair(), code(), of(quantity()), of(pair()), of(reference)).prop_map(|(qualifier, code, quantity, unit, reference)| Drug {
        qualifier,
        code,
        quantity,
        unit: unit.map(NdcUnit::from),
        reference,
    })
}

fn procedure() -> impl Strategy<Value = Procedure> {
    (pair(), code(), vec(pair(), 0..5), of(text())).prop_map(|(qualifier, code, modifiers, description)| Procedure {
        qualifier: qualifier.into(),
        code: code.into(),
        modifiers: modifiers.into_iter().map(Into::into).collect(),
        description,
    })
}

fn date_value() -> impl Strategy<Value = DateValue> {
    prop_oneof![day().prop_map(DateValue::Day), (day(), day()).prop_map(|(from, to)| DateValue::Span(from, to))]
}

fn day() -> impl Strategy<Value = Date> {
    (1900_i16..2100, 1_i8..13, 1_i8..29).prop_map(|(year, month, day)| date(year, month, day))
}

fn moment() -> impl Strategy<Value = DateTime> {
    (day(), 0_i8..24, 0_i8..60).prop_map(|(day, hour, minute)| day.at(hour, minute, 0, 0))
}

fn money() -> impl Strategy<Value = Money> {
    (-9_999_999_999_i64..=9_999_999_999).prop_map(Money::from_cents)
}

fn quantity() -> impl Strategy<Value = Quantity> {
    "[1-9][0-9]{0,3}(\\.[0-9]{0,2}[1-9])?".prop_map(|text| text.parse().expect("a sample is well formed"))
}

/// A code of one character.
fn letter() -> impl Strategy<Value = String> {
    "[A-Z0-9]"
}

/// A code of at most two.
fn pair() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,2}"
}

/// A code of at most three.
fn triple() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,3}"
}

/// A short code or identifier.
fn code() -> impl Strategy<Value = String> {
    "[A-Z0-9]{1,5}"
}

/// A name or other text in its normal form.
fn text() -> impl Strategy<Value = String> {
    "[A-Z][A-Z0-9'.,&/-]{0,8}( [A-Z0-9'-]{1,8})?"
}
