//! Requests and answers of any shape: what the writers must be able to write and the readers to read again.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{
    Benefit, BenefitInquiry, Circumstance, Delivery, EligibilityRequest, EligibilityResponse, Insured, Member, Percent, ProcedureRange,
    Rejection, RequestMember, RequestReceiver, ResponseMember, ResponseReceiver, ResponseSource, ServiceType,
};
use crate::edi::claim_837p::HealthCareCode;
use crate::edi::inquiry::arbitrary::*;
use crate::platform::phi::Phi;

/// One 270.
pub(super) fn request() -> impl Strategy<Value = EligibilityRequest> {
    let asked = || (member(), vec(benefit_inquiry(), 0..3)).prop_map(|(member, inquiries)| RequestMember { member, inquiries });
    let receiver = (described(), vec(family(asked), 0..3)).prop_map(|(provider, families)| RequestReceiver {
        segment: 0,
        provider: provider.open(),
        families,
    });
    inquiry(vec(source(named(), vec(receiver, 0..3)), 0..3))
}

/// One 271.
pub(super) fn response() -> impl Strategy<Value = EligibilityResponse> {
    let answered = || {
        (member(), rejections(), vec(benefit(), 0..3)).prop_map(|(member, rejections, benefits)| ResponseMember {
            member,
            rejections,
            benefits,
        })
    };
    let receiver = (described(), rejections(), vec(family(answered), 0..3)).prop_map(|(provider, rejections, families)| ResponseReceiver {
        segment: 0,
        provider: provider.open(),
        rejections,
        families,
    });
    let source = (rejections(), reachable(), rejections(), vec(receiver, 0..3)).prop_map(|(unanswered, payer, rejections, receivers)| {
        ResponseSource { segment: 0, unanswered, payer: payer.open(), rejections, receivers }
    });
    inquiry(vec(source, 0..2))
}

fn member() -> impl Strategy<Value = Member> {
    let insured = (any::<bool>(), code(), of(code()), of(code()), of(1_u8..9)).prop_map(
        |(is_subscriber, relation, change, change_reason, birth_order)| Insured {
            is_subscriber,
            relation: relation.into(),
            change: change.map(Into::into),
            change_reason: change_reason.map(Into::into),
            birth_order,
        },
    );
    let diagnosis = (code(), code()).prop_map(|(qualifier, code)| HealthCareCode { qualifier, code });
    (traces(), described(), of(day()), of(code()), of(insured), vec(diagnosis, 0..9), dates()).prop_map(
        |(traces, person, birth_date, sex, insured, diagnoses, dates)| Member {
            segment: 0,
            traces,
            person,
            birth_date: birth_date.map(Phi::new),
            sex: sex.map(Into::into),
            insured,
            diagnoses,
            dates,
        },
    )
}

fn benefit_inquiry() -> impl Strategy<Value = BenefitInquiry> {
    let question = (vec(code().prop_map(ServiceType::from), 1..4), of(procedure_range()), of(code()), vec(1_u8..9, 0..4));
    (question, vec((code(), money()), 0..2), circumstances(), references(), dates()).prop_map(
        |((service_types, procedure, level, diagnosis_pointers), amounts, circumstances, references, dates)| BenefitInquiry {
            segment: 0,
            service_types,
            procedure,
            coverage_level: level.map(Into::into),
            diagnosis_pointers,
            amounts,
            circumstances,
            references,
            dates,
        },
    )
}

fn benefit() -> impl Strategy<Value = Benefit> {
    let what = (code(), of(code()), service_types(), of(code()), of(text()), of(code()));
    let how_much = (of(money()), of((0_u32..=100).prop_map(Percent::of_hundred)), of(code()), of(quantity()));
    let when = (of("[YNU]"), of("[YNW]"), of(procedure_range()), vec(1_u8..9, 0..4));
    let lists = (vec(delivery(), 0..3), references(), dates(), rejections(), vec(text(), 0..3), circumstances(), vec(related(), 0..3));
    (what, how_much, when, lists).prop_map(|(what, how_much, when, lists)| Benefit {
        segment: 0,
        information: what.0.into(),
        coverage_level: what.1.map(Into::into),
        service_types: what.2,
        insurance_type: what.3.map(Into::into),
        plan: what.4,
        period: what.5.map(Into::into),
        amount: how_much.0,
        percent: how_much.1,
        quantity_kind: how_much.2.map(Into::into),
        quantity: how_much.3,
        authorization: when.0.map(Into::into),
        in_network: when.1.map(Into::into),
        procedure: when.2,
        diagnosis_pointers: when.3,
        deliveries: lists.0,
        references: lists.1,
        dates: lists.2,
        rejections: lists.3,
        messages: lists.4.into_iter().map(Phi::new).collect(),
        circumstances: lists.5,
        related: lists.6,
    })
}

fn rejections() -> impl Strategy<Value = Vec<Rejection>> {
    let rejection = (any::<bool>(), code(), of(code())).prop_map(|(request_valid, reason, follow_up)| Rejection {
        segment: 0,
        request_valid,
        reason: reason.into(),
        follow_up: follow_up.map(Into::into),
    });
    vec(rejection, 0..3)
}

fn delivery() -> impl Strategy<Value = Delivery> {
    let codes = (code(), of(code()), of(code()), of(code()), of(code()));
    (codes, of(quantity()), of(quantity()), of(1_u64..99)).prop_map(|((kind, unit, period, days, time), quantity, every, periods)| {
        Delivery {
            quantity_kind: Some(kind.into()),
            quantity,
            unit: unit.map(Into::into),
            every,
            period: period.map(Into::into),
            periods,
            days: days.map(Into::into),
            time_of_day: time.map(Into::into),
        }
    })
}

fn circumstances() -> impl Strategy<Value = Vec<Circumstance>> {
    let circumstance = (code(), of(code()), of(code()), of(text())).prop_map(|(list, code, category, text)| Circumstance {
        list: Some(list.into()),
        code: code.map(Into::into),
        category: category.map(Into::into),
        text: text.map(Phi::new),
    });
    vec(circumstance, 0..3)
}

fn service_types() -> impl Strategy<Value = Vec<ServiceType>> {
    vec(code().prop_map(ServiceType::from), 0..4)
}

fn procedure_range() -> impl Strategy<Value = ProcedureRange> {
    (procedure(), of(code())).prop_map(|(procedure, through)| ProcedureRange { procedure, through: through.map(Into::into) })
}
