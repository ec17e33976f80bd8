//! What calendars are told: how often a session was moved and from when, and which sessions were withdrawn.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sequence = number("sequence").default(0).take();
        manager.alter_table(Table::alter().table("session").add_column(sequence).take()).await?;
        let moved_from = optional_instant("moved_from");
        manager.alter_table(Table::alter().table("session").add_column(moved_from).take()).await?;
        manager.alter_table(Table::alter().table("event").add_column(list("withdrawn")).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("event").drop_column("withdrawn").take()).await?;
        manager.alter_table(Table::alter().table("session").drop_column("moved_from").take()).await?;
        manager.alter_table(Table::alter().table("session").drop_column("sequence").take()).await
    }
}
