//! Accounts: users, what they may do at events, and what they sign in with. Every secret is kept as a hash.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![user(), member(), login_session(), refresh_token(), access_token(), invitation()];
        let indexes = vec![
            by_outside_subject(),
            index("member", "user_id"),
            index("login_session", "user_id"),
            index("refresh_token", "session_id"),
            index("access_token", "user_id"),
            index("invitation", "event_id"),
            index("invitation", "invited_by"),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["invitation", "access_token", "refresh_token", "login_session", "member", "user"]).await
    }
}

/// The version grows with everything that ends what the user has signed in with.
fn user() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("user")
        .col(id())
        .col(text("email").unique_key())
        .col(text("name"))
        .col(optional_text("password_hash"))
        .col(flag("administrator"))
        .col(flag("creates_events"))
        .col(flag("email_verified"))
        .col(flag("active"))
        .col(number("version").default(0))
        .col(optional_text("outside_issuer"))
        .col(optional_text("outside_subject"))
        .check(Expr::col("version").gte(0))
        .check(Expr::col("outside_issuer").is_null().eq(Expr::col("outside_subject").is_null()));
    times(&mut table).take()
}

fn by_outside_subject() -> IndexCreateStatement {
    let mut index = Index::create();
    index.name("user_outside_subject").table("user").col("outside_issuer").col("outside_subject").unique().take()
}

fn member() -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table("member")
        .col(reference("event_id"))
        .col(reference("user_id"))
        .col(text("role"))
        .primary_key(Index::create().col("event_id").col("user_id"))
        .foreign_key(&mut part_of("member", "event_id", "event"))
        .foreign_key(&mut part_of("member", "user_id", "user"))
        .check(Expr::col("role").is_in(["owner", "editor", "reviewer"]));
    times(&mut table).take()
}

/// One for each sign-in: the family of its refresh tokens.
fn login_session() -> TableCreateStatement {
    Table::create()
        .table("login_session")
        .col(id())
        .col(reference("user_id"))
        .col(number("user_version"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(optional_instant("ended_at"))
        .foreign_key(&mut part_of("login_session", "user_id", "user"))
        .check(in_order("created_at", "expires_at"))
        .take()
}

fn refresh_token() -> TableCreateStatement {
    Table::create()
        .table("refresh_token")
        .col(text("hash").primary_key())
        .col(reference("session_id"))
        .col(instant("created_at"))
        .col(optional_instant("replaced_at"))
        .foreign_key(&mut part_of("refresh_token", "session_id", "login_session"))
        .take()
}

/// A personal access token. Without a list of events it is good for every event of its user.
fn access_token() -> TableCreateStatement {
    Table::create()
        .table("access_token")
        .col(id())
        .col(reference("user_id"))
        .col(text("name"))
        .col(text("prefix"))
        .col(text("hash").unique_key())
        .col(list("scopes"))
        .col(optional_text("events"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(optional_instant("last_used_at"))
        .col(optional_instant("revoked_at"))
        .foreign_key(&mut part_of("access_token", "user_id", "user"))
        .check(in_order("created_at", "expires_at"))
        .take()
}

fn invitation() -> TableCreateStatement {
    Table::create()
        .table("invitation")
        .col(id())
        .col(reference("event_id"))
        .col(text("email"))
        .col(text("role"))
        .col(text("hash").unique_key())
        .col(optional_reference("invited_by"))
        .col(instant("created_at"))
        .col(instant("expires_at"))
        .col(optional_instant("accepted_at"))
        .foreign_key(&mut part_of("invitation", "event_id", "event"))
        .foreign_key(&mut forgets("invitation", "invited_by", "user"))
        .check(Expr::col("role").is_in(["owner", "editor", "reviewer"]))
        .check(in_order("created_at", "expires_at"))
        .take()
}
