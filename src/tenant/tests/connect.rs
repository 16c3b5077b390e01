//! The rules for Microsoft 365, executed as Exchange would, and the scripts that set them up.
use super::*;
use crate::tenant::connect::{Edge, HeaderPatterns, MessageType, Plan, plan};

fn edge() -> Edge {
    Edge {
        smart_hosts: vec!["smtp.eu.signet.example".into()],
        server_name: "smtp.eu.signet.example".into(),
        client_name: "k7q.smtp.signet.example".into(),
        max_message_bytes: 150_000_000,
        pilot_group: None,
        other_loop_words: Vec::new(),
    }
}

fn planned(edge: &Edge) -> Plan {
    plan(&snapshot(contoso()), edge).unwrap()
}

/// A message inside Exchange.
#[derive(Clone)]
struct Mail {
    inside: bool,
    null_sender: bool,
    kind: Option<MessageType>,
    octets: u64,
    headers: Vec<(String, String)>,
}

fn mail() -> Mail {
    Mail { inside: true, null_sender: false, kind: None, octets: 5_000, headers: Vec::new() }
}

fn with_stamp(value: &str) -> Mail {
    Mail { headers: vec![("X-Signet-Stamp".into(), value.into())], ..mail() }
}

/// One pass through the rules: the message as it leaves, and whether it leaves towards Signet.
fn pass(plan: &Plan, mut mail: Mail) -> (Mail, bool) {
    for rule in &plan.rules {
        let has = |name: &str, found: &dyn Fn(&str) -> bool| {
            mail.headers.iter().any(|(field, value)| field.eq_ignore_ascii_case(name) && found(value))
        };
        // Of regular expressions the plan uses words and `\S`.
        let matches = |value: &str, pattern: &str| match pattern {
            r"\S" => value.chars().any(|c| !c.is_whitespace()),
            words => value.contains(words),
        };
        let header = |test: &HeaderPatterns| {
            has(&test.name, &|value| test.patterns.iter().any(|pattern| matches(value, pattern)))
        };
        let (if_, except) = (&rule.conditions, &rule.exceptions);
        let holds = (!if_.from_inside || mail.inside)
            && if_.header.as_ref().is_none_or(header)
            && if_.message_type.is_none_or(|kind| mail.kind == Some(kind));
        let excepted = except.header.as_ref().is_some_and(header)
            || except.header_words.as_ref().is_some_and(|test| {
                has(&test.name, &|value| test.words.iter().any(|word| value.contains(word.as_str())))
            })
            || (except.null_sender && mail.null_sender)
            || except.message_type.is_some_and(|kind| mail.kind == Some(kind))
            || except.size_over.is_some_and(|octets| mail.octets > octets);
        if !holds || excepted {
            continue;
        }
        if let Some(name) = &rule.actions.remove_header {
            mail.headers.retain(|(field, _)| !field.eq_ignore_ascii_case(name));
        }
        if let Some(header) = &rule.actions.set_header {
            mail.headers.retain(|(field, _)| !field.eq_ignore_ascii_case(&header.name));
            mail.headers.push((header.name.clone(), header.value.clone()));
        }
        if rule.actions.route_to.is_some() {
            assert!(rule.actions.stop);
            return (mail, true);
        }
        if rule.actions.stop {
            break;
        }
    }
    (mail, false)
}

#[test]
fn mail_goes_to_signet_once_and_comes_out_without_a_stamp() {
    let plan = planned(&edge());
    let real = "v=1; t=1800000000; k=k1; w=loopword; h=AAAAAAAAAAAAAAAAAAAAAA";
    for (name, mail, routed) in [
        ("a user's mail", mail(), true),
        ("back from Signet", with_stamp(real), false),
        ("a user writes a stamp", with_stamp("v=1; t=1; k=k1; w=guess; h=AAAA"), true),
        ("a user writes `true`", with_stamp("true"), true),
        ("another tenant's stamp", with_stamp("v=1; t=1; k=k1; w=otherword; h=AAAA"), true),
        ("a longer word", with_stamp("v=1; w=loopwordx; h=A"), true),
        ("from outside", Mail { inside: false, ..mail() }, false),
        ("from outside with a stamp", Mail { inside: false, ..with_stamp("w=x;") }, false),
        ("automatic reply", Mail { kind: Some(MessageType::AutomaticReply), ..mail() }, false),
        ("meeting", Mail { kind: Some(MessageType::Meeting), ..mail() }, false),
        ("null sender", Mail { null_sender: true, ..mail() }, false),
        ("too large", Mail { octets: 150_000_001, ..mail() }, false),
        ("just not too large", Mail { octets: 150_000_000, ..mail() }, true),
        (
            "sent on by a group",
            Mail {
                headers: vec![(
                    "X-MS-Exchange-UnifiedGroup-SubmittedViaGroupAddress".into(),
                    "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=x".into(),
                )],
                ..mail()
            },
            false,
        ),
    ] {
        let (after, to_signet) = pass(&plan, mail);
        assert_eq!(to_signet, routed, "{name}");
        assert!(!after.headers.iter().any(|(field, _)| field == "X-Signet-Stamp"), "{name}: a stamp is left");
    }
}

