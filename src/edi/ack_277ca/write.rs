//! A [`ClaimAcknowledgment`] becomes one 277CA transaction set, ST to SE, its levels (HL) numbered in the order they are written.

use jiff::civil::Date;

use super::{
    AcknowledgedClaim, AcknowledgedLine, BatchStatus, ClaimAcknowledgment, InformationSource, ProviderStatus, Status, Totals, VERSION,
};
use crate::edi::SegmentWriter;
use crate::edi::inquiry::status::status_code;
use crate::edi::inquiry::write::Levels;
use crate::edi::remittance_835::write::{FIRST_NAME_MAX, MIDDLE_NAME_MAX, NAME_MAX, SUFFIX_MAX, composite, references};
use crate::edi::writer::Date8;
use crate::platform::phi::Phi;

/// Longest free text of a status, STC12.
const MESSAGE_MAX: usize = 264;

/// Writes one 277CA.
pub fn write_277ca(ack: &ClaimAcknowledgment, w: &mut SegmentWriter) {
    w.begin_transaction("277", &ack.control_number, Some(VERSION));
    w.segment("BHT").el("0085").el("08").el(&ack.reference).opt_date8(ack.created).opt(ack.time.as_deref()).el("TH").end();
    let mut levels = Levels::default();
    for source in &ack.sources {
        write_source(source, &mut levels, w);
    }
    w.end_transaction();
}

fn write_source(source: &InformationSource, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(None, "20", Some(!source.batches.is_empty()), w);
    w.segment("NM1")
        .el(source.kind.as_str())
        .el("2")
        .text(&source.name, NAME_MAX)
        .skip(4)
        .opt(source.id_qualifier.as_deref())
        .opt(source.id.as_deref())
        .end();
    w.segment("TRN").el("1").el(&source.trace).end();
    for (qualifier, date) in [("050", source.received), ("009", source.processed)] {
        period(qualifier, date.map(|date| (date, date)), w);
    }
    for batch in &source.batches {
        write_batch(batch, own, levels, w);
    }
}

fn write_batch(batch: &BatchStatus, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "21", Some(!batch.providers.is_empty()), w);
    let id_qualifier = batch.id.as_ref().map(|_| "46");
    w.segment("NM1")
        .el("41")
        .el(entity(batch.is_person))
        .text(&batch.name, NAME_MAX)
        .skip(4)
        .opt(id_qualifier)
        .opt(batch.id.as_deref())
        .end();
    w.segment("TRN").el("2").el(&batch.batch).end();
    statuses(&batch.statuses, w);
    totals(&batch.totals, ["90", "AA"], w);
    for provider in &batch.providers {
        write_provider(provider, own, levels, w);
    }
}

fn write_provider(provider: &ProviderStatus, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    let own = levels.next(Some(parent), "19", Some(!provider.claims.is_empty()), w);
    w.segment("NM1")
        .el("85")
        .el(entity(provider.is_person))
        .text(&provider.name, NAME_MAX)
        .text(provider.first.as_deref().unwrap_or_default(), FIRST_NAME_MAX)
        .skip(3)
        .opt(provider.id_qualifier.as_deref())
        .opt(provider.id.as_deref())
        .end();
    if !provider.trace.is_empty() {
        w.segment("TRN").el("1").el(&provider.trace).end();
    }
    statuses(&provider.statuses, w);
    references(&provider.references, w);
    totals(&provider.totals, ["QA", "QC"], w);
    for claim in &provider.claims {
        write_claim(claim, own, levels, w);
    }
}

