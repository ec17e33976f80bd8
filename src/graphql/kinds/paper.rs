//! Papers, as they are asked for.

use std::cmp::Ordering;

use async_graphql::{ComplexObject, Enum, InputObject, Result, SimpleObject};

use super::award::AwardNode;
use super::person::PersonNode;
use super::session::SessionNode;
use crate::content::{Kind, Paper, PaperAuthor, Presentation};
use crate::graphql::connection::{Page, PageArguments, page_of};
use crate::graphql::filter::{Filter, IdFilter, Order, OrderDirection, TextFilter, combinations, compare_text, select};
use crate::graphql::scope::Scope;

node! {
    /// A paper of the event.
    complex PaperNode, Paper, "Paper"
}

/// One of a paper's authors, as it stands on the paper.
#[derive(SimpleObject)]
#[graphql(name = "PaperAuthor", complex)]
pub struct PaperAuthorNode {
    #[graphql(flatten)]
    author: PaperAuthor,
    #[graphql(skip)]
    scope: Scope,
}

#[ComplexObject]
impl PaperAuthorNode {
    /// Who it is, with their other papers and sessions; absent where the paper does not tell.
    async fn person(&self) -> Option<PersonNode> {
        let person = self.scope.person(self.author.person?)?;
        Some(PersonNode::new(person, &self.scope))
    }
}

#[ComplexObject]
impl PaperNode {
    /// Who wrote it, in the order of the paper.
    async fn authors(&self) -> Vec<PaperAuthorNode> {
        let node = |author: &PaperAuthor| PaperAuthorNode { author: author.clone(), scope: self.scope.clone() };
        self.item.authors.iter().map(node).collect()
    }

    /// The sessions in which it is presented, by start.
    async fn sessions(&self) -> Vec<SessionNode> {
        let sessions = self.scope.sessions_of_paper(self.item.head.id);
        sessions.map(|session| SessionNode::new(session, &self.scope)).collect()
    }

    /// The awards that it won.
    async fn awards(&self) -> Vec<AwardNode> {
        self.scope.awards_of_paper(self.item.head.id).map(|award| AwardNode::new(award, &self.scope)).collect()
    }
}

/// A choice of ways to present a paper.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PresentationFilter {
    /// It is one of these.
    #[graphql(name = "in")]
    pub one_of: Option<Vec<Presentation>>,
    /// It is none of these.
    pub not_in: Option<Vec<Presentation>>,
}

/// Which papers: all conditions that are given have to hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct PaperFilter {
    /// The paper's id.
    pub id: Option<IdFilter>,
    /// The submission number or code.
    pub number: Option<TextFilter>,
    /// The title.
    pub title: Option<TextFilter>,
    /// The name of one of its authors.
    pub author: Option<TextFilter>,
    /// The affiliation of one of its authors.
    pub affiliation: Option<TextFilter>,
    /// The id of a person who is one of its authors.
    pub person: Option<IdFilter>,
    /// How it is presented.
    pub presentation: Option<PresentationFilter>,
    /// Whether it has a place in the schedule.
    pub has_session: Option<bool>,
    /// The id of an award that it won.
    pub award: Option<IdFilter>,
    /// All of these have to hold too.
    pub and: Option<Vec<PaperFilter>>,
    /// One of these has to hold too.
    pub or: Option<Vec<PaperFilter>>,
    /// This must not hold.
    pub not: Option<Box<PaperFilter>>,
}

impl Filter<Paper> for PaperFilter {
    fn matches_own(&self, paper: &Paper, scope: &Scope) -> bool {
        let id = paper.head.id;
        let authors = || paper.authors.iter();
        let affiliations = || authors().filter_map(|author| author.affiliation.as_deref());
        let awards = || scope.awards_of_paper(id).map(|award| award.head.id);
        self.id.as_ref().is_none_or(|filter| filter.matches(Some(id)))
            && self.number.as_ref().is_none_or(|filter| filter.matches(paper.number.as_deref()))
            && self.title.as_ref().is_none_or(|filter| filter.matches(Some(&paper.title)))
            && self.author.as_ref().is_none_or(|f| f.matches_any(authors().map(|author| author.name.as_str())))
            && self.affiliation.as_ref().is_none_or(|filter| filter.matches_any(affiliations()))
            && self.person.as_ref().is_none_or(|f| f.matches_any(authors().filter_map(|author| author.person)))
            && self.presentation.as_ref().is_none_or(|filter| filter.matches(paper.presentation))
            && self.has_session.is_none_or(|wanted| scope.sessions_of_paper(id).next().is_some() == wanted)
            && self.award.as_ref().is_none_or(|filter| filter.matches_any(awards()))
    }

    combinations!();
}

impl PresentationFilter {
    fn matches(&self, presentation: Option<Presentation>) -> bool {
        self.one_of.as_ref().is_none_or(|wanted| presentation.is_some_and(|it| wanted.contains(&it)))
            && self.not_in.as_ref().is_none_or(|unwanted| presentation.is_none_or(|it| !unwanted.contains(&it)))
    }
}

/// What papers can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PaperOrderField {
    /// Their place in the organizers' list.
    Position,
    /// The title.
    Title,
    /// The submission number; as a number where both are numbers.
    Number,
}

/// An order of papers.
#[derive(Clone, Debug, InputObject)]
pub struct PaperOrder {
    /// What to order by.
    pub field: PaperOrderField,
    /// Which way to order.
    #[graphql(default)]
    pub direction: OrderDirection,
}

impl Order<Paper> for PaperOrder {
    fn compare(&self, a: &Paper, b: &Paper, _: &Scope) -> Ordering {
        match self.field {
            PaperOrderField::Position => a.head.position.cmp(&b.head.position),
            PaperOrderField::Title => compare_text(&a.title, &b.title),
            PaperOrderField::Number => {
                // Numbers come before codes, and a paper without a number comes last.
                let key = |paper: &Paper| {
                    let number = paper.number.clone();
                    (number.is_none(), number.as_ref().and_then(|text| text.parse().ok()).unwrap_or(u64::MAX), number)
                };
                key(a).cmp(&key(b))
            }
        }
    }

    fn direction(&self) -> OrderDirection {
        self.direction
    }
}

/// A page of papers.
pub fn papers(
    scope: &Scope,
    arguments: &PageArguments,
    filter: Option<&PaperFilter>,
    orders: Option<&[PaperOrder]>,
) -> Result<Page<PaperNode>> {
    let list = &scope.document().papers;
    let places = select(list, filter, orders, scope)?;
    let place_of = |id| scope.place(Kind::Paper, id);
    page_of(arguments, &places, list, place_of, |item| item.head.id, |item| PaperNode::new(item, scope))
}
