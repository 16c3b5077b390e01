//! Which part of the organisation's directory at Microsoft is read, as the tenant file says it.
//!
//! What the directory tells is no part of the file: it lies beside it in the store, comes and goes by itself, and is put
//! together with the file when a snapshot is made ([`TenantFile::fit`](super::TenantFile::fit)).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::file::is_default;

/// What is read of the organisation's directory at Microsoft. Where it stands, people and groups may be named that the
/// file does not have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DirectoryEntry {
    /// Id (a GUID) of the one group whose members are read, those of groups below it too; without it, everybody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_group: Option<String>,
    /// Further properties of people by Microsoft's names, and the name that each has here, shown as `custom.<name>`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
    /// Reads everybody's manager, too; not with `only_group`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub managers: bool,
}
