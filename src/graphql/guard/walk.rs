//! Measures an operation in one walk, with every fragment measured once for each page size that it is met under.

use std::collections::{HashMap, HashSet};

use async_graphql::{Name, Variables};
use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    Directive, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql_value::Value;

use super::types::natural;
use super::{Code, Guard, Measure, Refusal, SIGN_INS};
use crate::shelf::MAX_NAMED;

/// How many items a page has when the query does not say.
const DEFAULT_PAGE: u64 = 20;
/// How many items a list without pages is taken to have.
const PLAIN_LIST: u64 = 8;
/// How often the lists of introspection may be nested; graphql-js's `MaxIntrospectionDepthRule` has the same number.
const MAX_INTROSPECTION_LISTS: u64 = 3;
/// How deep selections and fragments may lie in each other for this walk, which is recursive.
const MAX_NESTING: u64 = 64;

/// Where in the schema a selection stands.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    /// The type whose fields are selected.
    type_name: String,
    /// The size of the page that `edges` and `nodes` bring here, inside a connection.
    page: Option<u64>,
    /// How many lists of introspection lie above; `None` outside introspection.
    introspection: Option<u64>,
}

/// What the walks of a document's operations have seen together.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Fields of all operations: each of them is validated, whichever is executed.
    fields: u64,
    fragments: HashSet<Name>,
}

struct Walk<'a> {
    guard: &'a Guard,
    document: &'a ExecutableDocument,
    defaults: HashMap<&'a str, Option<u64>>,
    variables: &'a Variables,
    measured: HashMap<(Name, Place), Measure>,
    open: Vec<Name>,
    nesting: u64,
    walked: &'a mut Walked,
}

/// The measure of an operation, or why it can't be executed whatever its size.
pub(super) fn measure(
    guard: &Guard,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    walked: &mut Walked,
) -> Result<Measure, Refusal> {
    let defaults = operation
        .variable_definitions
        .iter()
        .map(|definition| (definition.node.name.node.as_str(), definition.node.default_value().and_then(natural)))
        .collect();
    let mut walk =
        Walk { guard, document, defaults, variables, measured: HashMap::new(), open: Vec::new(), nesting: 0, walked };
    let root = Place { type_name: guard.types.root(operation.ty).to_owned(), page: None, introspection: None };
    let mut measure = walk.selections(&operation.selection_set.node, &root)?;
    measure.directives = measure.directives.saturating_add(operation.directives.len() as u64);
    if operation.ty == OperationType::Subscription {
        check_root_of_subscription(operation)?;
    }
    walk.walked.fields = walk.walked.fields.saturating_add(measure.fields);
    walk.check_fields(walk.walked.fields)?;
    Ok(measure)
}

/// Refuses fragments that no operation uses: nothing has measured them, and validation would walk them.
pub(super) fn check_all_fragments_are_used(document: &ExecutableDocument, walked: &Walked) -> Result<(), Refusal> {
    match document.fragments.iter().find(|(name, _)| !walked.fragments.contains(*name)) {
        Some((_, fragment)) => {
            let message = "this fragment is used by no operation";
            Err(Refusal::at(Code::GraphqlValidationFailed, message, fragment.pos))
        }
        None => Ok(()),
    }
}

/// A subscription has one root field, which is no introspection (specification, §5.2.4). It has to stand at the root
/// itself: async-graphql forgets what a fragment there holds.
fn check_root_of_subscription(operation: &OperationDefinition) -> Result<(), Refusal> {
    let refuse = |message, position| Err(Refusal::at(Code::GraphqlValidationFailed, message, position));
    match operation.selection_set.node.items.as_slice() {
        [Positioned { node: Selection::Field(field), pos }] => {
            if field.node.name.node.starts_with("__") {
                return refuse("a subscription asks for no introspection", *pos);
            }
            match field.node.directives.iter().find(|d| matches!(d.node.name.node.as_str(), "skip" | "include")) {
                Some(directive) => refuse("the root field of a subscription can't be left out", directive.pos),
                None => Ok(()),
            }
        }
        [one] => refuse("write the root field of a subscription without a fragment", one.pos),
        _ => refuse("a subscription has exactly one root field", operation.selection_set.pos),
    }
}

