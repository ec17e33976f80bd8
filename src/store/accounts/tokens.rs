//! Personal access tokens.

use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::sessions::going;
use super::{AccessToken, Known, users};
use crate::access::Grant;
use crate::content::Id;
use crate::error::Error;
use crate::store::rows::{Origin, to_json};
use crate::store::{Store, bulk};
use entity::access_token::{Column, Entity, Model};

/// The most tokens that a user has at once, ended ones not counted.
const MAX_TOKENS: u64 = 100;
/// How exactly the last use of a token is kept: each use would be a write otherwise.
const USE_INTERVAL: SignedDuration = SignedDuration::from_secs(60);

/// A token that is to be.
#[derive(Debug)]
pub struct NewAccessToken {
    /// Whose it is.
    pub user: Id,
    /// The session in which it is made, where it is one.
    pub session: Option<Id>,
    /// What it is for.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// The hash of it.
    pub hash: String,
    /// What it leaves of the rights of its user.
    pub grant: Grant,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// What became of a token that was to be.
#[derive(Debug)]
pub enum AddedToken {
    /// It is there.
    Done(Box<AccessToken>),
    /// The user has as many as may be.
    TooMany,
    /// The session in which it was to be made is over, or the user may not sign in any more.
    Ended,
}

impl Store {
    /// Adds a personal access token, unless what the user came with ends at this moment: nothing that was begun before a
    /// new password outlasts it.
    pub async fn add_access_token(&self, new: NewAccessToken, now: Timestamp) -> Result<AddedToken, Error> {
        let transaction = self.begin_write_beside_log().await?;
        // What ends sessions and tokens changes the user first, and so waits for this or is waited for.
        let user = entity::user::Entity::find_by_id(new.user.0).lock_exclusive().one(&transaction).await?;
        let is_going = match new.session {
            Some(session) => going(&transaction, session.0, now).await?.is_some(),
            None => user.is_some_and(|user| user.active),
        };
        if !is_going {
            return Ok(AddedToken::Ended);
        }
        let theirs = Entity::find().filter(Column::UserId.eq(new.user.0)).filter(Column::RevokedAt.is_null());
        if theirs.filter(Column::ExpiresAt.gt(now.as_microsecond())).count(&transaction).await? >= MAX_TOKENS {
            return Ok(AddedToken::TooMany);
        }
        let row = Model {
            id: Uuid::now_v7(),
            user_id: new.user.0,
            name: new.name,
            prefix: new.prefix,
            hash: new.hash,
            scopes: to_json(&new.grant.scopes),
            events: new.grant.events.as_ref().map(to_json),
            created_at: now.as_microsecond(),
            expires_at: new.expires_at.as_microsecond(),
            last_used_at: None,
            revoked_at: None,
        };
        bulk::insert::<Entity>(&transaction, vec![row.clone()]).await?;
        transaction.commit().await?;
        from_row(row).map(|token| AddedToken::Done(Box::new(token)))
    }

    /// The personal access tokens of a user, the newest first, ended ones too.
    pub async fn access_tokens(&self, user: Id) -> Result<Vec<AccessToken>, Error> {
        let rows = Entity::find().filter(Column::UserId.eq(user.0)).order_by_desc(Column::CreatedAt);
        rows.order_by_desc(Column::Id).all(&self.readers).await?.into_iter().map(from_row).collect()
    }

    /// Revokes a personal access token of a user; `None` when they have no such token.
    pub async fn revoke_access_token(&self, user: Id, id: Id, now: Timestamp) -> Result<Option<AccessToken>, Error> {
        let transaction = self.begin_write_beside_log().await?;
        Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(now.as_microsecond()))
            .filter(Column::Id.eq(id.0))
            .filter(Column::UserId.eq(user.0))
            .filter(Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
        let row = Entity::find_by_id(id.0).filter(Column::UserId.eq(user.0)).one(&transaction).await?;
        transaction.commit().await?;
        row.map(from_row).transpose()
    }

    /// The user of a personal access token, as long as both are good, with the token.
    pub async fn user_of_access_token(&self, hash: &str, now: Timestamp) -> Result<Option<Known<AccessToken>>, Error> {
        self.user_of_token(Column::Hash.eq(hash), now).await
    }

    /// The same, by the id of the token.
    pub async fn user_of_access_token_id(&self, id: Id, now: Timestamp) -> Result<Option<Known<AccessToken>>, Error> {
        self.user_of_token(Column::Id.eq(id.0), now).await
    }

    async fn user_of_token(&self, which: Expr, now: Timestamp) -> Result<Option<Known<AccessToken>>, Error> {
        let row = Entity::find().filter(which).one(&self.readers).await?;
        let is_good = |row: &Model| row.revoked_at.is_none() && row.expires_at > now.as_microsecond();
        let Some(row) = row.filter(is_good) else { return Ok(None) };
        let user = entity::user::Entity::find_by_id(row.user_id).one(&self.readers).await?;
        match user.filter(|user| user.active) {
            Some(user) => self.known(users::from_row(user)?, from_row(row)?).await.map(Some),
            None => Ok(None),
        }
    }

    /// Notes that a personal access token is used, if that has not been noted lately.
    pub async fn note_use(&self, token: &AccessToken, now: Timestamp) -> Result<(), Error> {
        let lately = now.saturating_sub(USE_INTERVAL).unwrap_or(now);
        if token.last_used_at.is_some_and(|used| used > lately) {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(now.as_microsecond()))
            .filter(Column::Id.eq(token.id.0))
            .filter(
                Condition::any().add(Column::LastUsedAt.is_null()).add(Column::LastUsedAt.lte(lately.as_microsecond())),
            )
            .exec(&self.writer)
            .await?;
        Ok(())
    }
}

fn from_row(row: Model) -> Result<AccessToken, Error> {
    let origin = Origin::new("access_token", row.id);
    Ok(AccessToken {
        id: Id(row.id),
        user: Id(row.user_id),
        name: row.name,
        prefix: row.prefix,
        scopes: origin.json(&row.scopes)?,
        events: row.events.as_deref().map(|text| origin.json(text)).transpose()?,
        created_at: origin.instant(row.created_at)?,
        expires_at: origin.instant(row.expires_at)?,
        last_used_at: origin.optional_instant(row.last_used_at)?,
        revoked_at: origin.optional_instant(row.revoked_at)?,
    })
}
