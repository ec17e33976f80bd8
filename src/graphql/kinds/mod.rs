//! How each kind of content is asked for, one file per kind: the node, its relations, filter and order.

/// Makes the node of a kind: the content's own fields, the times of its head, and the scope that relations are looked up
/// in. `complex` nodes have relations, in a `#[ComplexObject]` of their own.
macro_rules! node {
    ($(#[$doc:meta])* complex $node:ident, $content:ty, $name:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        #[graphql(name = $name, complex)]
        pub struct $node {
            #[graphql(flatten)]
            item: std::sync::Arc<$content>,
            #[graphql(flatten)]
            times: crate::graphql::scope::Times,
            #[graphql(skip)]
            scope: crate::graphql::scope::Scope,
        }

        impl $node {
            /// The node of an item in a scope.
            pub fn new(item: &std::sync::Arc<$content>, scope: &crate::graphql::scope::Scope) -> Self {
                $node { item: item.clone(), times: scope.times(&item.head), scope: scope.clone() }
            }
        }

        identified!($node, item.head);
    };
    ($(#[$doc:meta])* plain $node:ident, $content:ty, $name:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        #[graphql(name = $name)]
        pub struct $node {
            #[graphql(flatten)]
            item: std::sync::Arc<$content>,
            #[graphql(flatten)]
            times: crate::graphql::scope::Times,
        }

        impl $node {
            /// The node of an item in a scope.
            pub fn new(item: &std::sync::Arc<$content>, scope: &crate::graphql::scope::Scope) -> Self {
                $node { item: item.clone(), times: scope.times(&item.head) }
            }
        }

        identified!($node, item.head);
    };
}

/// Gives a node the method that the `Node` interface calls: a flattened field has none.
macro_rules! identified {
    ($node:ident, $($path:ident).+) => {
        impl $node {
            pub(in crate::graphql) async fn id(
                &self,
                _: &async_graphql::Context<'_>,
            ) -> async_graphql::Result<crate::content::Id> {
                Ok(self.$($path).+.id)
            }
        }
    };
}

pub mod announcement;
pub mod award;
pub mod event;
pub mod important_date;
pub mod link;
pub mod lists;
pub mod page;
pub mod paper;
pub mod participation;
pub mod person;
pub mod room;
pub mod schedule;
pub mod series;
pub mod session;
pub mod sponsor;
pub mod sponsor_tier;
pub mod topic;
pub mod track;
