//! How each kind is asked for: its node, its relations, its filter and its order. One file per kind, with the names of
//! `content`.

pub(super) mod announcement;
pub(super) mod award;
pub(super) mod event;
pub(super) mod important_date;
pub(super) mod link;
pub(super) mod page;
pub(super) mod paper;
pub(super) mod participant;
pub(super) mod person;
pub(super) mod release;
pub(super) mod room;
pub(super) mod series;
pub(super) mod session;
pub(super) mod sponsor;
pub(super) mod sponsor_tier;
pub(super) mod topic;
pub(super) mod track;

/// Makes the node of a kind of content items from its document comment, its name in the schema, and its content.
macro_rules! item_node {
    ($(#[$($documentation:tt)*])* $node:ident, $name:literal, $content:ident) => {
        $(#[$($documentation)*])*
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        #[graphql(complex, serial, name = $name)]
        pub(in crate::graphql) struct $node {
            #[graphql(flatten)]
            item: $crate::graphql::scope::Item<$crate::content::$content>,
        }

        impl $node {
            pub(in crate::graphql) fn new(
                content: &std::sync::Arc<$crate::content::$content>,
                scope: &$crate::graphql::scope::Scope,
            ) -> Self {
                $node { item: $crate::graphql::scope::Item::new(content, scope) }
            }

            /// The id, for the interface `Node`.
            pub(in crate::graphql) async fn id(
                &self,
                _context: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<$crate::content::Id> {
                Ok(self.item.content.head.id)
            }
        }
    };
}
use item_node;
