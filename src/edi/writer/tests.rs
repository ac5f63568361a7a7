//! What is written, and what is refused.

use super::*;
use jiff::civil::date;

fn written(build: impl FnOnce(&mut SegmentWriter)) -> Result<String, Vec<WriteError>> {
    let mut w = SegmentWriter::new(Delimiters::default());
    build(&mut w);
    w.finish().map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn a_segment_that_opens_a_loop_and_says_nothing_is_refused() {
    let mut w = SegmentWriter::new(Delimiters::default());
    w.segment("SBR").el("P").end_opening();
    w.segment("SBR").el("").skip(8).end_opening();
    let errors = w.finish().unwrap_err();
    assert_eq!(errors.iter().map(|e| (e.kind, e.position.segment)).collect::<Vec<_>>(), [(WriteErrorKind::Empty, 2)]);
}

#[test]
fn trailing_empty_elements_and_components_vanish() {
    let text = written(|w| {
        w.segment("SV1").composite(&["HC", "99391", "25", "", ""]).money(Money::from_cents(18_000)).skip(3).opt(None).end();
        w.segment("NM1").el("QC").opt(Some("")).el("X").skip(1).composite(&["", ""]).end();
        w.segment("AMT").el("D").money(Money::ZERO).end();
    });
    assert_eq!(text.unwrap(), "SV1*HC:99391:25*180~NM1*QC**X~AMT*D*0~");
}

#[test]
fn a_segment_without_a_value_is_neither_written_nor_counted() {
    let text = written(|w| {
        w.begin_transaction("837", "0001", None);
        w.segment("N3").text("  ", 55).opt(None).end();
        w.end_transaction();
    });
    assert_eq!(text.unwrap(), "ST*837*0001~SE*2*0001~");
}

#[test]
fn composites_of_numbers_have_no_zeros_before_them() {
    let text = written(|w| w.segment("SV1").numbers(&[1, 10, 255]).numbers(&[]).el("Y").end());
    assert_eq!(text.unwrap(), "SV1*1:10:255**Y~");
}

#[test]
fn dates_and_times_have_their_zeros() {
    let text = written(|w| w.segment("BHT").date8(date(2026, 3, 9)).time4(date(2026, 3, 9).at(7, 5, 0, 0)).opt_date8(None).int(0).end());
    assert_eq!(text.unwrap(), "BHT*20260309*0705**0~");
}

#[test]
fn amounts_are_written_as_money_says() {
    for cents in [0, 1, 9, 10, 99, 100, 105, 110, 17_550, 9_999_999_999] {
        for cents in [cents, -cents] {
            let amount = Money::from_cents(cents);
            let text = written(|w| w.segment("AMT").money(amount).end()).unwrap();
            assert_eq!(text, format!("AMT*{}~", amount.to_x12()));
        }
    }
}

#[test]
fn quantities_are_whole_or_not_or_absent() {
    let of = |text: &str| text.parse().ok();
    let text = written(|w| w.segment("SV1").quantity(of("3")).quantity(of("0.5")).quantity(None).quantity(of("-2")).end());
    assert_eq!(text.unwrap(), "SV1*3*0.5**-2~");
}

#[test]
fn a_transaction_counts_its_segments_from_st_to_se() {
    let text = written(|w| {
        for number in ["0001", "0002"] {
            w.begin_transaction("835", number, None);
            w.segment("LX").int(1).end();
            w.end_transaction();
        }
    });
    assert_eq!(text.unwrap(), "ST*835*0001~LX*1~SE*3*0001~ST*835*0002~LX*1~SE*3*0002~");
}

#[test]
fn everything_that_cannot_be_written_is_reported_with_its_place() {
    let errors = written(|w| {
        w.segment("LX").int(1).end();
        w.segment("REF").el("D9").el("A~ISA").end();
        w.segment("SV1").composite(&["HC", "99:1"]).money("100000000.00".parse().unwrap()).el("a\u{e9}").el_max("LONG", 3).end();
        w.segment("GS").control_number(0).end();
    })
    .unwrap_err();
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "segment 2 (REF) element 2 at byte 5: holds a delimiter",
            "segment 3 (SV1) element 1 component 2 at byte 18: holds a delimiter",
            "segment 3 (SV1) element 2 at byte 18: is an amount of more than ten digits",
            "segment 3 (SV1) element 3 at byte 18: holds a character that X12 can't carry",
            "segment 3 (SV1) element 4 at byte 18: is longer than 3 characters",
            "segment 4 (GS) element 1 at byte 49: is a control number of more than nine digits, or zero",
        ]
    );
}
