//! The matrix of tenant binding: nothing crosses tenants, nothing legitimate is refused.

use super::*;

struct Case {
    name: &'static str,
    letter: Letter,
    /// To MAIL, or to the end of the message.
    code: u16,
    leased: &'static [&'static str],
    fate: &'static str,
}

fn headers(tenant: &str, organisation: &str, from: &str) -> String {
    microsoft_headers(tenant, organisation, from)
}

fn case(name: &'static str, letter: Letter, code: u16, leased: &'static [&'static str], fate: &'static str) -> Case {
    Case { name, letter, code, leased, fate }
}

fn letter(change: impl FnOnce(&mut Letter)) -> Letter {
    let mut letter = Letter::new();
    change(&mut letter);
    letter
}

fn cases() -> Vec<Case> {
    let own = "Ada <ada@contoso.example>";
    let both = format!("{CONTOSO}\r\nX-MS-Exchange-CrossTenant-Id: {FABRIKAM}");
    vec![
        case("the ordinary mail", Letter::new(), 250, &["contoso"], "signed"),
        case("XOORG agrees", letter(|l| l.parameters = &[("XOORG", "contoso.example")]), 250, &["contoso"], "signed"),
        case("no certificate", letter(|l| l.proof = Proof::Unproven), 550, &[], "none"),
        case("a certificate of nobody's", letter(|l| l.proof = Proof::Stranger), 550, &[], "none"),
        case(
            "no tenant header",
            letter(|l| l.headers = "From: ada@contoso.example\r\n".to_owned()),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "the tenant header twice",
            letter(|l| l.headers = headers(&both, "contoso.example", own)),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "the same tenant header twice",
            letter(|l| {
                let twice = format!("{CONTOSO}\r\nx-ms-exchange-crosstenant-ID: {CONTOSO}");
                l.headers = headers(&twice, "contoso.example", own);
            }),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "a tenant we do not have",
            letter(|l| {
                l.headers = headers("bf24ff3e-0000-4000-8000-00000000dead", "contoso.example", own);
            }),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "upper case and blanks in the tenant header",
            letter(|l| {
                l.headers = headers(&format!("  {} ", CONTOSO.to_uppercase()), "contoso.example", own);
            }),
            250,
            &["contoso"],
            "signed",
        ),
        case(
            "another tenant's organisation",
            letter(|l| {
                l.headers = headers(CONTOSO, "fabrikam.example", own);
            }),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "an organisation of nobody",
            letter(|l| {
                l.headers = headers(CONTOSO, "contoso.onmicrosoft.com", own);
            }),
            250,
            &["contoso"],
            "signed",
        ),
        case(
            "two organisations, one of another tenant",
            letter(|l| {
                l.headers = headers(CONTOSO, "contoso.example\r\nX-OriginatorOrg: fabrikam.example", own);
            }),
            550,
            &["contoso"],
            "none",
        ),
        case(
            "a line beyond all bounds above the tenant's header",
            letter(|l| l.headers.insert_str(0, &format!("X-Long: {}\r\n", "y".repeat(100_000)))),
            250,
            &["contoso"],
            "header_too_large",
        ),
        // The attacker has a tenant of ours and writes as another: the mail goes back to the attacker's own Microsoft
        // 365, with nothing of the other's in it.
        case(
            "an attacker's tenant, MAIL FROM and From of another",
            letter(|l| {
                l.mail_from = "eve@fabrikam.example";
                l.headers = headers(CONTOSO, "contoso.example", "Eve <eve@fabrikam.example>");
            }),
            250,
            &["fabrikam", "contoso"],
            "unknown_sender",
        ),
        case(
            "an attacker's tenant, From of another",
            letter(|l| {
                l.headers = headers(CONTOSO, "contoso.example", "Eve <eve@fabrikam.example>");
            }),
            250,
            &["contoso"],
            "foreign_from",
        ),
        case(
            "XOORG of another",
            letter(|l| l.parameters = &[("XOORG", "fabrikam.example")]),
            250,
            &["contoso"],
            "signed",
        ),
        case("XOORG of nobody", letter(|l| l.parameters = &[("XOORG", "nobody.example")]), 250, &["contoso"], "signed"),
        case("the null sender", letter(|l| l.mail_from = ""), 250, &["contoso"], "signed"),
        case(
            "an SRS sender of an inbox rule",
            letter(|l| {
                l.mail_from = "bounces+SRS=abc=12@contoso.example";
                l.headers = headers(CONTOSO, "contoso.example", "Bob <bob@example.org>");
            }),
            250,
            &["contoso"],
            "unknown_sender",
        ),
        case(
            "a redirected mail keeps its foreign sender",
            letter(|l| {
                l.mail_from = "bob@example.org";
                l.headers = headers(CONTOSO, "contoso.example", "Bob <bob@example.org>");
            }),
            250,
            &["contoso"],
            "unknown_sender",
        ),
        case(
            "a colleague's From without permission",
            letter(|l| {
                l.headers = headers(CONTOSO, "contoso.example", "Second <second@contoso.example>");
            }),
            250,
            &["contoso"],
            "foreign_from",
        ),
        case(
            "not authenticated inside",
            letter(|l| {
                l.headers = l.headers.replace("AuthAs: Internal", "AuthAs: Anonymous");
            }),
            250,
            &["contoso"],
            "not_internal",
        ),
        case(
            "a journal report",
            letter(|l| {
                l.mail_from = "";
                l.headers.push_str("X-MS-Journal-Report:\r\n");
            }),
            250,
            &["contoso"],
            "report",
        ),
        case(
            "a tenant with its own server, proven by network",
            letter(|l| {
                l.proof = tenant_of("own");
                l.headers = "From: x@own.example\r\n".to_owned();
            }),
            250,
            &["own"],
            "unknown_sender",
        ),
        case(
            "its server cannot speak for another tenant",
            letter(|l| l.proof = tenant_of("own")),
            250,
            &["own"],
            "unknown_sender",
        ),
        case(
            "through Exchange Online for a tenant with its own server",
            letter(|l| {
                l.mail_from = "x@own.example";
                l.headers = headers("own", "own.example", "x@own.example");
            }),
            550,
            &[],
            "none",
        ),
        case("a tenant that is gone", letter(|l| l.proof = tenant_of("gone")), 550, &[], "none"),
    ]
}

#[test]
fn the_matrix_of_tenant_binding_holds() {
    for Case { name, letter, code, leased, fate } in cases() {
        for chunks in [Chunks::Data, Chunks::OneLast, Chunks::Many(100)] {
            let letter = Letter {
                chunks,
                headers: letter.headers.clone(),
                guard: None,
                body: letter.body.clone(),
                proof: letter.proof.clone(),
                ..letter
            };
            let story = deliver(&letter, NextHop::default());
            let given = story.answers.last().map(|(_, reply)| reply.code()).unwrap();
            assert_eq!((given, story.fate().as_str()), (code, fate), "{name}, {chunks:?}");
            assert_eq!(story.leased, leased, "{name}, {chunks:?}");
            let others: &[&str] = if leased.last() == Some(&"contoso") {
                &["eve of", "loop-fabrikam"]
            } else {
                &["ada of", "loop-contoso"]
            };
            let content = String::from_utf8_lossy(&story.content);
            assert!(others.iter().all(|word| !content.contains(word)), "{name}: {content}");
            assert_eq!(story.unproven.is_some(), code == 550, "{name}");
            if code == 550 {
                assert!(!story.committed && story.content.is_empty(), "{name}: something went out");
            }
        }
    }
}

#[test]
fn with_a_stale_index_nobody_is_refused_for_good() {
    for change in [
        |letter: &mut Letter| letter.proof = Proof::Unproven,
        |letter: &mut Letter| letter.headers = "From: a@b.example\r\n".to_owned(),
    ] {
        let mut letter = Letter::new();
        change(&mut letter);
        let story = deliver_with(&letter, NextHop::default(), Index::Stale);
        assert_eq!(story.answers.last().unwrap().1.code(), 451);
        assert_eq!(story.unproven, Some(Unproven::StaleIndex));
    }
}

#[test]
fn a_deferred_envelope_takes_one_recipient_and_gives_its_refusal_at_the_end() {
    let mut letter = Letter::new();
    letter.mail_from = "";
    letter.recipients = &["bob@example.org", "carol@example.org"];
    let refusal = Reply::new(550, "5.1.1", "no such user");
    let story = deliver(&letter, NextHop::refusing(Asked::Rcpt, refusal.clone()));
    let codes: Vec<u16> = story.answers.iter().map(|(_, reply)| reply.code()).collect();
    assert_eq!(codes, [250, 250, 452, 354, 550]);
    assert_eq!(story.answers.last().unwrap().1, refusal);
    assert!(!story.committed);
    let story = deliver(&letter, NextHop::refusing(Asked::Mail, Reply::new(450, "4.7.0", "not now")));
    assert_eq!(story.answer("end"), 450);
    let story = deliver(&letter, NextHop::default());
    assert_eq!((story.answer("end"), story.fate().as_str()), (250, "signed"));
}

#[test]
fn a_second_tenant_that_refuses_what_the_candidate_took_defers() {
    let mut letter = Letter::new();
    letter.mail_from = "eve@fabrikam.example";
    letter.headers = microsoft_headers(CONTOSO, "contoso.example", "Eve <eve@fabrikam.example>");
    let next_hop =
        NextHop { refuses: vec![(Asked::Rcpt, 1, Reply::new(550, "5.1.1", "no such user"))], ..NextHop::default() };
    let story = deliver(&letter, next_hop);
    assert_eq!(story.leased, ["fabrikam", "contoso"]);
    assert_eq!((story.answer("end"), story.committed), (451, false));
}
