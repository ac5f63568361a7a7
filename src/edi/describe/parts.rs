//! What claims and remittances have in common: names, addresses, reference numbers, and adjustments as columns.

use super::words::List;
use super::{CodeList, Describer, Section, Table, words};
use crate::edi::claim_837p::{Address, Contact, EntityName, Identifier, PersonName, Reference};
use crate::edi::inquiry::StatusCode;
use crate::edi::mask::class::reference_names_nobody;
use crate::edi::remittance_835::{CasGroup, Code, Quantity};
use crate::edi::{claim_837p, remittance_835};
use crate::platform::money::Money;

/// Reasons that get a column of their own. A terminal of 160 columns holds this many; the rest of a claim's reasons share one.
const REASON_COLUMNS_MAX: usize = 8;

/// One triple of a CAS, of a claim or of a remittance.
#[derive(Clone, Copy)]
pub(super) struct Cas<'a> {
    group: &'a CasGroup,
    reason: &'a Code,
    pub(super) amount: Money,
    quantity: Option<Quantity>,
}

impl<'a> From<&'a claim_837p::Adjustment> for Cas<'a> {
    fn from(a: &'a claim_837p::Adjustment) -> Cas<'a> {
        Cas { group: &a.group, reason: &a.reason, amount: a.amount, quantity: a.quantity }
    }
}

impl<'a> From<&'a remittance_835::Adjustment> for Cas<'a> {
    fn from(a: &'a remittance_835::Adjustment) -> Cas<'a> {
        Cas { group: &a.group, reason: &a.reason, amount: a.amount, quantity: a.quantity }
    }
}

