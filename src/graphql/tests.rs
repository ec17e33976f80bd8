//! The schema as a whole: its picture is up to date, and everything in it is described.

use std::path::Path;

use async_graphql::Request;

use super::{Settings, schema, sdl};

#[test]
fn schema_graphql_is_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let now = sdl();
    if std::fs::read_to_string(&path).unwrap_or_default() != now {
        std::fs::write(&path, now).unwrap();
        panic!("schema.graphql was not the schema; it has been written anew: look at the difference and commit it");
    }
}

#[tokio::test]
async fn everything_has_a_description() {
    let schema = schema(&Settings::default());
    let query = "{ __schema { types { name description
        fields { name description args { name description } }
        inputFields { name description } enumValues { name description } } } }";
    let answer = schema.execute(Request::new(query)).await.into_result().unwrap().data.into_json().unwrap();
    let mut silent = Vec::new();
    for kind in answer["__schema"]["types"].as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        // The specification's own types say what they are by being the specification's.
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        let mut look = |place: String, thing: &serde_json::Value| {
            if thing["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
                silent.push(place);
            }
        };
        look(name.to_owned(), kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for member in kind[list].as_array().into_iter().flatten() {
                let member_name = format!("{name}.{}", member["name"].as_str().unwrap());
                look(member_name.clone(), member);
                for argument in member["args"].as_array().into_iter().flatten() {
                    look(format!("{member_name}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    assert!(silent.is_empty(), "these have no description: {silent:#?}");
}
