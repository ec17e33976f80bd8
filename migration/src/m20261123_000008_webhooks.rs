//! Webhooks: endpoints, the messages for them, and the attempts to deliver these.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![webhook(), message(), attempt()];
        let indexes =
            vec![index("webhook", "event_id"), by_place(), by_status(), index("webhook_message", "finished_at")];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["webhook_attempt", "webhook_message", "webhook"]).await
    }
}

/// Secrets stay readable, because messages are signed with them; nothing else of this database is more worth keeping
/// from others.
fn webhook() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("webhook")
        .col(id())
        .col(reference("event_id"))
        .col(text("url"))
        .col(optional_text("description"))
        .col(text("secrets"))
        .col(optional_text("types"))
        .col(text("cursor"))
        .col(instant("position").default(0))
        .col(optional_instant("due_at"))
        .col(optional_reference("leased_by"))
        .col(optional_instant("leased_until"))
        .col(optional_instant("failing_since"))
        .col(optional_instant("delivered_at"))
        .col(optional_instant("disabled_at"))
        .col(optional_text("disabled_reason"))
        .col(text("created_by"))
        .foreign_key(&mut part_of("webhook", "event_id", "event"))
        .check(Expr::col("position").gte(0))
        .check(Expr::col("disabled_at").is_null().eq(Expr::col("disabled_reason").is_null()));
    times(&mut table).take()
}

fn message() -> TableCreateStatement {
    Table::create()
        .table("webhook_message")
        .col(id())
        .col(reference("webhook_id"))
        .col(instant("position"))
        .col(text("kind"))
        .col(text("payload"))
        .col(instant("happened_at"))
        .col(instant("created_at"))
        .col(text("status"))
        .col(number("attempts").default(0))
        .col(number("tries").default(0))
        .col(optional_instant("next_attempt_at"))
        .col(optional_instant("finished_at"))
        .foreign_key(&mut part_of("webhook_message", "webhook_id", "webhook"))
        .check(Expr::col("status").is_in(["pending", "delivered", "failed"]))
        .check(Expr::col("attempts").gte(0))
        .take()
}

fn by_place() -> IndexCreateStatement {
    let mut index = Index::create();
    index.name("webhook_message_place").table("webhook_message").col("webhook_id").col("position").unique().take()
}

fn by_status() -> IndexCreateStatement {
    let mut index = Index::create();
    index.name("webhook_message_status").table("webhook_message").col("webhook_id").col("status").col("position").take()
}

fn attempt() -> TableCreateStatement {
    Table::create()
        .table("webhook_attempt")
        .col(reference("message_id"))
        .col(number("number"))
        .col(instant("at"))
        .col(instant("duration"))
        .col(optional_number("status"))
        .col(optional_text("problem"))
        .col(optional_text("answer"))
        .col(optional_instant("next_attempt_at"))
        .primary_key(Index::create().col("message_id").col("number"))
        .foreign_key(&mut part_of("webhook_attempt", "message_id", "webhook_message"))
        .check(Expr::col("number").gt(0))
        .take()
}
