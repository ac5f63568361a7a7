//! The page of one claim: where it stands, what to do, its money, and its story in the order of time.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::tz::TimeZone;

use super::office::Office;
use super::words::{self, ClockWords, StateWords, dollars};
use super::{Server, render};
use crate::http::Error;
use crate::http::input::Key;
use crate::platform::clock::Millis;
use crate::platform::ids::{ChargeLineId, ClaimId};
use crate::platform::money::Money;
use crate::reference::claim_status;
use crate::revenue_cycle::claim::api::Dossier;
use crate::revenue_cycle::claim::store::ClaimLineRow;
use crate::revenue_cycle::ledger::store::LineEntry;
use crate::revenue_cycle::scrub::{FindingRow, catalog};

/// One line of the claim.
struct Line {
    position: i64,
    code: String,
    modifiers: String,
    units: i64,
    charge: String,
    owed: String,
}

/// What an edit found.
struct Finding {
    edit: String,
    title: &'static str,
    severity: String,
    path: String,
    message: String,
}

/// One moment of the story.
struct Moment {
    at: Millis,
    when: String,
    kind: &'static str,
    title: String,
    detail: String,
}

/// One entry of the ledger.
struct Entry {
    date: String,
    what: String,
    line: String,
    debit: String,
    debit_code: String,
    credit: String,
    credit_code: String,
    amount: String,
    because: String,
    segment: String,
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    office: Office,
    back: String,
    number: String,
    child: String,
    birth_date: String,
    payer: String,
    service_date: String,
    file_by: String,
    clock: Option<ClockWords>,
    icn: String,
    version: i64,
    state: StateWords,
    since: String,
    charged: String,
    paid: String,
    written_off: String,
    owed: Vec<(String, String)>,
    lines: Vec<Line>,
    findings: Vec<Finding>,
    moments: Vec<Moment>,
    entries: Vec<Entry>,
}

/// `GET /claims/{id}`.
pub(super) async fn show(State(server): State<Server>, office: Office, Key(id): Key<ClaimId>) -> Result<Response, Error> {
    let dossier = Dossier::load(&mut &server.db, office.id, id).await?.ok_or(Error::NotFound)?;
    let claim = &dossier.claim;
    let (family_name, given_names) = dossier.child_name();
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
    render(&ClaimPage {
        back: office.claims(None, None),
        number: claim.pcn.clone(),
        child: format!("{given_names} {family_name}"),
        birth_date: or_none(dossier.content.birth_date().map(|date| date.to_string())),
        payer: dossier.content.subscriber.payer.name.clone(),
        service_date: claim.service_date.to_string(),
        file_by: or_none(claim.file_by.map(|date| date.to_string())),
        clock: claim.clock(server.clock.today(&office.zone)).map(ClockWords::of),
        icn: or_none(claim.icn.clone()),
        version: claim.version,
        state: StateWords::of_code(&claim.state),
        since: when(claim.state_ms, &office.zone),
        charged: dollars(claim.charge_cents),
        paid: dollars(claim.paid_cents),
        written_off: dollars(dossier.written_off()),
        owed: dossier.owed().into_iter().map(|(account, amount)| (words::account(&account.to_string()), dollars(amount))).collect(),
        lines: lines(&dossier),
        findings: findings(&dossier),
        moments: moments(&dossier, &office.zone),
        entries: entries(&dossier),
        office,
    })
}

