//! Links, as they are asked for.

node! {
    /// A link of the event's navigation, or to a place that belongs to the event.
    plain LinkNode, crate::content::Link, "Link"
}
