//! JSON over plain HTTP: the addresses of the document of an event, its collections and their items.
//!
//! What is answered is made by `rest`; this finds out what is asked for.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use http::{HeaderValue, StatusCode};
use url::form_urlencoded;

use super::Api;
use super::answer::Made;
use super::public::{Refused, base_url, fingerprint, respond, shown, unreadable};
use crate::content::{Event, Id, Publication, Record};
use crate::reading::Reading;
use crate::rest::{
    self, Asked, Collection, Listed, Parameter, Refusal, Since, collection, document_fields, event_fields,
    release_fields,
};
use crate::snapshot::{Snapshot, View};

const JSON: &str = "application/json";

/// The addresses, which are also what requests are counted by.
pub(super) const EVENTS: &str = "/events.json";
pub(super) const LIST: &str = "/events/{event}/{list}";
pub(super) const ITEM: &str = "/events/{event}/{list}/{item}";
pub(super) const LIST_OF_RELEASE: &str = "/events/{event}/releases/{number}/{list}";
pub(super) const ITEM_OF_RELEASE: &str = "/events/{event}/releases/{number}/{list}/{item}";

/// What is asked about.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    Events,
    Of(Place<'a>, Part<'a>),
}

/// What is asked about in an event.
#[derive(Clone, Copy)]
enum Part<'a> {
    Releases,
    Document,
    List(&'static Collection),
    Item(&'static Collection, &'a str),
}

/// Where it is: in an event, or in one of its releases.
#[derive(Clone, Copy)]
struct Place<'a> {
    event: &'a str,
    release: Option<&'a str>,
}

type Names<T> = Result<Path<T>, PathRejection>;

/// The addresses.
pub(super) fn with_routes(router: Router<Arc<Api>>) -> Router<Arc<Api>> {
    router
        .route(EVENTS, get(events))
        .route(LIST, get(list))
        .route(ITEM, get(item))
        .route(LIST_OF_RELEASE, get(list_of_release))
        .route(ITEM_OF_RELEASE, get(item_of_release))
}

async fn events(State(api): State<Arc<Api>>, request: Request) -> Response {
    answer(&api, Wanted::Events, request).await
}

/// The document of an event, or of one of its releases.
pub(super) async fn document(api: &Api, event: &str, release: Option<&str>, request: Request) -> Response {
    of(api, Place { event, release }, Some(Part::Document), request).await
}

async fn list(State(api): State<Arc<Api>>, names: Names<(String, String)>, request: Request) -> Response {
    let Ok(Path((event, list))) = names else { return unreadable() };
    let part = list.strip_suffix(".json").and_then(|name| match name {
        "releases" => Some(Part::Releases),
        name => collection(name).map(Part::List),
    });
    of(&api, Place { event: &event, release: None }, part, request).await
}

async fn item(State(api): State<Arc<Api>>, names: Names<(String, String, String)>, request: Request) -> Response {
    let Ok(Path((event, list, item))) = names else { return unreadable() };
    of(&api, Place { event: &event, release: None }, Part::item(&list, &item), request).await
}

async fn list_of_release(
    State(api): State<Arc<Api>>,
    names: Names<(String, String, String)>,
    request: Request,
) -> Response {
    let Ok(Path((event, number, list))) = names else { return unreadable() };
    let part = list.strip_suffix(".json").and_then(collection).map(Part::List);
    of(&api, Place { event: &event, release: Some(&number) }, part, request).await
}

async fn item_of_release(
    State(api): State<Arc<Api>>,
    names: Names<(String, String, String, String)>,
    request: Request,
) -> Response {
    let Ok(Path((event, number, list, item))) = names else { return unreadable() };
    of(&api, Place { event: &event, release: Some(&number) }, Part::item(&list, &item), request).await
}

async fn of(api: &Api, place: Place<'_>, part: Option<Part<'_>>, request: Request) -> Response {
    match part {
        Some(part) => answer(api, Wanted::Of(place, part), request).await,
        None => {
            let detail = "there is nothing at this address; /openapi.json says what there is";
            Refused::not_found(detail).into()
        }
    }
}

impl<'a> Part<'a> {
    /// The item of a list that the last two names of an address mean.
    fn item(list: &str, item: &'a str) -> Option<Part<'a>> {
        Some(Part::Item(collection(list)?, item.strip_suffix(".json")?))
    }
}

impl Wanted<'_> {
    /// The parameters and the fields that may be asked for.
    fn knows(self) -> (&'static [Parameter], &'static [String]) {
        match self {
            Wanted::Events => (Parameter::OF_LISTS, event_fields()),
            Wanted::Of(_, Part::Releases) => (Parameter::OF_LISTS, release_fields()),
            Wanted::Of(_, Part::Document) => (Parameter::OF_ITEMS, document_fields()),
            Wanted::Of(Place { release: Some(_), .. }, Part::List(list)) => (Parameter::OF_RELEASES, list.fields()),
            Wanted::Of(_, Part::List(list)) => (Parameter::OF_LISTS, list.fields()),
            Wanted::Of(_, Part::Item(list, _)) => (Parameter::OF_ITEMS, list.fields()),
        }
    }
}

