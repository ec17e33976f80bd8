//! Making one person of several.

use std::collections::HashSet;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use crate::access::Right;
use crate::content::{Id, Kind, Record};
use crate::graphql::kinds::person::PersonNode;
use crate::graphql::mutation::content::change;
use crate::graphql::mutation::event_with_right;
use crate::graphql::user_error::{UserError, UserErrorCode};
use crate::publishing::{Draft, Refusal};

/// The most people who become one at once.
const MAX_MERGED: usize = 100;

/// People of an event who are one.
#[derive(Debug, InputObject)]
struct MergePeopleInput {
    /// The slug of the event.
    event: String,
    /// The id of the person who stays.
    keep: Id,
    /// The ids of those who become that person in this event, at most 100. In other events they stay who they are.
    merge: Vec<Id>,
}

/// What became of merging people.
#[derive(SimpleObject)]
#[graphql(serial)]
struct MergePeoplePayload {
    /// The person who stays.
    person: Option<PersonNode>,
    /// What is to be mended; nothing was written if there is something.
    user_errors: Vec<UserError>,
}

/// The mutation.
#[derive(Debug, Default)]
pub(in crate::graphql::mutation) struct MergePeople;

#[Object]
impl MergePeople {
    /// Makes one person of several who are the same, in one event.
    async fn merge_people(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Who stays, and who becomes that person.")] input: MergePeopleInput,
    ) -> Result<MergePeoplePayload> {
        let header = event_with_right(context, &input.event, Right::Write)?;
        if input.merge.len() > MAX_MERGED {
            let message = format!("at most {MAX_MERGED} people are merged at once");
            let user_errors = vec![UserError::new("merge", UserErrorCode::Invalid, message)];
            return Ok(MergePeoplePayload { person: None, user_errors });
        }
        let make = |draft: &mut Draft| {
            let merged: HashSet<Id> = input.merge.iter().copied().filter(|id| *id != input.keep).collect();
            for id in merged.iter().chain([&input.keep]) {
                draft.document().find(Kind::Person, *id).ok_or(Refusal::NotFound(*id))?;
            }
            for record in draft.document().records() {
                if let Some(record) = with_person(record, &merged, input.keep) {
                    draft.put(record);
                }
            }
            Ok(())
        };
        let done = change(context, &header, None, &[], make).await?;
        let person = done.scope.as_ref().and_then(|scope| Some(PersonNode::new(scope.person(input.keep)?, scope)));
        Ok(MergePeoplePayload { person, user_errors: done.user_errors })
    }
}

/// A record with one person in the place of others; `None` where it has none of them.
fn with_person(mut record: Record, merged: &HashSet<Id>, keep: Id) -> Option<Record> {
    let mut changed = false;
    let mut replace = |id: &mut Id| {
        if merged.contains(id) {
            *id = keep;
            changed = true;
        }
    };
    match &mut record {
        Record::Participation(item) if merged.contains(&item.person) => replace(&mut Arc::make_mut(item).person),
        Record::Session(item) if item.people.iter().any(|person| merged.contains(&person.person)) => {
            let people = &mut Arc::make_mut(item).people;
            people.iter_mut().for_each(|person| replace(&mut person.person));
            let mut seen = HashSet::new();
            people.retain(|person| seen.insert((person.person, person.part)));
        }
        Record::Paper(item)
            if item.authors.iter().any(|author| author.person.is_some_and(|id| merged.contains(&id))) =>
        {
            Arc::make_mut(item).authors.iter_mut().filter_map(|author| author.person.as_mut()).for_each(replace);
        }
        _ => return None,
    }
    changed.then_some(record)
}
