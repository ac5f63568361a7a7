//! Whose screens: the practice of a request for a page, and links that stay with it.

use askama::Template;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Reach, Server, render};
use crate::http::Error;
use crate::http::page::Cursor;
use crate::platform::ids::{ClaimId, PracticeId};
use crate::practice::model::{Practice, Stored};
use crate::practice::store;
use crate::revenue_cycle::claim::ClaimState;

/// The practice whose pages are shown: the one that the query names, or the only one.
#[derive(Clone, Debug)]
pub(super) struct Office {
    /// Key.
    pub id: PracticeId,
    /// Its name.
    pub name: String,
    /// Whose days its screens show.
    pub zone: TimeZone,
    /// Its code, where links have to name it.
    code: Option<String>,
}

impl Office {
    fn new(practice: &Stored<PracticeId, Practice>, code: Option<String>) -> Office {
        Office { id: practice.id, name: practice.name.as_str().to_owned(), zone: practice.time_zone.clone(), code }
    }

    /// The address of the claims: of a state, from a cursor on.
    pub fn claims(&self, state: Option<ClaimState>, cursor: Option<&str>) -> String {
        self.link("/claims", &[("state", state.map(ClaimState::code)), ("cursor", cursor)])
    }

    /// The address of one claim.
    pub fn claim(&self, id: ClaimId) -> String {
        self.link(&format!("/claims/{id}"), &[])
    }

    /// Codes of practices, codes of states and cursors are plain ASCII: nothing to escape.
    fn link(&self, path: &str, parameters: &[(&str, Option<&str>)]) -> String {
        let mut link = path.to_owned();
        for (name, value) in [("practice", self.code.as_deref())].iter().chain(parameters) {
            if let Some(value) = value {
                link.push(if link.contains('?') { '&' } else { '?' });
                link.push_str(&format!("{name}={value}"));
            }
        }
        link
    }
}

#[derive(Deserialize)]
struct Named {
    practice: Option<String>,
}

impl FromRequestParts<Server> for Office {
    /// An error, or the page that asks which practice is meant.
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Office, Response> {
        if server.reach == Reach::Network {
            let why = "the screens have no login yet and are shut where other machines can reach them";
            return Err(Error::Forbidden(why).into_response());
        }
        let named = Query::<Named>::from_request_parts(parts, server).await.ok().and_then(|Query(named)| named.practice);
        find(server, named).await.map_err(Error::into_response)?
    }
}

async fn find(server: &Server, named: Option<String>) -> Result<Result<Office, Response>, Error> {
    let db = &mut &server.db;
    if let Some(code) = named {
        let practice = store::practice_by_code(db, &code).await?.ok_or(Error::NotFound)?;
        return Ok(Ok(Office::new(&practice, Some(code))));
    }
    if let Some(practice) = store::the_only_practice(db).await? {
        return Ok(Ok(Office::new(&practice, None)));
    }
    let practices = store::practices(db).await?;
    let choices = practices.iter().map(|practice| Office::new(practice, Some(practice.code.as_str().to_owned()))).collect();
    Ok(Err(render(&ChoosePage { choices })?))
}

#[derive(Template)]
#[template(path = "choose.html")]
struct ChoosePage {
    choices: Vec<Office>,
}

/// A cursor from a query.
pub(super) fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Error> {
    text.map(str::parse).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_the_practice_where_it_was_named() {
        let office = |code: Option<&str>| Office {
            id: PracticeId(1),
            name: "Oak Hill".to_owned(),
            zone: TimeZone::UTC,
            code: code.map(str::to_owned),
        };
        assert_eq!(office(None).claims(None, None), "/claims");
        assert_eq!(office(None).claims(Some(ClaimState::Held), Some("a1")), "/claims?state=held&cursor=a1");
        assert_eq!(office(Some("oak-hill")).claims(Some(ClaimState::Held), None), "/claims?practice=oak-hill&state=held");
        assert_eq!(office(Some("oak-hill")).claim(ClaimId(7)), "/claims/7?practice=oak-hill");
    }
}
