//! E003–E007, E071: who bills and who rendered.

use crate::edi::claim_837p::{EntityName, ProviderRole, ReferenceKind};

use super::super::case::Case;
use super::super::catalog::Findings;

/// E003: the billing provider has an NPI whose check digit holds.
pub fn billing_npi(case: &Case<'_>, findings: &mut Findings<'_>) {
    if case.content.billing.id.as_ref().and_then(|id| id.npi()).is_none() {
        findings.add("2010AA NM109 (practice.npi)", "Billing NPI is not valid: ten digits with a right check digit are needed");
    }
}

/// E004: a group's claim names who rendered it, with a valid NPI (domain.md 1.6: always for a group NPI).
pub fn rendering_npi(case: &Case<'_>, findings: &mut Findings<'_>) {
    let is_group = matches!(case.content.billing.name, EntityName::Organization(_));
    let path = "2310B NM109 (provider.npi)";
    match case.content.claim.provider(&ProviderRole::Rendering) {
        None if is_group => {
            findings.add(path, "Rendering provider NPI missing: choose who saw the child");
        }
        Some(provider) if provider.id.as_ref().and_then(|id| id.npi()).is_none() => {
            findings.add(path, "Rendering provider NPI is not valid: correct it in the practice's providers");
        }
        _ => {}
    }
}

/// E005: a taxonomy code is ten letters or digits ending in X, and there where the payer adjudicates on it.
pub fn taxonomy(case: &Case<'_>, findings: &mut Findings<'_>) {
    let content = case.content;
    let rendering = content.claim.provider(&ProviderRole::Rendering).and_then(|p| p.taxonomy.as_deref());
    let places = [
        ("2000A PRV03 (practice.taxonomy)", content.billing.taxonomy.as_deref(), case.payer.rules.billing_taxonomy),
        ("2310B PRV03 (provider.taxonomy)", rendering, false),
    ];
    for (path, taxonomy, needed) in places {
        match taxonomy {
            Some(code) if !is_taxonomy(code) => {
                findings.add(path, "Taxonomy code malformed: ten letters or digits, the last an X");
            }
            None if needed => {
                findings.add(path, format!("Taxonomy code missing: {} adjudicates on it", case.payer.name));
            }
            _ => {}
        }
    }
}

fn is_taxonomy(code: &str) -> bool {
    code.len() == 10 && code.ends_with('X') && code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// E006: the billing address is a street, never a box, with a nine-digit ZIP (RFI 1451).
pub fn billing_address(case: &Case<'_>, findings: &mut Findings<'_>) {
    let path = "2010AA N3 N4 (practice.address)";
    let Some(address) = &case.content.billing.address else {
        findings.add(path, "Billing address needs street and 9-digit ZIP: it is missing");
        return;
    };
    if is_post_box(address.line1.as_str()) || address.line2.as_ref().is_some_and(|l| is_post_box(l.as_str())) {
        findings.add(path, "Billing address needs a street: a PO box or lock box belongs into the pay-to address");
    }
    let zip = address.postal_code.as_ref().map_or("", |z| z.as_str());
    if zip.len() != 9 || !zip.bytes().all(|b| b.is_ascii_digit()) {
        findings.add(path, "Billing address needs a 9-digit ZIP");
    }
}

/// Whether a street line is a box: `PO BOX 1`, `P.O. Box 1`, `Post Office Box 1`, `Lock Box 1`.
#[must_use]
pub fn is_post_box(line: &str) -> bool {
    let squeezed: String = line.to_ascii_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    ["POBOX", "POSTOFFICEBOX", "LOCKBOX", "POSTBOX"].iter().any(|start| squeezed.starts_with(start))
}

/// E007: one tax id of nine digits, as EIN or SSN.
pub fn tax_id(case: &Case<'_>, findings: &mut Findings<'_>) {
    let valid = case.content.billing.tax_id.as_ref().is_some_and(|reference| {
        let digits = reference.id.as_str();
        matches!(reference.kind, ReferenceKind::Ein | ReferenceKind::Ssn) && digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit())
    });
    if !valid {
        findings.add("2010AA REF02 (practice.tax_id)", "Tax ID missing: nine digits, as EIN or SSN");
    }
}

/// E071: the payer has enrolled who rendered (payer rule `not_enrolled`).
pub fn enrolled(case: &Case<'_>, findings: &mut Findings<'_>) {
    let rendering = case.content.claim.provider(&ProviderRole::Rendering).and_then(|provider| provider.id.as_ref()?.npi());
    if rendering.is_some_and(|npi| case.payer.rules.not_enrolled.names(npi)) {
        let message = format!("Credentialing: {} has not enrolled who rendered on this date", case.payer.name);
        findings.add("2310B NM109 (provider.npi)", message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{edits_of, well_child};
    use super::*;
    use crate::edi::claim_837p::{Identifier, Reference};

    #[test]
    fn e003_finds_a_wrong_check_digit() {
        let mut claim = well_child();
        claim.billing.id = Some(Identifier::new("XX", "1234567890".to_owned()));
        assert_eq!(edits_of(&claim), ["E003"]);
    }

    #[test]
    fn e004_wants_a_rendering_provider_on_a_groups_claim() {
        let mut claim = well_child();
        claim.claim.providers.clear();
        assert_eq!(edits_of(&claim), ["E004"]);
    }

    #[test]
    fn e005_wants_ten_characters_ending_in_x() {
        let mut claim = well_child();
        claim.billing.taxonomy = Some("2080000000".to_owned());
        assert_eq!(edits_of(&claim), ["E005"]);
    }

    #[test]
    fn e006_refuses_a_box_and_a_five_digit_zip_both_at_once() {
        let mut claim = well_child();
        let address = claim.billing.address.as_mut().unwrap();
        address.line1 = "P.O. Box 12".into();
        address.postal_code = Some("75201".into());
        assert_eq!(edits_of(&claim), ["E006", "E006"]);
        assert!(!is_post_box("12 Boxwood Lane") && !is_post_box("1 Post Road"));
    }

    #[test]
    fn e007_wants_nine_digits() {
        let mut claim = well_child();
        claim.billing.tax_id = Some(Reference::new(ReferenceKind::Ein, "74-1234567"));
        assert_eq!(edits_of(&claim), ["E007"]);
        claim.billing.tax_id = None;
        assert_eq!(edits_of(&claim), ["E007"]);
    }
}
