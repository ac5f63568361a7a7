//! `edi-samples/999`, `edi-samples/ta1`, `edi-samples/277ca`.

use pediclaim::edi::ack_277ca::{ClaimAcknowledgment, SourceKind, Verdict, read_277ca, worst, write_277ca};
use pediclaim::edi::ack_999::{AckResult, ImplementationAck, read_999, write_999};
use pediclaim::edi::ack_ta1::{InterchangeAck, InterchangeResult, read_ta1};

use super::{assert_written_back, exempt, folder, interchanges, sample, sets};

fn syntax(name: &str) -> Vec<ImplementationAck> {
    let sets = sets(&sample("999", name));
    sets.iter()
        .map(|set| {
            let (ack, findings) = read_999(set);
            assert_eq!(findings, [], "{name}");
            ack
        })
        .collect()
}

fn taken_in(name: &str) -> ClaimAcknowledgment {
    let (ack, findings) = read_277ca(&sets(&sample("277ca", name))[0]);
    assert_eq!(findings, [], "{name}");
    ack
}

fn interchange(name: &str) -> InterchangeAck {
    let interchange = interchanges(&sample("ta1", name)).remove(0);
    let (ack, findings) = read_ta1(&interchange.acks[0].as_segment());
    assert_eq!(findings, [], "{name}");
    ack
}

/// The claims of a 277CA with what became of them.
fn verdicts(name: &str) -> Vec<(String, Verdict)> {
    let ack = taken_in(name);
    let providers = ack.sources.iter().flat_map(|s| &s.batches).flat_map(|b| &b.providers);
    providers.flat_map(|p| &p.claims).map(|c| (c.pcn.clone(), worst(&c.statuses).unwrap())).collect()
}

#[test]
fn each_999_sample_is_read_without_findings_and_written_back_to_the_byte() {
    for (name, text) in folder("999") {
        syntax(&name);
        assert_written_back(&name, &text, |set, w| write_999(&read_999(set).0, w));
    }
}

#[test]
fn each_277ca_sample_is_read_without_findings_written_back_to_the_byte_and_understood_by_another() {
    for (name, text) in folder("277ca") {
        taken_in(&name);
        assert_written_back(&name, &text, |set, w| write_277ca(&read_277ca(set).0, w));
    }
    assert_eq!(exempt("277ca"), [""; 0]);
}

#[test]
fn each_ta1_sample_is_read_without_findings_and_written_back_to_the_byte() {
    for (name, text) in folder("ta1") {
        interchange(&name);
        assert_written_back(&name, &text, |set, w| write_999(&read_999(set).0, w));
    }
}

#[test]
fn a_999_says_what_became_of_the_group_and_of_each_set() {
    let results = |name: &str| -> Vec<String> {
        let acks = syntax(name);
        let of = |ack: &ImplementationAck| {
            let sets = ack.sets.iter().map(|set| set.result.as_str());
            std::iter::once(ack.group.result.as_str()).chain(sets).collect::<String>()
        };
        acks.iter().map(of).collect()
    };
    assert_eq!(results("accepted.edi"), ["AA"]);
    assert_eq!(results("accepted-with-errors.edi"), ["EE"]);
    assert_eq!(results("partly-accepted.edi"), ["PAR"]);
    assert_eq!(results("rejected-for-one-claim.edi"), ["RR"]);
    assert_eq!(results("rejected-without-a-claim.edi"), ["RR"]);
    assert_eq!(results("several-groups.edi"), ["A", "R"]);
}

#[test]
fn a_rejected_999_names_the_claim_at_fault_or_none() {
    assert_eq!(syntax("rejected-for-one-claim.edi")[0].named_claims(), ["C26000123"]);
    assert_eq!(syntax("partly-accepted.edi")[0].named_claims(), ["C26000136"]);
    let whole = syntax("rejected-without-a-claim.edi").remove(0);
    assert!(whole.named_claims().is_empty() && whole.sets[0].errors.is_empty());
}

#[test]
fn a_group_sent_twice_is_told_from_a_faulty_one() {
    let acks = syntax("several-groups.edi");
    assert_eq!(acks.iter().map(ImplementationAck::is_duplicate).collect::<Vec<_>>(), [false, true]);
    assert_eq!(acks[1].group.result, AckResult::Rejected);
}

#[test]
fn a_ta1_takes_or_refuses_the_whole_interchange_but_a_copy_is_no_fault() {
    use InterchangeResult::{Accepted, AcceptedWithErrors, Rejected};
    let said = |name: &str| {
        let ack = interchange(name);
        (ack.result.clone(), ack.is_duplicate())
    };
    assert_eq!(said("accepted.edi"), (Accepted, false));
    assert_eq!(said("accepted-with-a-999.edi"), (Accepted, false));
    assert_eq!(said("accepted-with-errors.edi"), (AcceptedWithErrors, false));
    assert_eq!(said("rejected.edi"), (Rejected, false));
    assert_eq!(said("rejected-as-a-copy.edi"), (Rejected, true));
}

#[test]
fn a_277ca_says_of_each_claim_whether_it_was_taken() {
    use Verdict::{Accepted, Forwarded, NotFound, Received, Rejected, Split};
    let expected = |claims: &[(&str, Verdict)]| claims.iter().map(|(pcn, verdict)| ((*pcn).to_owned(), *verdict)).collect::<Vec<_>>();
    assert_eq!(verdicts("accepted-and-rejected.edi"), expected(&[("C26000123", Accepted), ("C26000124", Rejected)]));
    assert_eq!(verdicts("received-by-clearinghouse.edi"), expected(&[("C26000123", Received), ("C26000131", Forwarded)]));
    assert_eq!(verdicts("rejected-lines.edi"), expected(&[("C26000139", Rejected), ("C26000137", Rejected)]));
    assert_eq!(verdicts("split-claim.edi"), expected(&[("C26000142", Split)]));
    // The action U rejects, whatever the category says.
    assert_eq!(verdicts("not-found.edi"), expected(&[("C26000144", NotFound), ("C26000150", Rejected)]));
}

#[test]
fn a_277ca_is_from_the_clearinghouse_or_from_the_payer() {
    let kind = |name: &str| taken_in(name).sources[0].kind.clone();
    assert_eq!(kind("received-by-clearinghouse.edi"), SourceKind::Clearinghouse);
    assert_eq!(kind("accepted-and-rejected.edi"), SourceKind::Payer);
}

#[test]
fn a_rejected_line_is_named_by_our_number_of_it() {
    let ack = taken_in("rejected-lines.edi");
    let lines = &ack.sources[0].batches[0].providers[0].claims[0].lines;
    let numbers: Vec<_> = lines.iter().map(|line| line.line_number.as_deref()).collect();
    assert_eq!(numbers, [Some("C26000139-1"), Some("C26000139-2")]);
}

#[test]
fn a_rejected_batch_or_provider_may_have_no_claims_below_it() {
    let batch = taken_in("rejected-batch.edi").sources.remove(0).batches.remove(0);
    assert_eq!((worst(&batch.statuses), batch.providers.len()), (Some(Verdict::Rejected), 0));
    let provider = taken_in("rejected-provider.edi").sources.remove(0).batches.remove(0).providers.remove(0);
    assert_eq!((worst(&provider.statuses), provider.claims.len()), (Some(Verdict::Rejected), 0));
}
