//! Users, and everything that ends what they signed in with.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{NewUser, PasswordHash, User};
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::Origin;
use crate::store::{Store, bulk};
use entity::user::{Column, Entity, Model};

impl Store {
    /// Adds a user; `None` when somebody has the address already.
    pub async fn add_user(&self, new: NewUser, now: Timestamp) -> Result<Option<User>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let Some(user) = insert(&transaction, new, now).await? else { return Ok(None) };
        transaction.commit().await?;
        Ok(Some(user))
    }

    /// All users, by address.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        Entity::find().order_by_asc(Column::Email).all(&self.readers).await?.into_iter().map(from_row).collect()
    }

    /// The user with this id.
    pub async fn user(&self, id: Id) -> Result<Option<User>, Error> {
        Entity::find_by_id(id.0).one(&self.readers).await?.map(from_row).transpose()
    }

    /// The user with this address, in lower case.
    pub async fn user_with_email(&self, email: &str) -> Result<Option<User>, Error> {
        with_email(&self.readers, email).await?.map(from_row).transpose()
    }

    /// The user with this address and the hash of their password, for what checks passwords.
    pub async fn password_of(&self, email: &str) -> Result<Option<(User, Option<PasswordHash>)>, Error> {
        let Some(mut row) = with_email(&self.readers, email).await? else { return Ok(None) };
        let hash = row.password_hash.take().map(PasswordHash);
        Ok(Some((from_row(row)?, hash)))
    }

    /// Puts a new hash of the same password in the place of an old one, if it is still that.
    pub async fn rehash_password(&self, user: Id, old: &PasswordHash, new: PasswordHash) -> Result<(), Error> {
        Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(new.0))
            .filter(Column::Id.eq(user.0))
            .filter(Column::PasswordHash.eq(old.0.clone()))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives a user another password and ends everything that they have signed in with: all sessions, and unless
    /// `keep_tokens` all personal access tokens. Answers the user afterwards; `None`, and nothing is done, when the password
    /// is not `old` any more.
    pub async fn set_password(
        &self,
        user: Id,
        old: Option<&PasswordHash>,
        password: PasswordHash,
        keep_tokens: bool,
        now: Timestamp,
    ) -> Result<Option<User>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let is_old = old.map(|old| Column::PasswordHash.eq(old.0.clone()));
        let which = Condition::all().add(Column::Id.eq(user.0)).add_option(is_old);
        let change = Entity::update_many().col_expr(Column::PasswordHash, Expr::value(password.0));
        if change.filter(which).exec(&transaction).await?.rows_affected == 0 {
            return Ok(None);
        }
        end_everything(&transaction, user, keep_tokens, now).await?;
        let row = Entity::find_by_id(user.0).one(&transaction).await?;
        transaction.commit().await?;
        row.map(from_row).transpose()
    }

    /// Lets a user sign in, or does so no more, which ends everything that they have signed in with, and the invitations
    /// that they have made.
    pub async fn set_active(&self, user: Id, active: bool, now: Timestamp) -> Result<(), Error> {
        let transaction = self.begin_write_beside_log().await?;
        let change = Entity::update_many().col_expr(Column::Active, Expr::value(active));
        change.filter(Column::Id.eq(user.0)).exec(&transaction).await?;
        if !active {
            end_everything(&transaction, user, false, now).await?;
            withdraw_invitations(&transaction, user).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Deletes an account with everything that belongs to it, and every open invitation to its address or by it. The change log and
    /// releases know the user only by their id, which then leads nowhere.
    pub async fn delete_user(&self, user: Id) -> Result<(), Error> {
        use entity::invitation;
        let transaction = self.begin_write_beside_log().await?;
        if let Some(row) = Entity::find_by_id(user.0).lock_exclusive().one(&transaction).await? {
            let invited = invitation::Column::Email.eq(row.email);
            invitation::Entity::delete_many().filter(invited).exec(&transaction).await?;
            withdraw_invitations(&transaction, user).await?;
            Entity::delete_by_id(row.id).exec(&transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The user whom the outside issuer knows by this name, or who has this address, which the issuer has verified. In
    /// that case they are known by the name from now on; and if nobody trusted had said that the address is theirs,
    /// whoever made the account before is shut out.
    pub async fn user_from_outside(
        &self,
        issuer: &str,
        subject: &str,
        email: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<User>, Error> {
        let known = Entity::find()
            .filter(Column::OutsideIssuer.eq(issuer))
            .filter(Column::OutsideSubject.eq(subject))
            .one(&self.readers)
            .await?;
        if let Some(row) = known {
            return from_row(row).map(Some);
        }
        let Some(email) = email else { return Ok(None) };
        let find = || Entity::find().filter(Column::Email.eq(email)).filter(Column::OutsideSubject.is_null());
        // Most whom the issuer knows are strangers here, and whoever comes must not keep writers waiting.
        if find().one(&self.readers).await?.is_none() {
            return Ok(None);
        }
        let transaction = self.begin_write_beside_log().await?;
        let Some(row) = find().lock_exclusive().one(&transaction).await? else { return Ok(None) };
        let mut change = Entity::update_many()
            .col_expr(Column::OutsideIssuer, Expr::value(issuer))
            .col_expr(Column::OutsideSubject, Expr::value(subject))
            .col_expr(Column::EmailVerified, Expr::value(true));
        if !row.email_verified {
            change = change.col_expr(Column::PasswordHash, Expr::value(Option::<String>::None));
        }
        change.filter(Column::Id.eq(row.id)).exec(&transaction).await?;
        if !row.email_verified {
            end_everything(&transaction, Id(row.id), false, now).await?;
        }
        let row = Entity::find_by_id(row.id).one(&transaction).await?;
        transaction.commit().await?;
        row.map(from_row).transpose()
    }
}

/// The users with these ids who are still there.
pub(in crate::store) async fn users_with_ids(
    db: &impl ConnectionTrait,
    ids: &[Id],
) -> Result<HashMap<Id, User>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = bulk::find::<Entity, _>(db, Column::Id, &ids).await?;
    rows.into_iter().map(|row| Ok((Id(row.id), from_row(row)?))).collect()
}

/// Adds a user within a transaction; `None` when somebody has the address already.
pub(super) async fn insert(db: &impl ConnectionTrait, new: NewUser, now: Timestamp) -> Result<Option<User>, Error> {
    if with_email(db, &new.email).await?.is_some() {
        return Ok(None);
    }
    let row = Model {
        id: Uuid::now_v7(),
        email: new.email,
        name: new.name,
        password_hash: new.password.map(|hash| hash.0),
        administrator: new.administrator,
        creates_events: new.creates_events,
        email_verified: new.email_verified,
        active: true,
        version: 0,
        outside_issuer: None,
        outside_subject: None,
        created_at: now.as_microsecond(),
        updated_at: now.as_microsecond(),
    };
    bulk::insert::<Entity>(db, vec![row.clone()]).await?;
    from_row(row).map(Some)
}

pub(super) fn from_row(row: Model) -> Result<User, Error> {
    let origin = Origin::new("user", row.id);
    Ok(User {
        id: Id(row.id),
        email: row.email,
        name: row.name,
        administrator: row.administrator,
        creates_events: row.creates_events,
        email_verified: row.email_verified,
        active: row.active,
        version: row.version,
        outside: row.outside_issuer.zip(row.outside_subject),
        created_at: origin.instant(row.created_at)?,
        updated_at: origin.instant(row.updated_at)?,
    })
}

async fn with_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<Model>, Error> {
    Ok(Entity::find().filter(Column::Email.eq(email)).one(db).await?)
}

/// Ends the open invitations that a user has made.
async fn withdraw_invitations(db: &impl ConnectionTrait, user: Id) -> Result<(), Error> {
    use entity::invitation::{Column, Entity};
    let theirs = Entity::delete_many().filter(Column::InvitedBy.eq(user.0)).filter(Column::AcceptedAt.is_null());
    theirs.exec(db).await?;
    Ok(())
}

/// Ends the sessions of a user, and the personal access tokens unless they are kept.
async fn end_everything(db: &impl ConnectionTrait, user: Id, keep_tokens: bool, now: Timestamp) -> Result<(), Error> {
    use entity::{access_token, login_session};
    let now = now.as_microsecond();
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(user.0))
        .exec(db)
        .await?;
    login_session::Entity::delete_many().filter(login_session::Column::UserId.eq(user.0)).exec(db).await?;
    if !keep_tokens {
        access_token::Entity::update_many()
            .col_expr(access_token::Column::RevokedAt, Expr::value(now))
            .filter(access_token::Column::UserId.eq(user.0))
            .filter(access_token::Column::RevokedAt.is_null())
            .exec(db)
            .await?;
    }
    Ok(())
}