async fn answer(api: &Api, wanted: Wanted<'_>, request: Request) -> Response {
    let (head, _) = request.into_parts();
    let query: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes()).collect();
    let (parameters, fields) = wanted.knows();
    let asked = Asked::new(query.iter().map(|(name, value)| (&**name, &**value)), parameters, fields);
    let asked = asked.map_err(Refused::from).and_then(|asked| Ok((asked, base_url(api, &head)?)));
    let (asked, base_url) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into(),
    };
    let address = format!("{base_url}{}", head.uri.path());
    let key = fingerprint(&["json", &address, &asked.canonical()]);
    let make = async |reading: &Reading| match wanted {
        Wanted::Events => all_events(reading, &asked, &address),
        Wanted::Of(place, part) => of_event(reading, place, part, &asked, &address).await,
    };
    respond(api, &head.headers, key, JSON, make).await
}

fn all_events(reading: &Reading, asked: &Asked, address: &str) -> Result<Made, Refused> {
    let events = reading.events(View::Public)?;
    let records = events.iter().map(|header| Record::Event(header.event.clone())).collect();
    let listed = rest::list(records, asked, &Since::Records, |_| None, next(asked, address))?;
    // When an event leaves the list, nothing is left that could date that.
    Ok(paged(listed, None, asked, address))
}

async fn of_event(
    reading: &Reading,
    place: Place<'_>,
    part: Part<'_>,
    asked: &Asked,
    address: &str,
) -> Result<Made, Refused> {
    let snapshot = shown(reading, place.event, place.release).await?;
    // What is shown of a release may lose something that is hidden now.
    let dating = if place.release.is_some() { shown(reading, place.event, None).await? } else { snapshot.clone() };
    let person = |id: Id| snapshot.person(id).cloned();
    let made = |records, since: &Since| {
        let listed = rest::list(records, asked, since, person, next(asked, address))?;
        Ok(paged(listed, Some(&dating), asked, address))
    };
    match part {
        Part::Document => Ok(Made::of_event(rest::document(snapshot.document(), asked), &dating)),
        Part::List(list) => {
            let since = since(reading, &snapshot, asked).await?;
            made(list.records(snapshot.document()), &since)
        }
        Part::Releases => {
            let releases = snapshot.releases().iter().cloned().map(Record::Release).collect();
            made(releases, &Since::Records)
        }
        Part::Item(list, key) => {
            let missing = || Refused::not_found(format!("there is no such item in {}", list.name));
            let record = list.find(&snapshot, key).ok_or_else(missing)?;
            Ok(Made::of_event(rest::item(&record, asked, person), &dating))
        }
    }
}

/// What the public saw of an event at the instant from which on changes are asked for.
async fn since(reading: &Reading, snapshot: &Snapshot, asked: &Asked) -> Result<Since, Refused> {
    let event: &Event = snapshot.event();
    let Some(instant) = asked.updated_since.filter(|_| event.publication == Publication::Released) else {
        return Ok(Since::Records);
    };
    let Some(release) = snapshot.releases().iter().rev().find(|release| release.at < instant) else {
        return Ok(Since::Nothing);
    };
    let seen = reading.release(event.id, View::Public, release.number).await?;
    Ok(seen.map_or(Since::Nothing, Since::Seen))
}

/// The address of the page after an item.
fn next(asked: &Asked, address: &str) -> impl Fn(Id) -> String {
    let same = same_but_place(asked);
    move |last| {
        let separator = if same.is_empty() { "" } else { "&" };
        format!("{address}?{same}{separator}after={last}")
    }
}

/// The query for pages of the same list, without where they begin.
fn same_but_place(asked: &Asked) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if asked.limit != rest::DEFAULT_LIMIT {
        query.append_pair("limit", &asked.limit.to_string());
    }
    if let Some(fields) = &asked.fields {
        query.append_pair("fields", &fields.join(","));
    }
    if let Some(instant) = asked.updated_since {
        query.append_pair("updatedSince", &instant.to_string());
    }
    query.finish()
}

fn paged(listed: Listed, dating: Option<&Snapshot>, asked: &Asked, address: &str) -> Made {
    let same = same_but_place(asked);
    let first = if same.is_empty() { address.to_owned() } else { format!("{address}?{same}") };
    let mut links = format!("<{first}>; rel=\"first\"");
    if let Some(next) = &listed.next {
        links = format!("<{next}>; rel=\"next\", {links}");
    }
    let modified_at = dating.map(Snapshot::changed_at);
    Made { body: listed.body, modified_at, links: HeaderValue::try_from(links).ok() }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Refused {
        match refusal {
            Refusal::NotFound(detail) => Refused::not_found(detail),
            Refusal::BadRequest(detail) => Refused::new(StatusCode::BAD_REQUEST, detail),
        }
    }
}
