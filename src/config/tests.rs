//! A whole file, variables, and a table of bad files with what must be said about each.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

/// A folder with everything a whole configuration names.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        create_key_file(&folder.path("signet.key")).unwrap();
        for (name, kind) in [
            ("one", &rcgen::PKCS_ECDSA_P256_SHA256),
            ("two", &rcgen::PKCS_RSA_SHA256),
            ("three", &rcgen::PKCS_ECDSA_P384_SHA384),
        ] {
            let key = rcgen::KeyPair::generate_for(kind).unwrap();
            let parameters = rcgen::CertificateParams::new(vec!["smtp.example.com".to_owned()]).unwrap();
            let certificate = parameters.self_signed(&key).unwrap();
            std::fs::write(folder.path(&format!("{name}.pem")), certificate.pem()).unwrap();
            std::fs::write(folder.path(&format!("{name}.key")), key.serialize_pem()).unwrap();
        }
        std::fs::write(folder.path("empty.pem"), "").unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn parse(&self, text: &str) -> Result<Config, Problems> {
        Config::parse(text, self.0.path(), &BTreeMap::new())
    }
}

const WHOLE: &str = r#"role = "edge"
site = "eu-a"
[store]
url = "sqlite:signet.db"
[smtp]
host_name = "smtp.example.com"
[[listener]]
address = "0.0.0.0:25"
proof = "microsoft"
certificate = "one.pem"
key = "one.key"
certificate_2 = "two.pem"
key_2 = "two.key"
[[listener]]
address = "127.0.0.1:10025"
proof = "network"
plaintext = true
[log]
format = "text"
"#;

#[test]
fn a_whole_file_is_read_and_the_rest_is_default() {
    let folder = Folder::new();
    let config = folder.parse(WHOLE).unwrap();
    assert_eq!((config.role, config.site.as_str()), (Role::Edge, "eu-a"));
    assert_eq!(config.store.url, format!("sqlite:{}", folder.path("signet.db").display()));
    assert_eq!(config.smtp.max_message_bytes, 157_286_400);
    assert_eq!(config.next_hop.suffixes, ["mail.protection.outlook.com", "mx.microsoft"]);
    assert_eq!(config.next_hop.verdict_timeout, Duration::from_secs(540));
    assert_eq!(config.ops.address.to_string(), "127.0.0.1:9090");
    assert_eq!(config.log, Log { format: LogFormat::Text, level: LogLevel::Info });
    let [microsoft, network] = config.listeners.as_slice() else { panic!("{:?}", config.listeners) };
    assert!(matches!(&microsoft.security, Security::Tls(pairs) if pairs.len() == 2));
    assert!(
        matches!(&microsoft.proof, Proof::Microsoft { client_name, client_roots: None } if client_name == "mail.protection.outlook.com")
    );
    assert_eq!((&network.proof, &network.security), (&Proof::Network, &Security::Plaintext));
}

