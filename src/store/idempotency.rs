//! Requests that are executed once, however often they are sent: which are being executed, and what was answered.
//!
//! It knows keys and fingerprints as hashes, and neither GraphQL nor HTTP.

use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Store;
use crate::content::Id;
use crate::error::Error;
use entity::idempotent_request::{Column, Entity, Model};

/// The most requests of a user that are remembered; the oldest are forgotten first.
const MAX_REQUESTS: u64 = 10_000;

/// A request that is to be executed once.
#[derive(Clone, Debug)]
pub struct OnceOnly {
    /// Who sends it.
    pub user: Id,
    /// The hash of the user and of what they call the request.
    pub key: String,
    /// The hash of what is asked.
    pub fingerprint: String,
}

/// Whose turn it is to execute a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The caller's: nobody else executes it for as long as was said.
    Yours,
    /// Somebody executes it, for so many seconds at most.
    Taken(u64),
    /// It was executed, and this was the answer.
    Answered(String),
    /// Something else was asked under this key.
    Other,
}

impl Store {
    /// Says whose turn it is to execute a request; if it is the caller's, for as long as `hold`. What is older than
    /// `keep` is forgotten.
    pub async fn take_turn(
        &self,
        request: &OnceOnly,
        now: Timestamp,
        hold: SignedDuration,
        keep: SignedDuration,
    ) -> Result<Turn, Error> {
        let after = |time| now.saturating_add(time).unwrap_or(now).as_microsecond();
        let row = Model {
            key: request.key.clone(),
            user_id: request.user.0,
            fingerprint: request.fingerprint.clone(),
            created_at: now.as_microsecond(),
            held_until: after(hold),
            expires_at: after(keep),
            answer: None,
        };
        let now = now.as_microsecond();
        let transaction = self.begin_write_beside_log().await?;
        Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(&transaction).await?;
        // On PostgreSQL, of two servers that come at once the second one waits here for the first.
        let unless_there = OnConflict::column(Column::Key).do_nothing().to_owned();
        let added = Entity::insert(row.clone().into_active_model())
            .on_conflict(unless_there)
            .exec_without_returning(&transaction)
            .await?;
        if added > 0 {
            forget_oldest(&transaction, row.user_id).await?;
        }
        let there = Entity::find_by_id(&row.key).lock_exclusive().one(&transaction).await?;
        let turn = match there {
            _ if added > 0 => Turn::Yours,
            Some(there) if there.fingerprint != row.fingerprint => Turn::Other,
            Some(Model { answer: Some(answer), .. }) => Turn::Answered(answer),
            Some(there) if there.held_until > now => {
                Turn::Taken(u64::try_from((there.held_until - now) / 1_000_000).unwrap_or(0) + 1)
            }
            // Whoever executed it has not come to an end.
            Some(_) | None => {
                Entity::update_many()
                    .col_expr(Column::HeldUntil, Expr::value(row.held_until))
                    .filter(Column::Key.eq(&row.key))
                    .exec(&transaction)
                    .await?;
                Turn::Yours
            }
        };
        transaction.commit().await?;
        Ok(turn)
    }

    /// Keeps the answer to a request whose turn it was.
    pub async fn keep_answer(&self, request: &OnceOnly, answer: String) -> Result<(), Error> {
        Entity::update_many()
            .col_expr(Column::Answer, Expr::value(answer))
            .filter(Column::Key.eq(&request.key))
            .exec(&self.writer)
            .await?;
        Ok(())
    }

    /// Gives a turn back: the request came to nothing, and may be sent again.
    pub async fn give_turn_back(&self, request: &OnceOnly) -> Result<(), Error> {
        Entity::delete_by_id(&request.key).exec(&self.writer).await?;
        Ok(())
    }
}

/// Forgets the oldest requests of a user who has more than are remembered.
async fn forget_oldest(db: &impl ConnectionTrait, user: Uuid) -> Result<(), Error> {
    let surplus = Entity::find()
        .select_only()
        .column(Column::CreatedAt)
        .filter(Column::UserId.eq(user))
        .order_by_desc(Column::CreatedAt)
        .offset(MAX_REQUESTS)
        .limit(1)
        .into_tuple::<i64>()
        .one(db)
        .await?;
    if let Some(newest_of_them) = surplus {
        let old = Entity::delete_many().filter(Column::UserId.eq(user));
        old.filter(Column::CreatedAt.lte(newest_of_them)).exec(db).await?;
    }
    Ok(())
}
