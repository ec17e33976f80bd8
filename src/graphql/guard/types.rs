//! What the guard has to know of the schema: which type a field has, and how many there may be.

use std::collections::HashMap;

use async_graphql_parser::types::{BaseType, FieldDefinition, TypeKind, TypeSystemDefinition};
use async_graphql_value::ConstValue;

/// A field as the guard sees it.
#[derive(Clone, Debug)]
pub(super) struct FieldType {
    /// The name of the type of one value of it.
    pub(super) type_name: String,
    /// Whether it is a list.
    pub(super) is_list: bool,
    /// Whether it takes `first` or `last`, and so is a connection.
    pub(super) is_paged: bool,
    /// How many the list arguments with other names may bring: the name of the argument, such as `ids`.
    pub(super) list_argument: Option<String>,
}

/// The fields of every object type and interface of a schema.
#[derive(Debug, Default)]
pub(super) struct TypeMap {
    fields: HashMap<String, HashMap<String, FieldType>>,
    pub(super) query: String,
}

impl TypeMap {
    pub(super) fn from_sdl(sdl: &str) -> Self {
        let mut map = TypeMap { fields: HashMap::new(), query: "Query".to_owned() };
        let Ok(document) = async_graphql_parser::parse_schema(sdl) else { return map };
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    if let Some(query) = schema.node.query {
                        map.query = query.node.to_string();
                    }
                }
                TypeSystemDefinition::Type(definition) => {
                    let fields = match definition.node.kind {
                        TypeKind::Object(object) => object.fields,
                        TypeKind::Interface(interface) => interface.fields,
                        _ => continue,
                    };
                    let fields = fields.into_iter().map(|field| field_type(&field.node)).collect();
                    map.fields.insert(definition.node.name.node.to_string(), fields);
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        map
    }

    pub(super) fn field(&self, type_name: &str, field: &str) -> Option<&FieldType> {
        self.fields.get(type_name)?.get(field)
    }
}

fn field_type(field: &FieldDefinition) -> (String, FieldType) {
    let mut base = &field.ty.node.base;
    let mut is_list = false;
    while let BaseType::List(inner) = base {
        is_list = true;
        base = &inner.base;
    }
    let type_name = match base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(_) => String::new(),
    };
    let named = |wanted: &str| field.arguments.iter().any(|argument| argument.node.name.node == wanted);
    let list_argument = field
        .arguments
        .iter()
        .find(|argument| matches!(argument.node.ty.node.base, BaseType::List(_)) && argument.node.name.node == "ids")
        .map(|argument| argument.node.name.node.to_string());
    let is_paged = named("first") || named("last");
    (field.name.node.to_string(), FieldType { type_name, is_list, is_paged, list_argument })
}

/// A whole number of a value, where it is one that is not negative.
pub(super) fn natural(value: &ConstValue) -> Option<u64> {
    match value {
        ConstValue::Number(number) => number.as_u64(),
        _ => None,
    }
}
