//! Repairs: what a program may put right by itself, because the form alone is wrong and there is one right form (domain.md 6): punctuation of
//! telephones, ZIP codes and member ids, case of codes, the order of modifiers. Codes, units, diagnoses, amounts and dates are a person's.
//! A claim is repaired when it is built, before the edits look at it; each repair is an event of the claim.

use serde::{Deserialize, Serialize};

use crate::edi::claim_837p::{Address, BillingProvider, Contact, Individual, ServiceLine};
use crate::platform::phi::Phi;
use crate::reference::{Modifier, modifier};
use crate::revenue_cycle::claim::model::ClaimContent;

/// What a repair put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairKind {
    /// A telephone number is its digits.
    Telephone,
    /// A ZIP code is its digits.
    Zip,
    /// A state's letters are capital.
    Case,
    /// A member id has no spaces and dashes, and capital letters.
    MemberId,
    /// Modifiers that price a line stand first, in capital letters (PED-64).
    ModifierOrder,
}

impl RepairKind {
    /// In a few words, for the claim's story.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            RepairKind::Telephone => "telephone written as digits",
            RepairKind::Zip => "ZIP code written as digits",
            RepairKind::Case => "state in capital letters",
            RepairKind::MemberId => "member id without spaces and dashes",
            RepairKind::ModifierOrder => "modifiers in order",
        }
    }
}

/// One repair. It tells where, never what stood there: that may be PHI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What was put right.
    pub kind: RepairKind,
    /// The element.
    pub path: String,
}

/// Repairs a claim. Nothing is found on a claim that was repaired before.
#[must_use]
pub fn repair(mut content: ClaimContent) -> (ClaimContent, Vec<Repair>) {
    let mut done = Repairs(Vec::new());
    done.billing(&mut content.billing);
    done.individual("2010BA", &mut content.subscriber.person);
    if let Some(patient) = &mut content.patient {
        done.individual("2010CA", &mut patient.person);
    }
    for provider in &mut content.claim.providers {
        done.address("2310", provider.address.as_mut());
        done.contacts("2310", provider.contact.as_mut_slice());
    }
    for (at, payer) in content.claim.other_payers.iter_mut().enumerate() {
        done.individual(&format!("2330A[{}]", at + 1), &mut payer.subscriber);
    }
    for (at, line) in content.claim.lines.iter_mut().enumerate() {
        done.modifiers(at + 1, line);
    }
    (content, done.0)
}

struct Repairs(Vec<Repair>);

impl Repairs {
    /// Puts a text into its right form; what has it already is no repair.
    fn text(&mut self, kind: RepairKind, path: impl FnOnce() -> String, text: &mut String, right: String) {
        if *text != right {
            *text = right;
            self.0.push(Repair { kind, path: path() });
        }
    }

    fn private(&mut self, kind: RepairKind, path: impl FnOnce() -> String, text: &mut Phi<String>, right: String) {
        let mut plain = text.reveal().clone();
        self.text(kind, path, &mut plain, right);
        *text = Phi::new(plain);
    }

    fn billing(&mut self, billing: &mut BillingProvider) {
        self.address("2010AA", billing.address.as_mut());
        self.address("2010AB", billing.pay_to.as_mut());
        self.contacts("2010AA", &mut billing.contacts);
    }

    fn contacts(&mut self, level: &str, contacts: &mut [Contact]) {
        for number in contacts.iter_mut().flat_map(|contact| &mut contact.numbers).filter(|number| number.qualifier != "EM") {
            let digits: String = number.id.reveal().chars().filter(char::is_ascii_digit).collect();
            // A leading 1 is the country: X12 takes ten digits (domain.md 1.3).
            let digits = digits.strip_prefix('1').filter(|rest| rest.len() == 10).map_or(digits.clone(), str::to_owned);
            self.private(RepairKind::Telephone, || format!("{level} PER04"), &mut number.id, digits);
        }
    }

    fn individual(&mut self, level: &str, person: &mut Individual) {
        self.address(level, person.address.as_mut());
        if let Some(id) = &mut person.id {
            let right = id.id.reveal().chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
            self.private(RepairKind::MemberId, || format!("{level} NM109"), &mut id.id, right);
        }
    }

    fn address(&mut self, level: &str, address: Option<&mut Address>) {
        // Abroad postal codes have letters.
        let Some(address) = address.filter(|address| address.country.as_deref().is_none_or(|country| country == "US")) else { return };
        if let Some(state) = &mut address.state {
            let right = state.trim().to_ascii_uppercase();
            self.text(RepairKind::Case, || format!("{level} N402"), state, right);
        }
        if let Some(zip) = &mut address.postal_code {
            let right: String = zip.reveal().chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
            self.private(RepairKind::Zip, || format!("{level} N403"), zip, right);
        }
    }

    /// Orders modifiers that all have the form of one; what has not E053 tells.
    fn modifiers(&mut self, number: usize, line: &mut ServiceLine) {
        let modifiers = &mut line.procedure.modifiers;
        let Ok(mut parsed) = modifiers.iter().map(|text| Modifier::parse(text)).collect::<Result<Vec<_>, _>>() else { return };
        modifier::order(&mut parsed);
        if !parsed.iter().map(Modifier::as_str).eq(modifiers.iter().map(|text| &**text)) {
            *modifiers = parsed.iter().map(|modifier| modifier.as_str().into()).collect();
            self.0.push(Repair { kind: RepairKind::ModifierOrder, path: format!("2400[{number}] SV101-3") });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::testing::{World, well_child};
    use super::*;
    use crate::edi::claim_837p::Identifier;

    fn kinds(content: ClaimContent) -> (ClaimContent, Vec<RepairKind>) {
        let (content, repairs) = repair(content);
        (content, repairs.into_iter().map(|repair| repair.kind).collect())
    }

    #[test]
    fn a_claim_in_order_needs_no_repair() {
        for content in [well_child(), World::visit(&["J029"], &["99213-25-95"]).content] {
            assert_eq!(repair(content.clone()), (content, Vec::new()));
        }
    }

    #[test]
    fn each_form_is_put_right_once_and_for_all() {
        let mut content = well_child();
        content.billing.contacts = vec![Contact { name: None, numbers: vec![Identifier::new("TE", "+1 (217) 555-0142".into())] }];
        content.billing.address.as_mut().unwrap().postal_code = Some("75201-1234".into());
        content.subscriber.person.address.as_mut().unwrap().state = Some("tx".to_owned());
        content.subscriber.person.id = Some(Identifier::new("MI", "w 2044-18830".into()));
        content.claim.lines[0].procedure.modifiers = vec!["33".into(), "25".into()].into();
        let (repaired, done) = kinds(content);
        use RepairKind::{Case, MemberId, ModifierOrder, Telephone, Zip};
        assert_eq!(done, [Zip, Telephone, Case, MemberId, ModifierOrder]);
        assert_eq!(repaired.billing.contacts[0].numbers[0].id.reveal(), "2175550142");
        assert_eq!(repaired.subscriber.person.id.as_ref().unwrap().id.reveal(), "W204418830");
        assert_eq!(repaired.claim.lines[0].procedure.modifiers, ["25", "33"]);
        assert_eq!(kinds(repaired).1, []);
    }

    #[test]
    fn what_was_coded_stays_as_it_was() {
        let mut world = World::visit(&["J029", "Z23"], &["99213-25", "87880-QW"]);
        world.content.claim.lines[1].procedure.code = "87880x".into();
        world.content.claim.lines[0].procedure.modifiers = vec!["2".into(), "qw".into()].into();
        assert_eq!(kinds(world.content.clone()), (world.content, Vec::new()));
    }
}
