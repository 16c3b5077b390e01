//! Every key of the configuration: what it takes, its default, its unit and its sentence.
//!
//! The one list that the reader, the environment and `docs/configuration.md` are made from; a key that is not here
//! does not exist.

/// One key.
#[derive(Debug)]
pub struct Key {
    /// `section.key`; `listener.N.key` for the listeners.
    pub name: &'static str,
    pub takes: Takes,
    /// As it would stand in an environment variable; `None`: must be given.
    pub default: Option<&'static str>,
    /// Empty for a value without one.
    pub unit: &'static str,
    pub sentence: &'static str,
}

/// What a key takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Text,
    Word(&'static [&'static str]),
    Flag,
    Count { least: u64, most: u64 },
    List,
    Address,
    File,
}

impl Key {
    /// The environment variable; the listeners' contain `<n>`.
    pub fn variable(&self) -> String {
        let name = self.name.replace('.', "_").replace("listener_N_", "listener_<n>_");
        format!("SIGNET_{}", name.to_uppercase().replace("<N>", "<n>"))
    }
}

const fn key(
    name: &'static str,
    takes: Takes,
    default: Option<&'static str>,
    unit: &'static str,
    sentence: &'static str,
) -> Key {
    Key { name, takes, default, unit, sentence }
}

const fn count(least: u64, most: u64) -> Takes {
    Takes::Count { least, most }
}

