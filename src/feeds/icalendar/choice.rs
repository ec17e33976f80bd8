//! Which sessions a calendar is asked for: those of a track, a room or a person, or a list picked by hand.

use crate::content::{Id, Kind, Record, Role, Session, Withdrawn};
use crate::feeds::{Options, Refusal, Source, text};

/// How many sessions may be picked by hand.
const MAX_PICKED: usize = 100;

/// What a session must have to be in the calendar.
#[derive(Default)]
pub(super) struct Choice {
    /// The track, the room and the person that were asked for, all of which it must have.
    wanted: Vec<Wanted>,
    /// The sessions that were picked.
    picked: Option<Vec<Id>>,
}

struct Wanted {
    id: Id,
    /// What it is called.
    name: String,
    /// The parameter that asked for it.
    parameter: &'static str,
}

impl Choice {
    pub(super) fn new(source: &Source<'_>, options: &Options) -> Result<Choice, Refusal> {
        let mut choice = Choice::default();
        for (parameter, find) in FINDERS {
            let Some(value) = options.get(parameter) else { continue };
            let missing = || Refusal::NotFound(format!("the event has no such {parameter}"));
            let (id, name) = find(source, value).ok_or_else(missing)?;
            choice.wanted.push(Wanted { id, name: text::line(&name), parameter });
        }
        choice.picked = options.get("sessions").map(|list| picked(source, list)).transpose()?;
        Ok(choice)
    }

    /// Whether a session is to be in the calendar.
    pub(super) fn has(&self, session: &Session) -> bool {
        let id_of = |wanted: &Wanted| match wanted.parameter {
            "track" => session.track == Some(wanted.id),
            "room" => session.room == Some(wanted.id),
            _ => session.people.iter().any(|person| person.person == wanted.id),
        };
        self.wanted.iter().all(id_of) && self.picks(session.head.id)
    }

    /// Whether a withdrawn session was in this choice of the schedule.
    pub(super) fn had(&self, withdrawn: &Withdrawn) -> bool {
        self.wanted.iter().all(|wanted| withdrawn.calendars.contains(&wanted.id)) && self.picks(withdrawn.item)
    }

    fn picks(&self, session: Id) -> bool {
        self.picked.as_ref().is_none_or(|picked| picked.contains(&session))
    }

    /// Refuses a list of which nothing is there.
    pub(super) fn found(&self, nothing: bool) -> Result<(), Refusal> {
        if nothing && self.picked.is_some() {
            return Err(Refusal::NotFound("none of these sessions is in the schedule".to_owned()));
        }
        Ok(())
    }

    /// What the calendar is called.
    pub(super) fn title(&self, event: &str) -> String {
        let names = self.wanted.iter().map(|wanted| wanted.name.as_str());
        let names = names.chain(self.picked.is_some().then_some("selected sessions"));
        names.fold(event.to_owned(), |title, name| format!("{title}: {name}"))
    }

    /// What makes the identity of the calendar another than that of the whole schedule.
    pub(super) fn suffix(&self) -> String {
        let mut suffix = String::new();
        for wanted in &self.wanted {
            suffix.push_str(&format!("-{}", wanted.id));
        }
        for picked in self.picked.iter().flatten() {
            suffix.push_str(&format!("-{picked}"));
        }
        suffix
    }
}

type Finder = fn(&Source<'_>, &str) -> Option<(Id, String)>;

const FINDERS: [(&str, Finder); 3] = [("track", track), ("room", room), ("person", person)];

fn track(source: &Source<'_>, slug: &str) -> Option<(Id, String)> {
    let by_id = slug.parse().ok().and_then(|id| source.snapshot.track(id)).cloned().map(Record::Track);
    match by_id.or_else(|| source.snapshot.by_slug(Kind::Track, slug))? {
        Record::Track(track) => Some((track.head.id, track.name.clone())),
        _ => None,
    }
}

fn room(source: &Source<'_>, slug: &str) -> Option<(Id, String)> {
    let by_id = slug.parse().ok().and_then(|id| source.snapshot.room(id)).cloned().map(Record::Room);
    match by_id.or_else(|| source.snapshot.by_slug(Kind::Room, slug))? {
        Record::Room(room) => Some((room.head.id, room.name.clone())),
        _ => None,
    }
}

fn person(source: &Source<'_>, name: &str) -> Option<(Id, String)> {
    let snapshot = source.snapshot;
    let of = |record: Option<Record>| match record {
        Some(Record::Participation(participation)) => Some(participation.person),
        Some(Record::Person(person)) => Some(person.id),
        _ => None,
    };
    let id: Id = match name.parse().ok() {
        Some(id) => of(snapshot.record(id))?,
        None => Role::ALL.into_iter().find_map(|role| of(snapshot.by_slug(role.kind(), name)))?,
    };
    snapshot.person(id).map(|person| (person.id, person.name.clone()))
}

/// The sessions of a list. One that is not there is left out: it may have been withdrawn since the list was made.
fn picked(source: &Source<'_>, list: &str) -> Result<Vec<Id>, Refusal> {
    let bad = |message: String| Refusal::BadParameter { name: "sessions", message };
    let names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() || names.len() > MAX_PICKED {
        return Err(bad(format!("name 1 to {MAX_PICKED} sessions")));
    }
    let id = |name: &&str| {
        let by_slug = || source.snapshot.by_slug(Kind::Session, name).map(|session| session.id());
        name.parse().ok().or_else(by_slug)
    };
    let mut picked: Vec<Id> = names.iter().filter_map(id).collect();
    picked.sort_unstable();
    picked.dedup();
    Ok(picked)
}

/// Whether every instant is wanted in UTC.
pub(super) fn is_utc(options: &Options) -> Result<bool, Refusal> {
    match options.get("tz").map(str::to_ascii_lowercase).as_deref() {
        None | Some("local") => Ok(false),
        Some("utc") => Ok(true),
        Some(_) => Err(Refusal::BadParameter { name: "tz", message: "say utc or local".to_owned() }),
    }
}

/// Whether something is asked for.
pub(super) fn flag(options: &Options, name: &'static str) -> Result<bool, Refusal> {
    match options.get(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1" | "") => Ok(true),
        Some(_) => Err(Refusal::BadParameter { name, message: "say true or false".to_owned() }),
    }
}
