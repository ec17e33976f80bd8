//! What people are at an event: speakers, panelists, organizers, volunteers and committee members.

use sea_orm::entity::prelude::*;

/// A row of `participation`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
pub struct Model {
    /// The id of the item, in `item` too.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who it is.
    pub person_id: Uuid,
    /// The title before the name.
    pub honorific: Option<String>,
    /// The affiliation at the time.
    pub affiliation: Option<String>,
    /// The portrait; without a URL there is none.
    pub photo_url: Option<String>,
    /// What the portrait shows.
    pub photo_alt: Option<String>,
    /// Markdown.
    pub bio: Option<String>,
    /// The group within the role.
    pub group: Option<String>,
}

/// None: the store joins by hand.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
