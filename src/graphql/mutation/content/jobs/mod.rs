//! Whole jobs: several changes in one transaction, moving a block of the schedule, making one person of two, and taking
//! over a whole document.

mod apply_changes;
mod import_document;
mod merge_people;
mod move_sessions;

use async_graphql::MergedObject;

/// The mutations that do a whole job.
#[derive(Debug, Default, MergedObject)]
pub(in crate::graphql::mutation) struct JobMutations(
    apply_changes::ApplyChanges,
    move_sessions::MoveSessions,
    merge_people::MergePeople,
    import_document::ImportDocument,
);
