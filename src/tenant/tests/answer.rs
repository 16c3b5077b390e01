//! What becomes of a message that is asked about, as against what each recipient would get by itself.
use super::*;

const OUT: &str = "x@fabrikam.example";
const IN: &str = "bob@contoso.example";

fn description(format: Format) -> Description {
    Description {
        from: "ada@contoso.example".to_owned(),
        subject: "Hello".to_owned(),
        kind: MessageKind::First,
        format,
        importance: None,
        label: None,
        attachment: false,
    }
}

/// One signature for each side of the border, under this mode.
fn answer(mode: Value, format: Format, to: &[&str]) -> Answer {
    let mut tenant = with_signatures(vec![
        signature("in", json!({"recipients": "internal"})),
        signature("out", json!({"recipients": "external"})),
    ]);
    tenant["mode"] = mode;
    let recipients: Vec<String> = to.iter().map(|&to| to.to_owned()).collect();
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    Inquiry::described(&description(format)).unwrap().explain(&snapshot(tenant), envelope, noon())
}

#[test]
fn a_message_is_told_apart_from_its_recipients() {
    let pilot = json!({"pilot": {"people": ["bob"]}});
    for (mode, to, signatures, left, differ) in [
        (json!("live"), vec![OUT], vec!["out"], None, false),
        (json!("live"), vec![OUT, "y@fabrikam.example"], vec!["out"], None, false),
        (json!("live"), vec![OUT, IN], vec!["out", "in"], None, true),
        (json!("observe"), vec![OUT, IN], vec![], Some("observe"), true),
        (json!("observe"), vec![OUT], vec![], Some("observe"), false),
        // These come first.
        (json!("bypass"), vec![OUT, IN], vec![], Some("bypass"), true),
        (pilot.clone(), vec![OUT, IN], vec![], Some("not_in_pilot"), true),
        (pilot, vec![IN], vec![], Some("not_in_pilot"), false),
    ] {
        let told = answer(mode.clone(), Format::Html, &to);
        assert_eq!(told.signatures, signatures, "{mode} {to:?}");
        assert_eq!((told.left, told.recipients_differ), (left, differ), "{mode} {to:?}");
        assert_eq!(told.explanations.len(), to.len());
    }
}

#[test]
fn whoever_has_no_copy_left_is_told_so() {
    let recipients: Vec<String> = (0..9).map(|number| format!("x{number}@fabrikam.example")).collect();
    let to = |address: &String| signature(&address[..2], json!({"recipients": {"addresses": [address]}}));
    let tenant = with_signatures(recipients.iter().map(to).collect());
    let envelope = Envelope { sender: Some("ada@contoso.example"), recipients: &recipients, octets: None };
    let told = Inquiry::described(&description(Format::Html)).unwrap().explain(&snapshot(tenant), envelope, noon());
    assert_eq!((told.signatures.len(), told.left), (7, None));
    for (number, explanation) in told.explanations.iter().enumerate() {
        let word = (number > 6).then_some("recipients_differ");
        assert_eq!((explanation.left, explanation.signatures.is_empty()), (word, number > 6), "{number}");
    }
    assert_eq!(told.explanations[8].would_be, ["x8"]);
    let summary = &told.explanations[8].summary;
    assert!(summary.contains("x8@fabrikam.example") && summary.contains("more than 8"), "{summary}");
}

#[test]
fn every_format_is_signed() {
    for format in [Format::Html, Format::Plain, Format::Rtf] {
        let told = answer(json!("live"), format, &[OUT]);
        assert_eq!((told.left, told.signatures), (None, vec!["out".to_owned()]), "{format:?}");
    }
}
