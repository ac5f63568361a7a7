//! What a simulated world is like: a seed, how often things go wrong, how long payers take, and payers with plans of their own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::draw::Key;
use super::plan::Plan;

/// A simulated world. The default pays every claim, seven to fourteen days after it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulatorConfig {
    /// Another seed gives other draws.
    pub seed: u64,
    /// How often each scenario happens, in claims per 10,000; what is left is [`Scenario::Paid`].
    pub shares: BTreeMap<Scenario, u32>,
    /// When answers to claims come.
    pub timing: Timing,
    /// Days from the claim to its payment.
    pub lag: Lag,
    /// The same for [`Scenario::Late`].
    pub late: Lag,
    /// Plans by payer id (2010BB NM109). A payer that is not here has the plan that its id draws.
    pub plans: BTreeMap<String, Plan>,
}

impl Default for SimulatorConfig {
    fn default() -> SimulatorConfig {
        SimulatorConfig {
            seed: 1,
            shares: BTreeMap::new(),
            timing: Timing::OnReceipt,
            lag: Lag { min: 7, max: 14 },
            late: Lag { min: 45, max: 90 },
            plans: BTreeMap::new(),
        }
    }
}

impl SimulatorConfig {
    /// A month as practices know it: about one claim in six needs somebody.
    #[must_use]
    pub fn typical(seed: u64) -> SimulatorConfig {
        use Scenario::{Denied, Interest, Late, LineDenied, PatientShare, Rejected, Takeback};
        let shares =
            [(Rejected, 200), (LineDenied, 500), (Denied, 400), (PatientShare, 2000), (Interest, 100), (Takeback, 100), (Late, 300)];
        SimulatorConfig { seed, shares: BTreeMap::from(shares), ..SimulatorConfig::default() }
    }

    /// Refuses settings that make no sense.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.shares.values().fold(0_u32, |sum, &share| sum.saturating_add(share)) > WHOLE {
            return Err(ConfigError::Shares);
        }
        if [self.lag, self.late].iter().any(|lag| lag.min > lag.max || lag.max > LAG_MAX) {
            return Err(ConfigError::Lag);
        }
        let senseless =
            |plan: &Plan| plan.coinsurance.max(plan.allowed_share) > 100 || plan.copay.is_negative() || plan.deductible.is_negative();
        if self.plans.values().any(senseless) {
            return Err(ConfigError::Plan);
        }
        Ok(())
    }

    /// What happens to a service.
    #[must_use]
    pub fn scenario(&self, key: &Key) -> Scenario {
        let drawn = key.below("scenario", u64::from(WHOLE));
        let mut up_to = 0;
        for (&scenario, &share) in &self.shares {
            up_to += u64::from(share);
            if drawn < up_to {
                return scenario;
            }
        }
        Scenario::Paid
    }
}

/// All claims, in shares.
const WHOLE: u32 = 10_000;

/// The longest lag in days: past the longest filing limit of any payer nobody waits any more.
const LAG_MAX: u32 = 730;

/// What happens to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// Paid as the plan allows; an office visit may cost a copay.
    Paid,
    /// Refused by a 277CA before adjudication. Sent again, it is taken.
    Rejected,
    /// One line is denied, the others are paid.
    LineDenied,
    /// All lines are denied.
    Denied,
    /// Deductible and coinsurance apply, except to preventive services.
    PatientShare,
    /// Paid, with interest (PLB L6).
    Interest,
    /// Paid, and a part taken back at once (PLB WO).
    Takeback,
    /// Paid long after.
    Late,
}

impl Scenario {
    /// What becomes of a corrected claim (frequency 7): what was wrong has been put right.
    #[must_use]
    pub fn corrected(self) -> Scenario {
        match self {
            Scenario::Rejected | Scenario::LineDenied | Scenario::Denied => Scenario::Paid,
            other => other,
        }
    }
}

/// When answers to claims come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// The payment is dated some days after the claim came, and its remittance comes on that day.
    OnReceipt,
    /// The payment is dated some days after the last service, and its remittance comes at once: a month in an instant.
    Instant,
}

/// From how many to how many days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lag {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// A setting makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// More than everything.
    #[error("the shares of the scenarios exceed 10,000 claims per 10,000")]
    Shares,
    /// From more to fewer days, or longer than anybody waits.
    #[error("a lag goes from fewer to more days, at most 730")]
    Lag,
    /// A share of more than everything, or an amount below nothing.
    #[error("a plan's coinsurance and allowed share are per cent, at most 100, its copay and deductible amounts, at least 0")]
    Plan,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_happen_about_as_often_as_their_shares_say() {
        let config = SimulatorConfig::typical(7);
        let drawn: Vec<Scenario> = (0_u32..10_000).map(|n| config.scenario(&Key::new(7, [n.to_be_bytes()]))).collect();
        for (&scenario, &share) in &config.shares {
            let count = u32::try_from(drawn.iter().filter(|&&s| s == scenario).count()).unwrap();
            assert!(count.abs_diff(share) < 40 + share / 8, "{scenario:?}: {count} for {share}");
        }
    }

    #[test]
    fn the_default_world_pays_every_claim() {
        assert!((0_u32..100).all(|n| SimulatorConfig::default().scenario(&Key::new(1, [n.to_be_bytes()])) == Scenario::Paid));
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let with = |change: fn(&mut SimulatorConfig)| {
            let mut config = SimulatorConfig::typical(1);
            change(&mut config);
            config.check()
        };
        assert_eq!(with(|_| {}), Ok(()));
        assert_eq!(with(|c| _ = c.shares.insert(Scenario::Denied, 9_000)), Err(ConfigError::Shares));
        assert_eq!(with(|c| c.lag = Lag { min: 3, max: 2 }), Err(ConfigError::Lag));
        assert_eq!(with(|c| c.late.max = 10_000), Err(ConfigError::Lag));
        assert_eq!(with(|c| _ = c.plans.insert("1".into(), Plan { coinsurance: 101, ..Plan::medicaid() })), Err(ConfigError::Plan));
    }

    #[test]
    fn a_world_is_written_as_text_and_read_back() {
        let config = SimulatorConfig::typical(3);
        let text = serde_json::to_string(&config).unwrap();
        assert!(text.contains("\"patient_share\":2000"));
        assert_eq!(serde_json::from_str::<SimulatorConfig>(&text).unwrap(), config);
        assert_eq!(serde_json::from_str::<SimulatorConfig>("{}").unwrap(), SimulatorConfig::default());
    }
}