/// All keys, in the order of the file.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key("role", Takes::Word(&["all", "edge", "console"]), Some("all"), "", "What this process serves."),
    key("site", Takes::Text, Some("local"), "", "Name of this site, in Received, logs and health; letters, digits, `-`, `.`."),
    key("store.url", Takes::Text, Some("sqlite:signet.db"), "", "Where tenants, secrets and decision records are kept: `sqlite:` and a file, or `postgres://USER:PASSWORD@HOST/DATABASE` (operators.md, \"The store\"); best given by its variable when there is a password in it."),
    key("store.key_file", Takes::File, Some("signet.key"), "", "32 octets in base64 that seal every secret of the store, after a change of keys a line each with the newest last; made by `signet key`. Without it the store is worthless: keep a copy elsewhere."),
    key("smtp.host_name", Takes::Text, None, "", "Our name in the greeting, EHLO and Received; the certificate should carry it."),
    key("smtp.max_message_bytes", count(65_536, 1_073_741_824), Some("157286400"), "bytes", "Largest message, offered as SIZE; more is refused with 552 5.3.4."),
    key("smtp.max_connections", count(1, 100_000), Some("2000"), "connections", "Senders at the same time over all listeners; one more gets 421 4.3.2. One tenant or source address has at most seven eighths of them."),
    key("smtp.max_recipients", count(100, 10_000), Some("1000"), "recipients", "Recipients of one message; one more gets 452 4.5.3."),
    key("smtp.bytes_in_flight", count(1_048_576, 1_099_511_627_776), Some("268435456"), "bytes", "Memory for messages under way in the whole process; without room a new message gets 452 4.3.1. One tenant's messages begin in at most half of it and grow to at most seven eighths."),
    key("smtp.command_seconds", count(1, 3600), Some("300"), "seconds", "Longest wait for the sender's next command (RFC 5321 section 4.5.3.2.7 asks for 300)."),
    key("smtp.data_seconds", count(1, 3600), Some("60"), "seconds", "Longest wait for the next octets of a message."),
    key("smtp.tls_seconds", count(1, 300), Some("30"), "seconds", "Longest TLS handshake of a sender."),
    key("smtp.ledger", Takes::Flag, Some("true"), "", "A retry of a message that the next hop has, but whose sender was cut off before it knew, is answered without a second copy; hashes alone are kept, for 25 hours."),
    key("listener.N.address", Takes::Address, None, "", "IP address and port that take mail."),
    key("listener.N.proof", Takes::Word(&["microsoft", "certificate", "network"]), None, "", "How the sender's tenant is proven: Exchange Online's certificate and headers, the tenant's own client certificate, or its source network."),
    key("listener.N.certificate", Takes::File, Some(""), "", "PEM file of our certificate, its chain after it."),
    key("listener.N.key", Takes::File, Some(""), "", "PEM file of the key of `certificate`."),
    key("listener.N.certificate_2", Takes::File, Some(""), "", "A second certificate of the other kind (RSA beside ECDSA), for senders that cannot use the first."),
    key("listener.N.key_2", Takes::File, Some(""), "", "PEM file of the key of `certificate_2`."),
    key("listener.N.client_name", Takes::Text, Some("mail.protection.outlook.com"), "", "Name that the client certificate must carry; proof `microsoft` only."),
    key("listener.N.client_roots", Takes::File, Some(""), "", "PEM file of the roots of client certificates; empty: the public roots. Not for proof `network`."),
    key("listener.N.plaintext", Takes::Flag, Some("false"), "", "No TLS; only on a loopback address and with proof `network`."),
    key("listener.N.proxy_from", Takes::List, Some(""), "", "Networks of the load balancers in front, for example `10.0.0.0/28`. Each of their connections must begin with a header of the PROXY protocol, version 2, which names the sender; from everybody else such a header is an error. Not with `plaintext`."),
    key("next_hop.roots", Takes::File, Some(""), "", "PEM file of the roots of next hops' certificates; empty: the public roots."),
    key("next_hop.suffixes", Takes::List, Some("mail.protection.outlook.com,mx.microsoft"), "", "Domains under which the next hop of a tenant with proof `microsoft` must lie."),
    key("next_hop.port", count(1, 65_535), Some("25"), "port", "Where the next hop of a tenant that connects itself in the console takes mail; another than 25 only where somebody else plays Microsoft 365."),
    key("next_hop.private_addresses", Takes::Flag, Some("false"), "", "Next hops may have loopback and private addresses; for tests, and for next hops inside your own network."),
    key("next_hop.resolver", Takes::List, Some(""), "", "IP address and port of the name servers to ask; empty: those of the system."),
    key("next_hop.connect_seconds", count(1, 120), Some("10"), "seconds", "Longest wait for a connection to one address."),
    key("next_hop.hello_seconds", count(1, 300), Some("30"), "seconds", "Longest wait for greeting, EHLO and TLS together, for each address; all addresses and the wait for a free session together have 100 s."),
    key("next_hop.command_seconds", count(1, 300), Some("60"), "seconds", "Longest wait for the answer to MAIL, RCPT and DATA, each, and for any octet of a message to be taken. All answers of a message before its end have 100 s together and 1 s more for each; octets that wait must be taken at 500 a second."),
    key("next_hop.verdict_seconds", count(1, 570), Some("540"), "seconds", "Longest wait from the last octet of a message to the answer; below the sender's 600 (RFC 5321 section 4.5.3.2.6)."),
    key("next_hop.lease_seconds", count(1, 60), Some("5"), "seconds", "Longest wait for a free session to a next hop; then 451 4.4.5."),
    key("next_hop.sessions_per_tenant", count(1, 1000), Some("20"), "sessions", "Sessions to one tenant's next hop at the same time, for each processor core. As many more, at least 7, are for further copies of messages whose recipients get different signatures."),
    key("next_hop.idle_sessions", count(0, 100), Some("2"), "sessions", "Sessions to one tenant's next hop kept open for the next message, for each processor core."),
    key("next_hop.idle_seconds", count(1, 300), Some("60"), "seconds", "How long such a session is kept."),
    key("imprint.work_milliseconds", count(1, 60_000), Some("2000"), "milliseconds", "Our own work on one message; beyond it the message goes on unsigned."),
    key("imprint.hold_bytes", count(65_536, 67_108_864), Some("4194304"), "bytes", "How much of a message is held for the decision; beyond it the message goes on unsigned."),
    key("imprint.words_folder", Takes::File, Some(""), "", "Folder with words of your own by which quoted text is found, `LANGUAGE.txt` (operators.md, \"Words of your own\"). One of the name of a built-in language takes its place, others are added. Empty: the built-in ones alone."),
    key("cache.memory_bytes", count(1_048_576, 1_099_511_627_776), Some("402653184"), "bytes", "Memory for the rules and people of tenants that have mail under way; whose mail was longest ago leaves. A person takes 700 bytes to 1.1 kB, and a photo of the directory its size. What relaying takes of every tenant, about 2 kB, is always there and comes on top."),
    key("cache.load_milliseconds", count(10, 60_000), Some("3000"), "milliseconds", "Longest wait of a message for its tenant's rules and people when they are not in memory; then it goes on unsigned, reason `no_snapshot`."),
    key("cache.folder", Takes::File, Some(""), "", "Folder of sealed copies of what this edge has read of its tenants, by which it starts and serves while the database is gone; made if it is not there. Empty: no copies. With SQLite there is no need of them."),
    key("cache.disk_bytes", count(1_048_576, 1_099_511_627_776), Some("8589934592"), "bytes", "Bound of the sealed copies of tenants; those used longest ago leave. The copy of the index, about 1 kB a tenant, comes on top."),
    key("drain.notice_seconds", count(0, 600), Some("45"), "seconds", "How long connections are still taken after `/readyz` has turned red: the balancer's probe interval and DNS lifetime."),
    key("drain.hard_stop_seconds", count(1, 3600), Some("600"), "seconds", "After this the process ends whatever still runs, but for messages that their next hops have whole."),
    key("drain.verdict_seconds", count(0, 570), Some("30"), "seconds", "How long after the hard stop the answer to those is still awaited, and told."),
    key("drain.grace_seconds", count(0, 60), Some("5"), "seconds", "How long newcomers are still told 421 after the last session has ended, before the listeners close."),
    key("reload.poll_seconds", count(1, 3600), Some("30"), "seconds", "How often this file and those it names are looked at for a change; SIGHUP asks at once."),
    key("images.base_url", Takes::Text, Some(""), "", "`https://` address under which readers find hosted images; empty: images are embedded."),
    key("directory.client_id", Takes::Text, Some(""), "", "Id (a GUID) of the application in Microsoft Entra by which directories are read; empty: none is read by this process."),
    key("directory.certificate", Takes::File, Some(""), "", "PEM file of the certificate that is registered with the application; with an RSA key."),
    key("directory.key", Takes::File, Some(""), "", "PEM file of the key of `certificate`."),
    key("directory.redirect", Takes::Text, Some(""), "", "`https://` address, registered with the application, to which Microsoft sends an administrator back after consent, the console's address with `/consent`; without it nobody can be asked for consent."),
    key("directory.login", Takes::Text, Some("https://login.microsoftonline.com"), "", "Where tokens are asked for; other clouds have their own. `http://` on a loopback address only."),
    key("directory.graph", Takes::Text, Some("https://graph.microsoft.com"), "", "Where Microsoft Graph is, in the same way."),
    key("directory.roots", Takes::File, Some(""), "", "PEM file of the roots of both services' certificates; empty: the public roots."),
    key("directory.every_hours", count(1, 168), Some("24"), "hours", "Longest time between two reads of a tenant's directory; each comes a little earlier, by chance."),
    key("directory.at_once", count(1, 64), Some("4"), "tenants", "Directories that are read at the same time by this process."),
    key("directory.limit_minutes", count(1, 1440), Some("240"), "minutes", "Longest time of one read; the next one goes on where it stopped."),
    key("directory.lease_seconds", count(2, 600), Some("60"), "seconds", "How long after the death of the process that reads a directory another one takes it over."),
    key("ops.address", Takes::Address, Some("127.0.0.1:9090"), "", "IP address and port of `/livez`, `/readyz`, `/healthz` and `/metrics`."),
    key("console.address", Takes::Address, Some(""), "", "IP address and port of the API (`/api/v1`), for the roles `all` and `console`; empty: it is not served. Without `certificate` only a loopback address."),
    key("console.http_address", Takes::Address, Some(""), "", "IP address and port of plain HTTP, often port 80, where everybody is sent to `url` (308) and nothing else is said; empty: it is not served."),
    key("console.certificate", Takes::File, Some(""), "", "PEM file of the API's certificate, its chain after it."),
    key("console.key", Takes::File, Some(""), "", "PEM file of the key of `certificate`."),
    key("console.max_body_bytes", count(1_048_576, 1_073_741_824), Some("33554432"), "bytes", "Largest tenant file and largest message that the API takes; everything else is at most 2 MiB."),
    key("console.url", Takes::Text, Some(""), "", "`https://` address at which browsers reach the console, without a path; in links of its mails. `http://` on a loopback address only."),
    key("console.sign_up", Takes::Flag, Some("false"), "", "Whoever comes may make an account with a tenant of its own. Without it people are invited."),
    key("console.microsoft_sign_in", Takes::Flag, Some("false"), "", "People may sign in with the Microsoft account of any organisation, by the application of `directory.client_id`, which needs the redirect address `console.url` with `/signed-in`."),
    key("console.trial_days", count(0, 3650), Some("30"), "days", "How long the trial of an organisation lasts that has signed up; without one, or a subscription, its directory is not read. 0: no trial is needed. Mail is signed all the same."),
    key("console.password_profile", Takes::Word(&["strict", "classic"]), Some("strict"), "", "What passwords must be: `strict` is 8 characters or more that are hard to guess, `classic` 6 or more with upper case, lower case and a digit."),
    key("console.password_reminder_days", count(0, 3650), Some("90"), "days", "After this the console reminds of changing the password; 0: never. Nobody is forced."),
    key("console.code_minutes", count(1, 240), Some("10"), "minutes", "How long a mailed code is good."),
    key("console.device_days", count(1, 365), Some("60"), "days", "How long a browser that was trusted needs no code."),
    key("console.idle_minutes", count(1, 1440), Some("30"), "minutes", "A session without a request for so long ends."),
    key("console.session_hours", count(1, 168), Some("12"), "hours", "Longest session."),
    key("console.region", Takes::Word(&["", "eu", "us", "au", "uk", "de", "ca", "in"]), Some(""), "", "The region this console is of, where there are several."),
    key("console.other_regions", Takes::List, Some(""), "", "Consoles of the other regions, as `us=https://us.signet.example`; whoever chooses one signs up there."),
    key("mail.relay", Takes::Text, Some(""), "", "Host and port that take the console's own mail (codes, invitations), as `smtp.example.com:587`; empty: it sends none, and nobody can sign in."),
    key("mail.security", Takes::Word(&["starttls", "tls", "plaintext"]), Some("starttls"), "", "How: STARTTLS or nothing, TLS from the first octet, or plaintext, on a loopback address only."),
    key("mail.user", Takes::Text, Some(""), "", "User name at the relay; empty: no login."),
    key("mail.password_file", Takes::File, Some(""), "", "File with the password at the relay."),
    key("mail.from", Takes::Text, Some(""), "", "Sender of the mails, as `Signet <signet@example.com>`."),
    key("mail.roots", Takes::File, Some(""), "", "PEM file of the roots of the relay's certificate; empty: the public roots."),
    key("log.format", Takes::Word(&["json", "text"]), Some("json"), "", "One JSON object a line, or text."),
    key("log.level", Takes::Word(&["error", "warn", "info", "debug"]), Some("info"), "", "The least important lines written."),
];

