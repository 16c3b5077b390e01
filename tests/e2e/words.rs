//! Words of the operator's own, by which quoted text is found without another build.

use std::path::Path;
use std::process::{Command, Stdio};

use standin::appliance::Setup;

use crate::bench::{Bench, MARK, Plan, end_code, mail_of, outgoing, run};

/// A reply in a language that nobody speaks.
const REPLY: &str = "My answer\r\n\r\nZwonder: Bob\r\nZwimatter: The numbers\r\n\r\nThe question\r\n";
const WORDS: &str = "# Nobody's language.\nfrom: zwonder\nsubject: zwimatter\n";

/// Whether the signature stands above the question.
fn is_above(mail: &str, signature: &str) -> bool {
    mail.find(signature).unwrap() < mail.find("The question").unwrap()
}

#[test]
fn the_edge_finds_quoted_text_by_them() {
    run(|| async {
        for with_words in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("xx.txt"), WORDS).unwrap();
            let words = ("SIGNET_IMPRINT_WORDS_FOLDER".to_owned(), folder.path().display().to_string());
            let environment = if with_words { vec![words] } else { Vec::new() };
            let bench = Bench::with(Plan { environment, ..Plan::default() }).await;
            let mail = mail_of("text/plain; charset=utf-8", REPLY.as_bytes());
            assert_eq!(end_code(&bench.sender().await.send(&outgoing(&mail)).await), 250);
            let text = bench.exchange.accepted()[0].text();
            assert_eq!(is_above(&text, MARK), with_words, "{text}");
        }
    });
}

#[test]
fn a_word_that_could_never_be_found_keeps_the_edge_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup::new(folder.path(), &[], "").unwrap();
    std::fs::write(folder.path().join("xx.txt"), "wrote: Zwixelt\nvrom: x\n").unwrap();
    let output = setup.run_command().env("SIGNET_IMPRINT_WORDS_FOLDER", folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    for wanted in ["xx.txt, line 1: `Zwixelt` has to be written `zwixelt`", "xx.txt, line 2: begins with none"] {
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn the_command_takes_them_too() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    write("xx.txt", WORDS);
    let mail = mail_of("text/plain; charset=utf-8", REPLY.as_bytes());
    let message = write("mail.eml", &String::from_utf8(mail).unwrap());
    let (html, plain) = (write("s.html", "<p>SIGNATURE</p>"), write("s.plain", "SIGNATURE"));
    let signet = Setup::new(folder.path(), &[], "").unwrap().run_command().get_program().to_owned();
    let imprint = |words: Option<&Path>| {
        let mut command = Command::new(&signet);
        command.args(["imprint", "--html", &html, "--plain", &plain]);
        command.args(words.iter().flat_map(|folder| ["--words".into(), folder.as_os_str().to_owned()]));
        let output = command.arg(&message).stderr(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!is_above(&imprint(None), "SIGNATURE"));
    assert!(is_above(&imprint(Some(folder.path())), "SIGNATURE"));
}
