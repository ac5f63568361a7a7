//! Reading an inbound file: prove the whole, then give each transaction to its stage, each with an effect key of its own.

use crate::transact;
use serde::{Deserialize, Serialize};

use super::read::survey;
use super::store::{self, Receipt};
use crate::app::App;
use crate::clearinghouse::TransportError;
use crate::edi::ack_277ca::read_277ca;
use crate::edi::ack_999::read_999;
use crate::edi::ack_ta1::read_ta1;
use crate::edi::{Event, InterchangeHeader, Reader, TransactionSet};
use crate::platform::archive;
use crate::platform::clock::Millis;
use crate::platform::database::{Db, DbError};
use crate::platform::ids::{InboundFileId, SubmitterId};
use crate::platform::jobs::{self, Job, JobContext, once};
use crate::revenue_cycle::acknowledgment::{self, Answer};
use crate::revenue_cycle::remittance::{self, Received};
use crate::revenue_cycle::submission;

/// Which file to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessFileArgs {
    /// The file.
    pub file: InboundFileId,
}

/// Reads an inbound file.
pub struct ProcessFile;

impl Job<App> for ProcessFile {
    const KIND: &'static str = "inbound.process";
    type Args = ProcessFileArgs;

    async fn run(_: &App, ctx: &JobContext, args: ProcessFileArgs) -> anyhow::Result<()> {
        process(ctx, args.file).await
    }
}

/// Which submitter's partner to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollArgs {
    /// The submitter.
    pub submitter: SubmitterId,
}

/// Takes in what waits at a partner.
pub struct Poll;

impl Job<App> for Poll {
    const KIND: &'static str = "inbound.poll";
    type Args = PollArgs;

    async fn run(app: &App, ctx: &JobContext, args: PollArgs) -> anyhow::Result<()> {
        let connection = app.connection(&ctx.db, args.submitter).await?;
        for name in connection.inbound().await? {
            let bytes = match connection.fetch(&name).await {
                // Another poll, asked for while this one was under way or taken over from a dead process, has it.
                Err(TransportError::Missing(_)) => continue,
                fetched => fetched?,
            };
            take_in(&ctx.db, Some(args.submitter), &name, bytes, ctx.clock.now()).await?;
            connection.acknowledge(&name).await?;
        }
        Ok(())
    }
}

/// Archives a file and asks for its reading, unless its bytes are known.
pub async fn take_in(db: &Db, submitter: Option<SubmitterId>, name: &str, bytes: Vec<u8>, now: Millis) -> anyhow::Result<Receipt> {
    if bytes.len() > archive::FILE_BYTES_MAX {
        anyhow::bail!("the file is larger than {} bytes: split it", archive::FILE_BYTES_MAX);
    }
    let bytes = std::sync::Arc::new(bytes);
    transact!(db, |tx| {
        let bytes = bytes.clone();
        let packed = tokio::task::spawn_blocking(move || archive::pack(&bytes)).await??;
        let receipt = store::receive(tx, submitter, name, packed, now).await?;
        if let Receipt::New(file) = receipt {
            jobs::enqueue::<App, ProcessFile>(tx, None, &format!("inbound.process:{file}"), &ProcessFileArgs { file }, now).await?;
        }
        Ok(receipt)
    })
}

/// Asks every partner of a practice's submitters for what waits there; gives how many jobs. A request at the same instant is the same.
pub async fn request_poll(db: &Db, submitters: &[SubmitterId], now: Millis) -> anyhow::Result<usize> {
    transact!(db, |tx| {
        let mut asked = 0;
        for &submitter in submitters {
            let key = format!("inbound.poll:{submitter}:{}", now.0);
            asked += usize::from(jobs::enqueue::<App, Poll>(tx, None, &key, &PollArgs { submitter }, now).await?);
        }
        Ok(asked)
    })
}

