//! Each command as it is typed, on a folder of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use signet::events::health::Health;
use signet::web;

use super::*;

/// A folder with a configuration that takes mail without TLS on loopback.
struct Folder(tempfile::TempDir);

const CONFIGURATION_FILE: &str = r#"
[smtp]
host_name = "edge.signet.example"
[[listener]]
address = "127.0.0.1:0"
proof = "network"
plaintext = true
[ops]
address = "OPS"
"#;

const TENANT_FILE: &str = r#"{"signet": 1, "id": "contoso", "name": "Contoso", "domains": ["contoso.example"],
  "peer": {"proof": "microsoft", "next_hop": {"host": "contoso.mail.protection.outlook.com"}},
  "microsoft_tenant_id": "bf24ff3e-1c5e-4c5e-9f3a-6d1f0a7b2c10",
  "people": [{"id": "ada", "addresses": ["ada@contoso.example"], "attributes": {"displayName": "Ada Vance"}}]}"#;

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("signet.toml", &CONFIGURATION_FILE.replace("OPS", "127.0.0.1:9090"));
        folder
    }

    fn with_key() -> Folder {
        let folder = Folder::new();
        folder.signet(&["key"]).unwrap();
        folder
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, text: &str) -> String {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    /// Runs a command with this folder's configuration.
    fn signet(&self, arguments: &[&str]) -> Result<String, Failure> {
        let config = ["--config".to_owned(), self.path("signet.toml")];
        let arguments = arguments.iter().map(|argument| (*argument).to_owned());
        perform(arguments.chain(config).collect())
    }
}

fn perform(arguments: Vec<String>) -> Result<String, Failure> {
    let program = Program::try_parse_from(std::iter::once("signet".to_owned()).chain(arguments))
        .map_err(|error| Failure { code: error.exit_code().try_into().unwrap(), text: error.to_string() })?;
    let mut output = Vec::new();
    program.command.perform(&mut output)?;
    Ok(String::from_utf8(output).unwrap())
}

#[test]
fn arguments_are_consistent_and_wrong_ones_end_with_2() {
    use clap::CommandFactory;
    Program::command().debug_assert();
    let folder = Folder::with_key();
    for wrong in [
        vec!["sing"],
        vec!["imprint"],
        vec!["tenant", "import"],
        vec!["tenant", "mode", "contoso", "sideways"],
        vec!["tenant", "mode", "contoso", "pilot"],
        vec!["tenant", "mode", "contoso", "live", "--people", "ada"],
        vec!["tenant", "mode", "contoso", "bypass", "--until", "2000-01-01T00:00:00Z"],
        vec!["tenant", "mode", "contoso", "bypass", "--until", "noon"],
        vec!["tenant", "mode", "contoso", "bypass", "--for", "-1h"],
        vec!["tenant", "mode", "contoso", "bypass", "--for", "1h", "--until", "2999-01-01T00:00:00Z"],
        vec!["tenant", "delete", "contoso"],
    ] {
        assert_eq!(folder.signet(&wrong).unwrap_err().code, USAGE, "{wrong:?}");
    }
}

#[test]
fn a_check_tells_every_problem_with_file_and_line_and_ends_with_64() {
    let folder = Folder::new();
    let check = |file: &str| perform(vec!["check".to_owned(), folder.path(file)]);
    let Failure { code, text } = check("signet.toml").unwrap_err();
    assert_eq!(code, CONFIGURATION);
    assert!(text.contains("make it with `signet key`"), "{text}");
    folder.signet(&["key"]).unwrap();
    assert!(check("signet.toml").unwrap().contains("no problem found; site local, 1 listener."));
    assert!(folder.signet(&["key"]).unwrap_err().text.contains("exists already"));

    folder.write("bad.toml", &CONFIGURATION_FILE.replace("127.0.0.1:0", "192.0.2.1:25").replace("OPS", "here"));
    let Failure { code, text } = check("bad.toml").unwrap_err();
    assert_eq!((code, text.lines().count()), (CONFIGURATION, 2), "{text}");
    let bad = folder.path("bad.toml");
    assert!(text.starts_with(&format!("{bad}: line 7: listener.0.plaintext: ")), "{text}");
    assert!(text.contains(&format!("{bad}: line 9: ops.address: ")), "{text}");
    assert_eq!(check("gone.toml").unwrap_err().code, CONFIGURATION);
}

