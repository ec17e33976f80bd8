//! The kinds that refer to other kinds: papers, sessions, awards and sponsors, and who is in them.

use sea_orm_migration::prelude::*;

use crate::columns::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = vec![
            paper(),
            paper_author(),
            session_number(),
            session(),
            session_person(),
            award(),
            award_paper(),
            sponsor(),
        ];
        let indexes = vec![
            index("paper_author", "person_id"),
            index("session", "room_id"),
            index("session", "track_id"),
            index("session", "parent_id"),
            index("session", "paper_id"),
            index("session_person", "person_id"),
            index("award_paper", "paper_id"),
            index("sponsor", "tier_id"),
        ];
        create(manager, tables, indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["sponsor", "award_paper", "award", "session_person", "session", "session_number"]).await?;
        drop(manager, &["paper_author", "paper"]).await
    }
}

fn paper() -> TableCreateStatement {
    body("paper")
        .col(optional_text("number"))
        .col(text("title"))
        .col(optional_text("summary"))
        .col(optional_text("presentation"))
        .col(optional_text("pdf_url"))
        .col(optional_text("supplement_url"))
        .col(optional_text("poster_url"))
        .col(optional_text("slides_url"))
        .col(optional_text("video_url"))
        .col(optional_text("code_url"))
        .col(optional_text("openreview_url"))
        .col(optional_text("arxiv_url"))
        .col(optional_text("doi"))
        .take()
}

fn paper_author() -> TableCreateStatement {
    ordered_list("paper_author", "paper_id", "paper")
        .col(optional_reference("person_id"))
        .col(text("name"))
        .col(optional_text("affiliation"))
        .col(flag("corresponding"))
        .foreign_key(&mut needs("paper_author", "person_id", "person"))
        .take()
}

/// The numbers that were ever given. A row outlives its session, so that its number is never given to another and the
/// session has it again when it is brought back.
fn session_number() -> TableCreateStatement {
    Table::create()
        .table("session_number")
        .col(number("number").primary_key())
        .col(reference("session_id").unique_key())
        .check(Expr::col("number").gte(1))
        .take()
}

fn session() -> TableCreateStatement {
    let number_given = ForeignKey::create()
        .name("session_number_fkey")
        .from("session", "number")
        .to("session_number", "number")
        .take();
    body("session")
        .col(number("number").unique_key())
        .col(text("kind"))
        .col(text("title"))
        .col(optional_text("summary"))
        .col(optional_instant("starts_at"))
        .col(optional_instant("ends_at"))
        .col(optional_reference("room_id"))
        .col(optional_reference("track_id"))
        .col(optional_reference("parent_id"))
        .col(optional_reference("paper_id"))
        .col(text("status"))
        .col(optional_text("language"))
        .col(optional_text("stream_url"))
        .col(optional_text("recording_url"))
        .col(optional_text("slides_url"))
        .foreign_key(&mut number_given.clone())
        .foreign_key(&mut forgets("session", "room_id", "room"))
        .foreign_key(&mut forgets("session", "track_id", "track"))
        .foreign_key(&mut forgets("session", "parent_id", "session"))
        .foreign_key(&mut forgets("session", "paper_id", "paper"))
        .check(in_order("starts_at", "ends_at"))
        .check(Expr::col("ends_at").is_null().or(Expr::col("starts_at").is_not_null()))
        .check(Expr::col("parent_id").ne(Expr::col("id")))
        .take()
}

fn session_person() -> TableCreateStatement {
    ordered_list("session_person", "session_id", "session")
        .col(reference("person_id"))
        .col(text("part"))
        .foreign_key(&mut needs("session_person", "person_id", "person"))
        .take()
}

fn award() -> TableCreateStatement {
    body("award").col(text("name")).col(optional_text("description")).take()
}

fn award_paper() -> TableCreateStatement {
    ordered_list("award_paper", "award_id", "award")
        .col(reference("paper_id"))
        .foreign_key(&mut part_of("award_paper", "paper_id", "paper"))
        .take()
}

fn sponsor() -> TableCreateStatement {
    body("sponsor")
        .col(reference("tier_id"))
        .col(text("name"))
        .col(optional_text("url"))
        .col(optional_text("logo_url"))
        .col(optional_text("logo_alt"))
        .col(optional_text("description"))
        .foreign_key(&mut needs("sponsor", "tier_id", "sponsor_tier"))
        .take()
}