impl Walk<'_> {
    /// The sum of a selection set. `root_fields` counts the fields of this very set.
    fn selections(&mut self, set: &SelectionSet, place: &Place) -> Result<Measure, Refusal> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            let message = format!("selections and fragments lie in each other more than {MAX_NESTING} times");
            return Err(Refusal::new(Code::TooComplex, message));
        }
        let mut sum = Measure::default();
        for selection in &set.items {
            let part = match &selection.node {
                Selection::Field(field) => self.field(field, place)?,
                Selection::FragmentSpread(spread) => {
                    let mut part = self.fragment(&spread.node.fragment_name, place)?;
                    part.fields = part.fields.saturating_add(1);
                    with_directives(part, &spread.node.directives)
                }
                Selection::InlineFragment(inline) => {
                    let condition =
                        inline.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
                    let part = self.selections(&inline.node.selection_set.node, &narrowed(place, condition))?;
                    with_directives(part, &inline.node.directives)
                }
            };
            sum = add(sum, part);
            self.check_fields(sum.fields)?;
        }
        self.nesting -= 1;
        Ok(sum)
    }

    fn check_fields(&self, fields: u64) -> Result<(), Refusal> {
        let limit = self.guard.limits.fields;
        if fields > limit {
            return Err(Refusal::new(Code::TooComplex, format!("the query has more than {limit} fields")));
        }
        Ok(())
    }

    fn field(&mut self, field: &Positioned<Field>, place: &Place) -> Result<Measure, Refusal> {
        let name = field.node.name.node.as_str();
        if name == "__typename" {
            check_typename(field)?;
        }
        if !self.guard.introspection && matches!(name, "__schema" | "__type") {
            let message = "introspection is switched off on this server";
            return Err(Refusal::at(Code::GraphqlValidationFailed, message, field.pos));
        }
        let is_mutation = place.type_name == self.guard.types.root(OperationType::Mutation);
        let own = Measure {
            depth: u64::from(name != "__typename"),
            aliases: u64::from(field.node.alias.is_some()),
            root_fields: 1,
            directives: field.node.directives.len() as u64,
            fields: 1,
            cost: 1,
            sign_ins: u64::from(is_mutation && SIGN_INS.contains(&name)),
            secrets: u64::from(is_secret(&place.type_name, name)),
        };
        if field.node.selection_set.node.items.is_empty() {
            return Ok(own);
        }
        let (below, times) = self.below(field, place)?;
        let inner = self.selections(&field.node.selection_set.node, &below)?;
        Ok(Measure {
            depth: own.depth.saturating_add(inner.depth),
            aliases: own.aliases.saturating_add(inner.aliases),
            root_fields: 1,
            directives: own.directives.saturating_add(inner.directives),
            fields: own.fields.saturating_add(inner.fields),
            cost: own.cost.saturating_add(inner.cost.saturating_mul(times)),
            sign_ins: own.sign_ins.saturating_add(inner.sign_ins),
            secrets: own.secrets.saturating_add(inner.secrets),
        })
    }

    /// Where the selections of a field stand, and how often they may be in the answer.
    fn below(&self, field: &Positioned<Field>, place: &Place) -> Result<(Place, u64), Refusal> {
        let name = field.node.name.node.as_str();
        if let Some(lists) = place.introspection.or_else(|| matches!(name, "__schema" | "__type").then_some(0)) {
            let lists = lists + u64::from(matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes"));
            if lists >= MAX_INTROSPECTION_LISTS {
                let message = "the lists of types and fields lie in each other too often in this introspection";
                return Err(Refusal::at(Code::TooComplex, message, field.pos));
            }
            return Ok((Place { type_name: String::new(), page: None, introspection: Some(lists) }, 1));
        }
        let Some(known) = self.guard.types.field(&place.type_name, name) else {
            // The schema has no such field, which validation will say; until then it counts as a list.
            return Ok((Place { type_name: String::new(), page: None, introspection: None }, PLAIN_LIST));
        };
        let page = known.is_paged.then(|| self.number(field, "first").or(self.number(field, "last")));
        let times = match (known.is_list, place.page) {
            (false, _) => 1,
            (true, _) if (place.type_name.as_str(), name) == ("EventChange", "changes") => MAX_NAMED as u64,
            (true, Some(page)) if matches!(name, "edges" | "nodes") => page,
            (true, _) => known.list_argument.as_ref().map_or(PLAIN_LIST, |argument| self.length(field, argument)),
        };
        let page = page.map(|page| page.unwrap_or(DEFAULT_PAGE));
        Ok((Place { type_name: known.type_name.clone(), page, introspection: None }, times))
    }

    fn fragment(&mut self, name: &Positioned<Name>, place: &Place) -> Result<Measure, Refusal> {
        let Some(fragment) = self.document.fragments.get(&name.node) else {
            return Err(Refusal::at(Code::GraphqlValidationFailed, "there is no fragment of this name", name.pos));
        };
        if self.open.contains(&name.node) {
            return Err(Refusal::at(Code::GraphqlValidationFailed, "this fragment includes itself", name.pos));
        }
        let below = narrowed(place, Some(fragment.node.type_condition.node.on.node.as_str()));
        let key = (name.node.clone(), below);
        if let Some(measure) = self.measured.get(&key) {
            return Ok(*measure);
        }
        self.walked.fragments.insert(name.node.clone());
        self.open.push(name.node.clone());
        let measure = self.selections(&fragment.node.selection_set.node, &key.1)?;
        self.open.pop();
        let measure = with_directives(measure, &fragment.node.directives);
        self.measured.insert(key, measure);
        Ok(measure)
    }

    /// The number that an argument has, as literal, variable or variable's default.
    fn number(&self, field: &Positioned<Field>, argument: &str) -> Option<u64> {
        match &field.node.get_argument(argument)?.node {
            Value::Number(number) => number.as_u64(),
            Value::Variable(name) => match self.variables.get(name) {
                Some(value) => natural(value),
                None => self.defaults.get(name.as_str()).copied().flatten(),
            },
            _ => None,
        }
    }

    /// The length of the list that an argument has.
    fn length(&self, field: &Positioned<Field>, argument: &str) -> u64 {
        match field.node.get_argument(argument).map(|value| &value.node) {
            Some(Value::List(items)) => items.len() as u64,
            Some(Value::Variable(name)) => match self.variables.get(name) {
                Some(async_graphql::Value::List(items)) => items.len() as u64,
                _ => 1,
            },
            _ => 1,
        }
    }
}

