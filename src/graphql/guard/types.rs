//! What the guard has to know of the schema: which type a field has, and how many there may be.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::{
    BaseType, FieldDefinition, InputObjectType, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
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

/// A type that a variable may have, if it is not a scalar.
#[derive(Debug)]
pub(super) enum Input {
    /// An enum with its values.
    Enum(HashSet<String>),
    /// An input object.
    Object {
        /// The fields: their types, and whether they must be given.
        fields: HashMap<String, (Type, bool)>,
        /// Whether exactly one field must be given.
        one_of: bool,
    },
}

/// The fields of every object type and interface of a schema, and its input types.
#[derive(Debug, Default)]
pub(super) struct TypeMap {
    fields: HashMap<String, HashMap<String, FieldType>>,
    inputs: HashMap<String, Input>,
    pub(super) query: String,
    pub(super) mutation: String,
    pub(super) subscription: String,
}

impl TypeMap {
    pub(super) fn from_sdl(sdl: &str) -> Self {
        let mut map = TypeMap {
            query: "Query".to_owned(),
            mutation: "Mutation".to_owned(),
            subscription: "Subscription".to_owned(),
            ..TypeMap::default()
        };
        let Ok(document) = async_graphql_parser::parse_schema(sdl) else { return map };
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    let schema = schema.node;
                    for (root, name) in [
                        (&mut map.query, schema.query),
                        (&mut map.mutation, schema.mutation),
                        (&mut map.subscription, schema.subscription),
                    ] {
                        if let Some(name) = name {
                            *root = name.node.to_string();
                        }
                    }
                }
                TypeSystemDefinition::Type(definition) => map.add(definition.node),
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        map
    }

    fn add(&mut self, definition: TypeDefinition) {
        let name = definition.name.node.to_string();
        let one_of = definition.directives.iter().any(|directive| directive.node.name.node == "oneOf");
        let fields = match definition.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Enum(kind) => {
                let values = kind.values.into_iter().map(|value| value.node.value.node.to_string()).collect();
                self.inputs.insert(name, Input::Enum(values));
                return;
            }
            TypeKind::InputObject(object) => {
                self.inputs.insert(name, Input::Object { fields: input_fields(object), one_of });
                return;
            }
            TypeKind::Scalar | TypeKind::Union(_) => return,
        };
        self.fields.insert(name, fields.into_iter().map(|field| field_type(&field.node)).collect());
    }

    pub(super) fn field(&self, type_name: &str, field: &str) -> Option<&FieldType> {
        self.fields.get(type_name)?.get(field)
    }

    pub(super) fn input(&self, type_name: &str) -> Option<&Input> {
        self.inputs.get(type_name)
    }
}

fn input_fields(object: InputObjectType) -> HashMap<String, (Type, bool)> {
    let fields = object.fields.into_iter().map(|field| {
        let required = !field.node.ty.node.nullable && field.node.default_value.is_none();
        (field.node.name.node.to_string(), (field.node.ty.node, required))
    });
    fields.collect()
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
