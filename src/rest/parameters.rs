//! The query parameters of collections and items. What is not known is refused: a filter that is not taken must never look
//! as if it were.

use jiff::Timestamp;

use super::Refusal;
use crate::content::Id;

/// How many items a page has when the request does not say.
pub const DEFAULT_LIMIT: usize = 100;
/// The most items that a page may have.
pub const MAX_LIMIT: usize = 500;

/// A query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// How many items a page has.
    Limit,
    /// The item after which the page begins.
    After,
    /// The only fields that are answered.
    Fields,
    /// Only what changed at or after an instant.
    UpdatedSince,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How many items a page has, from 1 to [`MAX_LIMIT`].
    pub limit: usize,
    /// The item after which the page begins.
    pub after: Option<Id>,
    /// The only fields that are answered, beside `id`.
    pub fields: Option<Vec<String>>,
    /// Only what changed at or after this instant.
    pub updated_since: Option<Timestamp>,
}

impl Parameter {
    /// What lists take.
    pub const OF_LISTS: &[Parameter] =
        &[Parameter::Limit, Parameter::After, Parameter::Fields, Parameter::UpdatedSince];
    /// What lists take that never change.
    pub const OF_RELEASES: &[Parameter] = &[Parameter::Limit, Parameter::After, Parameter::Fields];
    /// What one item takes, and the document.
    pub const OF_ITEMS: &[Parameter] = &[Parameter::Fields];

    /// Its name in addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Parameter::Limit => "limit",
            Parameter::After => "after",
            Parameter::Fields => "fields",
            Parameter::UpdatedSince => "updatedSince",
        }
    }
}

impl Default for Asked {
    fn default() -> Self {
        Asked { limit: DEFAULT_LIMIT, after: None, fields: None, updated_since: None }
    }
}

impl Asked {
    /// Reads the query of a request for something that takes the `known` parameters and has these `fields`.
    pub fn new<'a>(
        query: impl IntoIterator<Item = (&'a str, &'a str)>,
        known: &[Parameter],
        fields: &[String],
    ) -> Result<Asked, Refusal> {
        let mut asked = Asked::default();
        let mut said = Vec::new();
        for (name, value) in query {
            let Some(parameter) = known.iter().copied().find(|known| known.name() == name) else {
                return Err(unknown(name, known));
            };
            if said.contains(&parameter) {
                return Err(Refusal::BadRequest(format!("the parameter {name} is there twice; say it once")));
            }
            said.push(parameter);
            asked
                .take(parameter, value, fields)
                .map_err(|reason| Refusal::BadRequest(format!("the parameter {name}: {reason}")))?;
        }
        Ok(asked)
    }

    fn take(&mut self, parameter: Parameter, value: &str, fields: &[String]) -> Result<(), String> {
        match parameter {
            Parameter::Limit => {
                let limit = value.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
                self.limit = limit.ok_or_else(|| format!("it is a number from 1 to {MAX_LIMIT}"))?;
            }
            Parameter::After => {
                let id = value.parse().map_err(|_| "it is the id of the last item of the page before".to_owned())?;
                self.after = Some(id);
            }
            Parameter::Fields => self.fields = Some(read_fields(value, fields)?),
            Parameter::UpdatedSince => {
                // An offset's + that was not escaped has become a space.
                let instant = value.trim().replace(' ', "+").parse();
                let reason =
                    |_| "it is a date-time such as 2022-12-02T08:00:00-06:00 or 2022-12-02T14:00:00Z".to_owned();
                self.updated_since = Some(instant.map_err(reason)?);
            }
        }
        Ok(())
    }

    /// What is asked for, in one way of writing.
    pub fn canonical(&self) -> String {
        let after = self.after.map(|id| id.to_string()).unwrap_or_default();
        let fields = self.fields.as_ref().map(|fields| fields.join(","));
        format!("{} {after} {fields:?} {:?}", self.limit, self.updated_since)
    }
}

fn read_fields(value: &str, known: &[String]) -> Result<Vec<String>, String> {
    let mut fields: Vec<String> = Vec::new();
    for name in value.split(',').map(str::trim) {
        if !known.iter().any(|field| field == name) {
            let name: String = name.chars().take(100).collect();
            return Err(format!("there is no field {name:?}; there are {}", known.join(", ")));
        }
        fields.push(name.to_owned());
    }
    fields.sort();
    fields.dedup();
    Ok(fields)
}

fn unknown(name: &str, known: &[Parameter]) -> Refusal {
    let name: String = name.chars().take(100).collect();
    let known: Vec<&str> = known.iter().map(|parameter| parameter.name()).collect();
    Refusal::BadRequest(format!("there is no parameter {name:?} here; there are {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Asked, Refusal> {
        Asked::new(query.iter().copied(), Parameter::OF_LISTS, &["id".to_owned(), "title".to_owned()])
    }

    #[test]
    fn what_is_said_is_taken() {
        let id = "0190a8f0-0000-7000-8000-000000000001";
        let asked = read(&[
            ("limit", "7"),
            ("after", id),
            ("fields", "title, id,title"),
            ("updatedSince", "2022-12-02T08:00:00 01:00"),
        ])
        .unwrap();
        assert_eq!(asked.limit, 7);
        assert_eq!(asked.after, Some(id.parse().unwrap()));
        assert_eq!(asked.fields, Some(vec!["id".to_owned(), "title".to_owned()]));
        assert_eq!(asked.updated_since, Some("2022-12-02T07:00:00Z".parse().unwrap()));
        assert_eq!(read(&[]).unwrap(), Asked::default());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let wrong = [
            ("limit", "0"),
            ("limit", "501"),
            ("limit", "many"),
            ("after", "first"),
            ("fields", "password"),
            ("fields", ""),
            ("updatedSince", "yesterday"),
            ("updatedsince", "2022-12-02T08:00:00Z"),
        ];
        for (name, value) in wrong {
            assert!(matches!(read(&[(name, value)]), Err(Refusal::BadRequest(_))), "{name}={value}");
        }
        assert!(read(&[("limit", "1"), ("limit", "2")]).is_err());
    }
}
