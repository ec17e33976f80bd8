//! Identities from elsewhere: a UUID is taken as it is, and any other name of a record becomes one, always the same.
//!
//! So a record that comes again is found by what its source calls it, whatever else of it has changed.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::content::{Id, Kind};

/// The id that a source gives, if it is a UUID that can tell records apart.
pub(crate) fn given(guid: &str) -> Option<Id> {
    let uuid = Uuid::parse_str(guid.trim()).ok()?;
    (!uuid.is_nil() && !uuid.is_max()).then_some(Id(uuid))
}

/// The id of what a source calls `name`, in the event with this slug: a UUID of version 8, made by hashing.
pub(crate) fn derived(event: &str, kind: Kind, name: &str) -> Id {
    let mut hash = Sha256::new();
    for part in ["plenary", event, kind.name(), name] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Id(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// A new identity.
pub(crate) fn fresh(now: jiff::Timestamp) -> Id {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let part = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    Id(Uuid::new_v7(uuid::Timestamp::from_unix_time(seconds, part, 0, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_is_the_same_id() {
        let id = derived("e", Kind::Session, "17");
        assert_eq!(id, derived("e", Kind::Session, "17"));
        assert_ne!(id, derived("e", Kind::Session, "18"));
        assert_ne!(id, derived("f", Kind::Session, "17"));
        assert_ne!(id, derived("e", Kind::Room, "17"));
        assert_eq!(id.0.get_version_num(), 8);
        assert!(given("00000000-0000-0000-0000-000000000000").is_none());
        assert!(given("a1b2").is_none());
    }
}