#[test]
fn a_tenant_goes_in_comes_out_changes_and_goes() {
    let folder = Folder::with_key();
    let file = folder.write("contoso.json", TENANT_FILE);
    assert_eq!(folder.signet(&["tenant", "import", &file]).unwrap(), "contoso: revision 1\n");
    let exported = folder.signet(&["tenant", "export", "contoso"]).unwrap();
    let again = folder.path("again.json");
    folder.signet(&["tenant", "export", "contoso", &again]).unwrap();
    assert_eq!(std::fs::read_to_string(&again).unwrap(), exported);
    assert_eq!(folder.signet(&["tenant", "import", &again]).unwrap(), "contoso: revision 2\n");
    assert_eq!(folder.signet(&["tenant", "export", "contoso"]).unwrap(), exported, "export then import changed it");
    assert!(!exported.contains("secret") && !exported.contains("loop_word"));

    let timed = folder.signet(&["tenant", "mode", "contoso", "bypass", "--until", "2999-01-01T00:00:00Z"]).unwrap();
    assert_eq!(timed, "contoso: revision 3, until 2999-01-01T00:00:00Z\n");
    assert!(folder.signet(&["tenant", "list"]).unwrap().starts_with("contoso\tbypass\t"));
    let ends = folder.signet(&["tenant", "export", "contoso"]).unwrap();
    assert!(ends.contains("\"at\": \"2999-01-01T00:00:00Z\"") && ends.contains("\"then\": \"live\""), "{ends}");
    folder.signet(&["tenant", "mode", "contoso", "observe", "--for", "90m"]).unwrap();
    folder.signet(&["tenant", "mode", "contoso", "pilot", "--people", "ada"]).unwrap();
    assert!(!folder.signet(&["tenant", "export", "contoso"]).unwrap().contains("mode_ends"));
    assert_eq!(folder.signet(&["tenant", "retention", "contoso", "366"]).unwrap_err().code, FAILED);
    folder.signet(&["tenant", "retention", "contoso", "30"]).unwrap();
    let listed = folder.signet(&["tenant", "list"]).unwrap();
    assert_eq!(listed, "contoso\tpilot\trevision 5\tcontoso.example\tno certificate\tContoso\n");

    // One that is bad does not keep a good one out, and every problem is told with its file and place.
    let other = TENANT_FILE.replace("contoso", "other").replace("bf24", "bf25");
    let good = folder.write("other.json", &other);
    let bad = folder.write("bad.json", &other.replace("\"other\"", "\"bad\"").replace("ada@", "ada@@"));
    let Failure { code, text } = folder.signet(&["tenant", "import", &bad, &good]).unwrap_err();
    assert_eq!(code, FAILED);
    assert!(text.lines().all(|line| line.starts_with(&format!("{bad}: /"))), "{text}");
    assert!(folder.signet(&["tenant", "list"]).unwrap().contains("other\tlive"));

    folder.signet(&["tenant", "delete", "contoso", "--yes"]).unwrap();
    let gone = folder.signet(&["tenant", "export", "contoso"]).unwrap_err();
    assert_eq!(gone, Failure { code: FAILED, text: "there is no tenant contoso".to_owned() });
}

