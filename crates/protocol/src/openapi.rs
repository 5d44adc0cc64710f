//! What the OpenAPI document says about fields whose type alone says too little.

use utoipa::openapi::schema::{AnyOfBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{KnownFormat, Object, RefOr, Schema, SchemaFormat};

use crate::limits::TEXT_BYTES;

/// At least one character that shows, and no NUL.
const SAYS_SOMETHING: &str = r"^[^\u0000]*[^\s\u0000][^\u0000]*$";

/// A text somebody wrote.
pub fn text() -> Object {
    written(SchemaType::Type(Type::String))
}

/// A text, or null.
pub fn optional_text() -> Object {
    written(SchemaType::from_iter([Type::String, Type::Null]))
}

fn written(kind: SchemaType) -> Object {
    ObjectBuilder::new()
        .schema_type(kind)
        .min_length(Some(1))
        .max_length(Some(TEXT_BYTES))
        .pattern(Some(SAYS_SOMETHING))
        .build()
}

/// A UUIDv7.
pub fn client_made_id() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(
            "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        ))
        .build()
}

/// What a person may send; updates are the server's own.
pub fn sent_kind() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["message", "note"]))
        .build()
}

/// `me`, or the id of a technician.
pub fn assignee() -> RefOr<Schema> {
    let me = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["me"]));
    let id = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    RefOr::T(Schema::AnyOf(AnyOfBuilder::new().item(me).item(id).build()))
}
