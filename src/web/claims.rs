//! The page of claims: a filter by state with counts, the list, and what to do when it is empty.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;

use super::office::{Office, cursor};
use super::words::{ClockWords, StateWords, dollars, number};
use super::{Server, render};
use crate::http::Error;
use crate::http::input::Params;
use crate::http::page::PAGE_USUAL;
use crate::platform::money::Money;
use crate::revenue_cycle::claim::ClaimState;
use crate::revenue_cycle::claim::api::{page, read_state};
use crate::revenue_cycle::claim::store::{self, ClaimListRow};

/// What the page may be asked for; [`Office`] reads the practice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(rename = "practice")]
    _practice: Option<String>,
    state: Option<String>,
    cursor: Option<String>,
}

/// One state, or all, as a choice above the list.
struct Filter {
    label: &'static str,
    count: String,
    link: String,
    is_current: bool,
}

/// One claim of the list.
struct Row {
    link: String,
    date: String,
    child: String,
    payer: String,
    number: String,
    charge: String,
    paid: String,
    state: StateWords,
    clock: Option<ClockWords>,
}

#[derive(Template)]
#[template(path = "claims.html")]
struct ClaimsPage {
    office: Office,
    filters: Vec<Filter>,
    chosen: Option<StateWords>,
    count: String,
    charged: String,
    paid: String,
    is_first: bool,
    first: String,
    rows: Vec<Row>,
    next: Option<String>,
}

/// `GET /claims`.
pub(super) async fn show(State(server): State<Server>, office: Office, Params(asked): Params<Asked>) -> Result<Response, Error> {
    let state = asked.state.as_deref().map(read_state).transpose()?;
    let after = cursor(asked.cursor.as_deref())?;
    let db = &mut &server.db;
    let today = server.clock.today(&office.zone);
    let page = page(db, office.id, state, after, PAGE_USUAL).await?;
    let counts = store::counts(db, office.id).await?;
    let in_sight = counts.iter().filter(|(code, ..)| state.is_none_or(|state| state.code() == code));
    let (mut count, mut charged, mut paid) = (0, Money::ZERO, Money::ZERO);
    for (_, claims, asked_for, received) in in_sight {
        count += claims;
        charged += *asked_for;
        paid += *received;
    }
    render(&ClaimsPage {
        filters: filters(&office, &counts, state),
        chosen: state.map(StateWords::of),
        count: number(count),
        charged: dollars(charged),
        paid: dollars(paid),
        is_first: after.is_none(),
        first: office.claims(state, None),
        next: page.next.as_deref().map(|next| office.claims(state, Some(next))),
        rows: page.items.iter().map(|row| self::row(&office, row, today)).collect(),
        office,
    })
}

/// All claims, then each state that has some, in the order of a claim's life; the chosen one even when it has none.
fn filters(office: &Office, counts: &[(String, i64, Money, Money)], chosen: Option<ClaimState>) -> Vec<Filter> {
    let count_of = |state: ClaimState| counts.iter().find(|(code, ..)| *code == state.code()).map_or(0, |(_, claims, ..)| *claims);
    let all = Filter {
        label: "All",
        count: number(counts.iter().map(|(_, claims, ..)| claims).sum()),
        link: office.claims(None, None),
        is_current: chosen.is_none(),
    };
    let present = ClaimState::ALL.iter().copied().filter(|state| count_of(*state) > 0 || chosen == Some(*state));
    let one = |state: ClaimState| Filter {
        label: StateWords::of(state).label,
        count: number(count_of(state)),
        link: office.claims(Some(state), None),
        is_current: chosen == Some(state),
    };
    std::iter::once(all).chain(present.map(one)).collect()
}

fn row(office: &Office, row: &ClaimListRow, today: Date) -> Row {
    Row {
        link: office.claim(row.id),
        date: row.service_date.to_string(),
        child: format!("{}, {}", row.last_name.reveal(), row.first_name.reveal()),
        payer: row.payer_name.clone(),
        number: row.pcn.clone(),
        charge: dollars(row.charge_cents),
        paid: dollars(row.paid_cents),
        state: StateWords::of_code(&row.state),
        clock: row.clock(today).map(ClockWords::of),
    }
}
