//! Whose photo some signature may show: of those alone photos are read from the directory.

use super::rule::Rule;
use super::{Block, Design, Person, Snapshot};

impl Design {
    /// How large it shows the sender's photo, in pixels of the longer side; `None` without a place for one.
    pub fn photo_pixels(&self) -> Option<u16> {
        let mut largest = None;
        let mut waiting: Vec<&[Block]> = vec![&self.blocks];
        while let Some(blocks) = waiting.pop() {
            for block in blocks {
                match block {
                    Block::Photo(photo) => {
                        largest = largest.max(Some(photo.width.max(photo.height.unwrap_or_default())));
                    }
                    Block::Columns(columns) => waiting.extend(columns.columns.iter().map(|one| one.blocks.as_slice())),
                    Block::Rows(rows) => waiting.push(&rows.blocks),
                    Block::If(choice) => waiting.extend([choice.then.as_slice(), choice.otherwise.as_slice()]),
                    _ => {}
                }
            }
        }
        largest
    }
}

impl Snapshot {
    /// Ids of the people for whom a signature with a photo may be used, whatever they write.
    pub fn shows_photos_of(&self) -> Vec<String> {
        let rules: Vec<&Rule> = self
            .signatures()
            .filter(|one| one.design.photo_pixels().is_some())
            .map(|signature| &signature.rule)
            .collect();
        let shown = |person: &Person| rules.iter().any(|rule| rule.may_concern(person));
        self.people().iter().filter(|person| shown(person)).map(|person| person.id().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use serde_json::{Value, json};

    use super::*;
    use crate::imprint::StampKey;
    use crate::tenant::{Revision, Secrets, TenantFile};

    fn shown(signatures: Value) -> Vec<String> {
        let file = json!({
            "signet": 1, "id": "contoso", "name": "Contoso", "domains": ["contoso.example"],
            "peer": {"proof": "certificate", "name": "mx.contoso.example", "next_hop": {"host": "in.example"}},
            "people": [
                {"id": "ada", "addresses": ["ada@contoso.example"], "attributes": {"department": "Sales"}},
                {"id": "bob", "addresses": ["bob@contoso.example"]},
                {"id": "info", "kind": "shared", "addresses": ["info@contoso.example"]},
            ],
            "groups": [{"id": "all", "members": ["ada", "bob"]}],
            "signatures": signatures,
        });
        let file = TenantFile::parse(file.to_string().as_bytes()).expect("a good file");
        let secrets = Secrets {
            stamp_keys: vec![StampKey { id: "k1".to_owned(), secret: [1; 32] }],
            loop_word: "word".to_owned(),
            trace_key: [2; 32],
        };
        Snapshot::compile(file, secrets, Revision(1)).expect("it compiles").shows_photos_of()
    }

    #[test]
    fn the_largest_place_for_a_photo_counts() {
        let design =
            |blocks: Value| -> Design { serde_json::from_value(json!({"version": 1, "blocks": blocks})).unwrap() };
        assert_eq!(design(json!([{"type": "text", "lines": [["Hello"]]}])).photo_pixels(), None);
        let two = design(json!([{"type": "photo", "width": 80}, {"type": "photo", "width": 40, "height": 90}]));
        assert_eq!(two.photo_pixels(), Some(90));
    }

    #[test]
    fn photos_are_wanted_of_those_who_may_get_a_signature_with_one() {
        let photo = json!({"type": "photo", "width": 80});
        let text = json!({"type": "text", "lines": [["Hello"]]});
        let plain = json!({"version": 1, "blocks": [text]});
        let deep = json!({"version": 1, "blocks": [{"type": "columns", "columns": [{"blocks": [
            {"type": "if", "when": [{"field": "jobTitle", "is": "empty"}], "then": [text], "otherwise": [photo]}]}]}]});
        let signature = |id: &str, on: bool, design: &Value, senders: Value| json!({"id": id, "enabled": on, "design": design, "applies": {"senders": senders}});
        assert_eq!(shown(json!([signature("a", true, &plain, json!({}))])), <[String; 0]>::default());
        assert_eq!(shown(json!([signature("a", false, &deep, json!({}))])), <[String; 0]>::default());
        assert_eq!(shown(json!([signature("a", true, &deep, json!({}))])), ["ada", "bob", "info"]);
        let table = [
            (json!({"groups": ["all"]}), vec!["ada", "bob"]),
            (json!({"kinds": ["shared"]}), vec!["info"]),
            (json!({"attributes": [{"field": "department", "is": "equals", "value": "sales"}]}), vec!["ada"]),
            (json!({"people": ["bob"]}), vec!["bob"]),
            // From which address somebody writes is not known before.
            (json!({"addresses": ["bob@*"]}), vec!["ada", "bob", "info"]),
        ];
        for (senders, expected) in table {
            assert_eq!(shown(json!([signature("a", true, &deep, senders.clone())])), expected, "{senders}");
        }
    }
}