#[test]
fn a_variable_wins_over_the_file_and_can_give_all() {
    let folder = Folder::new();
    let variables: BTreeMap<String, String> = [
        ("SIGNET_ROLE", "all"),
        ("SIGNET_SMTP_HOST_NAME", "mx.example.org"),
        ("SIGNET_LISTENER_1_ADDRESS", "[::1]:0"),
        ("SIGNET_LISTENER_1_PLAINTEXT", "true"),
        ("SIGNET_NEXT_HOP_SUFFIXES", "a.example, b.example"),
        ("SIGNET_NEXT_HOP_RESOLVER", "127.0.0.1:53"),
        ("SIGNET_IMPRINT_WORK_MILLISECONDS", "500"),
        ("SIGNET_LISTENER_0_PROXY_FROM", "10.1.2.3/28, fd00::/64"),
        ("SIGNET_SERVICE_HOST", "10.0.0.1"),
        ("SIGNET_PORT_25_TCP", "tcp://10.0.0.1:25"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let config = Config::parse(WHOLE, folder.0.path(), &variables).unwrap();
    assert_eq!((config.role, config.smtp.host_name.as_str()), (Role::All, "mx.example.org"));
    assert_eq!(config.listeners.get(1).unwrap().address.to_string(), "[::1]:0");
    assert_eq!(config.next_hop.suffixes, ["a.example", "b.example"]);
    let balancers: Vec<_> = config.listeners.iter().flat_map(|one| &one.proxy_from).map(ToString::to_string).collect();
    assert_eq!(balancers, ["10.1.2.0/28", "fd00::/64"]);
    assert_eq!(config.imprint.work_limit, Duration::from_millis(500));
    // TOML's other spellings of the same.
    let text = WHOLE.replace("[log]\nformat = \"text\"", "[log]\nlevel = 'warn'");
    let text = text
        .replace("[smtp]\n", "[smtp]\nmax_connections = 1_000\n")
        .replace("role = \"edge\"", "ops.address = \"[::]:80\"");
    let config = folder.parse(&text).unwrap();
    assert_eq!((config.smtp.max_connections, config.ops.address.port(), config.log.level), (1000, 80, LogLevel::Warn));
    // Without a file.
    let mut variables = variables;
    variables.remove("SIGNET_LISTENER_0_PROXY_FROM");
    for (name, value) in [("ADDRESS", "127.0.0.1:0"), ("PROOF", "network"), ("PLAINTEXT", "true")] {
        variables.insert(format!("SIGNET_LISTENER_0_{name}"), value.to_owned());
    }
    variables.insert("SIGNET_LISTENER_1_PROOF".to_owned(), "network".to_owned());
    assert_eq!(Config::parse("", folder.0.path(), &variables).unwrap().listeners.len(), 2);
}

#[test]
fn every_key_can_come_by_its_variable() {
    for key in keys::KEYS {
        let variable = key.variable().replace("<n>", "3");
        let name = key.name.replace(".N.", ".3.");
        let source = source::Source::new("", &BTreeMap::from([(variable.clone(), "x".to_owned())]));
        assert!(source.problems.is_empty() && source.entries.contains_key(&name), "{variable}");
    }
}

/// What stands in the file after `replace`, and what must be said about it: line (0 for none), key, words.
#[rustfmt::skip]
const BAD: &[(&str, &str, usize, &str, &str)] = &[
    ("role = \"edge\"", "role = \"master\"", 1, "role", "not one of all, edge, console"),
    ("role = \"edge\"", "role = \"console\"", 8, "listener.0.address", "takes no mail"),
    ("role = \"edge\"", "rolle = \"edge\"", 1, "rolle", "did you mean role?"),
    ("site = \"eu-a\"", "site = \"eu a\"", 2, "site", "no site name"),
    ("site = \"eu-a\"", "site = 7", 2, "site", "must be text in quotes"),
    ("site = \"eu-a\"", "site = \"eu-a", 2, "", "not TOML"),
    ("site = \"eu-a\"", "drain = 3", 2, "drain", "is a section"),
    ("sqlite:signet.db", "mysql://db/signet", 4, "store.url", "no store"),
    ("sqlite:signet.db", "sqlite::memory:", 4, "store.url", "no store"),
    ("sqlite:signet.db", "sqlite:nowhere/signet.db", 4, "store.url", "does not exist; make it first"),
    ("[smtp]", "key_file = \"other.key\"\n[smtp]", 5, "store.key_file", "make it with `signet key`"),
    ("[smtp]", "key_file = \"empty.pem\"\n[smtp]", 5, "store.key_file", "32 octets in base64"),
    ("smtp.example.com", "smtp_example", 6, "smtp.host_name", "no host name"),
    ("host_name", "hostname", 6, "smtp.hostname", "did you mean smtp.host_name?"),
    ("host_name = \"smtp.example.com\"", "", 0, "smtp.host_name", "is missing and has no default"),
    ("[[listener]]", "max_message_bytes = \"150 MB\"\n[[listener]]", 7, "smtp.max_message_bytes", "a number of bytes from"),
    ("[[listener]]", "max_message_bytes = 1\n[[listener]]", 7, "smtp.max_message_bytes", "from 65536 to"),
    ("[[listener]]", "max_message_bytes = 0xFFFFF\n[[listener]]", 7, "smtp.max_message_bytes", "a number of bytes"),
    ("[[listener]]", "max_connections = [5]\n[[listener]]", 7, "smtp.max_connections", "a number of connections"),
    ("[[listener]]", "max_connections = -1\n[[listener]]", 7, "smtp.max_connections", "a number of connections"),
    ("[[listener]]", "bytes_in_flight = 2000000\n[[listener]]", 7, "smtp.bytes_in_flight", "less than imprint.hold_bytes"),
    ("0.0.0.0:25", "localhost:25", 8, "listener.0.address", "no IP address with a port"),
    ("0.0.0.0:25", "127.0.0.1:10025", 15, "listener.1.address", "taken by another"),
    ("0.0.0.0:25", "127.0.0.1:9090", 8, "listener.0.address", "taken by another listener, ops.address or console.address"),
    ("proof = \"microsoft\"", "", 0, "listener.0.proof", "is missing"),
    ("proof = \"microsoft\"", "proof = \"spf\"", 9, "listener.0.proof", "not one of microsoft, certificate, network"),
    ("proof = \"microsoft\"", "proof = \"certificate\"\nclient_name = \"a.example\"", 10, "listener.0.client_name", "no meaning with proof certificate"),
    ("proof = \"microsoft\"", "proof = \"network\"\nclient_roots = \"one.pem\"", 10, "listener.0.client_roots", "no meaning with proof network"),
    ("proof = \"microsoft\"", "proof = \"microsoft\"\nclient_roots = \"empty.pem\"", 10, "listener.0.client_roots", "no PEM certificate"),
    ("proof = \"microsoft\"", "proof = \"microsoft\"\nclient_roots = \"gone.pem\"", 10, "listener.0.client_roots", "cannot be read"),
    ("\"one.pem\"", "\"gone.pem\"", 10, "listener.0.certificate", "No such file"),
    ("\"one.pem\"", "\"empty.pem\"", 10, "listener.0.certificate", "no PEM certificate"),
    ("\"one.key\"", "\"gone.key\"", 11, "listener.0.key", "No such file"),
    ("\"one.key\"", "\"one.pem\"", 11, "listener.0.key", "no PEM private key"),
    ("\"one.key\"", "\"two.key\"", 11, "listener.0.key", "does not belong to the certificate"),
    ("key_2 = \"two.key\"", "", 0, "listener.0.key_2", "its key is not"),
    ("certificate_2 = \"two.pem\"", "", 0, "listener.0.certificate_2", "its certificate is not"),
    ("two.pem\"\nkey_2 = \"two.key", "three.pem\"\nkey_2 = \"three.key", 12, "listener.0.certificate_2", "of the same kind"),
    ("127.0.0.1:10025", "192.0.2.1:10025", 17, "listener.1.plaintext", "not a loopback address"),
    ("plaintext = true", "plaintext = \"yes\"", 17, "listener.1.plaintext", "true or false"),
    ("plaintext = true", "plaintext = true\nkey = \"one.key\"", 18, "listener.1.key", "no meaning with plaintext"),
    ("plaintext = true", "", 0, "listener.1.certificate", "name the PEM file"),
    ("proof = \"network\"", "proof = \"certificate\"", 17, "listener.1.plaintext", "needs a client certificate"),
    ("plaintext = true", "plaintext = true\nproxy_from = [\"10.0.0.0/8\"]", 18, "listener.1.proxy_from", "never leaves this one"),
    ("proof = \"microsoft\"", "proof = \"microsoft\"\nproxy_from = [\"10.0.0.1\"]", 10, "listener.0.proxy_from", "is no network"),
    ("proof = \"microsoft\"", "proof = \"microsoft\"\nproxy_from = \"10.0.0.0/8\"", 10, "listener.0.proxy_from", "must be a list"),
    ("[log]", "[next_hop]\nsuffixes = []\n[log]", 19, "next_hop.suffixes", "is empty"),
    ("[log]", "[next_hop]\nsuffixes = \"mx.microsoft\"\n[log]", 19, "next_hop.suffixes", "must be a list"),
    ("[log]", "[next_hop]\nresolver = [\"1.1.1.1\"]\n[log]", 19, "next_hop.resolver", "no IP address with a port"),
    ("[log]", "[next_hop]\nverdict_seconds = 900\n[log]", 19, "next_hop.verdict_seconds", "from 1 to 570"),
    ("[log]", "[images]\nbase_url = \"http://img.example\"\n[log]", 19, "images.base_url", "no https:// address"),
    ("[log]", "[[images]]\nbase_url = \"\"\n[log]", 18, "images", "is a section; write [images]"),
    ("[log]", "[listener.kay]\n[log]", 18, "listener.1.kay", "did you mean listener.1.key?"),
    ("[log]", "[console]\naddress = \"0.0.0.0:8443\"\n[log]", 19, "console.address", "is not a loopback address"),
    ("[log]", "[console]\naddress = \"8443\"\n[log]", 19, "console.address", "no IP address with a port"),
    ("[log]", "[console]\ncertificate = \"one.pem\"\n[log]", 0, "console.key", "its key is not"),
    ("[log]", "[console]\nkey = \"one.key\"\n[log]", 0, "console.certificate", "its certificate is not"),
    ("[log]", "[console]\ncertificate = \"one.pem\"\nkey = \"two.key\"\n[log]", 20, "console.key", "does not belong"),
    ("[log]", "[console]\nurl = \"http://console.example\"\n[log]", 19, "console.url", "is not https:// and a host"),
    ("[log]", "[console]\nurl = \"https://console.example/here\"\n[log]", 19, "console.url", "with nothing behind it"),
    ("[log]", "[console]\nhttp_address = \"0.0.0.0:80\"\n[log]", 19, "console.http_address", "needs console.url with https://"),
    ("[log]", "[console]\nsign_up = true\n[log]", 19, "console.sign_up", "needs mail.relay"),
    ("[log]", "[console]\npassword_profile = \"weak\"\n[log]", 19, "console.password_profile", "not one of strict, classic"),
    ("[log]", "[console]\ncode_minutes = 241\n[log]", 19, "console.code_minutes", "from 1 to 240"),
    ("[log]", "[console]\nother_regions = [\"mars=https://a.example\"]\n[log]", 19, "console.other_regions", "write us=https://host"),
    ("[log]", "[mail]\nrelay = \"smtp.example.com\"\nfrom = \"a@b.example\"\n[log]", 19, "mail.relay", "no host and port"),
    ("[log]", "[mail]\nrelay = \"127.0.0.1:25\"\nfrom = \"nobody\"\n[log]", 20, "mail.from", "is no sender"),
    ("[log]", "[mail]\nrelay = \"smtp.example.com:25\"\nsecurity = \"plaintext\"\nfrom = \"a@b.example\"\n[log]", 20, "mail.security", "loopback"),
    ("[log]", "[mail]\nrelay = \"127.0.0.1:25\"\nuser = \"signet\"\nfrom = \"a@b.example\"\n[log]", 0, "mail.password_file", "its password is not"),
    ("role = \"edge\"", "role = \"all\"\nconsole.address = \"127.0.0.1:9090\"", 2, "console.address", "taken by ops.address"),
    ("role = \"edge\"", "role = \"all\"\nconsole.address = \"127.0.0.1:10025\"", 16, "listener.1.address", "console.address"),
    ("role = \"edge\"", "listener = 1", 1, "listener", "[[listener]]"),
    ("[log]", "[banana]\nripe = true\n[log]", 18, "banana", "no such key"),
    ("format = \"text\"", "format = \"xml\"", 19, "log.format", "not one of json, text"),
    ("format = \"text\"", "format = \"text\"\nformat = \"json\"", 20, "", "not TOML"),
];

#[test]
fn a_bad_value_is_named_with_its_line_and_what_to_do() {
    let folder = Folder::new();
    for (part, with, line, key, words) in BAD {
        let text = WHOLE.replacen(part, with, 1);
        assert_ne!(text, WHOLE, "{part}");
        let Problems(problems) = folder.parse(&text).expect_err(with);
        let line = (*line > 0).then_some(*line);
        let found =
            problems.iter().any(|found| found.line == line && found.key == *key && found.message.contains(words));
        assert!(found, "{with:?} at {line:?} {key}: {problems:#?}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let folder = Folder::new();
    // The rows that leave the lines of the file where they are and do not hide one another.
    let rows = [
        "site = \"eu a\"",
        "smtp_example",
        "localhost:25",
        "\"gone.pem\"",
        "\"gone.key\"",
        "192.0.2.1:10025",
        "format = \"xml\"",
    ];
    let rows: Vec<_> = BAD.iter().filter(|row| rows.contains(&row.1)).collect();
    let text = rows.iter().fold(WHOLE.to_owned(), |text, (part, with, ..)| text.replacen(part, with, 1));
    let variables = BTreeMap::from([
        ("SIGNET_SMTP_HOSTNAME".to_owned(), "x".to_owned()),
        ("SIGNET_DRAIN_NOTICE_SECONDS".to_owned(), "soon".to_owned()),
    ]);
    let problems = Config::parse(&text, folder.0.path(), &variables).expect_err("bad");
    assert_eq!(problems.0.len(), rows.len() + 2, "{problems}");
    let told = problems.to_string();
    assert!(told.contains("SIGNET_SMTP_HOSTNAME: no key of the configuration has this variable"), "{told}");
    assert!(told.contains("SIGNET_DRAIN_NOTICE_SECONDS: must be a number of seconds"), "{told}");
    assert!(told.contains("line 2: site: "), "{told}");
    for (_, _, line, key, words) in rows {
        assert!(told.contains(&format!("line {line}: {key}: ")) && told.contains(words), "{told}");
    }
}

#[test]
fn the_store_alone_needs_no_listener_files() {
    let folder = Folder::new();
    let text = WHOLE.replace("one.pem", "gone.pem");
    assert!(folder.parse(&text).is_err());
    let store = Store::parse(&text, folder.0.path(), &BTreeMap::new()).unwrap();
    assert_eq!(store.key_file, folder.path("signet.key"));
    assert!(Store::parse("[store]\nurll = \"x\"", folder.0.path(), &BTreeMap::new()).is_err());
}
