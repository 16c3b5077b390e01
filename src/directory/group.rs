//! A group of Graph turned into changes: its name, and the direct members that joined or left.
//!
//! The same group may come on several pages, each with other members, in any order: every page is merged into what is
//! known, nothing is replaced. Devices, contacts and applications in a group write no mail and are left out.

use serde_json::Value;

use super::change::{Change, Group, Member};
use super::page::{id, is_removed, text};

/// What is asked for of each group.
pub(super) const SELECT: &str = "id,displayName,mail,mailEnabled,securityEnabled,groupTypes,proxyAddresses,members";

/// Most characters of a name; Entra allows 256.
const NAME_CHARS: usize = 256;

/// Adds what a group's object means; `false` when it has no id that could be used.
pub(super) fn changes(group: &Value, out: &mut Vec<Change>) -> bool {
    let Some(id) = id(group) else { return false };
    if is_removed(group) {
        out.push(Change::GroupGone { id: id.to_owned() });
        return true;
    }
    // A page that brings further members may say nothing of the name.
    let name = group.get("displayName").map(|_| text(group, "displayName").unwrap_or_default());
    let name = name.map(|name| name.chars().take(NAME_CHARS).collect());
    out.push(Change::Group(Group { id: id.to_owned(), name }));
    let (mut joined, mut left) = (Vec::new(), Vec::new());
    let entries = group.get("members@delta").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for entry in entries {
        members(entry, if is_removed(entry) { &mut left } else { &mut joined });
    }
    if !joined.is_empty() || !left.is_empty() {
        out.push(Change::Members { group: id.to_owned(), joined, left });
    }
    true
}

/// Who an entry speaks of. One that left may come without its kind, and is then both.
fn members(entry: &Value, out: &mut Vec<Member>) {
    let Some(id) = id(entry) else { return };
    let kind = text(entry, "@odata.type");
    let unknown = kind.is_none() && is_removed(entry);
    if kind == Some("#microsoft.graph.user") || unknown {
        out.push(Member::Person(id.to_owned()));
    }
    if kind == Some("#microsoft.graph.group") || unknown {
        out.push(Member::Group(id.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(group: &Value) -> Vec<Change> {
        let mut out = Vec::new();
        changes(group, &mut out);
        out
    }

    #[test]
    fn members_join_and_leave_by_kind() {
        let group = json!({"id": "g", "displayName": " Sales ", "members@delta": [
            {"@odata.type": "#microsoft.graph.user", "id": "a"},
            {"@odata.type": "#microsoft.graph.group", "id": "h"},
            {"@odata.type": "#microsoft.graph.device", "id": "printer"},
            {"@odata.type": "#microsoft.graph.user", "id": "b", "@removed": {"reason": "deleted"}},
            {"id": "c", "@removed": {"reason": "deleted"}},
            {"@odata.type": "#microsoft.graph.user", "id": 7}, 7]});
        let joined = vec![Member::Person("a".into()), Member::Group("h".into())];
        let left = vec![Member::Person("b".into()), Member::Person("c".into()), Member::Group("c".into())];
        let expected = [
            Change::Group(Group { id: "g".into(), name: Some("Sales".into()) }),
            Change::Members { group: "g".into(), joined, left },
        ];
        assert_eq!(of(&group), expected);
    }

    #[test]
    fn silence_about_the_name_is_no_news() {
        let more = json!({"id": "g", "members@delta": []});
        assert_eq!(of(&more), [Change::Group(Group { id: "g".into(), name: None })]);
        let unnamed = json!({"id": "g", "displayName": null});
        assert_eq!(of(&unnamed), [Change::Group(Group { id: "g".into(), name: Some(String::new()) })]);
    }

    #[test]
    fn a_removed_group_goes_and_one_without_an_id_is_skipped() {
        let gone = json!({"id": "g", "@removed": {"reason": "changed"}});
        assert_eq!(of(&gone), [Change::GroupGone { id: "g".into() }]);
        assert!(!changes(&json!({"displayName": "x"}), &mut Vec::new()));
    }
}