fn write_claim(claim: &AcknowledgedClaim, parent: u64, levels: &mut Levels, w: &mut SegmentWriter) {
    levels.next(Some(parent), "PT", None, w);
    let patient = &claim.patient;
    let shown = |value: &Option<Phi<String>>| value.as_ref().map_or(String::new(), |v| v.reveal().clone());
    w.segment("NM1")
        .el("QC")
        .el("1")
        .text(patient.last.as_str(), NAME_MAX)
        .text(&shown(&patient.first), FIRST_NAME_MAX)
        .text(&shown(&patient.middle), MIDDLE_NAME_MAX)
        .skip(1)
        .text(&shown(&patient.suffix), SUFFIX_MAX)
        .opt(patient.id_qualifier.as_deref())
        .el(&shown(&patient.member_id))
        .end();
    w.segment("TRN").el("2").el(&claim.pcn).end();
    statuses(&claim.statuses, w);
    for icn in &claim.icns {
        w.segment("REF").el("1K").el(icn).end();
    }
    if let Some(id) = &claim.clearinghouse_id {
        w.segment("REF").el("D9").el(id).end();
    }
    references(&claim.references, w);
    period("472", claim.service_dates, w);
    claim.lines.iter().for_each(|line| write_line(line, w));
}

fn write_line(line: &AcknowledgedLine, w: &mut SegmentWriter) {
    composite(w.segment("SVC"), Some(&line.procedure))
        .money(line.charge)
        .skip(1)
        .opt(line.revenue_code.as_deref())
        .skip(2)
        .quantity(line.units)
        .end();
    statuses(&line.statuses, w);
    if let Some(number) = &line.line_number {
        w.segment("REF").el("FJ").el(number).end();
    }
    references(&line.references, w);
    period("472", line.service_dates, w);
}

fn statuses(statuses: &[Status], w: &mut SegmentWriter) {
    for status in statuses {
        let stc = status_code(w.segment("STC"), &status.codes, 0)
            .opt_date8(status.date)
            .opt(status.action.as_ref().map(super::Action::as_str))
            .opt_money(status.amount)
            .skip(5);
        let stc = status_code(status_code(stc, &status.codes, 1), &status.codes, 2);
        stc.text(status.message.as_ref().map_or("", Phi::as_str), MESSAGE_MAX).end();
    }
}

fn totals(totals: &Totals, [accepted, rejected]: [&str; 2], w: &mut SegmentWriter) {
    for (qualifier, count) in [(accepted, totals.accepted), (rejected, totals.rejected)] {
        if let Some(count) = count {
            w.segment("QTY").el(qualifier).int(count).end();
        }
    }
    for (qualifier, amount) in [("YU", totals.accepted_amount), ("YY", totals.rejected_amount)] {
        if let Some(amount) = amount {
            w.segment("AMT").el(qualifier).money(amount).end();
        }
    }
}

fn period(qualifier: &str, period: Option<(Date, Date)>, w: &mut SegmentWriter) {
    match period {
        Some((from, to)) if from == to => w.segment("DTP").el(qualifier).el("D8").date8(from).end(),
        Some((from, to)) => w.segment("DTP").el(qualifier).el("RD8").el(&format!("{}-{}", Date8(from), Date8(to))).end(),
        None => {}
    }
}

