//! Participations as rows: one table for five kinds; the kind in the head tells the role.

use entity::participation;
use serde::de::Error as _;
use uuid::Uuid;

use super::{Item, Origin, image, image_columns};
use crate::content::{Head, Id, Kind, Markdown, Participation};
use crate::error::Error;

impl Item for Participation {
    type Table = participation::Entity;

    const KINDS: &'static [Kind] =
        &[Kind::Speaker, Kind::Panelist, Kind::Organizer, Kind::Volunteer, Kind::CommitteeMember];

    fn from_row(kind: Kind, head: Head, row: participation::Model) -> Result<Self, Error> {
        let Some(role) = kind.role() else {
            let message = format!("{} is no role", kind.name());
            return Err(Origin::new("participation", row.id).corrupt(serde_json::Error::custom(message)));
        };
        Ok(Participation {
            head,
            role,
            person: Id(row.person_id),
            honorific: row.honorific,
            affiliation: row.affiliation,
            photo: image(row.photo_url, row.photo_alt),
            bio: row.bio.map(Markdown),
            group: row.group,
        })
    }

    fn to_row(&self) -> participation::Model {
        let (photo_url, photo_alt) = image_columns(self.photo.as_ref());
        participation::Model {
            id: self.head.id.0,
            person_id: self.person.0,
            honorific: self.honorific.clone(),
            affiliation: self.affiliation.clone(),
            photo_url,
            photo_alt,
            bio: self.bio.clone().map(|text| text.0),
            group: self.group.clone(),
        }
    }

    fn id(row: &participation::Model) -> Uuid {
        row.id
    }
}
