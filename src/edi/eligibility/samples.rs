//! The files of `edi-samples/270` and `edi-samples/271`, for the tests of this module.

use super::{EligibilityRequest, EligibilityResponse, read_270, read_271};
use crate::edi::inquiry::samples::{first, samples};

samples! {
    REQUESTS, "270",
    CHILD_AS_SUBSCRIBER = "child-as-subscriber.edi",
    CHILD_AS_DEPENDENT = "child-as-dependent.edi",
    TWINS = "twins.edi",
    PROCEDURE_AND_AUTHORIZATION = "procedure-and-authorization.edi",
}

samples! {
    RESPONSES, "271",
    ACTIVE = "active-copay-deductible.edi",
    INACTIVE = "inactive.edi",
    MEMBER_NOT_FOUND = "member-not-found.edi",
    NEWBORN_NOT_FOUND = "newborn-not-found.edi",
    OTHER_PAYERS = "other-payers.edi",
    MANAGED_CARE = "medicaid-managed-care.edi",
    PAYER_UNAVAILABLE = "payer-unavailable.edi",
    PROVIDER_NOT_KNOWN = "provider-not-known.edi",
}

/// A 270 that must be read without findings.
pub(super) fn request(file: &str) -> EligibilityRequest {
    let (request, findings) = read_270(&first(file));
    assert_eq!(findings, []);
    request
}

/// A 271 that must be read without findings.
pub(super) fn response(file: &str) -> EligibilityResponse {
    let (response, findings) = read_271(&first(file));
    assert_eq!(findings, []);
    response
}
