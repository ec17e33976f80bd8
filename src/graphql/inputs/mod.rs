//! What can be said about content when it is written: a part left out stays, `null` clears, a value is taken.
//!
//! One struct a kind, used for new items and for changes alike. It only says which part of the input becomes which part
//! of the content; the rules are with the content, and `publishing::Draft` checks them all at once.

mod event;
mod items;
mod parts;

use async_graphql::{InputObject, InputObjectType, MaybeUndefined};

pub(super) use event::{EventInput, PersonInput, SeriesInput};
pub(super) use items::*;

use crate::content::{Content, DateTime, Head, Id, Report};
use crate::publishing::Draft;

/// What the fields of an item are set with: the event as it is now, and where problems go.
pub(super) struct Desk<'a> {
    pub(super) draft: &'a mut Draft,
    pub(super) report: &'a mut Report,
    pub(super) now: jiff::Timestamp,
}

/// What can be said about the items of a kind.
pub(super) trait ItemInput: InputObjectType {
    /// What it is said about.
    type Content: Content;

    /// An item of which nothing is known yet.
    fn blank(head: Head) -> Self::Content;

    /// Takes over what is said.
    fn apply(self, content: &mut Self::Content, desk: &mut Desk<'_>);

    /// What a new item is called, for its slug.
    fn name(content: &Self::Content, draft: &Draft) -> String;

    /// The people whom the input names by their ids, who may be in other events only.
    fn people(&self) -> Vec<Id> {
        Vec::new()
    }

    /// Whether the input changes what a person is in all their events.
    fn changes_person(&self) -> bool {
        false
    }

    /// Whether the input gives a slug.
    fn has_slug(&self) -> bool;
}

/// What can be said about every item.
#[derive(Clone, Debug, Default, InputObject)]
pub(super) struct HeadInput {
    /// The readable name for URLs: `a-z`, `0-9` and single hyphens, at most 80 characters, unique among the items of its
    /// kind in the event. A new item gets one from its title when this is left out.
    pub(super) slug: MaybeUndefined<String>,
    /// Whether the public may see the item at all; true for a new one when left out.
    published: MaybeUndefined<bool>,
    /// The instant from which the public sees the item; null is at once.
    publish_at: MaybeUndefined<DateTime>,
}

impl HeadInput {
    pub(super) fn apply(self, head: &mut Head, report: &mut Report) {
        required(self.slug, &mut head.slug, "slug", report);
        required(self.published, &mut head.published, "published", report);
        optional(self.publish_at, &mut head.publish_at);
    }
}

/// Sets what must be there.
pub(super) fn required<I: Into<T>, T>(input: MaybeUndefined<I>, target: &mut T, field: &str, report: &mut Report) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => report.add(field, "required", "this can't be null; leave it out to keep what is there"),
        MaybeUndefined::Value(value) => *target = value.into(),
    }
}

/// Sets what may be absent.
pub(super) fn optional<I: Into<T>, T>(input: MaybeUndefined<I>, target: &mut Option<T>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *target = None,
        MaybeUndefined::Value(value) => *target = Some(value.into()),
    }
}

/// Sets a whole list; null is the empty one.
pub(super) fn list<I: Into<T>, T>(input: MaybeUndefined<Vec<I>>, target: &mut Vec<T>) {
    match input {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => target.clear(),
        MaybeUndefined::Value(values) => *target = values.into_iter().map(Into::into).collect(),
    }
}

/// The name of a field as it is in GraphQL.
pub(super) fn camel(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        name + &initial.to_ascii_uppercase() + rest
    })
}

/// Makes the input of a kind: each field with how it is set (`required`, `optional`, `list`, or `with`, a function).
macro_rules! item_input {
    (
        $(#[$documentation:meta])*
        $input:ident: $content:ident = $blank:expr, named by $name:expr $(, with people $people:expr)?;
        $($(#[$attribute:meta])* $mode:ident $field:ident: $type:ty $(= $with:expr)?,)*
    ) => {
        $(#[$documentation])*
        #[derive(Clone, Debug, Default, async_graphql::InputObject)]
        pub(in crate::graphql) struct $input {
            #[graphql(flatten)]
            head: $crate::graphql::inputs::HeadInput,
            $($(#[$attribute])* $field: async_graphql::MaybeUndefined<$type>,)*
        }

        impl $crate::graphql::inputs::ItemInput for $input {
            type Content = $content;

            fn blank(head: $crate::content::Head) -> $content {
                let blank: fn($crate::content::Head) -> $content = $blank;
                blank(head)
            }

            fn apply(self, content: &mut $content, desk: &mut $crate::graphql::inputs::Desk<'_>) {
                self.head.apply(&mut content.head, desk.report);
                $(item_input!(@$mode self, content, desk, $field $(, $with)?);)*
            }

            fn name(content: &$content, draft: &$crate::publishing::Draft) -> String {
                let name: fn(&$content, &$crate::publishing::Draft) -> String = $name;
                name(content, draft)
            }

            fn has_slug(&self) -> bool {
                !self.head.slug.is_undefined()
            }

            $(
                fn people(&self) -> Vec<$crate::content::Id> {
                    let people: fn(&$input) -> Vec<$crate::content::Id> = $people;
                    people(self)
                }
            )?
        }
    };
    (@required $self:ident, $content:ident, $desk:ident, $field:ident) => {
        $crate::graphql::inputs::required(
            $self.$field,
            &mut $content.$field,
            &$crate::graphql::inputs::camel(stringify!($field)),
            $desk.report,
        )
    };
    (@optional $self:ident, $content:ident, $desk:ident, $field:ident) => {
        $crate::graphql::inputs::optional($self.$field, &mut $content.$field)
    };
    (@list $self:ident, $content:ident, $desk:ident, $field:ident) => {
        $crate::graphql::inputs::list($self.$field, &mut $content.$field)
    };
    (@with $self:ident, $content:ident, $desk:ident, $field:ident, $with:expr) => {
        $with($self.$field, $content, $desk)
    };
}
use item_input;