/// An instant as a day and a time of the practice.
fn when(at: Millis, zone: &TimeZone) -> String {
    at.zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

fn lines(dossier: &Dossier) -> Vec<Line> {
    let owed = |charge: ChargeLineId| -> Money {
        let parts = dossier.balances.get(&charge).into_iter().flatten();
        parts.filter(|(account, _)| account.bucket().is_some()).map(|(_, amount)| *amount).sum()
    };
    let line = |line: &ClaimLineRow| Line {
        position: line.position,
        code: line.procedure_code.clone(),
        modifiers: line.modifiers.replace(':', " "),
        units: line.units,
        charge: dollars(line.cents),
        owed: dollars(owed(line.charge_line_id)),
    };
    dossier.lines.iter().map(line).collect()
}

fn findings(dossier: &Dossier) -> Vec<Finding> {
    let title = |edit: &str| catalog::CATALOG.iter().find(|entry| entry.edit.id == edit).map_or("", |entry| entry.edit.title);
    let finding = |found: &FindingRow| Finding {
        title: title(&found.edit),
        edit: found.edit.clone(),
        severity: found.severity.clone(),
        path: found.path.clone(),
        message: found.message.clone(),
    };
    dossier.findings.iter().map(finding).collect()
}

/// Events, files sent, acknowledgments and remittances in one line of time.
fn moments(dossier: &Dossier, zone: &TimeZone) -> Vec<Moment> {
    let moment = |at: Millis, kind, title, detail| Moment { at, when: when(at, zone), kind, title, detail };
    let mut moments: Vec<Moment> = Vec::new();
    for event in &dossier.events {
        let label = |code: &str| StateWords::of_code(code).label;
        let title = match (&event.from_state, &event.to_state) {
            (Some(from), Some(to)) => format!("{} → {}", label(from), label(to)),
            _ => words::event(&event.event),
        };
        let by = words::actor(&event.actor);
        let detail = event.detail.as_deref().map_or_else(|| by.clone(), |detail| format!("{} · {by}", detail.replace('_', " ")));
        moments.push(moment(event.at_ms, "Event", title, detail));
    }
    for batch in &dossier.batches {
        let detail =
            format!("interchange {}, batch {}, from segment {}, {}", batch.isa13, batch.reference, batch.first_segment, batch.state);
        moments.push(moment(batch.created_ms, "Batch", format!("Put into {}", batch.file_name), detail));
    }
    for ack in &dossier.acknowledgments {
        let meaning = claim_status::category(ack.code.get(..2).unwrap_or_default()).filter(|_| ack.kind == "277CA");
        let meaning = meaning.map(|category| format!(": {}", category.label)).unwrap_or_default();
        let detail = format!("{}, segment {}", ack.file_name, ack.segment);
        moments.push(moment(ack.received_ms, "Answer", format!("{} {}{meaning}", ack.kind, ack.code), detail));
    }
    for said in &dossier.remittances {
        let claim = &said.claim;
        let title = format!("{} pays {} of {}", said.payer_name, dollars(claim.paid_cents), dollars(claim.charge_cents));
        let detail = format!(
            "status {}, family's share {}, payment {} of {}, segment {}, {}",
            claim.status,
            dollars(claim.patient_cents),
            said.trace_number,
            said.effective_date,
            claim.segment,
            claim.state
        );
        moments.push(moment(said.received_ms, "Remittance", title, detail));
    }
    moments.sort_by_key(|moment| moment.at);
    moments
}

fn entries(dossier: &Dossier) -> Vec<Entry> {
    let code_of = |charge| dossier.lines.iter().find(|line| Some(line.charge_line_id) == charge).map(|line| line.procedure_code.as_str());
    let entry = |entry: &LineEntry| {
        let transfer = &entry.row.transfer;
        let adjustment = transfer.adjustment.as_deref().map(words::adjustment).unwrap_or_default();
        let because = [adjustment, entry.row.reason.clone()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        Entry {
            date: entry.row.effective_date.clone(),
            what: words::entry(&transfer.kind),
            line: code_of(transfer.charge_line_id).unwrap_or("–").to_owned(),
            debit: words::account(&transfer.debit_account),
            debit_code: transfer.debit_account.clone(),
            credit: words::account(&transfer.credit_account),
            credit_code: transfer.credit_account.clone(),
            amount: dollars(transfer.cents),
            because: because.join(" · "),
            segment: transfer.segment.map_or_else(|| "–".to_owned(), |segment| segment.to_string()),
        }
    };
    dossier.entries.iter().map(entry).collect()
}