#[test]
fn a_signature_is_explained_rule_by_rule() {
    let folder = Folder::with_key();
    let entry = |id: &str, recipients: &str| {
        format!(
            r#"{{"id": "{id}", "enabled": true, "applies": {{"recipients": "{recipients}", "message": {{"subject_contains": ["offer"]}}}},
            "design": {{"version": 1, "blocks": [{{"type": "text", "lines": [[{{"field": "displayName"}}]]}}]}}}}"#
        )
    };
    let signatures = format!(r#", "signatures": [{}, {}]}}"#, entry("in", "internal"), entry("out", "external"));
    let tenant = TENANT_FILE.strip_suffix('}').unwrap().to_owned() + &signatures;
    let file = folder.write("contoso.json", &tenant);
    folder.signet(&["tenant", "import", &file]).unwrap();
    let message = ["--from", "ada@contoso.example", "--to", "x@fabrikam.example", "--subject", "Our Offer"];
    let by_file = folder.signet(&[&["explain", "--tenant-file", &file][..], &message].concat()).unwrap();
    assert_eq!(folder.signet(&[&["explain", "--tenant", "contoso"][..], &message].concat()).unwrap(), by_file);
    for line in [
        "x@fabrikam.example: Signed for `ada` with out.",
        "no  in (signature)",
        "no  recipients: the recipient is external",
        "yes out (signature)",
        "yes message: the headers are as asked",
    ] {
        assert!(by_file.contains(line), "{line}: {by_file}");
    }
    let json = folder.signet(&[&["explain", "--tenant", "contoso", "--json"][..], &message].concat()).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["signatures"][0], &json["explanations"][0]["signatures"][0]), (&"out".into(), &"out".into()));
    assert_eq!(json["explanations"][0]["rules"][0]["notes"][2]["section"], "recipients", "{json:#}");

    let eml = folder.write("in.eml", &MESSAGE.replace("Subject: x", "Subject: An offer"));
    let explain = |eml: &str, to: &str| {
        let arguments = ["explain", "--tenant", "contoso", "--message", eml, "--to", to].map(str::to_owned);
        folder.signet(&arguments.each_ref().map(String::as_str)).unwrap()
    };
    assert!(explain(&eml, "x@fabrikam.example").contains("Signed for `ada` with out."));
    let mixed = explain(&eml, "x@fabrikam.example,y@contoso.example");
    assert!(mixed.contains("Signed for `ada` with in.") && mixed.contains("gets its own copy"), "{mixed}");
    let encrypted = MESSAGE.replace("text/plain; charset=utf-8", "application/pkcs7-mime");
    let told = explain(&folder.write("smime.eml", &encrypted), "x@fabrikam.example");
    assert_eq!(told, "Left as it came, whatever the rules say: encrypted.\n");

    // For scripts what becomes of the message stands above what each recipient would get.
    let answer = |arguments: &[&str]| -> serde_json::Value {
        let told = folder.signet(&[&["explain", "--tenant", "contoso", "--json"], arguments].concat()).unwrap();
        serde_json::from_str(&told).unwrap()
    };
    let mixed = answer(&["--message", &eml, "--to", "x@fabrikam.example,y@contoso.example"]);
    assert_eq!((&mixed["left"], &mixed["recipients_differ"]), (&().into(), &true.into()), "{mixed:#}");
    assert_eq!(
        (mixed["signatures"].as_array().unwrap().len(), mixed["explanations"].as_array().unwrap().len()),
        (2, 2)
    );
    let sealed = answer(&["--message", &folder.path("smime.eml"), "--to", "x@fabrikam.example"]);
    assert_eq!((&sealed["left"], sealed["explanations"].as_array().unwrap().len()), (&"encrypted".into(), 0));
    let rich = answer(&[&message[..], &["--format", "rtf"]].concat());
    assert_eq!((&rich["left"], rich["signatures"].as_array().unwrap().len()), (&().into(), 1), "{rich:#}");

    for wrong in [
        vec!["explain", "--from", "a@b", "--to", "x@y"],
        vec!["explain", "--tenant", "contoso", "--to", "x@y"],
        vec!["explain", "--tenant", "contoso", "--message", &eml, "--to", "x@y", "--subject", "x"],
        vec!["explain", "--tenant", "contoso", "--from", "a@b\r\nX: y", "--to", "x@y"],
    ] {
        assert_eq!(folder.signet(&wrong).unwrap_err().code, USAGE, "{wrong:?}");
    }
    let unknown = folder.signet(&["explain", "--tenant", "eve", "--from", "a@b", "--to", "x@y"]).unwrap_err();
    assert_eq!(unknown, Failure { code: FAILED, text: "there is no tenant eve".to_owned() });
}

