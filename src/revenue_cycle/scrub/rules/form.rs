//! E053, E072, E079, E080: the form of codes, and what must stand with what.

use crate::edi::claim_837p::{Attachment, AttachmentKind, ProviderRole};
use crate::reference::{Modifier, PlaceOfService, modifier, place_of_service};

use super::super::case::Case;
use super::super::catalog::Findings;
use super::super::model::Severity;

/// E053: modifiers are two characters and known, places of service are on the CMS list. A modifier that our list does not have may be the
/// payer's own: a warning.
pub fn modifiers_and_places(case: &Case<'_>, findings: &mut Findings<'_>) {
    for line in &case.lines {
        for text in &line.sent.procedure.modifiers {
            let path = line.path("SV101-3 (charge_line.modifiers)");
            match text.parse::<Modifier>() {
                Err(_) => {
                    findings.add(path, format!("Invalid modifier/POS: {} has not the form of a modifier", &**text)).found(&**text);
                }
                Ok(parsed) if modifier::lookup(parsed).is_none() => {
                    let message =
                        format!("Invalid modifier/POS: modifier {parsed} is not known; confirm that {} takes it", case.payer.name);
                    findings.add_as(Severity::Warning, path, message).found(parsed);
                }
                Ok(_) => {}
            }
        }
    }
    let mut checked = None;
    for line in case.lines.iter().filter(|line| line.place.parse::<PlaceOfService>().ok().and_then(place_of_service::label).is_none()) {
        if checked != Some(line.place) {
            checked = Some(line.place);
            let path = "2300 CLM05-1 (encounter.place_of_service)";
            findings.add(path, format!("Invalid modifier/POS: {} is no place of service", line.place)).found(line.place);
        }
    }
}

/// E072: who referred a line also referred the claim (domain.md 1.6).
pub fn referring(case: &Case<'_>, findings: &mut Findings<'_>) {
    if case.content.claim.provider(&ProviderRole::Referring).is_some() {
        return;
    }
    for line in case.lines.iter().filter(|line| line.sent.provider(&ProviderRole::Referring).is_some()) {
        let message = format!("Referring provider level: line {} names who referred, the claim does not", line.number);
        findings.add(line.path("2420F NM1*DN (provider)"), message);
    }
}

/// Whether a document is on its way by a means by which the payer must find the claim: by its control number (domain.md E079).
fn lacks_number(attachment: &Attachment) -> bool {
    let travels = matches!(
        attachment.transmission,
        AttachmentKind::Mail | AttachmentKind::Electronic | AttachmentKind::Email | AttachmentKind::Fax | AttachmentKind::FileTransfer
    );
    travels && attachment.control_number.as_ref().is_none_or(|number| number.is_empty())
}

/// E079: an attachment that travels by mail, fax or wire has its control number (PWK06).
pub fn attachments(case: &Case<'_>, findings: &mut Findings<'_>) {
    let on_claim = case.content.claim.attachments.iter().map(|attachment| ("2300".to_owned(), attachment));
    let on_lines = case
        .lines
        .iter()
        .flat_map(|line| line.sent.attachments.iter().map(move |attachment| (format!("2400[{}]", line.number), attachment)));
    for (level, attachment) in on_claim.chain(on_lines).filter(|(_, attachment)| lacks_number(attachment)) {
        let message = format!("Attachment control number missing: document {} is on its way without one", attachment.report_type);
        findings.add(format!("{level} PWK06 (encounter.attachments)"), message).found(attachment.transmission.as_str());
    }
}

/// E080: a procedure code is five letters or digits with a digit among them, and K3 is sent in formats that X12 approved: we know of none
/// for pediatric practices.
pub fn code_form(case: &Case<'_>, findings: &mut Findings<'_>) {
    for line in case.lines.iter().filter(|line| line.code.is_none()) {
        let message = format!("Procedure code format: line {} needs five letters or digits, one a digit", line.number);
        findings.add(line.path("SV101-2 (charge_line.procedure_code)"), message).found(line.text());
    }
    let on_lines = case.lines.iter().filter(|line| !line.sent.fixed_format.is_empty()).map(|line| line.path("K3"));
    let on_claim = (!case.content.claim.fixed_format.is_empty()).then(|| "2300 K3".to_owned());
    for path in on_claim.into_iter().chain(on_lines) {
        findings.add(path, "K3 not allowed: its text has no format that X12 approved");
    }
}
