//! What the world around a test's practice is like: its partner, its payers, the day on which it begins.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use pediclaim::clearinghouse::simulator::{Lag, Scenario, SimulatorConfig};

/// The world around a practice.
#[derive(Clone, Debug)]
pub struct World {
    /// Simulated payers; none: a partner's folders, in which nothing happens but what the test does.
    pub simulator: Option<SimulatorConfig>,
    /// The first day.
    pub begins: Date,
}

/// The first day of most tests: a Monday that the code tables cover.
pub const MONDAY: Date = date(2026, 5, 18);

impl World {
    /// Nobody answers: what is sent lies in the partner's folder, and the test itself brings what arrives.
    pub fn silent() -> World {
        World { simulator: None, begins: MONDAY }
    }

    /// Every claim is paid, ten days after it came.
    pub fn paying() -> World {
        let config = SimulatorConfig { lag: Lag { min: 10, max: 10 }, ..SimulatorConfig::default() };
        World { simulator: Some(config), begins: MONDAY }
    }

    /// The same happens to every claim.
    pub fn of(scenario: Scenario) -> World {
        World::with_shares([(scenario, 10_000)])
    }

    /// Scenarios by their shares of 10,000 claims.
    pub fn with_shares(shares: impl IntoIterator<Item = (Scenario, u32)>) -> World {
        let shares = BTreeMap::from_iter(shares);
        World { simulator: World::paying().simulator.map(|config| SimulatorConfig { shares, ..config }), ..World::silent() }
    }
}