#[test]
fn a_store_with_another_key_is_told_apart() {
    let folder = Folder::with_key();
    let file = folder.write("contoso.json", TENANT_FILE);
    folder.signet(&["tenant", "import", &file]).unwrap();
    std::fs::remove_file(folder.path("signet.key")).unwrap();
    assert_eq!(folder.signet(&["tenant", "list"]).unwrap_err().code, CONFIGURATION);
    folder.signet(&["key"]).unwrap();
    assert!(folder.signet(&["tenant", "list"]).unwrap_err().text.contains("not the one this store was sealed with"));
}

const MESSAGE: &str = "From: Ada <ada@contoso.example>\r\nTo: bob@example.org\r\nSubject: x\r\n\
    Message-ID: <1@contoso.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n";

#[test]
fn a_message_is_signed_once() {
    let folder = Folder::with_key();
    let (html, plain) = (folder.write("s.html", "<p>Ada Vance</p>"), folder.write("s.txt", "Ada Vance"));
    let imprint = |message: &str, key: Option<&str>| {
        let mut arguments: Vec<String> = ["imprint", "--html", &html, "--plain", &plain].map(str::to_owned).into();
        arguments.push(folder.write("in.eml", message));
        arguments.extend(key.into_iter().flat_map(|key| ["--key".to_owned(), folder.path(key)]));
        perform(arguments)
    };
    let signed = imprint(MESSAGE, None).unwrap();
    assert!(signed.starts_with("X-Signet-Stamp: v=1; ") && signed.contains("Hello"), "{signed}");
    assert_eq!(signed.matches("Ada Vance").count(), 1, "{signed}");
    assert!(!signed.contains("Received:"));
    assert_eq!(imprint(&signed, None).unwrap(), signed, "the second pass changed it");
    // Another key does not know that stamp; it takes it off and makes its own.
    let keyed = imprint(MESSAGE, Some("signet.key")).unwrap();
    assert_eq!(imprint(&keyed, Some("signet.key")).unwrap(), keyed);
    // LF stays LF.
    let signed = imprint(&MESSAGE.replace("\r\n", "\n"), None).unwrap();
    assert!(!signed.contains('\r') && signed.contains("Ada Vance"), "{signed:?}");
    // With a picture, and with HTML beside the plain text to show it.
    let (logo, note) = (folder.write("logo.png", "octets"), folder.write("logo.bmp", "octets"));
    let shown = folder.write("shown.html", "<p><img src=\"cid:logo\">Ada Vance</p>");
    let with = |image: &str| {
        let plain_message = folder.write("in.eml", MESSAGE);
        let arguments = ["imprint", "--html", &shown, "--plain", &plain, "--plain-becomes-html", "--image", image];
        perform([&arguments[..], &[&plain_message]].concat().into_iter().map(str::to_owned).collect())
    };
    let pictured = with(&logo).unwrap();
    assert!(pictured.contains("multipart/alternative") && pictured.contains("filename=\"logo.png\""), "{pictured}");
    assert!(pictured.contains("b2N0ZXRz") && !pictured.contains("cid:logo"), "{pictured}");
    assert!(with(&note).unwrap_err().text.contains("logo.bmp: a picture ends in"));
    // Left is no failure.
    let report = MESSAGE.replace("text/plain; charset=utf-8", "multipart/signed; boundary=x");
    assert!(imprint(&report, None).unwrap().ends_with("\r\n\r\nHello\r\n"));
    assert_eq!(imprint(MESSAGE, Some("s.txt")).unwrap_err().code, FAILED);
}

