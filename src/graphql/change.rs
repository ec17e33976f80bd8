//! How the change log is shown: only to those who may see the working view, and never more of who wrote than they may
//! know.
//!
//! Names are for those who have an account themselves, and e-mail addresses, as with members, for those who manage the
//! event.

use std::sync::Arc;

use async_graphql::{Context, Enum, InputObject, Json, Object, Result, SimpleObject};
use serde_json::Value;

use super::connection::{Connection, Listed, PageArguments};
use super::error::denied;
use super::filter::{ChoiceFilter, IdFilter, TimeFilter};
use super::node::Node;
use super::query::reading;
use super::scope::Scope;
use crate::access::{Actor, Right, Viewer};
use crate::content::{DateTime, Event, Id, Kind, Record};
use crate::publishing::differing_fields;
use crate::snapshot::View;
use crate::store::{Change, LogFilter, Operation, User};

/// What happened to a record. What a view shows may come and go without being written: for a view, that counts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ChangeOperation {
    /// It is new; or it was not to be seen in the view before: it was published, or its embargo has ended.
    Create,
    /// It is another than before.
    Update,
    /// It was deleted; or it is not to be seen in the view any more.
    Delete,
}

impl From<Operation> for ChangeOperation {
    fn from(operation: Operation) -> ChangeOperation {
        match operation {
            Operation::Create => ChangeOperation::Create,
            Operation::Update => ChangeOperation::Update,
            Operation::Delete => ChangeOperation::Delete,
        }
    }
}

/// Who wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum ActorKind {
    /// Whoever runs the server, with a command.
    Operator,
    /// A user who signed in.
    User,
    /// A script, with a personal access token of a user.
    Token,
}

/// Who made a change.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "ChangeActor")]
pub(super) struct ActorNode {
    /// How they came.
    kind: ActorKind,
    /// The id of the user, which stays when the account is gone; absent for the operator.
    user_id: Option<Id>,
    /// The id of the personal access token, where they came with one.
    token_id: Option<Id>,
    /// The user; null when the account is gone, for the operator, and for you if you have no account yourself.
    user: Option<AuthorNode>,
}

/// The user who made a change, as others who work on the event know them.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(serial, name = "ChangeAuthor")]
pub(super) struct AuthorNode {
    /// The identity: a UUID that never changes.
    id: Id,
    /// The name.
    name: String,
    /// The address that they sign in with; only for themselves, and for those who manage the event.
    email: Option<String>,
}

impl ActorNode {
    fn new(actor: Actor, user: Option<&User>, viewer: &Viewer, event: &Event) -> ActorNode {
        let Actor::User { id, token } = actor else {
            return ActorNode { kind: ActorKind::Operator, user_id: None, token_id: None, user: None };
        };
        let account = viewer.account();
        let manages = viewer.may(Right::Manage, event);
        let knows_address = manages || account.is_some_and(|account| account.user == id);
        let author = user.filter(|_| manages || account.is_some()).map(|user| AuthorNode {
            id,
            name: user.name.clone(),
            email: Some(user.email.clone()).filter(|_| knows_address),
        });
        ActorNode {
            kind: if token.is_some() { ActorKind::Token } else { ActorKind::User },
            user_id: Some(id),
            token_id: token,
            user: author,
        }
    }
}

/// An entry of the change log.
#[derive(Debug)]
pub(super) struct ChangeNode {
    change: Change,
    actor: ActorNode,
    event: Arc<Event>,
}

/// An entry of the change log: what one change made of one record.
#[Object(name = "Change", serial)]
impl ChangeNode {
    /// Which change it is: a whole number in decimal digits, greater for later changes, and unique on the server.
    async fn sequence(&self) -> String {
        self.change.sequence.to_string()
    }

    /// When it was made, with the offset of the event's time zone.
    async fn at(&self) -> DateTime {
        DateTime::new(self.change.at, &self.event.zone())
    }

    /// Who made it.
    async fn actor(&self) -> &ActorNode {
        &self.actor
    }

    /// The kind of the record.
    async fn kind(&self) -> Kind {
        self.change.kind
    }

    /// The id of the record.
    async fn record_id(&self) -> Id {
        self.change.item
    }

    /// What happened to the record.
    async fn operation(&self) -> ChangeOperation {
        self.change.operation.into()
    }

    /// The whole record before, as it is in the event's document; null when it is new in the event.
    async fn before(&self) -> Option<Json<Value>> {
        json(self.change.before.as_ref())
    }

