//! What is told of connectors and rules as they are in Microsoft 365.
use super::*;
use crate::tenant::connect::{Edge, Inspected, Looked, Plan, plan};

fn planned() -> Plan {
    let edge = Edge {
        smart_hosts: vec!["a.signet.example".into(), "b.signet.example".into()],
        server_name: "a.signet.example".into(),
        client_name: "signet.contoso.example".into(),
        max_message_bytes: 150_000_000,
        pilot_group: None,
        other_loop_words: Vec::new(),
    };
    plan(&snapshot(contoso()), &edge).unwrap()
}

/// As Exchange Online shows what the script has made.
fn good() -> Value {
    let stamped = json!(["w=loopword;"]);
    json!({
        "outbound": [{
            "ConnectorType": ["OnPremises"], "IsTransportRuleScoped": ["True"], "UseMXRecord": ["False"],
            "RouteAllMessagesViaOnPremises": ["False"], "AllAcceptedDomains": ["False"],
            "CloudServicesMailEnabled": ["True"], "SmartHosts": ["B.signet.example", "a.signet.example"],
            "TlsSettings": ["DomainValidation"], "TlsDomain": ["a.signet.example"], "Enabled": ["True"],
        }],
        "inbound": [{
            // A PowerShell that writes a list of one as that one.
            "ConnectorType": "OnPremises", "SenderDomains": "*", "RequireTls": "True",
            "TlsSenderCertificateName": "signet.contoso.example", "CloudServicesMailEnabled": "True", "Enabled": "True",
            "EFSkipLastIP": "True",
        }],
        "rules": [
            {"Name": ["Signet 1: remove foreign stamps"], "Priority": ["0"], "State": ["Enabled"], "Mode": ["Enforce"],
             "RuleErrorAction": ["Ignore"], "HeaderMatchesMessageHeader": ["X-Signet-Stamp"],
             "HeaderMatchesPatterns": ["\\S"], "ExceptIfHeaderMatchesMessageHeader": ["X-Signet-Stamp"],
             "ExceptIfHeaderMatchesPatterns": stamped, "RemoveHeader": ["X-Signet-Stamp"],
             "StopRuleProcessing": ["False"]},
            {"Name": ["Signet 2: let automatic replies pass"], "Priority": ["1"], "State": ["Enabled"],
             "Mode": ["Enforce"], "RuleErrorAction": ["Ignore"], "MessageTypeMatches": ["OOF"],
             "SetHeaderName": ["X-Signet-Stamp"], "SetHeaderValue": ["w=loopword;"], "StopRuleProcessing": ["False"]},
            {"Name": ["Signet 3: route to Signet"], "Priority": ["2"], "State": ["Enabled"], "Mode": ["Enforce"],
             "RuleErrorAction": ["Ignore"], "FromScope": ["InOrganization"], "SenderAddressLocation": ["Envelope"],
             "FromMemberOf": [], "ExceptIfHeaderMatchesMessageHeader": ["X-Signet-Stamp"],
             "ExceptIfHeaderMatchesPatterns": stamped,
             "ExceptIfHeaderContainsMessageHeader": ["X-MS-Exchange-UnifiedGroup-SubmittedViaGroupAddress"],
             "ExceptIfHeaderContainsWords": ["/o=ExchangeLabs/ou=Exchange Administrative Group"],
             "ExceptIfFromAddressMatchesPatterns": ["<>"], "ExceptIfMessageTypeMatches": ["Calendaring"],
             "ExceptIfMessageSizeOver": ["143.1 MB (150,000,000 bytes)"],
             "RouteMessageOutboundConnector": ["Microsoft 365 to Signet"],
             "RouteMessageOutboundRequireTls": ["False"], "StopRuleProcessing": ["True"]},
            {"Name": ["Signet 4: remove our stamp"], "Priority": ["3"], "State": ["Enabled"], "Mode": ["Enforce"],
             "RuleErrorAction": ["Ignore"], "HeaderMatchesMessageHeader": ["X-Signet-Stamp"],
             "HeaderMatchesPatterns": stamped, "RemoveHeader": ["X-Signet-Stamp"], "StopRuleProcessing": ["False"]},
        ],
    })
}

fn looked(found: Value) -> Vec<Looked> {
    planned().looked_at(&serde_json::from_value::<Inspected>(found).unwrap())
}