#[test]
fn health_asks_the_running_edge() {
    let health = Arc::new(Health::new("local"));
    let ops = web::start("127.0.0.1:0".parse().unwrap(), Arc::clone(&health)).unwrap();
    let folder = Folder::new();
    let text = CONFIGURATION_FILE.replace("OPS", &format!("0.0.0.0:{}", ops.address().port()));
    folder.write("signet.toml", &text);
    assert_eq!(folder.signet(&["health"]), Err(Failure { code: FAILED, text: "down".to_owned() }));
    health.started();
    assert_eq!(folder.signet(&["health"]), Ok("up\n".to_owned()));
    health.drain();
    assert_eq!(folder.signet(&["health"]), Err(Failure { code: FAILED, text: "draining".to_owned() }));
    drop(ops);
    assert_eq!(folder.signet(&["health"]).unwrap_err().code, FAILED);
}

#[test]
fn the_schema_names_the_keys_of_the_tenant_file() {
    let schema: serde_json::Value = serde_json::from_str(&perform(vec!["schema".to_owned()]).unwrap()).unwrap();
    for key in ["domains", "peer", "people", "signatures"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}

#[test]
fn connect_prints_the_scripts_with_the_name_of_the_stored_certificate() {
    let folder = Folder::with_key();
    let file = folder.write("contoso.json", TENANT_FILE);
    folder.signet(&["tenant", "import", &file]).unwrap();
    let Failure { code, text } = folder.signet(&["connect", "contoso"]).unwrap_err();
    assert_eq!((code, text.contains("signet tenant certificate contoso")), (FAILED, true), "{text}");
    let certify = |name: &str| {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        let chain = folder.write("chain.pem", &parameters.self_signed(&key).unwrap().pem());
        let key = folder.write("chain.key", &key.serialize_pem());
        folder.signet(&["tenant", "certificate", "contoso", "--chain", &chain, "--key", &key]).unwrap();
    };
    certify("signet.fabrikam.example");
    assert!(folder.signet(&["connect", "contoso"]).unwrap_err().text.contains("no name in one of its domains"));
    certify("contoso.example");
    assert!(folder.signet(&["tenant", "list"]).unwrap().contains("certificate until 4096-01-01T00:00:00Z"));
    let script = folder.signet(&["connect", "contoso"]).unwrap();
    for part in ["New-OutboundConnector", "edge.signet.example", "contoso.example"] {
        assert!(script.contains(part), "{part}: {script}");
    }
    let removal = folder.signet(&["connect", "contoso", "--remove"]).unwrap();
    assert!(removal.contains("Remove-") && !removal.contains("New-OutboundConnector"), "{removal}");
}

#[test]
fn a_signature_goes_back_to_an_earlier_version() {
    let folder = Folder::with_key();
    let signed = |text: &str| {
        let design = format!(r#"{{"version": 1, "blocks": [{{"type": "text", "lines": [["{text}"]]}}]}}"#);
        let signatures = format!(r#", "signatures": [{{"id": "one", "name": "{text}", "design": {design}}}]}}"#);
        folder.write("contoso.json", &format!("{}{signatures}", TENANT_FILE.strip_suffix('}').unwrap()))
    };
    for text in ["Hello", "Goodbye"] {
        folder.signet(&["tenant", "import", &signed(text)]).unwrap();
    }
    let versions = folder.signet(&["tenant", "history", "contoso", "one"]).unwrap();
    let told: Vec<Vec<&str>> = versions.lines().map(|line| line.split('\t').collect()).collect();
    assert!(told.iter().all(|line| line.len() == 4 && line[2].starts_with("command by ")), "{versions}");
    assert_eq!(told.iter().map(|line| (line[0], line[3])).collect::<Vec<_>>(), [("2", "Goodbye"), ("1", "Hello")]);
    assert_eq!(folder.signet(&["tenant", "restore", "contoso", "one", "1"]).unwrap(), "contoso: revision 3\n");
    assert!(folder.signet(&["tenant", "export", "contoso"]).unwrap().contains("Hello"));
    let Failure { code, text } = folder.signet(&["tenant", "restore", "contoso", "one", "9"]).unwrap_err();
    assert_eq!((code, text.as_str()), (FAILED, "signature one has no version 9 to go back to"));
}

#[test]
fn a_new_key_takes_over_from_the_old_one() {
    let folder = Folder::with_key();
    folder.signet(&["tenant", "import", &folder.write("contoso.json", TENANT_FILE)]).unwrap();
    let script = folder.signet(&["connect", "contoso", "--client-name", "contoso.example"]).unwrap();
    assert!(folder.signet(&["key", "--add"]).unwrap().contains("signet store rotate-key"));
    let done = folder.signet(&["store", "rotate-key"]).unwrap();
    assert_eq!(done, "1 secrets sealed anew; 0 had the newest key before.\n");
    let keys = std::fs::read_to_string(folder.path("signet.key")).unwrap();
    folder.write("signet.key", keys.lines().last().unwrap());
    assert_eq!(folder.signet(&["connect", "contoso", "--client-name", "contoso.example"]).unwrap(), script);
    folder.write("signet.key", keys.lines().next().unwrap());
    assert!(folder.signet(&["tenant", "list"]).unwrap_err().text.contains("not the one this store was sealed with"));
}

#[test]
fn every_command_is_documented() {
    use clap::CommandFactory;
    let document = include_str!("../../docs/commands.md");
    for command in Program::command().get_subcommands() {
        let name = command.get_name();
        let below: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        for words in if below.is_empty() {
            vec![name.to_owned()]
        } else {
            below.iter().map(|below| format!("{name} {below}")).collect()
        } {
            assert!(document.contains(&format!("| `signet {words}")), "docs/commands.md lacks `signet {words}`");
        }
    }
}

#[test]
fn a_folder_of_tenant_files_is_imported_by_one_command() {
    let folder = Folder::with_key();
    std::fs::create_dir(folder.path("tenants")).unwrap();
    folder.write("tenants/a.json", TENANT_FILE);
    let other = TENANT_FILE.replace("contoso", "fabrikam").replace("bf24ff3e", "bf24ff3f");
    folder.write("tenants/b.json", &other);
    folder.write("tenants/notes.txt", "no tenant");
    let told = folder.signet(&["tenant", "import", &folder.path("tenants")]).unwrap();
    assert_eq!(told, "contoso: revision 1\nfabrikam: revision 1\n");
    std::fs::create_dir(folder.path("empty")).unwrap();
    let Failure { text, .. } = folder.signet(&["tenant", "import", &folder.path("empty")]).unwrap_err();
    assert!(text.contains("no .json file in it"), "{text}");
}

#[test]
fn a_token_is_told_once_and_ends_when_it_is_revoked() {
    let folder = Folder::with_key();
    folder.signet(&["tenant", "import", &folder.write("contoso.json", TENANT_FILE)]).unwrap();
    let create = |more: &[&str]| folder.signet(&[&["token", "create", "--name", "backup"][..], more].concat());
    let token = create(&["--tenant", "contoso", "--scopes", "tenant:read,mode:write", "--days", "7"]).unwrap();
    assert!(token.starts_with("sgn_") && token.len() == 48, "{token}");
    create(&["--region", "--scopes", "all"]).unwrap();
    for wrong in [
        vec!["--scopes", "all"],
        vec!["--region", "--tenant", "contoso", "--scopes", "all"],
        vec!["--region", "--scopes", "everything"],
        vec!["--region", "--scopes", "all", "--days", "0"],
    ] {
        assert_eq!(create(&wrong).unwrap_err().code, USAGE, "{wrong:?}");
    }
    assert_eq!(create(&["--tenant", "nobody", "--scopes", "all"]).unwrap_err().code, FAILED);
    let listed = folder.signet(&["token", "list", "--tenant", "contoso"]).unwrap();
    let columns: Vec<&str> = listed.trim_end().split('\t').collect();
    let [id, "contoso", "tenant:read,mode:write", _, "never used", "backup"] = columns[..] else { panic!("{listed}") };
    assert!(!folder.signet(&["token", "list"]).unwrap().contains(token.trim()), "it is told once");
    folder.signet(&["token", "revoke", id]).unwrap();
    assert!(folder.signet(&["token", "list"]).unwrap().contains("revoked 2"));
    assert_eq!(folder.signet(&["token", "revoke", "tk_1"]).unwrap_err().text, "there is no token tk_1");
}
