//! A practice's whole set-up in memory, and how a visit's words are matched to it: sites, professionals, payers, fees. A match is exact
//! or none; nothing is guessed.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::platform::ids::{LocationId, Npi, PayerId, PracticeId, ProviderId, SubmitterId};
use crate::platform::money::Money;
use crate::practice::model::{Fee, Location, Payer, Practice, Provider, Stored, Submitter};
use crate::reference::{Modifier, ProcedureCode};

/// Everything about one practice that building claims needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PracticeSetup {
    /// The practice itself.
    pub practice: Stored<PracticeId, Practice>,
    /// Its sites, by code.
    pub locations: Vec<Stored<LocationId, Location>>,
    /// Its professionals, by code.
    pub providers: Vec<Stored<ProviderId, Provider>>,
    /// Its payers with their own rules, by code.
    pub payers: Vec<Stored<PayerId, Payer>>,
    /// The submitters that its payers' claims go by, by code.
    pub submitters: Vec<Stored<SubmitterId, Submitter>>,
    /// Its fees.
    pub fees: FeeBook,
}

impl PracticeSetup {
    /// The site with a key.
    #[must_use]
    pub fn location(&self, id: LocationId) -> Option<&Stored<LocationId, Location>> {
        self.locations.iter().find(|location| location.id == id)
    }

    /// The professional with a key.
    #[must_use]
    pub fn provider(&self, id: ProviderId) -> Option<&Stored<ProviderId, Provider>> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// The payer with a key.
    #[must_use]
    pub fn payer(&self, id: PayerId) -> Option<&Stored<PayerId, Payer>> {
        self.payers.iter().find(|payer| payer.id == id)
    }

    /// The submitter that carries a payer's claims.
    #[must_use]
    pub fn submitter_of(&self, payer: &Payer) -> Option<&Stored<SubmitterId, Submitter>> {
        let code = payer.submitter.as_ref()?;
        self.submitters.iter().find(|submitter| submitter.code == *code)
    }

    /// The site that a visit names by our code or its name; a visit that names none happened at the only site, or at the one that has
    /// the billing address. None: the visit names a site that is not known, or it could be several.
    #[must_use]
    pub fn location_for(&self, code: Option<&str>, name: Option<&str>) -> Option<&Stored<LocationId, Location>> {
        if code.is_none() && name.is_none() {
            return only(self.locations.iter()).or_else(|| only(self.locations.iter().filter(|l| l.address == self.practice.address)));
        }
        let by_code = code.and_then(|code| only(self.locations.iter().filter(|l| l.code.as_str() == code)));
        by_code.or_else(|| only(self.locations.iter().filter(|l| name.is_some_and(|name| same_words(l.name.as_str(), name)))))
    }

    /// The professional that a visit names by NPI, by our code, or by name in either order. A valid NPI that is not ours is somebody
    /// else, whatever the name says.
    #[must_use]
    pub fn provider_for(&self, npi: Option<Npi>, code: Option<&str>, name: Option<&str>) -> Option<&Stored<ProviderId, Provider>> {
        if let Some(npi) = npi {
            return self.providers.iter().find(|provider| provider.npi == npi);
        }
        let by_code = code.and_then(|code| only(self.providers.iter().filter(|p| p.code.as_str() == code)));
        by_code.or_else(|| {
            let name = words_of(name?);
            only(self.providers.iter().filter(|p| {
                let (first, last) = (words_of(p.first_name.as_str()), words_of(p.last_name.as_str()));
                name == format!("{first} {last}") || name == format!("{last} {first}")
            }))
        })
    }

    /// The payer that a visit names by the clearinghouse's id or our code, or else by name.
    #[must_use]
    pub fn payer_for(&self, number: Option<&str>, name: Option<&str>) -> Option<&Stored<PayerId, Payer>> {
        let by_number = number.map(str::trim).and_then(|number| {
            only(self.payers.iter().filter(|p| p.payer_number.as_str().eq_ignore_ascii_case(number) || p.code.as_str() == number))
        });
        by_number.or_else(|| only(self.payers.iter().filter(|p| name.is_some_and(|name| same_words(p.name.as_str(), name)))))
    }

    /// The charge for one unit of a procedure on a date of service; see [`FeeBook::fee`].
    #[must_use]
    pub fn fee(&self, schedule: &str, procedure: ProcedureCode, modifiers: &[Modifier], on: Date) -> Option<Money> {
        self.fees.fee(schedule, procedure, modifiers, on)
    }
}

/// The one item of an iterator; none when there are several.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

/// A name as it is compared: its letters and digits as lower-case words, without punctuation.
fn words_of(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn same_words(a: &str, b: &str) -> bool {
    words_of(a) == words_of(b)
}

/// What a fee is for, within its schedule.
type FeeKey = (ProcedureCode, Option<Modifier>);

/// Fees by schedule, procedure and modifier, each with its amounts from days on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeeBook {
    schedules: BTreeMap<String, BTreeMap<FeeKey, BTreeMap<Date, Money>>>,
}

impl FeeBook {
    /// The charge for one unit on a date of service: the latest amount that has begun, for the first of `modifiers` that has a price
    /// of its own, else without modifier. None: the schedule has no price (domain.md E070).
    #[must_use]
    pub fn fee(&self, schedule: &str, procedure: ProcedureCode, modifiers: &[Modifier], on: Date) -> Option<Money> {
        let schedule = self.schedules.get(schedule)?;
        let keys = modifiers.iter().copied().map(Some).chain([None]);
        keys.filter_map(|modifier| schedule.get(&(procedure, modifier))?.range(..=on).next_back()).map(|(_, amount)| *amount).next()
    }

