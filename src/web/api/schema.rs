//! The schemas of what is in a tenant file, for the document: made from the types that read it, by the same means as the
//! schema of the tenant file, so that the two cannot differ.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde_json::{Map, Value};
use utoipa::openapi::schema::{Object, Schema};
use utoipa::openapi::{Ref, RefOr};

use crate::store::DirectoryStatus;
use crate::tenant::{
    Brand, DirectoryEntry, FolderEntry, GroupEntry, ImageEntry, Mode, ModeEnds, PersonEntry, SignatureEntry,
    TenantFile, TestCase, TestMessage,
};

/// Says utoipa the name alone; what the name means is put in by [`definitions`].
macro_rules! named {
    ($($name:ident),+ $(,)?) => {
        $(impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                RefOr::T(Schema::Object(Object::new()))
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        })+

        /// Every schema of a tenant file by its name.
        pub fn definitions() -> Map<String, Value> {
            let mut found = Map::new();
            $(take::<$name>(stringify!($name), &mut found);)+
            found
        }
    };
}

named!(
    TenantFile,
    SignatureEntry,
    FolderEntry,
    ImageEntry,
    Brand,
    PersonEntry,
    GroupEntry,
    Mode,
    ModeEnds,
    DirectoryEntry,
    DirectoryStatus,
    TestCase,
    TestMessage,
);

fn take<T: JsonSchema>(name: &str, found: &mut Map<String, Value>) {
    let mut schema = serde_json::to_value(schemars::schema_for!(T)).unwrap_or_default();
    point_into_components(&mut schema);
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("$schema");
    if let Some(Value::Object(definitions)) = object.remove("$defs") {
        for (name, definition) in definitions {
            found.entry(name).or_insert(definition);
        }
    }
    found.insert(name.to_owned(), schema);
}

/// `#/$defs/X` is `#/components/schemas/X` in the document.
fn point_into_components(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            for (key, value) in object {
                match (key.as_str(), &value) {
                    ("$ref", Value::String(text)) => {
                        let name = text.rsplit('/').next().unwrap_or_default();
                        *value = Value::String(Ref::from_schema_name(name).ref_location);
                    }
                    _ => point_into_components(value),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(point_into_components),
        _ => {}
    }
}