#[test]
fn what_the_script_has_made_is_good() {
    let looked = looked(good());
    assert_eq!(looked.len(), 6);
    assert!(looked.iter().all(|one| one.wrong.is_none()), "{looked:?}");
}

#[test]
fn what_is_different_is_told_with_what_to_do() {
    /// Place, what is so there, what to do, and whether it is grave.
    type Case<'a> = (&'a str, &'a [(&'a str, Value)], &'a str, bool);
    let cases: [Case<'_>; 12] = [
        ("/inbound/0", &[("RequireTls", json!(["False"]))], "-RequireTls $true", true),
        (
            "/inbound/0",
            &[("TlsSenderCertificateName", json!(["other.example"])), ("EFSkipLastIP", json!([]))],
            "Set-InboundConnector -Identity 'Signet to Microsoft 365' -TlsSenderCertificateName 'signet.contoso.example' \
             -EFSkipLastIP $true",
            true,
        ),
        ("/outbound/0", &[("IsTransportRuleScoped", json!(["False"]))], "-IsTransportRuleScoped $true", true),
        ("/outbound/0", &[("SmartHosts", json!(["a.signet.example"]))], "-SmartHosts 'a.signet.example', 'b.sig", true),
        (
            "/outbound/0",
            &[("SmartHosts", json!(["a.signet.example", "b.signet.example", "c.evil.example"]))],
            "-SmartHosts",
            true,
        ),
        ("/outbound/0", &[("Enabled", json!("False"))], "-Enabled $true", true),
        ("/outbound/0", &[("TlsDomain", json!(null))], "-TlsDomain 'a.signet.example'", true),
        (
            "/rules/2",
            &[("State", json!(["Disabled"]))],
            "Enable-TransportRule -Identity 'Signet 3: route to Signet'",
            true,
        ),
        ("/rules/0", &[("Mode", json!(["Audit"]))], "Run Connect-Signet.ps1 again", true),
        (
            "/rules/2",
            &[("ExceptIfMessageSizeOver", json!(["10 MB (10,485,760 bytes)"]))],
            "Run Connect-Signet.ps1",
            true,
        ),
        (
            "/rules/3",
            &[("Priority", json!(["7"]))],
            "Set-TransportRule -Identity 'Signet 4: remove our stamp' -Priority 3",
            false,
        ),
        ("/rules/1", &[("Name", json!(["another"]))], "Run Connect-Signet.ps1 again", true),
    ];
    for (place, changes, advice, is_grave) in cases {
        let mut found = good();
        for (name, value) in changes {
            found.pointer_mut(place).unwrap()[*name] = value.clone();
        }
        let wrong: Vec<_> = looked(found).into_iter().filter_map(|one| one.wrong).collect();
        let [wrong] = wrong.as_slice() else { panic!("{place} {changes:?}: {wrong:?}") };
        assert!(wrong.advice.contains(advice), "{place}: {}", wrong.advice);
        assert_eq!(wrong.is_grave, is_grave, "{place}");
    }
}

#[test]
fn what_is_missing_is_told_and_a_pilot_is_no_fault() {
    let none = looked(json!({"surplus": 1}));
    assert!(none.len() == 6 && none.iter().all(|one| one.wrong.as_ref().is_some_and(|wrong| wrong.is_grave)));
    let mut pilot = good();
    pilot["rules"][2]["FromMemberOf"] = json!(["pilot@contoso.example"]);
    let pilot = looked(pilot);
    assert!(pilot.iter().all(|one| one.wrong.is_none()));
    assert!(pilot[4].found.contains("members of pilot@contoso.example alone"));
}

/// It reads, and looks at everything that is judged.
#[test]
fn the_inspection_changes_nothing_and_asks_for_all_that_is_judged() {
    let script = planned().inspection();
    for verb in ["Set-Transport", "New-", "Remove-", "Enable-", "Disable-", "Set-Inbound", "Set-Outbound"] {
        assert!(!script.contains(verb), "{verb}: {script}");
    }
    for part in ["outbound", "inbound", "rules"] {
        for shown in good()[part].as_array().unwrap() {
            for name in shown.as_object().unwrap().keys() {
                assert!(script.contains(&format!("'{name}'")), "{name}: {script}");
            }
        }
    }
}
