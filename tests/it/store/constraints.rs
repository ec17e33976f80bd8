//! What the database itself refuses, whoever writes to it.

use entity::{event, item, participation, room, session, session_number};
use sea_orm::{ActiveModelTrait, ConnectionTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel};

use super::{editor, put};
use crate::harness::database::open;
use crate::harness::{on_each_database, sample};
use plenary::error::Error;

/// A change that must be refused, and the word that the refusal must contain on both databases.
async fn refuses(db: &DatabaseConnection, sql: &str, word: &str) {
    let error = db.execute_unprepared(sql).await.expect_err(sql).to_string();
    assert!(error.to_lowercase().contains(word), "{sql}: {error}");
}

#[tokio::test]
async fn values_are_checked() {
    on_each_database(async |url| {
        put(&open(&url).await, &sample::document(0, "sample")).await;
        let db = Database::connect(&url).await.unwrap();
        for set in [
            "event SET ends_on = '2022-12-01'",
            "event SET venue_latitude = 91",
            "event SET venue_longitude = -181",
            "event SET venue_longitude = NULL",
            "event SET edition = 0",
            "event SET revision = -1",
            "item SET position = -1",
            "item SET revision = 0",
            "item SET slug = ''",
            "session SET ends_at = starts_at - 1",
            "session SET starts_at = NULL",
            "session SET parent_id = id",
            "session_number SET number = 0 WHERE number = (SELECT MAX(number) FROM session_number)",
            "room SET capacity = -1",
            "announcement SET shows_until = shows_from - 1",
            "paper_author SET position = -1",
            "log_position SET sequence = -1",
            "change SET sequence = 0 WHERE sequence = 1",
        ] {
            refuses(&db, &format!("UPDATE {set}"), "check constraint").await;
        }
        refuses(&db, "INSERT INTO log_position (id, sequence) VALUES (2, 0)", "check constraint").await;
        refuses(&db, "INSERT INTO log_position (id, sequence) VALUES (1, 0)", "unique").await;
    })
    .await;
}

#[tokio::test]
async fn slugs_and_numbers_are_unique() {
    on_each_database(async |url| {
        put(&open(&url).await, &sample::document(0, "sample")).await;
        let db = Database::connect(&url).await.unwrap();
        let is_double = |error: sea_orm::DbErr| {
            let error = error.to_string().to_lowercase();
            assert!(error.contains("unique"), "{error}");
        };
        let event = event::Entity::find().one(&db).await.unwrap().unwrap();
        let again = event::Model { id: sample::id(900).0, ..event.clone() }.into_active_model();
        is_double(event::Entity::insert(again).exec_without_returning(&db).await.unwrap_err());
        let talk = item::Entity::find_by_id(sample::id(34).0).one(&db).await.unwrap().unwrap();
        let again = item::Model { id: sample::id(900).0, ..talk.clone() };
        is_double(
            item::Entity::insert(again.clone().into_active_model()).exec_without_returning(&db).await.unwrap_err(),
        );
        let other = item::Model { slug: "free".to_owned(), ..again };
        item::Entity::insert(other.into_active_model()).exec_without_returning(&db).await.unwrap();
        let body = session::Entity::find_by_id(talk.id).one(&db).await.unwrap().unwrap();
        let again = session::Model { id: sample::id(900).0, ..body }.into_active_model();
        is_double(session::Entity::insert(again).exec_without_returning(&db).await.unwrap_err());
        let number = session_number::Model { number: 1, session_id: sample::id(900).0 }.into_active_model();
        is_double(session_number::Entity::insert(number).exec_without_returning(&db).await.unwrap_err());
    })
    .await;
}

#[tokio::test]
async fn references_lead_somewhere() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = sample::document(0, "sample");
        put(&store, &document).await;
        let db = Database::connect(&url).await.unwrap();
        // A body without a head, and somebody who is nobody.
        let body = room::Entity::find().one(&db).await.unwrap().unwrap();
        let headless = room::Model { id: sample::id(900).0, ..body }.into_active_model();
        let error = room::Entity::insert(headless).exec_without_returning(&db).await.unwrap_err().to_string();
        assert!(error.to_lowercase().contains("foreign key"), "{error}");
        let body = participation::Entity::find().one(&db).await.unwrap().unwrap();
        let nobody = participation::Model { person_id: sample::id(900).0, ..body };
        let update = participation::Entity::update(nobody.into_active_model().reset_all());
        let error = update.exec(&db).await.unwrap_err().to_string();
        assert!(error.to_lowercase().contains("foreign key"), "{error}");
        refuses(&db, "DELETE FROM person", "foreign key").await;
        refuses(&db, "DELETE FROM item WHERE kind = 'sponsor_tier'", "foreign key").await;
        // What is only referred to may go, and an event takes everything with it.
        db.execute_unprepared("DELETE FROM item WHERE kind = 'room'").await.unwrap();
        let session = session::Entity::find_by_id(sample::id(34).0).one(&db).await.unwrap().unwrap();
        assert_eq!(session.room_id, None);
        db.execute_unprepared("DELETE FROM event").await.unwrap();
        assert_eq!(item::Entity::find().all(&db).await.unwrap(), []);
        assert_eq!(session::Entity::find().all(&db).await.unwrap(), []);
        assert_eq!(entity::paper_author::Entity::find().all(&db).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_read_back_is_said() {
    on_each_database(async |url| {
        let store = open(&url).await;
        let document = sample::document(0, "sample");
        put(&store, &document).await;
        let db = Database::connect(&url).await.unwrap();
        db.execute_unprepared("UPDATE topic SET items = '[1'").await.unwrap();
        db.execute_unprepared("UPDATE change SET after = '{}' WHERE sequence = 2").await.unwrap();
        let error = store.load(document.event.id).await.unwrap_err();
        assert!(matches!(&error, Error::Corrupt { kind: "topic", .. }), "{error:?}");
        let error = store.changes_after(0, 10).await.unwrap_err();
        assert!(matches!(&error, Error::Corrupt { kind: "change", .. }), "{error:?}");
        let error = store.put_document(&editor(), document, sample::now()).await.unwrap_err();
        assert!(matches!(&error, Error::Corrupt { kind: "topic", .. }), "{error:?}");
        // The writer is free again.
        put(&store, &sample::document(1_000, "other")).await;
    })
    .await;
}
