//! Pages, as they are asked for.

node! {
    /// A text of the event's site, such as the overview.
    plain PageNode, crate::content::Page, "Page"
}
