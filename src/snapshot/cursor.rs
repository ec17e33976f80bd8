//! A place in what a view of an event has shown over time, as clients keep it: the text of a [`Stamp`].

use std::fmt::{Display, Formatter, Result};
use std::str::FromStr;

use jiff::Timestamp;

use super::Stamp;

/// Up to where somebody has seen a view of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// The newest change that they have seen.
    pub revision: i64,
    /// Up to when they have seen embargoes end.
    pub embargoes: Seen,
}

/// Up to when somebody has seen embargoes end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seen {
    /// Up to this one; `None` is none of them.
    UpTo(Option<Timestamp>),
    /// Those that had ended when the newest change was written: a bare revision says no more.
    AtRevision,
}

impl From<Stamp> for Cursor {
    fn from(stamp: Stamp) -> Cursor {
        Cursor { revision: stamp.revision, embargoes: Seen::UpTo(stamp.released_at) }
    }
}

impl Display for Cursor {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self.embargoes {
            Seen::AtRevision => write!(formatter, "{}", self.revision),
            Seen::UpTo(None) => write!(formatter, "{}-0", self.revision),
            Seen::UpTo(Some(instant)) => write!(formatter, "{}-{}", self.revision, instant.as_microsecond()),
        }
    }
}

/// The text is not that of a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCursor;

impl FromStr for Cursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> std::result::Result<Cursor, NoCursor> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<i64>().map_err(|_| NoCursor) } else { Err(NoCursor) }
        };
        let Some((revision, instant)) = text.split_once('-') else {
            return Ok(Cursor { revision: number(text)?, embargoes: Seen::AtRevision });
        };
        let instant = match number(instant)? {
            0 => None,
            micros => Some(Timestamp::from_microsecond(micros).map_err(|_| NoCursor)?),
        };
        Ok(Cursor { revision: number(revision)?, embargoes: Seen::UpTo(instant) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for text in ["0", "17", "17-0", "17-1669968000123456"] {
            assert_eq!(text.parse::<Cursor>().unwrap().to_string(), text);
        }
        for text in
            ["", "-", "1-", "-1", "x", "1-x", "1-2-3", "+1", "1 ", "99999999999999999999", "1-999999999999999999"]
        {
            assert_eq!(text.parse::<Cursor>(), Err(NoCursor), "{text}");
        }
    }
}
