//! `pediclaim edi …` as a person or a script runs it: the real program, no database, exit statuses as `--help` promises them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("edi-samples").join(name)
}

/// Runs a command with something on its standard input; no configuration and no home.
fn edi(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pediclaim"));
    command.arg("edi").args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

/// Exit status and standard output.
fn ran(arguments: &[&str]) -> (Option<i32>, String) {
    let output = edi(arguments, b"");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Each line of a JSON answer.
fn lines(answer: &str) -> Vec<Value> {
    answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn describe_says_what_the_samples_text_says() {
    let file = sample("described/claim-secondary.edi");
    let golden = std::fs::read_to_string(sample("described/claim-secondary.txt")).unwrap();
    assert_eq!(ran(&["describe", text(&file)]), (Some(0), golden.clone()));
    let piped = edi(&["describe", "-"], &std::fs::read(&file).unwrap());
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), golden);
    let (_, answer) = ran(&["describe", text(&file), "--json"]);
    let kinds: Vec<_> = lines(&answer).iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["interchange", "group", "transaction"]);
    assert!(!answer.contains("LILY") && ran(&["describe", text(&file), "--json", "--show-phi"]).1.contains("LILY"));
}

#[test]
fn validate_is_0_for_a_clean_file_1_for_a_faulty_and_2_for_an_unreadable_one() {
    let status = |name: &str| ran(&["validate", text(&sample(name))]).0;
    assert_eq!(status("described/remittance-reversal.edi"), Some(0));
    assert_eq!(status("malformed/se-count-wrong.edi"), Some(1));
    assert_eq!(status("malformed/ends-before-ge.edi"), Some(1));
    assert_eq!(status("malformed/not-x12.edi"), Some(2));
    assert_eq!(status("malformed/no-such-file.edi"), Some(2));
    let (_, answer) = ran(&["validate", text(&sample("malformed/se-count-wrong.edi")), "--json"]);
    let lines = lines(&answer);
    assert_eq!((&lines[0]["code"], &lines[0]["severity"], &lines[0]["segment"]), (&"X12-SE01".into(), &"error".into(), &8.into()));
    assert_eq!(lines[1]["errors"], 1);
}

#[test]
fn an_unbalanced_remittance_is_a_finding() {
    let file = std::fs::read_to_string(sample("described/remittance-reversal.edi")).unwrap().replace("BPR*I*21.25", "BPR*I*21.26");
    let output = edi(&["validate", "-"], file.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("BPR"));
}

#[test]
fn the_999_that_follows_reads_and_says_what_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let (faulty, ack) = (folder.path().join("faulty.edi"), folder.path().join("999.edi"));
    let claim = std::fs::read_to_string(sample("described/claim-secondary.edi")).unwrap();
    std::fs::write(&faulty, claim.replace("CLM*C26000125S*145***11:B:1*Y*A", "CLM*C26000125S*145***11:B:1*Y*Q")).unwrap();
    assert_eq!(ran(&["validate", text(&faulty), "--999", text(&ack)]).0, Some(1));
    assert_eq!(ran(&["validate", text(&ack)]).0, Some(0));
    let (_, described) = ran(&["describe", text(&ack)]);
    assert!(described.contains("rejected") && described.contains("C26000125S"), "{described}");
    assert_eq!(ran(&["validate", text(&faulty), "--999", text(&ack)]).0, Some(2), "nothing is overwritten");
}

#[test]
fn each_sender_gets_a_999_of_its_own_groups() {
    let folder = tempfile::tempdir().unwrap();
    let (two, ack) = (folder.path().join("two.edi"), folder.path().join("999.edi"));
    let claim = std::fs::read_to_string(sample("described/claim-secondary.edi")).unwrap();
    let sender = claim.split('*').nth(6).unwrap();
    let other = claim.replacen(sender, "ANOTHERSENDER  ", 1);
    std::fs::write(&two, claim.clone() + &other).unwrap();
    assert_eq!(ran(&["validate", text(&two), "--999", text(&ack)]).0, Some(0));
    let answer = std::fs::read_to_string(&ack).unwrap();
    let receivers: Vec<&str> = answer.split("ISA*").skip(1).map(|isa| isa.split('*').nth(7).unwrap()).collect();
    assert_eq!(receivers, [sender, "ANOTHERSENDER  "]);
    assert_eq!(ran(&["validate", text(&ack)]).0, Some(0));
}

