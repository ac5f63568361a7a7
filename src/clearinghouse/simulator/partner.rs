//! The simulator as a partner in this process: a partner's folders whose other side is run whenever we look for answers.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;

use super::{FolderService, SimulatorConfig};
use crate::clearinghouse::directory::blocking;
use crate::clearinghouse::{Clearinghouse, Directory, Transfer, TransportError};
use crate::platform::clock::Clock;

/// A partner whose payers are simulated. Its folder survives restarts and may be shared by processes.
#[derive(Clone)]
pub struct SimulatedPartner {
    directory: Directory,
    service: Arc<Mutex<FolderService>>,
    clock: Clock,
    zone: TimeZone,
}

impl SimulatedPartner {
    /// Payers over the folders below `dir`, whose day is that of `clock` in `zone`.
    pub fn open(dir: &Path, config: SimulatorConfig, clock: Clock, zone: TimeZone) -> Result<SimulatedPartner, TransportError> {
        let service = Arc::new(Mutex::new(FolderService::open(dir, config)?));
        Ok(SimulatedPartner { directory: Directory::open(dir)?, service, clock, zone })
    }
}

impl Clearinghouse for SimulatedPartner {
    fn stage<'a>(&'a self, name: &'a str, bytes: &'a [u8]) -> Transfer<'a, ()> {
        self.directory.stage(name, bytes)
    }

    fn deliver<'a>(&'a self, name: &'a str) -> Transfer<'a, ()> {
        self.directory.deliver(name)
    }

    fn inbound(&self) -> Transfer<'_, Vec<String>> {
        let (service, today) = (Arc::clone(&self.service), self.clock.today(&self.zone));
        Box::pin(async move {
            blocking(move || {
                // A run that panicked left no state behind: the next one replays the folder.
                let mut service = service.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(service.run_once(today)?)
            })
            .await?;
            self.directory.inbound().await
        })
    }

    fn fetch<'a>(&'a self, name: &'a str) -> Transfer<'a, Vec<u8>> {
        self.directory.fetch(name)
    }

    fn acknowledge<'a>(&'a self, name: &'a str) -> Transfer<'a, ()> {
        self.directory.acknowledge(name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::clearinghouse::simulator::read_log;
    use crate::clearinghouse::simulator::tests::samples::{TODAY, file, visit};
    use crate::platform::clock::Millis;

    #[tokio::test]
    async fn claims_that_leave_come_back_as_money() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed_at(Millis::noon_of(TODAY, &TimeZone::UTC));
        let config = SimulatorConfig { shares: BTreeMap::new(), ..SimulatorConfig::default() };
        let partner: Arc<dyn Clearinghouse> = Arc::new(SimulatedPartner::open(dir.path(), config, clock.clone(), TimeZone::UTC).unwrap());
        partner.stage("a.edi", &file(1, &[visit(1)])).await.unwrap();
        assert_eq!(partner.inbound().await.unwrap(), Vec::<String>::new());
        partner.deliver("a.edi").await.unwrap();
        assert_eq!(partner.inbound().await.unwrap(), ["277CA-000000001-1.edi", "999-000000001-1.edi"]);
        for name in partner.inbound().await.unwrap() {
            assert!(partner.fetch(&name).await.unwrap().starts_with(b"ISA"));
            partner.acknowledge(&name).await.unwrap();
        }
        clock.advance_to(Millis::noon_of(date(2026, 12, 24), &TimeZone::UTC));
        let waiting = partner.inbound().await.unwrap();
        assert_eq!((waiting.len(), &waiting[0][..10]), (1, "835-00900-"));
        assert_eq!(read_log(dir.path()).unwrap()[0].claims, ["C1"]);
    }
}
