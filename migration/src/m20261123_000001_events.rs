//! What is not an item: series, events and people.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![series(), event(), person()];
        let indexes = vec![index("event", "series_id"), index("person", "name_key")];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["person", "event", "series"]).await
    }
}

fn series() -> TableCreateStatement {
    let mut table = Table::create();
    table.table("series").col(id()).col(text("slug").unique_key()).col(text("name")).col(optional_text("description"));
    times(&mut table).take()
}

fn event() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("event")
        .col(id())
        .col(text("slug").unique_key())
        .col(text("name"))
        .col(optional_text("acronym"))
        .col(optional_number("edition"))
        .col(optional_reference("series_id"))
        .col(optional_text("host_conference"))
        .col(optional_text("description"))
        .col(text("starts_on"))
        .col(text("ends_on"))
        .col(text("time_zone"))
        .col(text("attendance_mode"))
        .col(optional_text("venue_name"))
        .col(optional_text("venue_address"))
        .col(optional_degrees("venue_latitude"))
        .col(optional_degrees("venue_longitude"))
        .col(optional_text("venue_map_url"))
        .col(optional_text("city"))
        .col(optional_text("country"))
        .col(optional_text("website"))
        .col(optional_text("contact_email"))
        .col(optional_text("banner_url"))
        .col(optional_text("banner_alt"))
        .col(list("social_links"))
        .col(optional_text("language"))
        .col(text("publication"))
        .col(big_revision())
        .foreign_key(&mut forgets("event", "series_id", "series"))
        .check(in_order("starts_on", "ends_on"))
        .check(Expr::col("edition").gte(1))
        .check(Expr::col("revision").gte(0))
        .check(Expr::col("venue_latitude").between(-90.0, 90.0))
        .check(Expr::col("venue_longitude").between(-180.0, 180.0))
        .check(Expr::col("venue_latitude").is_null().eq(Expr::col("venue_longitude").is_null()));
    times(&mut table).take()
}

/// The sequence number of the newest change: as big as the log's own.
fn big_revision() -> ColumnDef {
    instant("revision").default(0).take()
}

fn person() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("person")
        .col(id())
        .col(text("name"))
        .col(text("name_key"))
        .col(optional_text("affiliation"))
        .col(optional_text("homepage"))
        .col(optional_text("orcid"))
        .col(optional_text("scholar"))
        .col(optional_text("linkedin"))
        .col(list("links"));
    times(&mut table).take()
}
