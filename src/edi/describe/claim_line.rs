//! The lines of an 837P claim, and what other payers decided on them (loops 2400 to 2430, domain.md 1.7 and 1.8).

use super::claim::{attachment, judge};
use super::parts::{Cas, Reasons, all_cas, cell, list, money, sum, units_taken};
use super::words::List;
use super::{Describer, Section, Table, Tone, words};
use crate::edi::claim_837p::{Claim, Drug, LineAdjudication, OtherPayer, ServiceLine};
use crate::platform::money::Money;

/// Columns that most claims leave empty; they go where they are.
const RARE: &[&str] = &["place", "marks", "drug", "our line", "adjudicated as", "decided", "patient owes"];

impl Describer<'_> {
    pub(super) fn service_lines(&self, claim: &Claim, section: &mut Section) {
        let headings = ["line", "procedure", "date", ">units", ">charge", "diagnoses", "place", "marks", "drug", "our line"];
        let mut table = Table::new(&headings);
        for (number, line) in (1..).zip(&claim.lines) {
            table.row(line_cells(number, line));
        }
        let charges: Money = claim.lines.iter().map(|line| line.charge).sum();
        let mut total = vec![String::new(); headings.len()];
        total[4] = charges.to_string();
        table.total = Some(total);
        section.table(table.without_empty(RARE));
        if charges != claim.charge {
            judge(section, false, format!("the claim asks for {}, its lines for {charges}", claim.charge));
        }
        for (number, line) in (1..).zip(&claim.lines) {
            let notes = self.notes(line);
            if !notes.is_empty() {
                section.remark(Tone::Plain, format!("line {number}: {notes}"));
            }
        }
    }

    /// What the columns have no room for.
    fn notes(&self, line: &ServiceLine) -> String {
        let description = line.procedure.description.iter().map(|text| self.free(text));
        let dates = line.dates.iter().map(|(kind, value)| format!("{} {}", List::Date.say(kind.as_str()), words::date_value(value)));
        let numbers = line.references.iter().filter(|reference| reference.kind.as_str() != "6R").map(|reference| {
            let (kind, value) = self.reference(reference.kind.as_str(), reference.id.as_str());
            let of = reference.payer_id.as_ref().map_or_else(String::new, |payer| format!(" (payer {payer})"));
            format!("{kind} {value}{of}")
        });
        let providers =
            line.providers.iter().map(|provider| format!("{} {}", List::Role.say(provider.role.as_str()), self.provider(provider)));
        let note = [self.note(line.note.as_ref())].into_iter().chain(line.fixed_format.iter().map(|text| self.free(text)));
        let drug = line.drug.iter().filter_map(|drug| drug.reference.as_ref()).map(|reference| {
            let (kind, value) = self.reference(reference.kind.as_str(), reference.id.as_str());
            format!("{kind} {value}")
        });
        list(
            description.chain(dates).chain(numbers).chain(providers).chain(line.attachments.iter().map(attachment)).chain(note).chain(drug),
        )
    }

    /// What one other payer decided, line by line, and whether it adds up to the charges (domain.md 1.8, rules 2 and 3).
    pub(super) fn decisions(&self, claim: &Claim, payer: &OtherPayer, section: &mut Section) {
        let of_claim = all_cas(&payer.adjustments);
        let mut reasons = Reasons::default();
        reasons.add(&of_claim);
        let decided: Vec<(usize, &ServiceLine, &LineAdjudication)> = (1..)
            .zip(&claim.lines)
            .flat_map(|(number, line)| line.adjudications.iter().map(move |decision| (number, line, decision)))
            .filter(|(.., decision)| decision.payer_id == payer.payer.id.id)
            .collect();
        for (.., decision) in &decided {
            reasons.add(&all_cas(&decision.adjustments));
        }
        let mut headings: Vec<String> = ["line", "adjudicated as", "decided", ">units", ">charge"].map(str::to_owned).to_vec();
        headings.extend(reasons.headings());
        headings.extend([">paid", ">patient owes"].map(str::to_owned));
        let mut table = Table::new(&headings);
        for (number, line, decision) in &decided {
            table.row(decision_cells(*number, line, decision, &reasons));
        }
        if !of_claim.is_empty() {
            let mut row: Vec<String> = ["claim", "", "", "", ""].map(str::to_owned).to_vec();
            row.extend(reasons.cells(&of_claim));
            row.extend([(Money::ZERO - sum(&of_claim)).to_string(), String::new()]);
            table.row(row);
        }
        let paid: Money = decided.iter().map(|(.., decision)| decision.paid).sum();
        let of_lines: Money = decided.iter().flat_map(|(.., decision)| &decision.adjustments).map(|cas| cas.amount).sum();
        let adjusted = of_lines + sum(&of_claim);
        let mut total = vec![String::new(); 4];
        total.push(claim.charge.to_string());
        total.extend(reasons.totals());
        total.extend([(paid - sum(&of_claim)).to_string(), String::new()]);
        table.total = Some(total);
        section.table(table.without_empty(RARE));
        reasons.legend(self, section);
        for (number, _, decision) in &decided {
            let bundled = decision.bundled_into.map(|line| format!("bundled into line {line}"));
            let notes = list(units_taken(&all_cas(&decision.adjustments)).into_iter().chain(bundled));
            if !notes.is_empty() {
                section.remark(Tone::Plain, format!("line {number}: {notes}"));
            }
        }
        if let Some(stated) = payer.paid {
            let holds = claim.charge == stated + adjusted;
            let sign = if holds { "=" } else { "≠" };
            judge(section, holds, format!("{} charged {sign} {stated} paid + {adjusted} adjusted", claim.charge));
            for (number, line) in (1..).zip(&claim.lines) {
                judge_line(number, line, payer, section);
            }
        }
    }
}

