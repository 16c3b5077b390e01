//! The JSON Schema of the tenant file, made from the types that read it, so that the two cannot differ.
//!
//! It describes form. What a file must further satisfy (ids that exist, addresses that are the tenant's) is said by
//! [`TenantFile::problems`].

use super::TenantFile;

/// The schema as indented JSON with a final line end; `docs/tenant.schema.json` is a copy.
pub fn schema() -> String {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(TenantFile)).unwrap_or_default();
    text.push('\n');
    text
}