#[test]
fn a_changed_loop_word_lets_the_mail_on_its_way_come_home() {
    let plan = planned(&Edge { other_loop_words: vec!["before".into()], ..edge() });
    for (word, routed) in [("loopword", false), ("before", false), ("older", true)] {
        assert_eq!(pass(&plan, with_stamp(&format!("v=1; w={word}; h=x"))).1, routed, "{word}");
    }
}

#[test]
fn the_plan_travels_as_json() {
    let plan = planned(&Edge { pilot_group: Some("pilot@contoso.example".into()), ..edge() });
    let json = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&json).unwrap(), plan);
    assert_eq!(plan.rules[2].conditions.from_member_of.as_deref(), Some("pilot@contoso.example"));
}

#[test]
fn the_script_says_what_the_plan_says() {
    let script = planned(&edge()).script();
    for part in [
        "New-OutboundConnector -Name 'Microsoft 365 to Signet' @settings",
        "Set-OutboundConnector -Identity 'Microsoft 365 to Signet' @settings",
        "    TlsDomain = 'smtp.eu.signet.example'\n",
        "    IsTransportRuleScoped = $true\n",
        "New-InboundConnector -Name 'Signet to Microsoft 365' @settings",
        "    TlsSenderCertificateName = 'k7q.smtp.signet.example'\n",
        "Set-InboundConnector -Identity 'Signet to Microsoft 365' -EFSkipLastIP $true\n",
        "Set-SignetRule 'Signet 1: remove foreign stamps' 0 @{\n",
        "    HeaderMatchesMessageHeader = 'X-Signet-Stamp'\n    HeaderMatchesPatterns = '\\S'\n    \
         ExceptIfHeaderMatchesMessageHeader = 'X-Signet-Stamp'\n    ExceptIfHeaderMatchesPatterns = 'w=loopword;'\n    \
         RemoveHeader = 'X-Signet-Stamp'\n    StopRuleProcessing = $false\n",
        "    SetHeaderName = 'X-Signet-Stamp'\n    SetHeaderValue = 'w=loopword;'\n",
        "    FromMemberOf = $null\n",
        "    ExceptIfFromAddressMatchesPatterns = '<>'\n    ExceptIfMessageTypeMatches = 'Calendaring'\n    \
         ExceptIfMessageSizeOver = 150000000\n    RouteMessageOutboundConnector = 'Microsoft 365 to Signet'\n",
        "Where-Object { $_.DomainName -eq 'k7q.smtp.signet.example' }",
        "Enable-TransportRule -Identity 'Signet 4: remove our stamp'\n",
    ] {
        assert!(script.contains(part), "{part}\n---\n{script}");
    }
    // Nothing routes before everything is there.
    let enabled: Vec<&str> = script.lines().filter(|line| line.starts_with("Enable-TransportRule")).collect();
    assert!(script.find("Enable-TransportRule").unwrap() > script.rfind("Set-SignetRule '").unwrap());
    assert!(enabled.len() == 4 && enabled[3].contains("'Signet 3: route to Signet'"));
}

#[test]
fn the_removal_stops_routing_first() {
    let removal = planned(&edge()).removal();
    let at = |part: &str| removal.find(part).unwrap_or_else(|| panic!("{part}\n{removal}"));
    assert!(at("Remove-TransportRule -Identity 'Signet 3") < at("Read-Host"));
    assert!(at("Read-Host") < at("Remove-TransportRule -Identity 'Signet 1"));
    assert!(at("Remove-TransportRule -Identity 'Signet 4") < at("Remove-OutboundConnector"));
    assert!(removal.contains("Remove-InboundConnector -Identity 'Signet to Microsoft 365' -Confirm:$false"));
}

#[test]
fn no_name_leaves_its_quotes_or_its_line() {
    let mut plan = planned(&edge());
    plan.organisation = "Evil\nRemove-Mailbox\u{2028}x".into();
    plan.rules[0].name = "a'b\u{2019}c\"; $x\n`d".into();
    plan.inbound.certificate_name = "x' ; Get-Evil #".into();
    for script in [plan.script(), plan.removal()] {
        assert!(!script.contains("\nRemove-Mailbox") && script.starts_with("# "));
        assert!(script.contains("'a''b\u{2019}\u{2019}c\"; $x`d'"));
        assert!(!script.contains("x' ;"));
    }
}

#[test]
fn what_cannot_be_connected_is_refused() {
    let bad = Edge {
        smart_hosts: vec!["not a host".into()],
        server_name: "*.".into(),
        client_name: String::new(),
        max_message_bytes: 1,
        pilot_group: Some("nobody".into()),
        other_loop_words: vec!["a b".into()],
    };
    let places: Vec<String> =
        plan(&snapshot(contoso()), &bad).unwrap_err().into_iter().map(|problem| problem.place).collect();
    assert_eq!(places, ["/smart_hosts/0", "/server_name", "/client_name", "/pilot_group", "/other_loop_words/0"]);
    let mut tenant = contoso();
    tenant["peer"] = json!({"proof": "network", "networks": ["10.0.0.0/8"], "next_hop": {"host": "mx.example"}});
    assert_eq!(plan(&snapshot(tenant), &edge()).unwrap_err()[0].place, "/peer");
}
