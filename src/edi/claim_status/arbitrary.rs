//! Questions and answers of any shape: what the writers must be able to write and the readers to read again.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{
    ClaimInquiry, ClaimStatus, LineInquiry, LineStatus, Patient, Refusal, RequestPatient, RequestProvider, RequestReceiver,
    ResponsePatient, ResponseProvider, ResponseReceiver, Status, StatusRequest, StatusResponse,
};
use crate::edi::inquiry::arbitrary::*;
use crate::edi::inquiry::{Family, StatusCode, Trace};
use crate::platform::phi::Phi;

/// One 276.
pub(super) fn request() -> impl Strategy<Value = StatusRequest> {
    let asked = |patient| (patient, vec(claim_inquiry(), 0..3)).prop_map(|(patient, claims)| RequestPatient { patient, claims });
    let family = (asked(subscriber().boxed()), vec(asked(dependent().boxed()), 0..3))
        .prop_map(|(subscriber, dependents)| Family { subscriber, dependents });
    let provider =
        (named(), vec(family, 0..3)).prop_map(|(provider, families)| RequestProvider { segment: 0, provider: provider.open(), families });
    let receiver = (named(), vec(provider, 0..3)).prop_map(|(submitter, providers)| RequestReceiver {
        segment: 0,
        submitter: submitter.open(),
        providers,
    });
    inquiry(vec(source(named(), vec(receiver, 0..2)), 0..2))
}

/// One 277.
pub(super) fn response() -> impl Strategy<Value = StatusResponse> {
    let answered = || (named(), vec(claim_status(), 0..3)).prop_map(|(person, claims)| ResponsePatient { segment: 0, person, claims });
    let provider = (named(), of(refusal()), vec(family(answered), 0..3)).prop_map(|(provider, refusal, families)| ResponseProvider {
        segment: 0,
        provider: provider.open(),
        refusal,
        families,
    });
    let receiver = (named(), of(refusal()), vec(provider, 0..2)).prop_map(|(submitter, refusal, providers)| ResponseReceiver {
        segment: 0,
        submitter: submitter.open(),
        refusal,
        providers,
    });
    inquiry(vec(source(reachable(), vec(receiver, 0..2)), 0..2))
}

fn subscriber() -> impl Strategy<Value = Patient> {
    prop_oneof![named().prop_map(Patient::new), dependent()]
}

/// A patient, who has a birth date.
fn dependent() -> impl Strategy<Value = Patient> {
    (named(), day(), of(code())).prop_map(|(person, birth_date, sex)| Patient {
        birth_date: Some(Phi::new(birth_date)),
        sex: sex.map(Into::into),
        ..Patient::new(person)
    })
}

fn claim_inquiry() -> impl Strategy<Value = ClaimInquiry> {
    let line = (procedure(), money(), of(code()), of(quantity()), references(), dates()).prop_map(
        |(procedure, charge, revenue_code, units, references, dates)| LineInquiry {
            segment: 0,
            procedure,
            charge: Some(charge),
            revenue_code,
            units,
            references,
            dates,
        },
    );
    (trace(), references(), of(money()), dates(), vec(line, 0..3)).prop_map(|(trace, references, charge, dates, lines)| ClaimInquiry {
        segment: 0,
        trace,
        references,
        charge,
        dates,
        lines,
    })
}

fn claim_status() -> impl Strategy<Value = ClaimStatus> {
    let amounts = (money(), of(money()), of(code()), of(quantity()));
    let line = (procedure(), amounts, vec(status(), 0..3), references(), dates()).prop_map(
        |(procedure, (charge, paid, revenue_code, units), statuses, references, dates)| LineStatus {
            segment: 0,
            procedure,
            charge: Some(charge),
            paid,
            revenue_code,
            units,
            statuses,
            references,
            dates,
        },
    );
    (trace(), vec(status(), 1..3), references(), dates(), vec(line, 0..3))
        .prop_map(|(trace, statuses, references, dates, lines)| ClaimStatus { segment: 0, trace, statuses, references, dates, lines })
}

fn refusal() -> impl Strategy<Value = Refusal> {
    (trace(), vec(status(), 0..3)).prop_map(|(trace, statuses)| Refusal { trace, statuses })
}

fn status() -> impl Strategy<Value = Status> {
    let code =
        (code(), code(), of(code()), of(code())).prop_map(|(category, status, entity, list)| StatusCode { category, status, entity, list });
    let payment = (of(money()), of(money()), of(day()), of(day()), of(super::arbitrary::code()));
    (vec(code, 1..4), of(day()), payment, of(text())).prop_map(
        |(codes, effective, (charge, paid, decided, paid_on, payment_number), message)| Status {
            segment: 0,
            codes,
            effective,
            charge,
            paid,
            decided,
            paid_on,
            payment_number,
            message: message.map(Phi::new),
        },
    )
}

fn trace() -> impl Strategy<Value = Trace> {
    ("[12]", code(), of(code()), of(code())).prop_map(|(kind, number, originator, division)| Trace {
        kind: kind.into(),
        number,
        originator,
        division,
    })
}
