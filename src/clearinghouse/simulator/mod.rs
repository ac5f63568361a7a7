//! A clearinghouse with payers behind it that adjudicate: a counterparty made of X12 alone, which sees only what a payer would see.
//!
//! * Takes: interchanges of 837P ([`Simulator::receive`]). Gives: TA1 where ISA14 asks or the envelope is broken, one 999 for each group,
//!   277CA for each batch and payer, and on their day balanced 835s ([`Simulator::answers`]).
//! * The road of a claim: [`incoming`] envelope → [`syntax`] 999 → [`intake`] → [`edits`] 277CA → [`adjudicate`] by a [`plan`] in a
//!   [`config::Scenario`] → [`remit`] 835. [`service`] does it over a partner's folders, killed at any point; [`partner`] in this process.
//! * Invariants: what happens to a claim is drawn by a hash of the service ([`draw`]), never by order or number, so that another batching
//!   or a restart changes nothing; an interchange is taken once (TA1 025); every remittance is proved before it is written.
//! * Replacements (frequency 7) and voids (8) reverse what they name; a negative balance is carried forward (PLB FB).
//!
//! Rules: domain.md 1, 2.1 to 2.5, 3.1, 3.2.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::edi::ack_277ca::StatusCode;
use crate::edi::claim_837p::{Frequency, read_837p};
use crate::edi::remittance_835::ClaimPayment;
use crate::edi::{TransactionSet, WriteError};
use crate::platform::money::Money;

pub mod acknowledge;
pub mod adjudicate;
pub mod config;
pub mod draw;
pub mod edits;
pub mod incoming;
pub mod intake;
pub mod partner;
pub mod plan;
pub mod remit;
pub mod service;
pub mod syntax;
#[cfg(test)]
mod tests;

pub use config::{ConfigError, Lag, Scenario, SimulatorConfig, Timing};
pub use partner::SimulatedPartner;
pub use plan::Plan;
pub use service::{FolderService, Run, ServiceError, read_log, run_folder, run_folder_once};

use adjudicate::Course;
use draw::Key;
use incoming::Interchange;
use intake::{Payee, PayerName, Route, SubmittedClaim};
use remit::{Draft, Extra, Forward};

/// Payers and a clearinghouse, in memory. The same receipts in the same order give the same answers, byte for byte.
pub struct Simulator {
    config: SimulatorConfig,
    /// Interchanges received, good or bad: what numbers our acknowledgments.
    interchanges: u32,
    /// Sender and ISA13 of every interchange taken.
    taken: HashSet<(String, String, String)>,
    log: Vec<Received>,
    acknowledgments: Vec<Answer>,
    /// Services refused once by the scenario `rejected`.
    refused: HashSet<Key>,
    services: HashMap<Key, Service>,
    claims: Vec<Adjudicated>,
    by_icn: HashMap<String, usize>,
    /// Claims to remit, by the day on which their remittance comes.
    due: BTreeMap<Date, Vec<usize>>,
    /// Balances carried forward that wait for a remittance, by account.
    forwards: HashMap<String, Vec<Forward>>,
    /// Traces of those that were taken in. Records may be read back in any order, so this may be known before the balance is.
    consumed: HashSet<String>,
}

/// One file that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Counts from 1.
    pub number: u32,
    /// The name it came under.
    pub file: String,
    /// When.
    pub date: Date,
    /// Every CLM01 in it, whatever became of it.
    pub claims: Vec<String>,
}

/// One file that leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its name: never used for another content.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it settles, to be remembered with it.
    pub record: Record,
}

/// What an answer settles: enough to know after a restart what is still open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// ICNs of the claims that it remits.
    pub claims: Vec<String>,
    /// Between whom balances are carried forward.
    pub account: String,
    /// Traces of the balances that it takes in.
    pub consumed: Vec<String>,
    /// The balance that it carries forward.
    pub forward: Option<Forward>,
}

/// How often a service was taken for adjudication.
#[derive(Default)]
struct Service {
    /// In all: what numbers its ICNs.
    taken: u32,
    /// Without those replaced or voided.
    live: u32,
}

/// A claim taken for adjudication.
struct Adjudicated {
    key: Key,
    icn: String,
    route: Arc<Route>,
    payer: Arc<PayerName>,
    payee: Arc<Payee>,
    /// BPR16 of its remittance.
    date: Date,
    /// The reversal of the claim that it replaces or voids, and its own payment.
    payments: Vec<ClaimPayment>,
    extras: Vec<Extra>,
    remitted: bool,
    /// Replaced or voided.
    gone: bool,
}