/// The adjustments of a claim or line, in one form.
pub(super) fn all_cas<'a, T: 'a>(adjustments: &'a [T]) -> Vec<Cas<'a>>
where
    Cas<'a>: From<&'a T>,
{
    adjustments.iter().map(Cas::from).collect()
}

/// Σ of the amounts.
pub(super) fn sum(adjustments: &[Cas<'_>]) -> Money {
    adjustments.iter().map(|cas| cas.amount).sum()
}

/// The reasons of one table, each with its column, in the order of their first appearance.
#[derive(Default)]
pub(super) struct Reasons<'a> {
    keys: Vec<(&'a CasGroup, &'a Code)>,
    totals: Vec<Money>,
}

impl<'a> Reasons<'a> {
    /// Counts adjustments in.
    pub(super) fn add(&mut self, adjustments: &[Cas<'a>]) {
        for cas in adjustments {
            match self.keys.iter().position(|key| *key == (cas.group, cas.reason)) {
                Some(at) => self.totals[at] += cas.amount,
                None => {
                    self.keys.push((cas.group, cas.reason));
                    self.totals.push(cas.amount);
                }
            }
        }
    }

    /// How many columns stand for a reason of their own.
    fn own(&self) -> usize {
        if self.keys.len() > REASON_COLUMNS_MAX { REASON_COLUMNS_MAX - 1 } else { self.keys.len() }
    }

    /// `CO-45`, …, and `others` where there are too many.
    pub(super) fn headings(&self) -> Vec<String> {
        let own = self.keys.iter().take(self.own()).map(|(group, reason)| format!(">{}-{reason}", group.as_str()));
        own.chain((self.keys.len() > self.own()).then(|| ">others".to_owned())).collect()
    }

    /// The amounts of one row, empty where it has none.
    pub(super) fn cells(&self, adjustments: &[Cas<'_>]) -> Vec<String> {
        let mut amounts: Vec<Option<Money>> = vec![None; self.headings().len()];
        for cas in adjustments {
            let at = self.keys.iter().position(|key| *key == (cas.group, cas.reason)).unwrap_or_default();
            if let Some(amount) = amounts.get_mut(at.min(self.own())) {
                *amount = Some(amount.unwrap_or(Money::ZERO) + cas.amount);
            }
        }
        amounts.into_iter().map(money).collect()
    }

    /// The sums of all columns.
    pub(super) fn totals(&self) -> Vec<String> {
        let (own, others) = self.totals.split_at(self.own());
        let others = (!others.is_empty()).then(|| others.iter().sum::<Money>());
        own.iter().copied().chain(others).map(|amount| amount.to_string()).collect()
    }

    /// What the reasons mean.
    pub(super) fn legend(&self, describer: &Describer<'_>, section: &mut Section) {
        let mut table = Table::new(&["reason", ">amount", "what it is", "who bears it"]);
        for ((group, reason), total) in self.keys.iter().zip(&self.totals) {
            let meaning = (describer.meanings)(CodeList::Adjustment, reason).unwrap_or("no meaning on file");
            let bearer = words::bearer(group.as_str());
            table.row(vec![format!("{}-{reason}", group.as_str()), total.to_string(), meaning.to_owned(), bearer.to_owned()]);
        }
        section.table(table);
    }
}

/// Units that adjustments take away, where they do: `CO-45 takes 2 units`.
pub(super) fn units_taken(adjustments: &[Cas<'_>]) -> Vec<String> {
    let taken = |cas: &Cas<'_>| cas.quantity.map(|units| format!("{}-{} takes {units} units", cas.group.as_str(), cas.reason));
    adjustments.iter().filter_map(taken).collect()
}

/// An amount, or an empty cell.
pub(super) fn money(amount: Option<Money>) -> String {
    amount.map_or_else(String::new, |amount| amount.to_string())
}

/// Anything that may be missing, as a cell.
pub(super) fn cell<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Texts joined by a comma; empty ones are left out.
pub(super) fn list<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| text.as_ref().to_owned()).filter(|text| !text.is_empty()).collect();
    texts.join(", ")
}

/// `1 claim`, `2 claims`.
pub(super) fn count(number: impl TryInto<u64>, what: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// `NPI 1234567893`, `payer id 00900`, `member id …`.
pub(super) fn identifier(qualifier: &str, id: &str) -> String {
    let kind = match qualifier {
        "XX" => "NPI",
        "PI" | "XV" => "payer id",
        "MI" => "member id",
        "FI" => "tax id",
        "46" => "partner id",
        "SY" => "social security number",
        "" => "id",
        other => other,
    };
    if id.is_empty() { String::new() } else { format!("{kind} {id}") }
}

/// Whether identifiers of a kind are known to everybody: those of providers and payers. All others are somebody's.
pub(super) fn is_public(qualifier: &str) -> bool {
    matches!(qualifier, "XX" | "PI" | "XV")
}

impl Describer<'_> {
    /// A person's or an organization's name.
    pub(super) fn name(&self, name: &EntityName) -> String {
        match name {
            EntityName::Organization(name) => name.clone(),
            EntityName::Person(person) => self.person(person),
        }
    }

    /// The name of a patient, subscriber or dependent: masked even where the file calls them an organization.
    pub(super) fn name_of_person(&self, name: &EntityName) -> String {
        match name {
            EntityName::Organization(name) => self.free(name),
            EntityName::Person(person) => self.person(person),
        }
    }

    fn person(&self, name: &PersonName) -> String {
        if !self.show_phi {
            return self.phi(&name.last);
        }
        let last = match &name.suffix {
            Some(suffix) => format!("{} {}", name.last.reveal(), suffix.reveal()),
            None => name.last.reveal().clone(),
        };
        let given = list([&name.first, &name.middle].map(|part| self.opt_phi(part.as_ref()))).replace(", ", " ");
        list([last, given])
    }

    /// A name and its identifier.
    pub(super) fn named(&self, name: &EntityName, id: Option<&Identifier>) -> String {
        list([self.name(name), id.map_or_else(String::new, |id| identifier(&id.qualifier, &id.id))])
    }

    /// An address in one line; the state is shown, as it tells of nobody.
    pub(super) fn address(&self, address: Option<&Address>) -> String {
        let Some(address) = address else { return String::new() };
        let state = list([address.state.as_deref(), address.subdivision.as_deref(), address.country.as_deref()].into_iter().flatten());
        if !self.show_phi {
            return list([self.phi(&address.line1), state]);
        }
        let zip = self.opt_phi(address.postal_code.as_ref());
        list([self.phi(&address.line1), self.opt_phi(address.line2.as_ref()), self.phi(&address.city), format!("{state} {zip}")])
    }

    /// A person to ask, and how.
    pub(super) fn contact(&self, contact: &Contact) -> String {
        let numbers = contact.numbers.iter().map(|number| format!("{} {}", contact_kind(&number.qualifier), self.phi(&number.id)));
        list([self.opt_phi(contact.name.as_ref())].into_iter().chain(numbers))
    }

    /// Adds a fact for each reference number.
    pub(super) fn references(&self, references: &[Reference], section: &mut Section) {
        for reference in references {
            let (kind, text) = self.reference(reference.kind.as_str(), reference.id.as_str());
            let of = reference.payer_id.as_ref().map_or_else(String::new, |payer| format!("of payer {payer}"));
            section.fact(kind, list([text, of]));
        }
    }

    /// Statuses (STC) as a table: a row for each code, whom it is about and what it says; beside the first code of a status its other
    /// cells, below the headings `more`. Columns without a value go.
    pub(super) fn status_table<'s>(&self, more: &[&'static str], statuses: impl Iterator<Item = (&'s [StatusCode], Vec<String>)>) -> Table {
        let headings = [&["status", "about", "what it says"], more].concat();
        let mut table = Table::new(&headings);
        for (codes, mut others) in statuses {
            for code in codes {
                let mut cells = self.status_cells(code).to_vec();
                cells.append(&mut others);
                cells.resize(headings.len(), String::new());
                table.row(cells);
            }
        }
        let names: Vec<&str> = headings[1..].iter().map(|heading| heading.trim_start_matches('>')).collect();
        table.without_empty(&names)
    }

    fn status_cells(&self, code: &StatusCode) -> [String; 3] {
        let StatusCode { category, status, entity, .. } = code;
        let about = entity.as_deref().map_or_else(String::new, |entity| {
            words::code(entity, (self.meanings)(CodeList::Entity, entity).or_else(|| List::Role.meaning(entity)))
        });
        let says = [(CodeList::StatusCategory, category), (CodeList::Status, status)];
        let says = says.into_iter().filter_map(|(list, code)| (self.meanings)(list, code)).collect::<Vec<_>>();
        [format!("{category}:{status}"), about, says.join(": ")]
    }

    /// A reference number's kind, and what may be shown of it.
    pub(super) fn reference(&self, kind: &str, value: &str) -> (String, String) {
        let label = List::Reference.say(kind).to_owned();
        (label, if reference_names_nobody(kind) { value.to_owned() } else { self.free(value) })
    }
}

/// PER03, 05, 07.
pub(super) fn contact_kind(code: &str) -> &str {
    match code {
        "TE" => "telephone",
        "FX" => "fax",
        "EX" => "extension",
        "EM" => "e-mail",
        "UR" => "web",
        other => other,
    }
}
