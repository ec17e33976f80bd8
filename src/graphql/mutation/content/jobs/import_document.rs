//! Taking over a whole document.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Json, Object, Result, SimpleObject};

use crate::access::Right;
use crate::content::{Document, Id, Kind, Report};
use crate::graphql::change::ChangeOperation;
use crate::graphql::error::Code;
use crate::graphql::finding::FindingNode;
use crate::graphql::mutation::content::check_shared;
use crate::graphql::mutation::{refused, unavailable};
use crate::graphql::query::reading;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{checks, diff};
use crate::store::Operation;

/// A whole document to take over.
#[derive(Debug, InputObject)]
struct ImportDocumentInput {
    /// The canonical document as `plenary export document` gives it. The event that it names is made equal to it, or
    /// created.
    document: Json<serde_json::Value>,
    /// Whether nothing is to be written: only look what would become different.
    #[graphql(default)]
    dry_run: bool,
}

/// A record that differs.
#[derive(SimpleObject)]
#[graphql(serial)]
struct DocumentDifference {
    /// The kind of the record.
    kind: Kind,
    /// The id of the record.
    record_id: Id,
    /// What happens to it.
    operation: ChangeOperation,
}

/// What became of taking over a document.
#[derive(SimpleObject)]
#[graphql(serial)]
struct ImportDocumentPayload {
    /// How many records are created.
    created: i32,
    /// How many records are changed.
    updated: i32,
    /// How many records are deleted.
    deleted: i32,
    /// The records that differ, at most 1,000 of them.
    differences: Vec<DocumentDifference>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
    /// What looks wrong in the document.
    warnings: Vec<FindingNode>,
}

/// The mutation.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct ImportDocument;

#[Object]
impl ImportDocument {
    /// Makes an event equal to a document, or creates it. Nothing is written when something is to be mended.
    async fn import_document(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The document.")] input: ImportDocumentInput,
    ) -> Result<ImportDocumentPayload> {
        let reading = reading(context)?;
        if reading.viewer().is_public() {
            return Err(Code::Unauthenticated.error("changing something needs a token"));
        }
        let mut payload = ImportDocumentPayload {
            created: 0,
            updated: 0,
            deleted: 0,
            differences: Vec::new(),
            user_errors: Vec::new(),
            warnings: Vec::new(),
        };
        let mut document: Document = match serde_json::from_value(input.document.0) {
            Ok(document) => document,
            Err(error) => {
                let message = format!("this is no document of Plenary: {error}");
                payload.user_errors.push(UserError::new("document", UserErrorCode::Invalid, message));
                return Ok(payload);
            }
        };
        let shelf = reading.shelf();
        let event = document.event.id;
        let stored = shelf.stored(event).await.map_err(unavailable)?;
        let editor = match &stored {
            Some(stored) => {
                let (now_there, wanted) = (&stored.document.event, &document.event);
                if !reading.viewer().may(Right::Read, now_there) {
                    // Who may not see the event is told what everybody is told of an id that is taken.
                    let message = "another event has this id";
                    payload.user_errors.push(UserError::new("document", UserErrorCode::Taken, message));
                    return Ok(payload);
                }
                // Who sees an event is for those to say who may publish it.
                if now_there.publication != wanted.publication {
                    Arc::make_mut(&mut document.event).publication = now_there.publication;
                }
                reading.viewer().editor(now_there)
            }
            None => reading.viewer().creator(),
        };
        let editor = editor.ok_or_else(|| Code::Forbidden.error("you may not write this event"))?;
        let stored = stored.map(|stored| stored.document);
        let errors = check_shared(context, stored.as_ref(), &document).await?;
        payload.user_errors.extend(errors.into_iter().map(|error| error.within(&["document"])));
        if !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        let mut report = Report::default();
        document.check(&mut report);
        payload.user_errors.extend(report.into_problems().into_iter().map(UserError::from));
        if !payload.user_errors.is_empty() {
            return Ok(payload);
        }
        document.drop_unreferenced();
        document.sort();
        payload.tell(&document, stored.as_ref(), reading.now());
        if input.dry_run {
            return Ok(payload);
        }
        match shelf.store().put_document(&editor, document, reading.now()).await {
            Ok(_) => shelf.refresh().await.map_err(unavailable)?,
            Err(error) => payload.user_errors = refused(error)?,
        }
        Ok(payload)
    }
}

impl ImportDocumentPayload {
    fn tell(&mut self, document: &Document, stored: Option<&Document>, now: jiff::Timestamp) {
        const MAX_DIFFERENCES: usize = 1_000;
        self.warnings = checks::findings(document, now).into_iter().map(FindingNode).collect();
        for edit in diff(stored, document) {
            let operation = Operation::between(edit.before.as_ref(), edit.after.as_ref());
            match operation {
                Operation::Create => self.created += 1,
                Operation::Update => self.updated += 1,
                Operation::Delete => self.deleted += 1,
            }
            if self.differences.len() < MAX_DIFFERENCES {
                self.differences.push(DocumentDifference {
                    kind: edit.kind,
                    record_id: edit.id,
                    operation: operation.into(),
                });
            }
        }
    }
}
