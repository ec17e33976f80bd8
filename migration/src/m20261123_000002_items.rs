//! The head of every content item, and the kinds that refer to no other kind.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            item(),
            participation(),
            room(),
            track(),
            topic(),
            important_date(),
            announcement(),
            page(),
            sponsor_tier(),
            link(),
        ];
        let slugs = Index::create()
            .name("item_event_id_kind_slug")
            .table("item")
            .col("event_id")
            .col("kind")
            .col("slug")
            .unique()
            .take();
        create(manager, tables, vec![slugs, index("participation", "person_id")]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let bodies = ["link", "sponsor_tier", "page", "announcement", "important_date", "topic", "track", "room"];
        drop(manager, &bodies).await?;
        drop(manager, &["participation", "item"]).await
    }
}

fn item() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("item")
        .col(id())
        .col(reference("event_id"))
        .col(text("kind"))
        .col(text("slug"))
        .col(number("position"))
        .col(flag("published"))
        .col(optional_instant("publish_at"))
        .col(number("revision"))
        .foreign_key(&mut part_of("item", "event_id", "event"))
        .check(Expr::col("slug").ne(""))
        .check(Expr::col("position").gte(0))
        .check(Expr::col("revision").gte(1));
    times(&mut table).take()
}

fn participation() -> TableCreateStatement {
    body("participation")
        .col(reference("person_id"))
        .col(optional_text("honorific"))
        .col(optional_text("affiliation"))
        .col(optional_text("photo_url"))
        .col(optional_text("photo_alt"))
        .col(optional_text("bio"))
        .col(optional_text("group"))
        .foreign_key(&mut needs("participation", "person_id", "person"))
        .take()
}

fn room() -> TableCreateStatement {
    body("room")
        .col(text("name"))
        .col(optional_text("description"))
        .col(optional_number("capacity"))
        .col(flag("online"))
        .col(optional_text("url"))
        .check(Expr::col("capacity").gte(0))
        .take()
}

fn track() -> TableCreateStatement {
    body("track").col(text("name")).col(optional_text("description")).col(optional_text("color")).take()
}

fn topic() -> TableCreateStatement {
    body("topic").col(text("title")).col(optional_text("description")).col(list("items")).col(flag("special")).take()
}

fn important_date() -> TableCreateStatement {
    body("important_date")
        .col(text("label"))
        .col(text("kind"))
        .col(text("date"))
        .col(flag("has_time"))
        .col(flag("anywhere_on_earth"))
        .col(instant("at"))
        .col(list("superseded"))
        .col(flag("struck_through"))
        .col(optional_text("note"))
        .take()
}

fn announcement() -> TableCreateStatement {
    body("announcement")
        .col(text("title"))
        .col(text("severity"))
        .col(optional_text("body"))
        .col(list("links"))
        .col(optional_instant("shows_from"))
        .col(optional_instant("shows_until"))
        .check(in_order("shows_from", "shows_until"))
        .take()
}

fn page() -> TableCreateStatement {
    body("page").col(text("title")).col(text("body")).take()
}

fn sponsor_tier() -> TableCreateStatement {
    body("sponsor_tier").col(text("name")).take()
}

fn link() -> TableCreateStatement {
    body("link").col(text("label")).col(text("url")).col(text("kind")).take()
}