/// Whether the value of a field opens something to whoever has it.
pub(in crate::graphql) fn is_secret(type_name: &str, field: &str) -> bool {
    field == "secret" || (type_name == "SignIn" && matches!(field, "accessToken" | "refreshToken"))
}

/// async-graphql does not look at the arguments and directives of `__typename`.
fn check_typename(field: &Positioned<Field>) -> Result<(), Refusal> {
    if let Some((name, _)) = field.node.arguments.first() {
        return Err(Refusal::at(Code::GraphqlValidationFailed, "__typename takes no arguments", name.pos));
    }
    for directive in &field.node.directives {
        if !matches!(directive.node.name.node.as_str(), "skip" | "include") {
            return Err(Refusal::at(Code::GraphqlValidationFailed, "there is no such directive", directive.pos));
        }
    }
    Ok(())
}

fn narrowed(place: &Place, condition: Option<&str>) -> Place {
    match condition {
        Some(type_name) => Place { type_name: type_name.to_owned(), ..place.clone() },
        None => place.clone(),
    }
}

fn with_directives(measure: Measure, directives: &[Positioned<Directive>]) -> Measure {
    Measure { directives: measure.directives.saturating_add(directives.len() as u64), ..measure }
}

fn add(a: Measure, b: Measure) -> Measure {
    Measure {
        depth: a.depth.max(b.depth),
        aliases: a.aliases.saturating_add(b.aliases),
        root_fields: a.root_fields.saturating_add(b.root_fields),
        directives: a.directives.saturating_add(b.directives),
        fields: a.fields.saturating_add(b.fields),
        cost: a.cost.saturating_add(b.cost),
        sign_ins: a.sign_ins.saturating_add(b.sign_ins),
        secrets: a.secrets.saturating_add(b.secrets),
    }
}