impl Simulator {
    /// Payers that have received nothing.
    pub fn new(config: SimulatorConfig) -> Result<Simulator, ConfigError> {
        config.check()?;
        Ok(Simulator {
            config,
            interchanges: 0,
            taken: HashSet::new(),
            log: Vec::new(),
            acknowledgments: Vec::new(),
            refused: HashSet::new(),
            services: HashMap::new(),
            claims: Vec::new(),
            by_icn: HashMap::new(),
            due: BTreeMap::new(),
            forwards: HashMap::new(),
            consumed: HashSet::new(),
        })
    }

    /// Takes a file in, on this day. Whatever it is, it is logged; what can be answered is answered by the next [`Simulator::answers`].
    pub fn receive(&mut self, name: &str, bytes: &[u8], today: Date) {
        let interchanges = incoming::read(bytes);
        let number = u32::try_from(self.log.len()).unwrap_or(u32::MAX).saturating_add(1);
        self.log.push(Received { number, file: name.to_owned(), date: today, claims: claim_numbers(&interchanges) });
        for interchange in &interchanges {
            self.take_interchange(interchange, today);
        }
    }

    /// Everything that has arrived.
    #[must_use]
    pub fn log(&self) -> &[Received] {
        &self.log
    }

    /// What leaves up to this day, each once: acknowledgments in the order of arrival, then remittances by date.
    pub fn answers(&mut self, today: Date) -> Vec<Answer> {
        let mut answers = std::mem::take(&mut self.acknowledgments);
        let later = self.due.split_off(&today.saturating_add(1.day()));
        let due = std::mem::replace(&mut self.due, later);
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for index in due.into_values().flatten() {
            let claim = &self.claims[index];
            if !claim.remitted {
                let group = (claim.date, Arc::clone(&claim.route), claim.payer.id.clone(), Arc::clone(&claim.payee));
                groups.entry(group).or_default().push(index);
            }
        }
        for (_, mut indices) in groups {
            // A reversal follows what it reverses.
            indices.sort_unstable();
            for chunk in indices.chunks(CLAIMS_PER_REMITTANCE) {
                answers.extend(self.remit(chunk));
            }
        }
        answers
    }

    /// Says that an answer has left before: its acknowledgment is not given again, its claims are remitted.
    pub fn settle(&mut self, name: &str, record: &Record) {
        self.acknowledgments.retain(|answer| answer.name != name);
        for icn in &record.claims {
            if let Some(&index) = self.by_icn.get(icn) {
                self.claims[index].remitted = true;
            }
        }
        self.carry(record);
    }

    fn carry(&mut self, record: &Record) {
        self.consumed.extend(record.consumed.iter().cloned());
        let open = self.forwards.entry(record.account.clone()).or_default();
        open.extend(record.forward.clone());
        open.retain(|forward| !self.consumed.contains(&forward.trace));
    }

    fn take_interchange(&mut self, interchange: &Interchange, today: Date) {
        self.interchanges = self.interchanges.saturating_add(1);
        let header = &interchange.header;
        let id = (header.sender.qualifier.clone(), header.sender.id.clone(), header.control_number.clone());
        let duplicate = self.taken.contains(&id).then_some("025");
        let fault = interchange.fault.or(duplicate);
        let route = Route::new(header, interchange.groups.first().map(|group| &*group.header));
        if fault.is_some() || header.ack_requested {
            let envelope = acknowledge::envelope(&route, self.number(0), today);
            let bytes = acknowledge::write_interchange_ack(interchange, fault.unwrap_or("000"), &envelope);
            self.acknowledge("TA1", interchange, bytes);
        }
        if fault.is_some() {
            return;
        }
        self.taken.insert(id);
        let (mut syntax_acks, mut claim_acks) = (Vec::new(), Vec::new());
        // Acknowledgments are not acknowledged.
        let groups = interchange.groups.iter().filter(|group| group.header.functional_id != "FA");
        for (index, group) in groups.enumerate() {
            let route = Arc::new(Route::new(header, Some(&group.header)));
            let mut responses = Vec::new();
            let mut batches = Vec::new();
            for (set, findings) in &group.sets {
                let (batch, content) = read_837p(set);
                responses.push(syntax::check(set, findings, &content));
                batches.push(batch);
            }
            let ack = acknowledge::group_ack(index + 1, group, responses);
            for (batch, _) in batches.iter().zip(&ack.sets).filter(|(_, response)| response.result.is_accepted()) {
                let claims = intake::claims_of(batch, &route);
                let decided: Vec<acknowledge::Decided> = claims.into_iter().map(|claim| self.decide(claim, today)).collect();
                let trace = format!("R{:08}-{}", self.interchanges, claim_acks.len() + 1);
                claim_acks.extend(acknowledge::claim_acks(&trace, batch, &decided, today));
            }
            syntax_acks.push(ack);
        }
        if syntax_acks.is_empty() {
            return;
        }
        let bytes = acknowledge::write_group_acks(&syntax_acks, &acknowledge::envelope(&route, self.number(1), today));
        self.acknowledge("999", interchange, bytes);
        if !claim_acks.is_empty() {
            let bytes = acknowledge::write_claim_acks(claim_acks, &acknowledge::envelope(&route, self.number(2), today));
            self.acknowledge("277CA", interchange, bytes);
        }
    }

