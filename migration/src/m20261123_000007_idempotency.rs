//! Requests that are executed once, however often they are sent.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let theirs = Index::create()
            .name("idempotent_request_user_id_created_at")
            .table("idempotent_request")
            .col("user_id")
            .col("created_at")
            .take();
        create(manager, vec![idempotent_request()], vec![theirs, index("idempotent_request", "expires_at")]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["idempotent_request"]).await
    }
}

/// Goes with its user. Without an answer the request is being executed, until `held_until` at the latest.
fn idempotent_request() -> TableCreateStatement {
    Table::create()
        .table("idempotent_request")
        .col(text("key").primary_key())
        .col(reference("user_id"))
        .col(text("fingerprint"))
        .col(instant("created_at"))
        .col(instant("held_until"))
        .col(instant("expires_at"))
        .col(optional_text("answer"))
        .foreign_key(&mut part_of("idempotent_request", "user_id", "user"))
        .take()
}