    /// Number of prices.
    #[must_use]
    pub fn len(&self) -> usize {
        self.schedules.values().flat_map(BTreeMap::values).map(BTreeMap::len).sum()
    }

    /// Whether it has no price.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.schedules.is_empty()
    }
}

impl FromIterator<Fee> for FeeBook {
    fn from_iter<I: IntoIterator<Item = Fee>>(fees: I) -> FeeBook {
        let mut book = FeeBook::default();
        for fee in fees {
            let prices = book.schedules.entry(fee.schedule.as_str().to_owned()).or_default();
            prices.entry((fee.procedure, fee.modifier)).or_default().insert(fee.effective_from, fee.amount);
        }
        book
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::setup::SetupFile;
    use jiff::civil::date;

    fn example() -> PracticeSetup {
        let file = SetupFile::read(include_str!("../../practice.example.toml")).unwrap();
        let mut next = 0_i64;
        let mut key = || {
            next += 1;
            next
        };
        PracticeSetup {
            practice: Stored { id: PracticeId(key()), facts: file.practice },
            locations: file.locations.into_iter().map(|facts| Stored { id: LocationId(key()), facts }).collect(),
            providers: file.providers.into_iter().map(|facts| Stored { id: ProviderId(key()), facts }).collect(),
            payers: file.payers.into_iter().map(|facts| Stored { id: PayerId(key()), facts }).collect(),
            submitters: file.submitters.into_iter().map(|facts| Stored { id: SubmitterId(key()), facts }).collect(),
            fees: file.fees.into_iter().collect(),
        }
    }

    #[test]
    fn a_payer_is_found_by_number_code_or_name_and_never_guessed() {
        let setup = example();
        let payer = &setup.payers[0];
        for found in [
            setup.payer_for(Some(payer.payer_number.as_str()), None),
            setup.payer_for(Some(payer.code.as_str()), Some("Somebody Else")),
            setup.payer_for(None, Some(&format!(" {}. ", payer.name.as_str().to_uppercase()))),
            setup.payer_for(Some("00000"), Some(payer.name.as_str())),
        ] {
            assert_eq!(found.map(|p| p.id), Some(payer.id));
        }
        assert_eq!(setup.payer_for(Some("00000"), Some("Somebody Else")), None);
        let mut twins = setup.clone();
        twins.payers[1].facts.name = payer.name.clone();
        assert_eq!(twins.payer_for(None, Some(payer.name.as_str())), None);
    }

    #[test]
    fn a_valid_npi_that_is_not_ours_is_somebody_else_whatever_the_name_says() {
        let setup = example();
        let provider = &setup.providers[0];
        let name = format!("{}, {}", provider.last_name, provider.first_name);
        assert_eq!(setup.provider_for(Some(provider.npi), None, None).map(|p| p.id), Some(provider.id));
        assert_eq!(setup.provider_for(None, None, Some(&name)).map(|p| p.id), Some(provider.id));
        assert_eq!(setup.provider_for(None, Some(provider.code.as_str()), None).map(|p| p.id), Some(provider.id));
        assert_eq!(setup.provider_for(Npi::from_nine_digits(199_999_999), None, Some(&name)), None);
    }

    #[test]
    fn a_visit_without_a_site_happened_at_the_billing_address() {
        let setup = example();
        let home = setup.location_for(None, None).unwrap();
        assert_eq!(home.address, setup.practice.address);
        let other = setup.locations.iter().find(|l| l.id != home.id).unwrap();
        assert_eq!(setup.location_for(None, Some(other.name.as_str())).map(|l| l.id), Some(other.id));
        assert_eq!(setup.location_for(Some("nowhere"), None), None);
    }

    #[test]
    fn the_latest_fee_that_has_begun_is_charged_and_a_modifiers_own_price_comes_first() {
        let code = |text: &str| text.parse::<ProcedureCode>().unwrap();
        let fee = |from, procedure: &str, modifier: Option<&str>, cents| Fee {
            schedule: "standard".parse().unwrap(),
            effective_from: from,
            procedure: code(procedure),
            modifier: modifier.map(|m| m.parse().unwrap()),
            amount: Money::from_cents(cents),
        };
        let book: FeeBook = [
            fee(date(2026, 7, 1), "90707", None, 9_500),
            fee(date(2025, 1, 1), "90707", None, 9_000),
            fee(date(2025, 1, 1), "90707", Some("SL"), 0),
        ]
        .into_iter()
        .collect();
        let sl: Modifier = "SL".parse().unwrap();
        let ep: Modifier = "EP".parse().unwrap();
        let price = |modifiers: &[Modifier], on| book.fee("standard", code("90707"), modifiers, on).map(Money::cents);
        assert_eq!(price(&[], date(2024, 12, 31)), None);
        assert_eq!(price(&[], date(2026, 6, 30)), Some(9_000));
        assert_eq!(price(&[ep], date(2026, 7, 1)), Some(9_500));
        assert_eq!(price(&[ep, sl], date(2026, 7, 1)), Some(0));
        assert_eq!(book.fee("medicaid", code("90707"), &[], date(2026, 7, 1)), None);
    }
}
