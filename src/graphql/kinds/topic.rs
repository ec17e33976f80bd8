//! Topics of the call for papers, as they are asked for.

node! {
    /// A group of themes in the call for papers.
    plain TopicNode, crate::content::Topic, "Topic"
}
