//! Releases, their documents, and a way from a record to its entries in the change log.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::blob;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let numbers = Index::create()
            .name("release_event_id_number")
            .table("release")
            .col("event_id")
            .col("number")
            .unique()
            .take();
        // What a release still shows may have gone from the rows; the log knows where it was.
        let indexes = vec![numbers, index("release", "slug"), index("change", "item_id")];
        create(manager, vec![release(), release_document()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_index(Index::drop().name("change_item_id").table("change").to_owned()).await?;
        drop(manager, &["release_document", "release"]).await
    }
}

fn release() -> TableCreateStatement {
    Table::create()
        .table("release")
        .col(id())
        .col(reference("event_id"))
        .col(number("number"))
        .col(optional_text("name"))
        .col(optional_text("note"))
        .col(instant("at"))
        .col(text("actor"))
        .col(instant("sequence").unique_key())
        .col(text("slug"))
        .col(text("event"))
        .col(optional_text("series"))
        .foreign_key(&mut part_of("release", "event_id", "event"))
        .check(Expr::col("number").gte(1))
        .check(Expr::col("sequence").gte(1))
        .take()
}

/// Its key is the id of the release, with which it goes.
fn release_document() -> TableCreateStatement {
    Table::create()
        .table("release_document")
        .col(id())
        .col(blob("document"))
        .foreign_key(&mut part_of("release_document", "id", "release"))
        .take()
}