#[test]
fn explain_tells_of_one_element_and_masks_it() {
    let place = |place: &str| format!("{}:{place}", text(&sample("described/claim-secondary.edi")));
    let (status, answer) = ran(&["explain", &place("38")]);
    assert_eq!(status, Some(0));
    for said in ["CAS", "2430", "claim C26000125S", "line 1", "decision of payer 00900", "over the fee schedule"] {
        assert!(answer.contains(said), "{said}: {answer}");
    }
    let (_, header) = ran(&["explain", &place("1")]);
    assert!(header.contains("2026-11-18") && header.contains("ISA16"), "{header}");
    assert!(!ran(&["explain", &place("20")]).1.contains("LILY"));
    assert!(ran(&["explain", &place("20"), "--show-phi"]).1.contains("LILY"));
    assert_eq!(ran(&["explain", &place("999")]).0, Some(2));
}

#[test]
fn diff_is_0_for_the_same_content_and_1_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let original = sample("described/claim-secondary.edi");
    let other = folder.path().join("other.edi");
    let claim = std::fs::read_to_string(&original).unwrap();
    std::fs::write(&other, claim.replace('\n', "").replace("000000103", "000000777")).unwrap();
    assert_eq!(ran(&["diff", text(&original), text(&other)]), (Some(0), "no differences\n".to_owned()));
    assert_eq!(ran(&["diff", text(&original), text(&other), "--strict"]).0, Some(1));
    std::fs::write(&other, claim.replace("LILY", "LEAH")).unwrap();
    let (status, answer) = ran(&["diff", text(&original), text(&other), "--json"]);
    assert_eq!((status, &lines(&answer)[0]["a"], &lines(&answer)[0]["b"]), (Some(1), &"•••".into(), &"•••".into()));
}

#[test]
fn masked_copies_of_one_key_fit_together_and_read_like_their_originals() {
    let folder = tempfile::tempdir().unwrap();
    let (key, first, second) = (folder.path().join("key"), folder.path().join("a.edi"), folder.path().join("b.edi"));
    std::fs::write(&key, [7; 32]).unwrap();
    let original = sample("described/claim-secondary.edi");
    for out in [&first, &second] {
        assert_eq!(ran(&["mask", text(&original), "--key", text(&key), "--out", text(out)]).0, Some(0));
    }
    let copy = std::fs::read_to_string(&first).unwrap();
    assert_eq!(copy, std::fs::read_to_string(&second).unwrap());
    assert!(!copy.contains("LILY") && !copy.contains("20190302"));
    assert_eq!(ran(&["validate", text(&first)]).0, Some(0));
    assert_eq!(ran(&["mask", text(&original), "--out", text(&first)]).0, Some(2), "nothing is overwritten");
    let (_, unkeyed) = ran(&["mask", text(&original)]);
    assert!(unkeyed.starts_with("ISA*") && unkeyed != copy);
    std::fs::write(&key, "short").unwrap();
    assert_eq!(ran(&["mask", text(&original), "--key", text(&key)]).0, Some(2));
}

#[test]
fn half_a_masked_copy_is_not_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("copy.edi");
    let cut = sample("malformed/ends-before-se.edi");
    assert_eq!(ran(&["mask", text(&cut), "--out", text(&out)]).0, Some(2));
    assert!(!out.exists());
}

#[test]
fn split_writes_whole_interchanges_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("pieces");
    let arguments = ["split", text(&sample("described/remittance-reversal.edi")), "--by", "claim", "--out", text(&out)].map(str::to_owned);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    assert_eq!(ran(&arguments).0, Some(0));
    let mut pieces: Vec<PathBuf> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    pieces.sort();
    assert_eq!(pieces.len(), 2);
    assert!(pieces.iter().all(|piece| ran(&["describe", text(piece)]).0 == Some(0)));
    let before = std::fs::read(&pieces[0]).unwrap();
    assert_eq!(ran(&arguments).0, Some(2));
    assert_eq!(std::fs::read(&pieces[0]).unwrap(), before);
}
