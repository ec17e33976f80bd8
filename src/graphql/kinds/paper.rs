//! How papers are asked for.

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};

use super::award::AwardNode;
use super::event::EventNode;
use super::item_node;
use super::person::PersonNode;
use super::session::SessionNode;
use crate::content::{Paper, PaperAuthor, Presentation};
use crate::graphql::connection::{Connection, Listed, Listing, PageArguments};
use crate::graphql::filter::{Choice, ChoiceFilter, IdFilter, Key, ReferenceFilter, TextFilter, combined};
use crate::graphql::inline::{Inline, InlineList};
use crate::graphql::scope::Scope;

item_node! {
    /// A paper of the event.
    PaperNode, "Paper", Paper
}

#[ComplexObject]
impl PaperNode {
    /// Who wrote it, in the order of the paper.
    async fn authors(&self) -> InlineList<PaperAuthorNode<'_>> {
        let scope = &self.item.scope;
        self.item.content.authors.iter().map(|fields| PaperAuthorNode { fields, scope }).collect()
    }

    /// The sessions in which it is presented, by start.
    async fn sessions(&self) -> InlineList<SessionNode> {
        let scope = &self.item.scope;
        let sessions = scope.sessions_of_paper(self.item.content.head.id);
        sessions.map(|session| SessionNode::new(session, scope)).collect()
    }

    /// The awards that it won.
    async fn awards(&self) -> InlineList<AwardNode> {
        let scope = &self.item.scope;
        scope.awards_of_paper(self.item.content.head.id).map(|award| AwardNode::new(award, scope)).collect()
    }

    /// The event that it belongs to.
    async fn event(&self) -> EventNode {
        EventNode::of(&self.item.scope)
    }
}

/// One of a paper's authors.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex, serial, name = "PaperAuthor")]
pub(in crate::graphql) struct PaperAuthorNode<'a> {
    #[graphql(flatten)]
    fields: &'a PaperAuthor,
    #[graphql(skip)]
    scope: &'a Scope,
}

#[ComplexObject]
impl PaperAuthorNode<'_> {
    /// Who it is; absent where the paper does not tell, as for `Anonymous`.
    async fn person(&self) -> Option<Inline<PersonNode>> {
        let person = self.fields.person.and_then(|id| self.scope.person(id))?;
        Some(Inline(PersonNode::new(person, self.scope)))
    }
}

impl Listed for PaperNode {
    const CONNECTION: &'static str = "PaperConnection";
    const EDGE: &'static str = "PaperEdge";
}

/// Which papers. Conditions that are given together all hold.
#[derive(Clone, Debug, Default, InputObject)]
pub(in crate::graphql) struct PaperFilter {
    /// The id.
    id: Option<IdFilter>,
    /// The slug.
    slug: Option<TextFilter>,
    /// The submission number or code.
    number: Option<TextFilter>,
    /// The title.
    title: Option<TextFilter>,
    /// How it is presented.
    presentation: Option<ChoiceFilter<Presentation>>,
    /// The authors, by their ids as `Person`.
    author: Option<IdFilter>,
    /// The name of an author, as it stands on the paper.
    author_name: Option<TextFilter>,
    /// The affiliation of an author, as it stands on the paper.
    author_affiliation: Option<TextFilter>,
    /// The awards that it won: `{exists: true}` gives those that won any.
    award: Option<ReferenceFilter>,
    /// All of these hold too.
    pub(in crate::graphql) and: Option<Vec<PaperFilter>>,
    /// One of these holds too; an empty list matches nothing.
    pub(in crate::graphql) or: Option<Vec<PaperFilter>>,
    /// This does not hold.
    pub(in crate::graphql) not: Option<Box<PaperFilter>>,
}
combined!(PaperFilter);

impl PaperFilter {
    fn accepts(&self, paper: &Paper, scope: &Scope) -> bool {
        let PaperFilter { id, slug, number, title, presentation, .. } = self;
        id.as_ref().is_none_or(|id| id.accepts(paper.head.id))
            && slug.as_ref().is_none_or(|slug| slug.accepts(Some(&paper.head.slug)))
            && number.as_ref().is_none_or(|number| number.accepts(paper.number.as_deref()))
            && title.as_ref().is_none_or(|title| title.accepts(Some(&paper.title)))
            && presentation.as_ref().is_none_or(|presentation| presentation.accepts(paper.presentation))
            && self.accepts_relations(paper, scope)
    }

    fn accepts_relations(&self, paper: &Paper, scope: &Scope) -> bool {
        let PaperFilter { author, author_name, author_affiliation, award, .. } = self;
        let authors = || paper.authors.iter();
        let award_heads = || scope.awards_of_paper(paper.head.id).map(|award| &award.head);
        author.as_ref().is_none_or(|ids| ids.accepts_any(authors().filter_map(|author| author.person)))
            && author_name.as_ref().is_none_or(|name| name.accepts_any(authors().map(|author| author.name.as_str())))
            && author_affiliation.as_ref().is_none_or(|affiliation| {
                affiliation.accepts_any(authors().filter_map(|author| author.affiliation.as_deref()))
            })
            && award.as_ref().is_none_or(|award| award.accepts_items(award_heads()))
    }
}

/// What papers can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum PaperOrderField {
    /// The organizers' order; this is also the order when none is given.
    Position,
    /// The submission number: those that are plain numbers by value, then the others as text.
    Number,
    /// The title.
    Title,
}

pub(in crate::graphql) fn list(
    scope: &Scope,
    page: &PageArguments,
    choice: &Choice<PaperFilter, PaperOrderField>,
) -> Result<Connection<PaperNode>> {
    let number = |text: &str| text.parse().map_or_else(|_| Key::text(text), Key::Number);
    let chosen = choice.of(
        Listing::Whole(&scope.document().papers),
        |filter, paper| filter.accepts(paper, scope),
        |field, paper| match field {
            PaperOrderField::Position => Key::Number(paper.head.position.into()),
            PaperOrderField::Number => paper.number.as_deref().map_or(Key::Absent, number),
            PaperOrderField::Title => Key::text(&paper.title),
        },
    )?;
    page.page(&chosen, |paper| PaperNode::new(paper, scope))
}