fn entity(is_person: bool) -> &'static str {
    if is_person { "1" } else { "2" }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::samples::{MIXED, read, written};
    use super::super::{Action, StatusCode};
    use super::*;
    use crate::edi::remittance_835::{Procedure, Quantity, Reference};
    use crate::platform::money::Money;

    #[test]
    fn the_sample_is_written_as_it_was_read() {
        assert_eq!(written(&read(MIXED).0), MIXED);
    }

    #[test]
    fn a_rejected_batch_has_no_levels_below_it() {
        let mut ack = read(MIXED).0;
        ack.sources[0].batches[0].providers.clear();
        let text = written(&ack);
        assert!(text.contains("~HL*2*1*21*0~") && !text.contains("HL*3"), "{text}");
    }

    fn id() -> impl Strategy<Value = String> {
        "[A-Z0-9]{1,12}"
    }

    fn period() -> impl Strategy<Value = Option<(Date, Date)>> {
        prop::option::of((2020_i16..2030, 1_i8..13, 1_i8..29, 1_i8..29).prop_map(|(y, m, a, b)| (date(y, m, a), date(y, m, b))))
    }

    fn money() -> impl Strategy<Value = Money> {
        (0_i64..1_000_000).prop_map(Money::from_cents)
    }

    fn statuses() -> impl Strategy<Value = Vec<Status>> {
        let code = (id(), id(), prop::option::of(id()), prop::option::of(id())).prop_map(|(category, status, entity, list)| StatusCode {
            category,
            status,
            entity,
            list,
        });
        let parts =
            (prop::collection::vec(code, 1..4), period(), prop::option::of("U|WQ|Z9"), prop::option::of(money()), prop::option::of(id()));
        let status = parts.prop_map(|(codes, period, action, amount, message)| Status {
            segment: 0,
            codes,
            date: period.map(|(from, _)| from),
            action: action.map(|action| Action::from(action.as_str())),
            amount,
            message: message.map(Phi::new),
        });
        prop::collection::vec(status, 0..3)
    }

    fn references() -> impl Strategy<Value = Vec<Reference>> {
        let reference = ("G2|LU|BLT", id()).prop_map(|(qualifier, value)| Reference { qualifier: qualifier.into(), value: value.into() });
        prop::collection::vec(reference, 0..3)
    }

    fn totals() -> impl Strategy<Value = Totals> {
        let count = || prop::option::of(0_u64..99);
        let amount = || prop::option::of(money());
        (count(), count(), amount(), amount()).prop_map(|(accepted, rejected, accepted_amount, rejected_amount)| Totals {
            accepted,
            rejected,
            accepted_amount,
            rejected_amount,
        })
    }

    fn line() -> impl Strategy<Value = AcknowledgedLine> {
        (id(), money(), statuses(), prop::option::of(id()), references(), period()).prop_map(
            |(code, charge, statuses, line_number, references, service_dates)| AcknowledgedLine {
                segment: 0,
                procedure: Procedure { qualifier: "HC".into(), code: code.into(), modifiers: ["25".into()].into(), description: None },
                charge,
                revenue_code: None,
                units: Some(Quantity::ONE),
                statuses,
                line_number,
                references,
                service_dates,
            },
        )
    }

    fn claim() -> impl Strategy<Value = AcknowledgedClaim> {
        let ids = (id(), prop::collection::vec(id(), 0..3), prop::option::of(id()));
        (ids, statuses(), references(), period(), prop::collection::vec(line(), 0..3)).prop_map(
            |((pcn, icns, clearinghouse_id), statuses, references, service_dates, lines)| AcknowledgedClaim {
                segment: 0,
                patient: read(MIXED).0.sources[0].batches[0].providers[0].claims[0].patient.clone(),
                pcn,
                statuses,
                icns,
                clearinghouse_id,
                references,
                service_dates,
                lines,
            },
        )
    }

    fn ack() -> impl Strategy<Value = ClaimAcknowledgment> {
        let provider = (statuses(), references(), totals(), prop::collection::vec(claim(), 0..3));
        let providers = prop::collection::vec(provider, 0..3);
        (statuses(), totals(), providers).prop_map(|(statuses, totals, providers)| {
            let mut ack = read(MIXED).0;
            let batch = &mut ack.sources[0].batches[0];
            let model = batch.providers.remove(0);
            (batch.statuses, batch.totals) = (statuses, totals);
            batch.providers = providers
                .into_iter()
                .map(|(statuses, references, totals, claims)| ProviderStatus { statuses, references, totals, claims, ..model.clone() })
                .collect();
            ack
        })
    }

    proptest! {
        #[test]
        fn written_read_and_written_again_is_the_same(ack in ack()) {
            let first = written(&ack);
            let (back, findings) = read(&first);
            prop_assert_eq!(findings, []);
            prop_assert_eq!(written(&back), first);
            let json = serde_json::to_string(&back).unwrap();
            prop_assert_eq!(serde_json::from_str::<ClaimAcknowledgment>(&json).unwrap(), back);
        }
    }
}
