//! What a source says, laid over what is known: facts that it does not mention keep what is known, all others replace it.

use crate::family::model::{Child, Coverage, Family, HomeAddress, Sex, Subscriber};
use crate::platform::phi::Phi;

/// A record that sources tell about again and again.
pub trait Told: Clone {
    /// These facts, completed by what is known where they say nothing.
    #[must_use]
    fn over(&self, known: &Self) -> Self;
    /// Names of the fields in which two records differ; values are never named.
    fn changed_fields(&self, known: &Self) -> Vec<&'static str>;
}

macro_rules! changed {
    ($self:ident, $known:ident: $($field:ident)*) => {
        [$((stringify!($field), $self.$field != $known.$field)),*]
            .into_iter()
            .filter(|(_, changed)| *changed)
            .map(|(name, _)| name)
            .collect()
    };
}

impl Told for Family {
    fn over(&self, known: &Family) -> Family {
        Family {
            external_id: self.external_id.clone(),
            guarantor_last: text(&self.guarantor_last, &known.guarantor_last),
            guarantor_first: text(&self.guarantor_first, &known.guarantor_first),
            guarantor_birth_date: self.guarantor_birth_date.clone().or_else(|| known.guarantor_birth_date.clone()),
            phone: self.phone.clone().or_else(|| known.phone.clone()),
            address: address(&self.address, &known.address),
        }
    }

    fn changed_fields(&self, known: &Family) -> Vec<&'static str> {
        changed!(self, known: guarantor_last guarantor_first guarantor_birth_date phone address)
    }
}

impl Told for Child {
    fn over(&self, known: &Child) -> Child {
        Child {
            external_id: self.external_id.clone(),
            family: self.family,
            last_name: text(&self.last_name, &known.last_name),
            first_name: text(&self.first_name, &known.first_name),
            birth_date: self.birth_date.clone(),
            sex: sex(self.sex, known.sex),
            address: address(&self.address, &known.address),
        }
    }

    fn changed_fields(&self, known: &Child) -> Vec<&'static str> {
        changed!(self, known: family last_name first_name birth_date sex address)
    }
}

impl Told for Coverage {
    fn over(&self, known: &Coverage) -> Coverage {
        Coverage {
            member_id: text(&self.member_id, &known.member_id),
            group_number: self.group_number.clone().or_else(|| known.group_number.clone()),
            subscriber: match (&self.subscriber, &known.subscriber) {
                (Some(said), Some(known)) => Some(subscriber(said, known)),
                (None, Some(known)) if !self.child_is_subscriber() => Some(known.clone()),
                (said, _) => said.clone(),
            },
            effective_to: self.effective_to.or(known.effective_to),
            ..self.clone()
        }
    }

    fn changed_fields(&self, known: &Coverage) -> Vec<&'static str> {
        changed!(self, known: payer rank member_id member_id_scope relationship group_number subscriber effective_from effective_to)
    }
}

/// Another name is another person, whose birth date is not the one we know.
fn subscriber(said: &Subscriber, known: &Subscriber) -> Subscriber {
    if (&said.last_name, &said.first_name) != (&known.last_name, &known.first_name) {
        return said.clone();
    }
    let birth_date = said.birth_date.clone().or_else(|| known.birth_date.clone());
    Subscriber { birth_date, sex: sex(said.sex, known.sex), relation: said.relation.or(known.relation), ..said.clone() }
}

fn text(said: &Phi<String>, known: &Phi<String>) -> Phi<String> {
    if said.reveal().is_empty() { known.clone() } else { said.clone() }
}

fn sex(said: Sex, known: Sex) -> Sex {
    if said == Sex::Unknown { known } else { said }
}

fn address(said: &Phi<HomeAddress>, known: &Phi<HomeAddress>) -> Phi<HomeAddress> {
    if *said.reveal() == HomeAddress::default() { known.clone() } else { said.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{ChildId, PayerId};
    use crate::practice::rules::MemberIdScope;
    use crate::reference::subscriber::Relationship;
    use jiff::civil::date;

    fn coverage() -> Coverage {
        Coverage {
            child: ChildId(1),
            payer: PayerId(2),
            rank: 1,
            member_id: "W123456789".into(),
            member_id_scope: MemberIdScope::Family,
            relationship: Relationship::Child,
            group_number: Some("G7".into()),
            subscriber: Some(Subscriber {
                last_name: "Doe".into(),
                first_name: "Ann".into(),
                birth_date: Some(Phi::new(date(1990, 3, 15))),
                sex: Sex::Female,
                relation: None,
            }),
            effective_from: date(2026, 1, 1),
            effective_to: None,
        }
    }

    #[test]
    fn what_a_source_does_not_mention_is_kept() {
        let known = coverage();
        let said = Coverage { member_id: "".into(), group_number: None, subscriber: None, ..known.clone() };
        assert_eq!(said.over(&known), known);
        assert!(said.over(&known).changed_fields(&known).is_empty());
    }

    #[test]
    fn a_child_that_became_the_subscriber_has_no_policy_holder_left() {
        let known = coverage();
        let said =
            Coverage { member_id_scope: MemberIdScope::Person, relationship: Relationship::Itself, subscriber: None, ..known.clone() };
        let now = said.over(&known);
        assert_eq!(now.subscriber, None);
        assert_eq!(now.changed_fields(&known), ["member_id_scope", "relationship", "subscriber"]);
    }

    #[test]
    fn another_policy_holder_does_not_inherit_a_birth_date() {
        let known = coverage();
        let other = Subscriber { last_name: "Doe".into(), first_name: "Bob".into(), birth_date: None, sex: Sex::Unknown, relation: None };
        let same = Subscriber { first_name: "Ann".into(), ..other.clone() };
        let now = |subscriber| Coverage { subscriber: Some(subscriber), ..known.clone() }.over(&known).subscriber.unwrap();
        assert_eq!(now(other.clone()), other);
        assert_eq!(now(same), known.subscriber.clone().unwrap());
    }
}