/// Rule 2: a line's charge is what was paid for it and what was adjusted on it.
fn judge_line(number: usize, line: &ServiceLine, payer: &OtherPayer, section: &mut Section) {
    let of_payer: Vec<&LineAdjudication> = line.adjudications.iter().filter(|decision| decision.payer_id == payer.payer.id.id).collect();
    let paid: Money = of_payer.iter().map(|decision| decision.paid).sum();
    let adjusted: Money = of_payer.iter().flat_map(|decision| &decision.adjustments).map(|cas| cas.amount).sum();
    if !of_payer.is_empty() && paid + adjusted != line.charge {
        judge(section, false, format!("line {number}: {} charged ≠ {paid} paid + {adjusted} adjusted", line.charge));
    }
}

fn line_cells(number: usize, line: &ServiceLine) -> Vec<String> {
    let marks =
        [(line.epsdt, "EPSDT"), (line.emergency, "emergency"), (line.family_planning, "family planning"), (line.copay_exempt, "no copay")];
    vec![
        number.to_string(),
        words::procedure(&line.procedure),
        line.service_date.as_ref().map_or_else(String::new, words::date_value),
        units(line),
        line.charge.to_string(),
        line.diagnosis_pointers.iter().map(u8::to_string).collect::<Vec<_>>().join(" "),
        cell(line.place_of_service.as_ref()),
        list(marks.into_iter().filter(|(is, _)| *is).map(|(_, what)| what)),
        line.drug.as_ref().map_or_else(String::new, drug),
        line.references
            .iter()
            .find(|reference| reference.kind.as_str() == "6R")
            .map_or_else(String::new, |reference| reference.id.reveal().clone()),
    ]
}

fn units(line: &ServiceLine) -> String {
    match line.unit.as_str() {
        "UN" => line.quantity.to_string(),
        "MJ" => format!("{} min", line.quantity),
        other => format!("{} {other}", line.quantity),
    }
}

fn drug(drug: &Drug) -> String {
    let kind = if drug.qualifier == "N4" { "NDC" } else { &drug.qualifier };
    let unit = drug.unit.as_ref().map_or("", |unit| unit.as_str());
    let quantity = cell(drug.quantity);
    format!("{kind} {} {quantity} {unit}", drug.code).trim_end().to_owned()
}

fn decision_cells(number: usize, line: &ServiceLine, decision: &LineAdjudication, reasons: &Reasons<'_>) -> Vec<String> {
    let adjustments: Vec<Cas<'_>> = all_cas(&decision.adjustments);
    let same = decision.procedure == line.procedure;
    let mut cells = vec![
        number.to_string(),
        if same { String::new() } else { words::procedure(&decision.procedure) },
        cell(decision.adjudicated),
        decision.units.to_string(),
        line.charge.to_string(),
    ];
    cells.extend(reasons.cells(&adjustments));
    cells.extend([decision.paid.to_string(), money(decision.remaining)]);
    cells
}
