//! The last look at what was read: what is longer than content may be is cut, with the place where it stands. Sites know no
//! bounds, and a paragraph in the place of a title must not keep the rest from being imported.

use std::sync::Arc;

use super::draft::Draft;
use crate::content::{Id, Record, Severity};
use crate::each_list;
use crate::error::Error;
use crate::import::diagnostic::Place;
use crate::import::fit;

/// Makes every record fit, and tells what was done.
///
/// # Errors
///
/// A record that can't be kept at all is told with its file and line.
pub(crate) fn keep(draft: &mut Draft) -> Result<(), Error> {
    for mut record in draft.document.records() {
        let told = fit::fit(&mut record);
        let problems = fit::problems(&record);
        if told.is_empty() && problems.is_empty() {
            continue;
        }
        let place = place(draft, record.id());
        if let Some(problem) = problems.first() {
            let field = problem.path.join(".");
            let message = format!("{place}: this {} can't be kept: {field}: {}", record.kind().name(), problem.message);
            return Err(Error::Input(message));
        }
        for fitted in told {
            draft.report(Severity::Warning, fitted.problem.code, place.clone(), fitted.message());
        }
        match record {
            Record::Person(person) => draft.change_person(person.id, |known| *known = Arc::unwrap_or_clone(person)),
            record => draft.document.put(record),
        }
    }
    Ok(())
}

/// Where a record was read; somebody is where the first item that names them is.
fn place(draft: &Draft, id: Id) -> Place {
    let own = draft.place(id);
    if own != Place::default() {
        return own;
    }
    let mut items = Vec::new();
    each_list!(&draft.document, list => items.extend(list.iter().map(|item| Record::from(item.clone()))));
    let names = |record: &&Record| crate::content::references(record).iter().any(|(_, other, _)| *other == id);
    items.iter().find(names).map(|record| draft.place(record.id())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Kind, MAX_LINE, Markdown, Page};
    use crate::import::jekyll::draft::test_options;

    fn page(title: &str) -> Draft {
        let mut draft = Draft::new(&test_options());
        let head = draft.head(Kind::Page, "call");
        draft.add(Page { head, title: title.to_owned(), body: Markdown("x".to_owned()) }, ("index.md", 7));
        draft
    }

    #[test]
    fn a_paragraph_for_a_title_is_cut_and_told_with_its_place() {
        let mut draft = page(&"moss ".repeat(200));
        keep(&mut draft).unwrap();
        assert!(draft.document.pages[0].title.chars().count() <= MAX_LINE);
        let told: Vec<_> = draft.diagnostics.iter().map(|finding| (finding.code, finding.line)).collect();
        assert_eq!(told, [("too-long", Some(7))]);
        assert_eq!(keep(&mut draft).map(|()| draft.diagnostics.iter().count()).ok(), Some(1));
    }

    #[test]
    fn what_can_not_be_kept_is_refused_with_its_place() {
        let error = keep(&mut page(" ")).unwrap_err().to_string();
        assert_eq!(error, "index.md:7: this page can't be kept: title: this must not be blank");
    }
}
