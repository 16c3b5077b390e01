//! Checks of what is read of the organisation's directory: only what can stand in a request to Microsoft.

use super::Check;
use crate::tenant::TenantFile;
use crate::tenant::attribute::is_custom_name;

/// Most further properties of a person.
const EXTRA: usize = 50;

impl Check<'_> {
    pub(super) fn directory(&mut self, file: &TenantFile) {
        let Some(directory) = &file.directory else { return };
        if file.microsoft_tenant_id.is_none() {
            self.say("/microsoft_tenant_id".into(), "needed to read this organisation's directory");
        }
        if let Some(group) = directory.only_group.as_ref().filter(|group| !super::is_guid(group)) {
            self.say("/directory/only_group".into(), format!("`{group}` is not a GUID"));
        }
        if directory.only_group.is_some() && directory.managers {
            self.say(
                "/directory/managers".into(),
                "managers are not told for one group alone; take one of the two out",
            );
        }
        if directory.extra.len() > EXTRA {
            self.say("/directory/extra".into(), format!("more than {EXTRA} properties"));
        }
        for (property, name) in &directory.extra {
            let place = format!("/directory/extra/{property}");
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
            if !(1..=128).contains(&property.len()) || !property.chars().all(plain) {
                self.say(place.clone(), format!("`{property}` is not a property: letters, digits and _"));
            }
            if !is_custom_name(name) {
                self.say(place, format!("`{name}` is not 1 to 64 letters, digits, - and _"));
            }
        }
    }
}
