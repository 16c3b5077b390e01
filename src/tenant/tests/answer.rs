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
        (json!("live"), vec![OUT, IN], vec![], Some("recipients_differ"), true),
        // Both are left with the same word, and yet the record will say that they differ.
        (json!("observe"), vec![OUT, IN], vec![], Some("recipients_differ"), true),
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
fn every_format_is_signed() {
    for format in [Format::Html, Format::Plain, Format::Rtf] {
        let told = answer(json!("live"), format, &[OUT]);
        assert_eq!((told.left, told.signatures), (None, vec!["out".to_owned()]), "{format:?}");
    }
}