    /// The whole record after, as it is in the event's document; null when it is no longer in the event.
    async fn after(&self) -> Option<Json<Value>> {
        json(self.change.after.as_ref())
    }

    /// The names of the fields of `before` and `after` that differ, without `revision`, `createdAt` and `updatedAt`; empty
    /// where one of the two is null.
    async fn fields(&self) -> Vec<String> {
        match (&self.change.before, &self.change.after) {
            (Some(before), Some(after)) => differing_fields(before, after),
            _ => Vec::new(),
        }
    }

    /// The record in the working view as it is now; null when it is not there any more, and for releases.
    async fn node(&self, context: &Context<'_>) -> Option<Result<Node>> {
        self.current(context).await.transpose()
    }
}

impl ChangeNode {
    async fn current(&self, context: &Context<'_>) -> Result<Option<Node>> {
        let snapshot = reading(context)?.snapshot(self.event.id, View::Working).await.map_err(denied)?;
        let Some(scope) = snapshot.map(Scope::new) else { return Ok(None) };
        Ok(scope.record(self.change.item).and_then(|record| Node::new(&record, &scope)))
    }
}

impl Listed for ChangeNode {
    const CONNECTION: &'static str = "ChangeConnection";
    const EDGE: &'static str = "ChangeEdge";
}

fn json(record: Option<&Record>) -> Option<Json<Value>> {
    // A record is made of what JSON has: writing it can't fail, or it would not be in the log.
    record.and_then(|record| serde_json::to_value(record).ok()).map(Json)
}

/// Which changes. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct ChangeFilter {
    /// The kind of the record.
    kind: Option<ChoiceFilter<Kind>>,
    /// The id of the record: at most 100 ids can be named.
    record_id: Option<IdFilter>,
    /// What happened to the record.
    operation: Option<ChoiceFilter<ChangeOperation>>,
    /// The id of the user who made the change, signed in or with a token: at most 100 ids can be named.
    actor: Option<IdFilter>,
    /// When it was made.
    at: Option<TimeFilter>,
}

impl ChangeFilter {
    fn for_store(&self) -> Result<LogFilter> {
        const OPERATIONS: [Operation; 3] = [Operation::Create, Operation::Update, Operation::Delete];
        let ids = |filter: &Option<IdFilter>, name| match filter {
            Some(filter) => filter.for_store(name),
            None => Ok((None, Vec::new())),
        };
        let (records, not_records) = ids(&self.record_id, "recordId")?;
        let (users, not_users) = ids(&self.actor, "actor")?;
        let (from, to) = self.at.as_ref().map_or((None, None), TimeFilter::ends);
        let kinds = self.kind.as_ref();
        let operations = self.operation.as_ref();
        Ok(LogFilter {
            kinds: kinds.map(|kinds| Kind::ALL.into_iter().filter(|kind| kinds.accepts(Some(*kind))).collect()),
            operations: operations.map(|some| {
                OPERATIONS.into_iter().filter(|operation| some.accepts(Some((*operation).into()))).collect()
            }),
            records,
            not_records,
            users,
            not_users,
            from,
            to,
        })
    }
}

/// A page of the change log of an event; `None` for those who may not see its working view.
pub(super) async fn changes_of(
    context: &Context<'_>,
    event: Id,
    page: &PageArguments,
    filter: Option<&ChangeFilter>,
) -> Result<Option<Connection<ChangeNode>>> {
    let reading = reading(context)?;
    if reading.viewer().is_public() {
        return Ok(None);
    }
    // What the viewer may do is asked of the event as it is now: an older release of it may have another slug.
    let Some(header) = reading.event_with_id(event, View::Working).map_err(denied)? else { return Ok(None) };
    let filter = filter.map(ChangeFilter::for_store).transpose()?.unwrap_or_default();
    let mut span = page.span()?;
    span.counted = context.look_ahead().field("totalCount").exists();
    let Some(log) = reading.log(event, &filter, span).await.map_err(denied)? else { return Ok(None) };
    let entries = log.changes.into_iter().map(|change| {
        let actor = Actor::named(&change.actor);
        let user = actor.user().and_then(|id| log.users.get(&id));
        let actor = ActorNode::new(actor, user, reading.viewer(), &header.event);
        (change.sequence, ChangeNode { change, actor, event: header.event.clone() })
    });
    Ok(Some(Connection::of_log(entries, (log.has_newer, log.has_older), log.count as usize)))
}
