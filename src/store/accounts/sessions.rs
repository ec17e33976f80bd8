//! Sign-ins and their refresh tokens, each of which is good for one use.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Known, Refreshed, User, users};
use crate::access::Role;
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::Origin;
use crate::store::{Store, bulk};
use entity::login_session::{Column, Entity, Model};
use entity::refresh_token;

/// The most sessions that a user has at once; the oldest are ended.
const MAX_SESSIONS: u64 = 50;

impl Store {
    /// Begins a session for a user, with the hash of its first refresh token.
    pub async fn begin_session(
        &self,
        user: &User,
        refresh_hash: String,
        now: Timestamp,
        validity: SignedDuration,
    ) -> Result<Id, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let theirs = || Entity::find().filter(Column::UserId.eq(user.id.0));
        Entity::delete_many()
            .filter(Column::UserId.eq(user.id.0))
            .filter(Column::ExpiresAt.lt(now.as_microsecond()))
            .exec(&transaction)
            .await?;
        let oldest = theirs()
            .order_by_desc(Column::CreatedAt)
            .offset(MAX_SESSIONS - 1)
            .limit(MAX_SESSIONS)
            .all(&transaction)
            .await?;
        let oldest: Vec<Uuid> = oldest.into_iter().map(|row| row.id).collect();
        bulk::delete::<Entity>(&transaction, Column::Id, &oldest).await?;
        let row = Model {
            id: Uuid::now_v7(),
            user_id: user.id.0,
            user_version: user.version,
            created_at: now.as_microsecond(),
            expires_at: now.saturating_add(validity).unwrap_or(now).as_microsecond(),
            ended_at: None,
        };
        bulk::insert::<Entity>(&transaction, vec![row.clone()]).await?;
        insert_refresh(&transaction, refresh_hash, row.id, now).await?;
        transaction.commit().await?;
        Ok(Id(row.id))
    }

    /// Uses a refresh token, in whose place the one with `new_hash` comes. Whoever uses one twice ends the session,
    /// unless the second use comes within `grace` of the first, as when an answer was lost on its way: then there are two
    /// in its place, of which the one that is used first is good, so that two people can't go on beside each other.
    pub async fn refresh_session(
        &self,
        hash: &str,
        new_hash: String,
        grace: SignedDuration,
        now: Timestamp,
    ) -> Result<Refreshed, Error> {
        let transaction = self.begin_write_beside_log().await?;
        let find = || refresh_token::Entity::find_by_id(hash);
        let Some(token) = find().one(&transaction).await? else { return Ok(Refreshed::Unknown) };
        // The session stays locked, and with it all of its tokens.
        Entity::find_by_id(token.session_id).lock_exclusive().one(&transaction).await?;
        let Some(token) = find().one(&transaction).await? else { return Ok(Refreshed::Unknown) };
        let Some((session, user)) = going(&transaction, token.session_id, now).await? else {
            return Ok(Refreshed::Unknown);
        };
        match token.replaced_at {
            None => {
                refresh_token::Entity::update_many()
                    .col_expr(refresh_token::Column::ReplacedAt, Expr::value(now.as_microsecond()))
                    .filter(refresh_token::Column::SessionId.eq(session.id))
                    .filter(refresh_token::Column::ReplacedAt.is_null())
                    .exec(&transaction)
                    .await?;
            }
            Some(replaced) if now.as_microsecond() - replaced <= i64::try_from(grace.as_micros()).unwrap_or(0) => {}
            Some(_) => {
                end(&transaction, session.id, now).await?;
                transaction.commit().await?;
                return Ok(Refreshed::Reused);
            }
        }
        insert_refresh(&transaction, new_hash, session.id, now).await?;
        transaction.commit().await?;
        let expires_at = Origin::new("login_session", session.id).instant(session.expires_at)?;
        Ok(Refreshed::Going { session: Id(session.id), user: user.id, expires_at })
    }

    /// Ends a session.
    pub async fn end_session(&self, session: Id, now: Timestamp) -> Result<(), Error> {
        end(&self.writer, session.0, now).await
    }

    /// Ends the session of a refresh token, if there is one.
    pub async fn end_session_of(&self, refresh_hash: &str, now: Timestamp) -> Result<(), Error> {
        match refresh_token::Entity::find_by_id(refresh_hash).one(&self.readers).await? {
            Some(token) => end(&self.writer, token.session_id, now).await,
            None => Ok(()),
        }
    }

    /// Ends all sessions of a user.
    pub async fn end_sessions(&self, user: Id, now: Timestamp) -> Result<(), Error> {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(now.as_microsecond()))
            .filter(Column::UserId.eq(user.0))
            .filter(Column::EndedAt.is_null())
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// The user of a session, as long as it goes on.
    pub async fn user_of_session(&self, session: Id, now: Timestamp) -> Result<Option<Known<Id>>, Error> {
        match going(&self.readers, session.0, now).await? {
            Some((_, user)) => self.known(user, session).await.map(Some),
            None => Ok(None),
        }
    }

    /// A user with their roles.
    pub async fn known<T>(&self, user: User, with: T) -> Result<Known<T>, Error> {
        use entity::member::{Column, Entity};
        let rows = Entity::find().filter(Column::UserId.eq(user.id.0)).all(&self.readers).await?;
        let roles = rows
            .into_iter()
            .map(|row| Ok((Id(row.event_id), Origin::new("member", row.user_id).word::<Role>(row.role)?)))
            .collect::<Result<BTreeMap<_, _>, Error>>()?;
        Ok(Known { user, roles, with })
    }
}

/// A session that has not ended, of a user who may sign in and has not changed since in a way that ends it.
pub(super) async fn going(
    db: &impl ConnectionTrait,
    session: Uuid,
    now: Timestamp,
) -> Result<Option<(Model, User)>, Error> {
    let found = Entity::find_by_id(session).one(db).await?;
    let Some(session) = found.filter(|row| row.ended_at.is_none() && row.expires_at > now.as_microsecond()) else {
        return Ok(None);
    };
    let user = entity::user::Entity::find_by_id(session.user_id).one(db).await?;
    match user.filter(|user| user.active && user.version == session.user_version) {
        Some(user) => Ok(Some((session, users::from_row(user)?))),
        None => Ok(None),
    }
}

async fn insert_refresh(
    db: &impl ConnectionTrait,
    hash: String,
    session_id: Uuid,
    now: Timestamp,
) -> Result<(), Error> {
    let row = refresh_token::Model { hash, session_id, created_at: now.as_microsecond(), replaced_at: None };
    bulk::insert::<refresh_token::Entity>(db, vec![row]).await
}

async fn end(db: &impl ConnectionTrait, session: Uuid, now: Timestamp) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(session))
        .filter(Column::EndedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}
