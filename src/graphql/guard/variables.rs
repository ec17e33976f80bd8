//! Whether the variables of a request have the types that the operation declares (specification October 2021, §6.1.2).
//!
//! async-graphql looks only at variables that are used, and reports them as faults of fields. Custom scalars are let
//! through here: only their own code knows them.

use async_graphql::{Value, Variables};
use async_graphql_parser::types::{BaseType, OperationDefinition, Type};

use super::types::{Input, TypeMap};
use super::{Code, Refusal};

/// Refuses variables that are missing or have the wrong type. Those that the operation does not declare are ignored.
pub(super) fn check(types: &TypeMap, operation: &OperationDefinition, variables: &Variables) -> Result<(), Refusal> {
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        let declared = &definition.node.var_type.node;
        let problem = match variables.get(name) {
            Some(value) => check_value(types, declared, value),
            None if declared.nullable || definition.node.default_value.is_some() => Ok(()),
            None => Err("is missing".to_owned()),
        };
        if let Err(problem) = problem {
            let message = format!("the variable \"${name}\" {problem}");
            return Err(Refusal::at(Code::BadUserInput, message, definition.pos));
        }
    }
    Ok(())
}

fn check_value(types: &TypeMap, declared: &Type, value: &Value) -> Result<(), String> {
    if *value == Value::Null {
        return if declared.nullable { Ok(()) } else { Err("must not be null".to_owned()) };
    }
    match (&declared.base, value) {
        (BaseType::List(item), Value::List(values)) => {
            for (index, value) in values.iter().enumerate() {
                check_value(types, item, value).map_err(|problem| format!("at {index}: {problem}"))?;
            }
            Ok(())
        }
        // A single value stands for a list of one.
        (BaseType::List(item), value) => check_value(types, item, value),
        (BaseType::Named(name), value) => check_named(types, name, value),
    }
}

fn check_named(types: &TypeMap, name: &str, value: &Value) -> Result<(), String> {
    let fits = match (name, value) {
        ("Int", Value::Number(number)) => {
            return match number.as_i64() {
                Some(number) if i32::try_from(number).is_ok() => Ok(()),
                _ => Err("must be a whole number of 32 bits".to_owned()),
            };
        }
        ("Float", Value::Number(_)) | ("String" | "ID", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
        ("ID", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("Int" | "Float" | "String" | "ID" | "Boolean", _) => false,
        (_, value) => match types.input(name) {
            Some(Input::Enum(values)) => match value {
                Value::String(text) => values.contains(text),
                Value::Enum(name) => values.contains(name.as_str()),
                _ => false,
            },
            Some(Input::Object { fields, one_of }) => {
                let Value::Object(given) = value else { return Err(format!("must be an object of the type {name}")) };
                for (key, value) in given {
                    let Some((declared, _)) = fields.get(key.as_str()) else {
                        let shown: String = key.chars().take(80).collect();
                        return Err(format!("has the field \"{shown}\", which {name} has not"));
                    };
                    check_value(types, declared, value).map_err(|problem| format!("at {key}: {problem}"))?;
                }
                if let Some((missing, _)) =
                    fields.iter().find(|(key, (_, required))| *required && !given.contains_key(key.as_str()))
                {
                    return Err(format!("lacks the field \"{missing}\""));
                }
                if *one_of && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
                    return Err(format!("must have exactly one field of {name}"));
                }
                return Ok(());
            }
            None => true,
        },
    };
    if fits { Ok(()) } else { Err(format!("must be of the type {name}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDL: &str = "
        type Query { a: Int }
        enum Kind { TALK PANEL }
        input Filter { kind: Kind! title: String size: Int! = 3 and: [Filter!] }
        input By @oneOf { id: ID slug: String }
        scalar Instant
    ";

    fn problem(declaration: &str, variables: &str) -> Option<String> {
        let types = TypeMap::from_sdl(SDL);
        let document = async_graphql_parser::parse_query(format!("query({declaration}) {{ a }}")).unwrap();
        let variables = Variables::from_json(serde_json::from_str(variables).unwrap());
        let (_, operation) = document.operations.iter().next().unwrap();
        check(&types, &operation.node, &variables).err().map(|refusal| refusal.message)
    }

    #[test]
    fn variables_that_fit_pass() {
        for (declaration, variables) in [
            ("$a: Int", "{}"),
            ("$a: Int! = 3", "{}"),
            ("$a: Int", r#"{"a": null}"#),
            ("$a: ID!", r#"{"a": 5}"#),
            ("$a: [Int!]", r#"{"a": 5}"#),
            ("$a: [[String]]", r#"{"a": [["x", null], null]}"#),
            ("$a: Kind", r#"{"a": "TALK"}"#),
            ("$a: Instant", r#"{"a": {"any": "thing"}}"#),
            ("$a: Filter", r#"{"a": {"kind": "PANEL", "and": [{"kind": "TALK"}]}}"#),
            ("$a: By", r#"{"a": {"slug": "x"}}"#),
            ("$a: Int", r#"{"b": "not declared"}"#),
        ] {
            assert_eq!(problem(declaration, variables), None, "{declaration} {variables}");
        }
    }

    #[test]
    fn variables_that_do_not_fit_are_refused() {
        for (declaration, variables) in [
            ("$a: Int!", "{}"),
            ("$a: Int!", r#"{"a": null}"#),
            ("$a: Int", r#"{"a": "5"}"#),
            ("$a: Int", r#"{"a": 1.5}"#),
            ("$a: Int", r#"{"a": 2147483648}"#),
            ("$a: String", r#"{"a": [["x"]]}"#),
            ("$a: [Int!]", r#"{"a": [1, null]}"#),
            ("$a: Kind", r#"{"a": "NAP"}"#),
            ("$a: Filter", r#"{"a": {}}"#),
            ("$a: Filter", r#"{"a": {"kind": "TALK", "other": 1}}"#),
            ("$a: Filter", r#"{"a": {"kind": "TALK", "and": [{"kind": 3}]}}"#),
            ("$a: By", r#"{"a": {"slug": "x", "id": "y"}}"#),
            ("$a: By", r#"{"a": {"slug": null}}"#),
        ] {
            assert!(problem(declaration, variables).is_some(), "{declaration} {variables}");
        }
    }
}
