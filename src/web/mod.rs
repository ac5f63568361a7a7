//! The biller's screens: pages rendered here, without a script, for people at this machine.
//!
//! Takes a request for a page, with `?practice=CODE` where the database holds several; gives HTML. Two pages: the claims (`claims`) and one
//! claim with its story (`claim`). PHI stands on these pages; besides, the program shows it only where it is asked to (`edi … --show-phi`,
//! `edi validate --999`). There is no login in this release, so the screens are open only where the server is its own machine's ([`Reach::ThisMachine`]), and a banner says so.
//!
//! Templates: `src/web/templates`, checked when compiled. Words for codes: [`words`]. Test: `tests/suite/web.rs`.

mod claim;
mod claims;
mod office;
pub mod words;

use askama::Template;
use axum::Router;
use axum::extract::RawQuery;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::http::{Error, Reach, Server};

/// The one style sheet.
const STYLE: &str = include_str!("style.css");

/// Addresses that belong to programs: what goes wrong there is told as JSON.
const PROGRAMS: [&str; 4] = ["/api/", "/healthz", "/readyz", "/openapi.json"];

/// The pages and their style sheet.
pub(crate) fn routes() -> Router<Server> {
    Router::new()
        .route("/", get(home))
        .route("/claims", get(claims::show))
        .route("/claims/{id}", get(claim::show))
        .route("/style.css", get(style))
}

/// The claims are where a day begins.
async fn home(RawQuery(query): RawQuery) -> Redirect {
    Redirect::to(&query.map_or_else(|| "/claims".to_owned(), |query| format!("/claims?{query}")))
}

async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=300")], STYLE)
}

/// Whether a person asked, who gets errors as pages.
pub(crate) fn is_page(path: &str) -> bool {
    !PROGRAMS.iter().any(|program| path.starts_with(program))
}

/// What went wrong, as a page.
pub(crate) fn error_page(error: &Error, request_id: &str) -> Response {
    let (status, _) = error.kind();
    let page = ErrorPage { title: words::error_title(status.as_u16()), message: words::capitalized(error.to_string()), request_id };
    render(&page).unwrap_or_else(|_| page.message.into_response())
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    message: String,
    request_id: &'a str,
}

fn render(page: &impl Template) -> Result<Response, Error> {
    match page.render() {
        Ok(html) => Ok(Html(html).into_response()),
        Err(error) => Err(Error::Inside(error.into())),
    }
}
