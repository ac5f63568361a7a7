//! A FHIR `Immunization` as a dose that can be billed.

use serde_json::Value;

use super::coding::GivenDose;
use super::fhir_resource::{System, codings, first_code, text};
use super::model::{DoseFacts, IntakeReason, NdcQuantity};
use crate::reference::vaccine::{self, Funding, NoProduct, Product, Route, VfcEligibility};
use crate::reference::{Cvx, Ndc, ProcedureCode};

/// A dose, and whether the record itself proves counselling.
pub(super) struct Given {
    /// The dose; `counselled` is what the record proves.
    pub dose: GivenDose,
    /// Whether education of the family is recorded with the dose.
    pub counselling_documented: bool,
}

/// Whether a dose was given here: completed, and not a report of what somebody else gave.
pub(super) fn was_given(immunization: &Value) -> bool {
    immunization["status"] == "completed" && immunization["primarySource"] != false
}

/// The dose of an immunization, or why there is none to bill.
pub(super) fn dose(immunization: &Value) -> Result<Given, IntakeReason> {
    if !was_given(immunization) {
        return Err(IntakeReason::VaccineIncomplete);
    }
    let ndc = code::<Ndc>(immunization, System::Ndc);
    let product = product(immunization, ndc)?;
    let counselling_documented = immunization["education"].as_array().is_some_and(|education| !education.is_empty());
    let eligibility = eligibility(immunization);
    let facts = DoseFacts {
        cvx: product.cvx,
        lot: text(&immunization["lotNumber"]),
        route: codings(&immunization["route"]).find_map(|(_, code)| Route::from_hl7(code)).unwrap_or(product.route),
        counselled: counselling_documented.then_some(true),
        funding: funding(immunization, eligibility),
        eligibility,
    };
    let ndc = ndc.map(|ndc| quantity(immunization, ndc));
    Ok(Given { dose: GivenDose { product, facts, ndc }, counselling_documented })
}

/// The first well-shaped code of a system in the vaccine code.
fn code<T: std::str::FromStr>(immunization: &Value, wanted: System) -> Option<T> {
    codings(&immunization["vaccineCode"]).filter(|(system, _)| *system == wanted).find_map(|(_, code)| code.parse().ok())
}

/// The product: by its CPT, else by its CVX, else by the CVX of its NDC.
fn product(immunization: &Value, ndc: Option<Ndc>) -> Result<&'static Product, IntakeReason> {
    let cvx = code::<Cvx>(immunization, System::Cvx).or_else(|| vaccine::by_ndc(ndc?).first().map(|row| row.cvx));
    if let Some(product) = code::<ProcedureCode>(immunization, System::Cpt).and_then(|cpt| vaccine::product(cpt, cvx)) {
        return Ok(product);
    }
    match vaccine::product_of(cvx.ok_or(IntakeReason::VaccineUnknown)?) {
        Ok(product) => Ok(product),
        Err(NoProduct::Unknown) => Err(IntakeReason::VaccineUnknown),
        Err(NoProduct::Unspecific | NoProduct::Several) => Err(IntakeReason::VaccineUnspecific),
    }
}

/// The eligibility recorded with the dose (HL7 table 0064).
fn eligibility(immunization: &Value) -> Option<VfcEligibility> {
    codings(&immunization["programEligibility"]).find_map(|(_, code)| code.parse().ok())
}

/// Whose stock: FHIR tells private or public, the eligibility tells which public program.
fn funding(immunization: &Value, eligibility: Option<VfcEligibility>) -> Funding {
    match (first_code(&immunization["fundingSource"]), eligibility) {
        (Some("public" | "VXC51" | "VXC52"), Some(VfcEligibility::V07)) => Funding::State,
        (Some("public" | "VXC51" | "VXC52"), _) => Funding::Vfc,
        _ => Funding::Private,
    }
}

/// How much of a drug: millilitres where recorded; the NDCs of vaccines name the unit that is used, so otherwise one of it.
fn quantity(immunization: &Value, ndc: Ndc) -> NdcQuantity {
    let dose = &immunization["doseQuantity"];
    match (&dose["value"], dose["unit"].as_str().or_else(|| dose["code"].as_str())) {
        (Value::Number(amount), Some("mL" | "ml" | "ML")) => NdcQuantity { ndc, quantity: amount.to_string(), unit: "ML".to_owned() },
        _ => NdcQuantity { ndc, quantity: "1".to_owned(), unit: "UN".to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn immunization(code: &str, extra: Value) -> Value {
        let mut value = json!({
            "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": code}]},
        });
        for (key, field) in extra.as_object().unwrap() {
            value[key] = field.clone();
        }
        value
    }

    #[test]
    fn a_completed_dose_becomes_its_product() {
        let given = dose(&immunization("146", json!({"lotNumber": "A1"}))).ok().unwrap();
        assert_eq!((given.dose.product.cpt.as_str(), given.dose.facts.lot.as_deref()), ("90697", Some("A1")));
        assert!(!given.counselling_documented);
    }

    #[test]
    fn a_dose_that_was_not_given_here_is_not_billed() {
        for extra in [json!({"status": "not-done"}), json!({"primarySource": false})] {
            assert_eq!(dose(&immunization("146", extra)).err(), Some(IntakeReason::VaccineIncomplete));
        }
    }

    #[test]
    fn an_unknown_or_unspecific_vaccine_is_not_guessed() {
        assert_eq!(dose(&immunization("999", json!({}))).err(), Some(IntakeReason::VaccineUnknown));
        assert_eq!(dose(&immunization("88", json!({}))).err(), Some(IntakeReason::VaccineUnspecific));
        assert_eq!(dose(&json!({"status": "completed"})).err(), Some(IntakeReason::VaccineUnknown));
    }

    #[test]
    fn public_stock_is_told_apart_by_eligibility() {
        let source = |code: &str| json!({"coding": [{"code": code}]});
        let funded = |eligibility: &str| {
            let extra = json!({"fundingSource": source("public"), "programEligibility": [source(eligibility)]});
            dose(&immunization("21", extra)).ok().unwrap().dose.facts.funding
        };
        assert_eq!((funded("V02"), funded("V07")), (Funding::Vfc, Funding::State));
    }

    #[test]
    fn the_amount_of_a_drug_is_in_millilitres_or_one_unit() {
        let codes = json!({"coding": [
            {"system": "http://hl7.org/fhir/sid/cvx", "code": "161"},
            {"system": "http://hl7.org/fhir/sid/ndc", "code": "49281-0521-00"},
        ]});
        let amount = |extra: Value| {
            let ndc = dose(&immunization("161", extra)).ok().unwrap().dose.ndc.unwrap();
            (ndc.quantity, ndc.unit)
        };
        let measured = json!({"vaccineCode": codes, "doseQuantity": {"value": 0.25, "unit": "mL"}});
        assert_eq!(amount(measured), ("0.25".to_owned(), "ML".to_owned()));
        assert_eq!(amount(json!({"vaccineCode": codes})), ("1".to_owned(), "UN".to_owned()));
    }
}