/// Reads a file to its end, or marks it unreadable with the place of the fault.
pub async fn process(ctx: &JobContext, id: InboundFileId) -> anyhow::Result<()> {
    let file = store::file(&mut &ctx.db, id).await?;
    if file.state != "received" {
        return Ok(());
    }
    let bytes = archive::load(&mut &ctx.db, file.archive_id).await?;
    let (bytes, contents) = tokio::task::spawn_blocking(move || {
        let contents = survey(&bytes);
        (bytes, contents)
    })
    .await?;
    let contents = match contents {
        Ok(contents) => contents,
        Err(unreadable) => {
            let error = unreadable.to_string();
            tracing::warn!(file = %id, "inbound file is unreadable");
            return transact!(ctx.db, |tx| Ok(store::finish(tx, id, "unreadable", "", Some(&error)).await?));
        }
    };
    let mut notes: Vec<String> = Vec::new();
    let mut reader = Reader::new(bytes.as_slice());
    let mut place = 0_u32;
    let mut header: Option<std::sync::Arc<InterchangeHeader>> = None;
    while let Some(event) = reader.next_event()? {
        place += 1;
        match event {
            Event::Interchange(interchange) => header = Some(interchange),
            Event::InterchangeAck(segment) => {
                let (ack, _) = read_ta1(&segment.as_segment());
                answer(ctx, id, header.as_deref(), place, Answer::Ta1(ack), &mut notes).await?;
            }
            Event::Transaction(set) => transaction(ctx, id, place, &set, &mut notes).await?,
            Event::Group(_) | Event::GroupEnd(_) | Event::InterchangeEnd(_) | Event::Finding(_) => {}
        }
    }
    let note = (!notes.is_empty()).then(|| notes.join("; "));
    transact!(ctx.db, |tx| Ok(store::finish(tx, id, "processed", &contents.kind_list(), note.as_deref()).await?))
}

async fn transaction(
    ctx: &JobContext,
    file: InboundFileId,
    place: u32,
    set: &TransactionSet,
    notes: &mut Vec<String>,
) -> anyhow::Result<()> {
    let header = set.interchange();
    match set.kind() {
        "999" => {
            let (ack, _) = read_999(set);
            answer(ctx, file, Some(header), place, Answer::Set(ack), notes).await
        }
        "277" => {
            let (ack, _) = read_277ca(set);
            answer(ctx, file, Some(header), place, Answer::Claims(ack), notes).await
        }
        "835" => {
            if remittance::receive(&ctx.db, &ctx.clock, ctx.actor, file, set).await? == Received::UnknownPayee {
                notes.push(format!("segment {}: the payee of the remittance is no practice that is set up", set.first_segment()));
            }
            Ok(())
        }
        kind => {
            notes.push(format!("segment {}: a {kind} is not taken in here", set.first_segment()));
            Ok(())
        }
    }
}

async fn answer(
    ctx: &JobContext,
    file: InboundFileId,
    header: Option<&InterchangeHeader>,
    place: u32,
    answer: Answer,
    notes: &mut Vec<String>,
) -> anyhow::Result<()> {
    let Some(submitter) = submitter_of(ctx, header).await? else {
        notes.push(format!("transaction {place}: it is for a submitter that is not set up"));
        return Ok(());
    };
    let now = ctx.clock.now();
    let named = transact!(ctx.db, |tx| {
        if !once(tx, &format!("acknowledgment:{file}:{place}"), now).await? {
            return Ok(Some(0));
        }
        Ok(acknowledgment::apply(tx, file, submitter, &answer, ctx.actor, now).await?)
    })?;
    if named.is_none() {
        notes.push(format!("transaction {place}: it answers nothing that was sent from here"));
    }
    Ok(())
}

/// The submitter whose identifiers stand on a partner's envelope, the other way round.
async fn submitter_of(ctx: &JobContext, header: Option<&InterchangeHeader>) -> Result<Option<SubmitterId>, DbError> {
    match header {
        Some(header) => submission::find_submitter(&mut &ctx.db, &header.receiver.id, &header.sender.id).await,
        None => Ok(None),
    }
}
