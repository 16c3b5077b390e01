//! A message inside Exchange: envelope and content, with the changes that rules and the way in and out make to its
//! header block. The body is never touched.
//! Header fields that are not UTF-8 are replaced, which only a test of such fields would notice.

use bytes::Bytes;

use crate::exchange::{fields, header_values, is_named, split_head};

/// A message under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Empty for the null path.
    pub sender: String,
    pub recipients: Vec<String>,
    pub content: Bytes,
}

impl Message {
    pub fn new(sender: &str, recipients: &[&str], content: impl Into<Bytes>) -> Message {
        Message {
            sender: sender.to_owned(),
            recipients: recipients.iter().map(|address| (*address).to_owned()).collect(),
            content: content.into(),
        }
    }

    /// Values of all fields of this name, unfolded.
    pub fn headers(&self, name: &str) -> Vec<String> {
        header_values(&self.content, name)
    }

    /// Takes every field of this name away.
    pub fn remove_header(&mut self, name: &str) {
        self.change(|fields| fields.retain(|field| !is_named(field, name)));
    }

    /// Sets a field, in place of any of its name.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.change(|fields| {
            fields.retain(|field| !is_named(field, name));
            fields.push(format!("{name}: {value}\r\n"));
        });
    }

    /// What the front end does to a message that comes in by a connector: its own Received on top, the marks of the
    /// way out gone or renamed.
    pub fn enter(&mut self, from: &str) {
        self.change(|fields| {
            fields.retain(|field| !STRIPPED.iter().any(|name| begins(field, name)));
            for field in fields.iter_mut() {
                if let Some((name, suffix)) = RENAMED.iter().find(|(name, _)| is_named(field, name)) {
                    field.insert_str(name.len(), suffix);
                }
            }
            fields.insert(
                0,
                format!("Received: from {from} by AM5EUR02FT017.mail.protection.outlook.com\r\n with Microsoft SMTP Server via Frontend Transport;\r\n Thu, 19 Nov 2026 10:24:33 +0000\r\n"),
            );
            fields.push("X-EOPAttributedMessage: 0\r\n".to_owned());
            fields.push("X-MS-Exchange-Transport-CrossTenantHeadersStripped: AM5EUR02FT017\r\n".to_owned());
        });
    }

    fn change(&mut self, change: impl FnOnce(&mut Vec<String>)) {
        let mut head = fields(&self.content);
        change(&mut head);
        let mut out = head.concat().into_bytes();
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(split_head(&self.content).1);
        self.content = out.into();
    }
}

fn begins(field: &str, prefix: &str) -> bool {
    field.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// Fields that speak of the way out, by prefix.
const STRIPPED: [&str; 5] = [
    "X-MS-Exchange-CrossTenant-",
    "X-OriginatorOrg:",
    "X-MS-Exchange-Transport-CrossTenantHeadersStamped:",
    "X-EOPAttributedMessage:",
    "X-MS-Exchange-Transport-CrossTenantHeadersStripped:",
];

/// Fields that get a suffix on the way in.
const RENAMED: [(&str, &str); 5] = [
    ("Authentication-Results", "-Original"),
    ("X-Microsoft-Antispam", "-Untrusted"),
    ("X-Microsoft-Antispam-Message-Info", "-Original"),
    ("X-Forefront-Antispam-Report", "-Untrusted"),
    ("X-MS-Office365-Filtering-Correlation-Id", "-Prvs"),
];
