//! Many rows in few statements: thousands of papers are as many round trips otherwise.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel, Iterable, PrimaryKeyToColumn, QueryFilter,
    Value,
};
use uuid::Uuid;

use crate::error::Error;

/// The most values that one statement binds. SQLite takes 32,766 and PostgreSQL 65,535, but beyond a few thousand a
/// statement only takes longer to parse.
pub(super) const MAX_VALUES: usize = 4_000;

/// Adds rows, none of which may be there.
pub(super) async fn insert<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    for rows in chunks(rows, E::Column::iter().count()) {
        E::insert_many(active(rows)).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Adds rows, or puts them in the place of those with the same key.
pub(super) async fn put<E>(db: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<(), Error>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let key: Vec<E::Column> = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column).collect();
    let is_key = |column: &E::Column| key.iter().any(|part| part.as_str() == column.as_str());
    let others = E::Column::iter().filter(|column| !is_key(column));
    let replace = OnConflict::columns(key.clone()).update_columns(others).to_owned();
    for rows in chunks(rows, E::Column::iter().count()) {
        E::insert_many(active(rows)).on_conflict(replace.clone()).exec_without_returning(db).await?;
    }
    Ok(())
}

/// Deletes the rows whose `column` has one of these ids.
pub(super) async fn delete<E: EntityTrait>(
    db: &impl ConnectionTrait,
    column: E::Column,
    ids: &[Uuid],
) -> Result<(), Error> {
    for ids in ids.chunks(MAX_VALUES) {
        E::delete_many().filter(column.is_in(ids.iter().copied())).exec(db).await?;
    }
    Ok(())
}

/// The rows whose `column` has one of these values.
pub(super) async fn find<E: EntityTrait, V: Into<Value> + Clone>(
    db: &impl ConnectionTrait,
    column: E::Column,
    values: &[V],
) -> Result<Vec<E::Model>, Error> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_VALUES) {
        found.extend(E::find().filter(column.is_in(values.iter().cloned())).all(db).await?);
    }
    Ok(found)
}

fn active<A, M: IntoActiveModel<A>>(rows: Vec<M>) -> impl Iterator<Item = A>
where
    A: sea_orm::ActiveModelTrait,
{
    rows.into_iter().map(IntoActiveModel::into_active_model)
}

fn chunks<T>(rows: Vec<T>, columns: usize) -> impl Iterator<Item = Vec<T>> {
    let size = (MAX_VALUES / columns).max(1);
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = rows.by_ref().take(size).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}
