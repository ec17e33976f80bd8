//! The change log and its newest position.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, vec![change(), log_position()], vec![by_event()]).await?;
        let mut start = Query::insert();
        start.into_table("log_position").columns(["id", "sequence"]).values_panic([1.into(), 0.into()]);
        manager.get_connection().execute(&start).await.map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["log_position", "change"]).await
    }
}

/// No references: the log outlives what it tells of.
fn change() -> TableCreateStatement {
    Table::create()
        .table("change")
        .col(instant("sequence").primary_key())
        .col(reference("event_id"))
        .col(instant("at"))
        .col(text("actor"))
        .col(text("kind"))
        .col(reference("item_id"))
        .col(text("operation"))
        .col(optional_text("before"))
        .col(optional_text("after"))
        .check(Expr::col("sequence").gte(1))
        .check(Expr::col("before").is_not_null().or(Expr::col("after").is_not_null()))
        .take()
}

fn by_event() -> IndexCreateStatement {
    Index::create().name("change_event_id_sequence").table("change").col("event_id").col("sequence").take()
}

/// One row. The number is not the log's greatest one, because old entries may be removed and no number comes twice.
fn log_position() -> TableCreateStatement {
    Table::create()
        .table("log_position")
        .col(number("id").primary_key())
        .col(instant("sequence"))
        .check(Expr::col("id").eq(1))
        .check(Expr::col("sequence").gte(0))
        .take()
}
