//! What users are at events. An event that has owners never loses its last one through a change of its members.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Member, Membership, User, users, word};
use crate::access::{Editor, Right, Role};
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::Origin;
use crate::store::{Store, bulk};
use entity::member::{Column, Entity, Model};

impl Store {
    /// The members of an event: owners, then editors, then reviewers, each by name.
    pub async fn members(&self, event: Id) -> Result<Vec<Member>, Error> {
        let rows = Entity::find().filter(Column::EventId.eq(event.0)).all(&self.readers).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.user_id).collect();
        let found = bulk::find::<entity::user::Entity, _>(&self.readers, entity::user::Column::Id, &ids).await?;
        let mut users: HashMap<_, User> =
            found.into_iter().map(|row| Ok((row.id, users::from_row(row)?))).collect::<Result<_, Error>>()?;
        let mut members = Vec::with_capacity(rows.len());
        for row in rows {
            // Between the two queries an account may have gone.
            let Some(user) = users.remove(&row.user_id) else { continue };
            let origin = Origin::new("member", row.user_id);
            members.push(Member { user, role: origin.word(row.role)?, since: origin.instant(row.created_at)? });
        }
        members.sort_by(|a, b| (b.role, &a.user.name, a.user.id).cmp(&(a.role, &b.user.name, b.user.id)));
        Ok(members)
    }

    /// Makes a user a member of an event, or gives a member another role.
    pub async fn add_member(&self, event: Id, user: Id, role: Role, now: Timestamp) -> Result<Membership, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let done = set_role(&transaction, event, user, role, now).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// Gives a member another role.
    pub async fn change_member_role(
        &self,
        event: Id,
        user: Id,
        role: Role,
        now: Timestamp,
    ) -> Result<Membership, Error> {
        let transaction = self.begin_write_beside_log().await?;
        // Locked, so that somebody who is removed at this moment does not come back; after the owners, as everywhere.
        owners(&transaction, event).await?;
        let member = Entity::find_by_id((event.0, user.0)).lock_exclusive().one(&transaction).await?;
        if member.is_none() {
            return Ok(Membership::NotThere);
        }
        let done = set_role(&transaction, event, user, role, now).await?;
        if done == Membership::Done && !role.has(Right::Manage) {
            withdraw_invitations(&transaction, event, user).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }

    /// Removes a member from an event.
    pub async fn remove_member(&self, event: Id, user: Id) -> Result<Membership, Error> {
        let transaction = self.begin_write_beside_log().await?;
        if is_last_owner(&transaction, event, user).await? {
            return Ok(Membership::LastOwner);
        }
        let removed = Entity::delete_by_id((event.0, user.0)).exec(&transaction).await?.rows_affected;
        withdraw_invitations(&transaction, event, user).await?;
        transaction.commit().await?;
        Ok(if removed == 0 { Membership::NotThere } else { Membership::Done })
    }
}

/// Makes whoever creates an event its first owner, in the transaction that creates it. The operator owns nothing.
pub(in crate::store) async fn make_owner(
    db: &impl ConnectionTrait,
    editor: &Editor,
    event: Id,
    now: Timestamp,
) -> Result<(), Error> {
    match editor.user() {
        Some(user) => set_role(db, event, user, Role::Owner, now).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Writes a role within a transaction, unless that takes the last owner away.
pub(super) async fn set_role(
    db: &impl ConnectionTrait,
    event: Id,
    user: Id,
    role: Role,
    now: Timestamp,
) -> Result<Membership, Error> {
    if role != Role::Owner && is_last_owner(db, event, user).await? {
        return Ok(Membership::LastOwner);
    }
    let before = Entity::find_by_id((event.0, user.0)).one(db).await?;
    let now = now.as_microsecond();
    let created_at = before.map_or(now, |row| row.created_at);
    let row = Model { event_id: event.0, user_id: user.0, role: word(role), created_at, updated_at: now };
    bulk::put::<Entity>(db, vec![row]).await?;
    Ok(Membership::Done)
}

/// Ends the open invitations of somebody who may not invite any more: nobody leaves a door open behind them.
async fn withdraw_invitations(db: &impl ConnectionTrait, event: Id, user: Id) -> Result<(), Error> {
    use entity::invitation::{Column, Entity};
    Entity::delete_many()
        .filter(Column::EventId.eq(event.0))
        .filter(Column::InvitedBy.eq(user.0))
        .filter(Column::AcceptedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Whether this user is the only owner.
async fn is_last_owner(db: &impl ConnectionTrait, event: Id, user: Id) -> Result<bool, Error> {
    Ok(matches!(owners(db, event).await?.as_slice(), [only] if only.user_id == user.0))
}

/// The owners of an event. They stay locked, so that two can't remove each other.
async fn owners(db: &impl ConnectionTrait, event: Id) -> Result<Vec<Model>, Error> {
    let owners = Entity::find().filter(Column::EventId.eq(event.0)).filter(Column::Role.eq(word(Role::Owner)));
    Ok(owners.order_by_asc(Column::UserId).lock_exclusive().all(db).await?)
}
