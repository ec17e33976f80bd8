//! Columns, keys and constraints that look the same in every table, with the same meaning on SQLite and PostgreSQL.
//!
//! Instants are whole microseconds since 1970 in UTC and days are `YYYY-MM-DD` text: both sort and compare alike on both
//! databases, and no driver turns them into something else.

use sea_orm_migration::prelude::*;
pub(crate) use sea_orm_migration::schema::{
    big_integer as instant, big_integer_null as optional_instant, boolean as flag, double_null as optional_degrees,
    integer as number, integer_null as optional_number, text, text_null as optional_text, uuid as reference,
    uuid_null as optional_reference,
};

/// The id of a record.
pub(crate) fn id() -> ColumnDef {
    reference("id").primary_key().take()
}

/// A list of small values as JSON text.
pub(crate) fn list(name: &'static str) -> ColumnDef {
    text(name).default("[]").take()
}

/// Two instants: when the record was created and when it was last changed.
pub(crate) fn times(table: &mut TableCreateStatement) -> &mut TableCreateStatement {
    table.col(instant("created_at")).col(instant("updated_at"))
}

/// The table of a kind of item: its key is the id of the item, with which it goes.
pub(crate) fn body(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).col(id()).foreign_key(&mut part_of(name, "id", "item")).take()
}

/// The table of an ordered list that belongs to a record: its key is the owner and the place in the list.
pub(crate) fn ordered_list(name: &'static str, owner: &'static str, owners: &'static str) -> TableCreateStatement {
    Table::create()
        .table(name)
        .col(reference(owner))
        .col(number("position"))
        .primary_key(Index::create().col(owner).col("position"))
        .foreign_key(&mut part_of(name, owner, owners))
        .check(Expr::col("position").gte(0))
        .take()
}

/// A reference to what the row is a part of: the row goes with it.
pub(crate) fn part_of(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    foreign_key(table, column, to, ForeignKeyAction::Cascade)
}

/// A reference that is emptied when what it leads to goes.
pub(crate) fn forgets(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    foreign_key(table, column, to, ForeignKeyAction::SetNull)
}

/// A reference that keeps what it leads to from going.
pub(crate) fn needs(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    foreign_key(table, column, to, ForeignKeyAction::NoAction)
}

/// An index that finds rows by a column; each reference has one, so that what it leads to can go quickly.
pub(crate) fn index(table: &'static str, column: &'static str) -> IndexCreateStatement {
    Index::create().name(format!("{table}_{column}")).table(table).col(column).take()
}

/// `later` is not before `earlier`, where both are there.
pub(crate) fn in_order(earlier: &'static str, later: &'static str) -> Expr {
    Expr::col(later).gte(Expr::col(earlier))
}

/// Creates tables and then indexes.
pub(crate) async fn create(
    manager: &SchemaManager<'_>,
    tables: Vec<TableCreateStatement>,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    for table in tables {
        manager.create_table(table).await?;
    }
    for index in indexes {
        manager.create_index(index).await?;
    }
    Ok(())
}

/// Drops tables, with their indexes.
pub(crate) async fn drop(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}

fn foreign_key(
    table: &'static str,
    column: &'static str,
    to: &'static str,
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}_fkey"))
        .from(table, column)
        .to(to, "id")
        .on_delete(on_delete)
        .take()
}
