//! The clocks of a schedule: which zone its times are in, and when a session begins and ends.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::times::{self, Day, Moment};
use crate::content::Severity;
use crate::import::diagnostic::Place;
use crate::import::tally::Tally;
use crate::import::{Options, place};

/// The longest that a session may be.
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Which clocks a schedule goes by.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    /// The IANA name of the zone.
    pub(crate) name: String,
    pub(crate) zone: TimeZone,
    /// When a day changes, in minutes after midnight, where the schedule says it.
    pub(crate) day_change: Option<i32>,
    /// Whether durations of three numbers are hours, minutes and seconds.
    pub(crate) has_seconds: bool,
}

/// What tells the zone, the strongest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct ZoneClues<'a> {
    /// The name that the schedule gives.
    pub(crate) named: Option<&'a str>,
    /// The city that the schedule gives.
    pub(crate) city: Option<&'a str>,
    /// The offset of one of its dates.
    pub(crate) offset: Option<Offset>,
}

/// When and how a session is said to be, as texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told<'a> {
    pub(crate) date: Option<&'a str>,
    pub(crate) start: Option<&'a str>,
    pub(crate) duration: Option<&'a str>,
    pub(crate) end: Option<&'a str>,
}

impl Clock {
    /// Chooses the zone: the operator's, the schedule's, its city's, the offset of its dates, and at last UTC.
    pub(crate) fn choose(options: &Options, clues: &ZoneClues<'_>, place: &Place, tally: &mut Tally) -> Clock {
        let named = clues.named.map(str::trim).filter(|name| !name.is_empty());
        let known = named.and_then(times::zone_named);
        let mut tell = |severity, code, message: String| tally.add(severity, code, place.clone(), message);
        let name = if let Some(told) = &options.time_zone {
            if let Some(known) = known.filter(|known| known != told) {
                tell(
                    Severity::Info,
                    "time-zone",
                    format!("the schedule's zone is {known}; {told} was asked for and is used"),
                );
            }
            told.clone()
        } else if let Some(known) = known {
            known
        } else {
            if let Some(named) = named {
                tell(Severity::Warning, "time-zone", format!("“{named}” is no IANA time zone"));
            }
            if let Some(stored) = &options.known_zone {
                tell(
                    Severity::Info,
                    "no-time-zone",
                    format!("the schedule names no time zone; {stored} is the event's"),
                );
                return Clock::of(stored.clone());
            }
            let city = clues.city.and_then(place::city_in);
            let offset = clues.offset.and_then(times::zone_of_offset);
            let (name, from) = match (city, offset) {
                (Some(city), _) => (city.zone.to_owned(), "the city"),
                (None, Some(zone)) => (zone, "the offset of its dates"),
                (None, None) => ("UTC".to_owned(), "nothing, so its times are read as UTC"),
            };
            let message =
                format!("the schedule names no time zone; {name} was taken from {from}; say it with --time-zone");
            tell(Severity::Warning, "no-time-zone", message);
            name
        };
        Clock::of(name)
    }

    fn of(name: String) -> Clock {
        let zone = TimeZone::get(&name).unwrap_or(TimeZone::UTC);
        Clock { name, zone, day_change: None, has_seconds: false }
    }

    /// When a session begins and ends.
    pub(crate) fn span(
        &self,
        day: &Day,
        told: &Told<'_>,
        place: &Place,
        tally: &mut Tally,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let begins = self.begins(day, told, place, tally);
        let length = told.duration.and_then(|text| {
            let length = times::duration(text, self.has_seconds).filter(|length| *length <= LONGEST);
            if length.is_none() {
                tally.add(
                    Severity::Warning,
                    "duration",
                    place.clone(),
                    format!("“{text}” is no duration that can be read"),
                );
            }
            length
        });
        let until = told.end.and_then(times::moment).and_then(|end| times::instant(end, &self.zone));
        let ends = begins.and_then(|begins| match (until, length) {
            (Some(until), _) if until >= begins => Some(until),
            (_, Some(length)) => begins.checked_add(length).ok(),
            (Some(_), None) => {
                tally.add(
                    Severity::Warning,
                    "end-before-start",
                    place.clone(),
                    "a session ends before it begins; its end is left out",
                );
                None
            }
            (None, None) => None,
        });
        (begins, ends)
    }

    fn begins(&self, day: &Day, told: &Told<'_>, place: &Place, tally: &mut Tally) -> Option<Timestamp> {
        let start = told.start.and_then(times::clock);
        let moment = told.date.and_then(times::moment);
        if let (Some(text), None) = (told.date, moment) {
            tally.add(Severity::Warning, "date", place.clone(), format!("“{text}” is no date that can be read"));
        }
        // Some put a whole date into the start.
        let moment = match (moment, told.start.filter(|_| start.is_none())) {
            (None | Some(Moment::On(_)), Some(text)) => match times::moment(text) {
                Some(full) if !matches!(full, Moment::On(_)) => Some(full),
                _ => {
                    tally.add(
                        Severity::Warning,
                        "start",
                        place.clone(),
                        format!("“{text}” is no time that can be read"),
                    );
                    moment
                }
            },
            _ => moment,
        };
        match (moment, start) {
            (Some(exact @ (Moment::At(..) | Moment::Local(_))), _) => {
                let at = times::instant(exact, &self.zone)?;
                self.compare(at, start, place, tally);
                Some(at)
            }
            (Some(Moment::On(date)), Some(start)) => {
                let day = Day { date: Some(date), ..Day::default() };
                times::begin(&day, start, Some(0), &self.zone).map(|(at, _)| at)
            }
            (_, Some(start)) => {
                let (at, is_night) = times::begin(day, start, self.day_change, &self.zone)?;
                if is_night {
                    let message =
                        "a session without a date begins after midnight, and was put into the night after its day";
                    tally.add(Severity::Info, "after-midnight", place.clone(), message);
                }
                Some(at)
            }
            (Some(Moment::On(_)) | None, None) => None,
        }
    }

    /// The date with its clock is what counts; that the start says something else is told.
    fn compare(&self, at: Timestamp, start: Option<i32>, place: &Place, tally: &mut Tally) {
        let clock = self.zone.to_datetime(at);
        let shown = i32::from(clock.hour()) * 60 + i32::from(clock.minute());
        if start.is_some_and(|start| start % 1440 != shown) {
            let message = format!(
                "the date of a session is another time in {} than its start says; the date was taken",
                self.name
            );
            tally.add(Severity::Warning, "start-differs", place.clone(), message);
        }
    }
}