    /// ISA13 of an acknowledgment: three kinds for each interchange received.
    fn number(&self, kind: u32) -> u32 {
        self.interchanges.saturating_mul(3).saturating_add(kind) % ACKNOWLEDGMENT_NUMBERS + 1
    }

    fn acknowledge(&mut self, kind: &str, interchange: &Interchange, bytes: Result<Vec<u8>, Vec<WriteError>>) {
        // The number of the receipt keeps the answer to a copy apart from the answer to the first.
        let name = format!("{kind}-{}-{}.edi", in_name(&interchange.header.control_number), self.interchanges);
        match bytes {
            Ok(bytes) => self.acknowledgments.push(Answer { name, bytes, record: Record::default() }),
            Err(errors) => tracing::error!(file = name, error = %errors[0], "the simulator can't write an acknowledgment"),
        }
    }

    /// Takes a claim for adjudication, or says why not.
    fn decide(&mut self, claim: SubmittedClaim, today: Date) -> acknowledge::Decided {
        let decision = self.try_take(&claim, today);
        (claim, decision)
    }

    fn try_take(&mut self, claim: &SubmittedClaim, today: Date) -> Result<String, Vec<StatusCode>> {
        let faults = edits::faults(claim, today);
        if !faults.is_empty() {
            return Err(faults);
        }
        let key = claim.key(self.config.seed);
        let original = match claim.frequency {
            Frequency::Original => None,
            _ => Some(self.original(claim).ok_or_else(|| vec![edits::status("A7", "464", None)])?),
        };
        let mut scenario = self.config.scenario(&key);
        if original.is_some() {
            scenario = scenario.corrected();
        } else if scenario == Scenario::Rejected {
            if self.refused.insert(key) {
                let (category, status, entity) = *key.pick("rejection", &edits::INVENTED);
                return Err(vec![edits::status(category, status, entity)]);
            }
            scenario = Scenario::Paid;
        }
        Ok(self.take(claim, key, scenario, original, today))
    }

    /// The claim that a replacement or void names: one of the same payer and payee that still stands.
    fn original(&self, claim: &SubmittedClaim) -> Option<usize> {
        let index = *self.by_icn.get(claim.original_icn.as_deref()?)?;
        let original = &self.claims[index];
        (!original.gone && original.payer.id == claim.payer.id && original.payee.npi == claim.payee.npi).then_some(index)
    }

    /// Adjudicates a claim and gives its ICN.
    fn take(&mut self, claim: &SubmittedClaim, key: Key, scenario: Scenario, original: Option<usize>, today: Date) -> String {
        let mut date = self.payment_date(claim, &key, scenario, today);
        let mut payments = Vec::new();
        if let Some(index) = original {
            let replaced = &mut self.claims[index];
            replaced.gone = true;
            date = date.max(replaced.date);
            payments.extend(replaced.payments.last().map(adjudicate::reverse));
            let key = replaced.key;
            self.services.entry(key).and_modify(|service| service.live = service.live.saturating_sub(1));
        }
        let void = claim.frequency == Frequency::Void;
        let service = self.services.entry(key).or_default();
        let course = if service.live > 0 { Course::Duplicate } else { Course::Scenario(scenario) };
        let icn = loop {
            service.taken += 1;
            let icn = key.digits(&format!("icn {}", service.taken));
            if !self.by_icn.contains_key(&icn) {
                break icn;
            }
        };
        let mut extras = Vec::new();
        if !void {
            service.live += 1;
            let payment = adjudicate::adjudicate(claim, &claim.plan(&self.config), course, &key, icn.clone(), today);
            if course == Course::Scenario(scenario) {
                extras.extend(extra(scenario, &key, &payment));
            }
            payments.push(payment);
        }
        let comes = match self.config.timing {
            Timing::OnReceipt => date,
            Timing::Instant => today,
        };
        self.due.entry(comes).or_default().push(self.claims.len());
        self.by_icn.insert(icn.clone(), self.claims.len());
        let (route, payer, payee) = (Arc::clone(&claim.route), Arc::clone(&claim.payer), Arc::clone(&claim.payee));
        let adjudicated = Adjudicated { key, icn: icn.clone(), route, payer, payee, date, payments, extras, remitted: false, gone: void };
        self.claims.push(adjudicated);
        icn
    }

