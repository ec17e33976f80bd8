//! Invitations to be a member of an event: each is good for one use.

use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::members::set_role;
use super::{Invitation, Membership, NewUser, User, users, word};
use crate::access::Role;
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::Origin;
use crate::store::{Store, bulk};
use entity::invitation::{Column, Entity, Model};

/// The most invitations that wait for an answer at one event.
const MAX_OPEN: u64 = 200;

/// An invitation that is to be.
#[derive(Debug)]
pub struct NewInvitation {
    /// The event.
    pub event: Id,
    /// Who is invited, in lower case.
    pub email: String,
    /// What they are to be.
    pub role: Role,
    /// The hash of its token.
    pub hash: String,
    /// Who invites.
    pub invited_by: Option<Id>,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Who accepts an invitation.
#[derive(Debug)]
pub enum Guest {
    /// A user who has signed in.
    User(Id),
    /// Somebody who makes an account with it.
    New(NewUser),
}

impl Store {
    /// Adds an invitation, in the place of an open one to the same address; `None` when too many are open.
    pub async fn add_invitation(&self, new: NewInvitation, now: Timestamp) -> Result<Option<Invitation>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        Entity::delete_many()
            .filter(Column::EventId.eq(new.event.0))
            .filter(Column::Email.eq(new.email.clone()))
            .filter(Column::AcceptedAt.is_null())
            .exec(&transaction)
            .await?;
        let open = Entity::find().filter(Column::EventId.eq(new.event.0)).filter(Column::AcceptedAt.is_null());
        if open.filter(Column::ExpiresAt.gt(now.as_microsecond())).count(&transaction).await? >= MAX_OPEN {
            return Ok(None);
        }
        let row = Model {
            id: Uuid::now_v7(),
            event_id: new.event.0,
            email: new.email,
            role: word(new.role),
            hash: new.hash,
            invited_by: new.invited_by.map(|id| id.0),
            created_at: now.as_microsecond(),
            expires_at: new.expires_at.as_microsecond(),
            accepted_at: None,
        };
        bulk::insert::<Entity>(&transaction, vec![row.clone()]).await?;
        transaction.commit().await?;
        from_row(row).map(Some)
    }

    /// The invitations of an event that wait for an answer, the newest first.
    pub async fn open_invitations(&self, event: Id, now: Timestamp) -> Result<Vec<Invitation>, Error> {
        let rows = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::AcceptedAt.is_null());
        let rows = rows.filter(Column::ExpiresAt.gt(now.as_microsecond())).order_by_desc(Column::Id);
        rows.all(&self.readers).await?.into_iter().map(from_row).collect()
    }

    /// The invitation with this hash, while it can be accepted.
    pub async fn open_invitation(&self, hash: &str, now: Timestamp) -> Result<Option<Invitation>, Error> {
        let row = Entity::find().filter(Column::Hash.eq(hash)).one(&self.readers).await?;
        row.filter(|row| is_open(row, now)).map(from_row).transpose()
    }

    /// Takes an invitation of an event back; answers whether there was one.
    pub async fn withdraw_invitation(&self, event: Id, id: Id) -> Result<bool, Error> {
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(id.0))
            .filter(Column::EventId.eq(event.0))
            .filter(Column::AcceptedAt.is_null())
            .exec(&self.writer)
            .await?;
        Ok(gone.rows_affected > 0)
    }

    /// Accepts an invitation: answers who is a member of which event now, or `None` when it can't be accepted (any
    /// more), or when somebody who makes an account has an address that is taken.
    pub async fn accept_invitation(
        &self,
        hash: &str,
        guest: Guest,
        now: Timestamp,
    ) -> Result<Option<(Invitation, User)>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let row = Entity::find().filter(Column::Hash.eq(hash)).lock_exclusive().one(&transaction).await?;
        let Some(row) = row.filter(|row| is_open(row, now)) else { return Ok(None) };
        let user = match guest {
            Guest::User(id) => {
                let user = entity::user::Entity::find_by_id(id.0).one(&transaction).await?;
                user.map(users::from_row).transpose()?
            }
            Guest::New(user) => users::insert(&transaction, user, now).await?,
        };
        let Some(user) = user.filter(|user| user.active && user.email == row.email) else { return Ok(None) };
        let event = Id(row.event_id);
        let invitation = from_row(row)?;
        // An owner who is invited to be less stays what they are when they are the last one.
        let _: Membership = set_role(&transaction, event, user.id, invitation.role, now).await?;
        Entity::update_many()
            .col_expr(Column::AcceptedAt, Expr::value(now.as_microsecond()))
            .filter(Column::Id.eq(invitation.id.0))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(Some((invitation, user)))
    }
}

fn is_open(row: &Model, now: Timestamp) -> bool {
    row.accepted_at.is_none() && row.expires_at > now.as_microsecond()
}

fn from_row(row: Model) -> Result<Invitation, Error> {
    let origin = Origin::new("invitation", row.id);
    Ok(Invitation {
        id: Id(row.id),
        event: Id(row.event_id),
        email: row.email,
        role: origin.word(row.role)?,
        invited_by: row.invited_by.map(Id),
        created_at: origin.instant(row.created_at)?,
        expires_at: origin.instant(row.expires_at)?,
        accepted_at: origin.optional_instant(row.accepted_at)?,
    })
}
