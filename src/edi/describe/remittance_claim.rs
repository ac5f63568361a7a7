//! One claim of an 835 (loops 2100 and 2110): what was charged, what was paid, and each adjustment in the column of its reason.

use super::parts::{Cas, Reasons, all_cas, cell, identifier, is_public, list, money, sum, units_taken};
use super::words::List;
use super::{CodeList, Describer, Section, Table, Tone, words};
use crate::edi::mask::class::is_of_people;
use crate::edi::remittance_835::{ClaimPayment, Code, Party, QualifiedDate, ServiceLine};
use crate::platform::money::Money;

/// Columns that most remittances leave empty; they go where they are.
const RARE: &[&str] = &["submitted as", "allowed", "remarks", "our line", "units", "date"];

impl Describer<'_> {
    pub(super) fn paid_claim(&self, claim: &ClaimPayment) -> Section {
        let status = List::ClaimStatus.say(claim.status.as_str());
        let title = format!("Claim {}: {status}, {} paid of {}", claim.pcn, claim.paid, claim.charge);
        let mut section = Section::new(title).at(claim.segment);
        section.fact("payer's claim number", claim.icn.clone());
        for party in &claim.parties {
            section.fact(List::Role.say(party.role.as_str()), self.party(party));
        }
        section.fact("patient owes", money(claim.patient_responsibility));
        section.fact("plan", self.meant_opt(CodeList::FilingIndicator, claim.filing_indicator.as_ref()));
        section.fact("place", self.meant_opt(CodeList::Place, claim.facility.as_ref()));
        section.fact("frequency", claim.frequency.as_ref().map_or("", |code| List::Frequency.say(code)));
        let [drg, weight, share] = &claim.drg;
        section.fact("DRG", list([cell(drg.as_ref()), cell(weight.as_ref()), cell(share.as_ref())]));
        for reference in &claim.references {
            let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
            let kind = if &*reference.qualifier == "F8" { "original claim number".to_owned() } else { kind };
            section.fact(kind, value);
        }
        for date in &claim.dates {
            section.fact(List::Date.say(&date.qualifier), date.date.to_string());
        }
        for amount in &claim.amounts {
            section.fact(List::Amount.say(&amount.qualifier), amount.amount.to_string());
        }
        for quantity in &claim.quantities {
            section.fact(format!("quantity {}", quantity.qualifier), quantity.quantity.to_string());
        }
        section.fact("remarks", list(claim.remarks.iter().map(|code| self.meant(CodeList::Remark, code))));
        for contact in &claim.contacts {
            section.fact("contact", self.payer_contact(contact));
        }
        self.paid_lines(claim, &mut section);
        section
    }

    fn meant_opt(&self, list: CodeList, code: Option<&Code>) -> String {
        code.map_or_else(String::new, |code| self.meant(list, code))
    }

    fn party(&self, party: &Party) -> String {
        let organization = !party.is_person && party.first.is_none() && !is_of_people(party.role.as_str());
        let name = if organization {
            party.name.as_ref().map_or_else(String::new, |name| name.as_str().to_owned())
        } else if self.show_phi {
            let given = [&party.first, &party.middle, &party.suffix].into_iter().flatten().map(|part| part.as_str());
            list([cell(party.name.as_ref().map(|name| name.reveal())), given.collect::<Vec<_>>().join(" ")])
        } else {
            self.opt_phi(party.name.as_ref())
        };
        let qualifier = party.id_qualifier.as_deref().unwrap_or_default();
        let id = party.id.as_ref().map_or_else(String::new, |id| if is_public(qualifier) { id.as_str().to_owned() } else { self.phi(id) });
        list([name, identifier(qualifier, &id)])
    }

    fn paid_lines(&self, claim: &ClaimPayment, section: &mut Section) {
        let of_claim = all_cas(&claim.adjustments);
        let mut reasons = Reasons::default();
        reasons.add(&of_claim);
        for line in &claim.lines {
            reasons.add(&all_cas(&line.adjustments));
        }
        let mut headings: Vec<String> = ["line", "procedure", "submitted as", "date", ">units", ">charge"].map(str::to_owned).to_vec();
        headings.extend(reasons.headings());
        headings.extend([">paid", ">allowed", "remarks", "our line"].map(str::to_owned));
        let mut table = Table::new(&headings);
        for (number, line) in (1..).zip(&claim.lines) {
            table.row(self.paid_line(number, line, &reasons));
        }
        if claim.lines.is_empty() || !of_claim.is_empty() {
            table.row(claim_row(claim, &of_claim, &reasons));
        }
        let mut total = vec![String::new(); 5];
        total.push(claim.charge.to_string());
        total.extend(reasons.totals());
        total.push(claim.paid.to_string());
        total.extend(vec![String::new(); 3]);
        table.total = Some(total);
        section.table(table.without_empty(RARE));
        reasons.legend(self, section);
        self.line_notes(claim, section);
    }

    fn paid_line(&self, number: usize, line: &ServiceLine, reasons: &Reasons<'_>) -> Vec<String> {
        let mut cells = vec![
            number.to_string(),
            list([
                words::procedure(&line.procedure),
                line.revenue_code.as_ref().map_or_else(String::new, |code| format!("revenue {code}")),
            ]),
            line.submitted.as_deref().map_or_else(String::new, words::procedure),
            service_dates(&line.dates),
            match line.submitted_units {
                Some(submitted) => format!("{} of {submitted}", line.units.map_or_else(|| "1".to_owned(), |units| units.to_string())),
                None => cell(line.units),
            },
            line.charge.to_string(),
        ];
        cells.extend(reasons.cells(&all_cas(&line.adjustments)));
        cells.extend([
            line.paid.to_string(),
            money(line.allowed()),
            line.remarks.iter().map(|remark| &*remark.code).collect::<Vec<_>>().join(" "),
            cell(line.line_number()),
        ]);
        cells
    }

    /// What the columns have no room for.
    fn line_notes(&self, claim: &ClaimPayment, section: &mut Section) {
        for (number, line) in (1..).zip(&claim.lines) {
            let other_dates = line.dates.iter().filter(|date| !matches!(&*date.qualifier, "472" | "150" | "151"));
            let dates = other_dates.map(|date| format!("{} {}", List::Date.say(&date.qualifier), date.date));
            let numbers = line.references.iter().filter(|reference| &*reference.qualifier != "6R").map(|reference| {
                let (kind, value) = self.reference(&reference.qualifier, reference.value.as_str());
                format!("{kind} {value}")
            });
            let amounts = line.amounts.iter().filter(|amount| &*amount.qualifier != "B6");
            let amounts = amounts.map(|amount| format!("{} {}", List::Amount.say(&amount.qualifier), amount.amount));
            let quantities = line.quantities.iter().map(|quantity| format!("quantity {} {}", quantity.qualifier, quantity.quantity));
            let meanings = line.remarks.iter().filter_map(|remark| {
                let meaning = (self.meanings)(CodeList::Remark, &remark.code)?;
                Some(format!("{} {meaning}", remark.code))
            });
            let description = line.procedure.description.iter().map(|text| self.free(text));
            let units = units_taken(&all_cas(&line.adjustments));
            let notes = list(dates.chain(numbers).chain(amounts).chain(quantities).chain(meanings).chain(description).chain(units));
            if !notes.is_empty() {
                section.remark(Tone::Plain, format!("line {number}: {notes}"));
            }
        }
    }
}

/// The row of what was adjusted on the claim as a whole; the whole claim where it has no lines.
fn claim_row(claim: &ClaimPayment, of_claim: &[Cas<'_>], reasons: &Reasons<'_>) -> Vec<String> {
    let (charge, paid) =
        if claim.lines.is_empty() { (claim.charge.to_string(), claim.paid) } else { (String::new(), Money::ZERO - sum(of_claim)) };
    let mut cells = vec!["claim".to_owned(), String::new(), String::new(), String::new(), String::new(), charge];
    cells.extend(reasons.cells(of_claim));
    cells.push(paid.to_string());
    cells.extend(vec![String::new(); 3]);
    cells
}

/// The day of service, or its first and last day.
fn service_dates(dates: &[QualifiedDate]) -> String {
    let of = |kind: &str| dates.iter().find(|date| &*date.qualifier == kind).map(|date| date.date.to_string());
    of("472").unwrap_or_else(|| [of("150"), of("151")].into_iter().flatten().collect::<Vec<_>>().join(" to "))
}