/// The key of a name as it stands in a file (`listener.3.key` finds `listener.N.key`).
pub fn find(name: &str) -> Option<&'static Key> {
    let general = general(name);
    KEYS.iter().find(|key| key.name == general)
}

/// The known key most like a misspelt one.
pub fn nearest(name: &str) -> Option<String> {
    let general = general(name);
    let best = KEYS.iter().map(|key| (distance(&general, key.name), key.name)).min()?;
    let number = name.split('.').nth(1).unwrap_or_default();
    (best.0 <= 3).then(|| best.1.replace(".N.", &format!(".{number}.")))
}

/// The table of `docs/configuration.md`.
pub fn table() -> String {
    let mut text = String::from("| key | variable | takes | default | unit | meaning |\n|---|---|---|---|---|---|\n");
    for key in KEYS {
        let takes = match key.takes {
            Takes::Text => "text".to_owned(),
            Takes::Word(words) => words.join(", "),
            Takes::Flag => "true, false".to_owned(),
            Takes::Count { least, most } => format!("{least} to {most}"),
            Takes::List => "list".to_owned(),
            Takes::Address => "address:port".to_owned(),
            Takes::File => "file".to_owned(),
        };
        let default = match key.default {
            None => "must be given".to_owned(),
            Some("") => "empty".to_owned(),
            Some(default) => format!("`{default}`"),
        };
        let unit = if key.unit.is_empty() { "–" } else { key.unit };
        let (name, variable) = (key.name, key.variable());
        text.push_str(&format!("| `{name}` | `{variable}` | {takes} | {default} | {unit} | {} |\n", key.sentence));
    }
    text
}

/// `listener.3.key` → `listener.N.key`.
fn general(name: &str) -> String {
    let parts = name.split('.').map(|part| match part.bytes().all(|octet| octet.is_ascii_digit()) {
        true if !part.is_empty() => "N",
        _ => part,
    });
    parts.collect::<Vec<_>>().join(".")
}

/// Levenshtein's, over octets.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (done, left) in left.bytes().enumerate() {
        let mut diagonal = done;
        let mut before = done + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(right.bytes()) {
            let here = (diagonal + usize::from(left != right)).min(before + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, here);
            before = here;
        }
        if let Some(first) = row.first_mut() {
            *first = done + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_levenshteins() {
        for (left, right, expected) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn every_key_is_documented_with_default_and_unit() {
        let document = include_str!("../../docs/configuration.md");
        assert!(document.contains(&table()), "docs/configuration.md lacks this table:\n{}", table());
        for key in KEYS {
            assert!(key.sentence.ends_with('.'), "{}", key.name);
            assert!(!matches!(key.takes, Takes::Count { .. }) || !key.unit.is_empty(), "{} has no unit", key.name);
        }
    }
}