    fn payment_date(&self, claim: &SubmittedClaim, key: &Key, scenario: Scenario, today: Date) -> Date {
        let Lag { min, max } = if scenario == Scenario::Late { self.config.late } else { self.config.lag };
        let from = match self.config.timing {
            Timing::OnReceipt => today,
            Timing::Instant => claim.service_dates().map_or(today, |(_, last)| last),
        };
        from.saturating_add(i64::from(key.between("lag", min, max)).days())
    }

    fn remit(&mut self, indices: &[usize]) -> Option<Answer> {
        let first = &self.claims[*indices.first()?];
        let (route, payer, payee, date) = (Arc::clone(&first.route), Arc::clone(&first.payer), Arc::clone(&first.payee), first.date);
        let npi = payee.npi.as_deref().unwrap_or_default();
        let account = format!("{}/{}/{}/{npi}", route.sender.0, route.sender.1, payer.id);
        let carried = self.forwards.get(&account).cloned().unwrap_or_default();
        let consumed = carried.iter().map(|forward| forward.trace.clone()).collect();
        let claims = || indices.iter().map(|&index| &self.claims[index]);
        let draft = Draft {
            route: &route,
            payer: &payer,
            payee: &payee,
            date,
            claims: claims().flat_map(|claim| claim.payments.iter().cloned()).collect(),
            adjustments: claims().flat_map(|claim| claim.extras.iter().cloned()).collect(),
            carried,
        };
        let record_claims = claims().map(|claim| claim.icn.clone()).collect();
        let written = match remit::write(draft, self.config.seed) {
            Ok(written) => written,
            Err(error) => {
                tracing::error!(%error, "the simulator keeps back a remittance");
                return None;
            }
        };
        let record = Record { claims: record_claims, account, consumed, forward: written.forward };
        self.carry(&record);
        for &index in indices {
            self.claims[index].remitted = true;
        }
        let name = format!("835-{}-{date}-{}.edi", in_name(&payer.id), written.trace);
        Some(Answer { name, bytes: written.bytes, record })
    }
}

/// The most claims in one transaction set of an 835: what the guide recommends.
const CLAIMS_PER_REMITTANCE: usize = 10_000;

/// How many control numbers acknowledgments use before they begin anew; remittances use those above.
const ACKNOWLEDGMENT_NUMBERS: u32 = 499_999_999;

/// The money outside of a claim's payment that a scenario brings: interest is paid on top of it, a takeback is a part of it, so that no
/// remittance turns negative by one.
fn extra(scenario: Scenario, key: &Key, payment: &ClaimPayment) -> Option<Extra> {
    let (reason, amount) = match scenario {
        Scenario::Interest => ("L6", -payment.paid.percent(key.between("interest", 1, 5))),
        Scenario::Takeback => ("WO", payment.paid.percent(key.between("takeback", 10, 50))),
        _ => return None,
    };
    (amount != Money::ZERO).then(|| Extra { reason, icn: payment.icn.clone(), amount })
}

/// Every CLM01 of a file, in its order.
fn claim_numbers(interchanges: &[Interchange]) -> Vec<String> {
    let sets = interchanges.iter().flat_map(|i| &i.groups).flat_map(|g| &g.sets);
    let numbers = |set: &TransactionSet| -> Vec<String> {
        set.segments().filter(|segment| segment.id() == "CLM").map(|clm| clm.text(1).into_owned()).collect()
    };
    sets.flat_map(|(set, _)| numbers(set)).collect()
}

/// A code as a part of a file name.
fn in_name(code: &str) -> String {
    let kept: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    if kept.is_empty() { "0".to_owned() } else { kept }
}
