//! A plan as PowerShell for Exchange Online (`Connect-ExchangeOnline` comes first).
//!
//! Run again it changes what is there instead of making it twice. The rules are made switched off and switched on
//! last, so that no message is routed half way through. Every text stands in single quotes.

use std::fmt::Write;

use super::{InboundConnector, MessageType, OutboundConnector, Plan, RoutingRule};

impl Plan {
    /// The script that sets everything up.
    pub fn script(&self) -> String {
        let mut out = String::new();
        line(
            &mut out,
            &format!(
                "# Connects {} to Signet. Run it in a session of Connect-ExchangeOnline.",
                comment(&self.organisation)
            ),
        );
        out.push_str(HEAD);
        self.accepted_domain(&mut out);
        outbound(&mut out, &self.outbound);
        inbound(&mut out, &self.inbound);
        out.push_str(RULE_FUNCTION);
        for (priority, rule) in self.rules.iter().enumerate() {
            out.push_str(&format!("\nSet-SignetRule {} {priority} @{{\n", quote(&rule.name)));
            for (name, value) in settings(rule) {
                line(&mut out, &format!("    {name} = {value}"));
            }
            out.push_str("}\n");
        }
        out.push_str(
            "\n# Routing begins with the last of these; Microsoft 365 takes up to an hour to apply it everywhere.\n",
        );
        let (routing, others) = self.by_routing();
        for rule in others.iter().chain(&routing) {
            line(&mut out, &format!("Enable-TransportRule -Identity {}", quote(&rule.name)));
        }
        out
    }

    /// The script that takes everything away: routing first, so that nothing is on its way to us when the rest goes.
    pub fn removal(&self) -> String {
        let mut out = String::new();
        line(&mut out, &format!("# Disconnects {} from Signet. Nothing else is touched.", comment(&self.organisation)));
        out.push_str(HEAD);
        let (routing, others) = self.by_routing();
        for rule in &routing {
            remove(&mut out, "TransportRule", &rule.name);
        }
        out.push_str(
            "\n# Messages already handed to Signet still come back and lose their stamp here. Wait until\n\
             # Get-MessageTrace shows none on its way, then go on.\n\
             Read-Host 'No message on its way any more? Press Enter' | Out-Null\n",
        );
        for rule in &others {
            remove(&mut out, "TransportRule", &rule.name);
        }
        remove(&mut out, "OutboundConnector", &self.outbound.name);
        remove(&mut out, "InboundConnector", &self.inbound.name);
        out
    }

    /// The rules that send mail to us, and the others.
    fn by_routing(&self) -> (Vec<&RoutingRule>, Vec<&RoutingRule>) {
        self.rules.iter().partition(|rule| rule.actions.route_to.is_some())
    }

    fn accepted_domain(&self, out: &mut String) {
        let name = quote(&self.inbound.certificate_name);
        let _ = write!(
            out,
            "\n# Messages come back under this certificate name. It must be an accepted domain of this organisation\n\
             # (Microsoft 365 admin centre, Settings, Domains, Add domain; it gets no mailboxes), since Microsoft 365\n\
             # tells tenants apart by it.\n\
             if (-not (Get-AcceptedDomain | Where-Object {{ $_.DomainName -eq {name} }})) {{\n    \
             throw ('Add the accepted domain ' + {name} + ' first.')\n}}\n"
        );
    }
}

const HEAD: &str = "$ErrorActionPreference = 'Stop'\n";

const RULE_FUNCTION: &str = "
function Set-SignetRule([string] $Name, [int] $Priority, [hashtable] $Settings) {
    if (Get-TransportRule | Where-Object { $_.Name -eq $Name }) {
        Set-TransportRule -Identity $Name -Priority $Priority @Settings
    } else {
        $given = @{}
        foreach ($key in $Settings.Keys) { if ($null -ne $Settings[$key]) { $given[$key] = $Settings[$key] } }
        New-TransportRule -Name $Name -Priority $Priority -Enabled $false @given | Out-Null
    }
}
";

fn outbound(out: &mut String, connector: &OutboundConnector) {
    let hosts: Vec<String> = connector.smart_hosts.iter().map(|host| quote(host)).collect();
    let settings = [
        ("ConnectorType", "'OnPremises'".to_owned()),
        ("IsTransportRuleScoped", "$true".to_owned()),
        ("UseMXRecord", "$false".to_owned()),
        ("RouteAllMessagesViaOnPremises", "$false".to_owned()),
        ("AllAcceptedDomains", "$false".to_owned()),
        ("CloudServicesMailEnabled", "$true".to_owned()),
        ("SmartHosts", hosts.join(", ")),
        ("TlsSettings", "'DomainValidation'".to_owned()),
        ("TlsDomain", quote(&connector.tls_domain)),
        ("Enabled", "$true".to_owned()),
    ];
    make_or_change(out, "OutboundConnector", &connector.name, &settings);
}

fn inbound(out: &mut String, connector: &InboundConnector) {
    let settings = [
        ("ConnectorType", "'OnPremises'".to_owned()),
        ("SenderDomains", "'*'".to_owned()),
        ("RequireTls", "$true".to_owned()),
        ("TlsSenderCertificateName", quote(&connector.certificate_name)),
        ("CloudServicesMailEnabled", "$true".to_owned()),
        ("Enabled", "$true".to_owned()),
    ];
    make_or_change(out, "InboundConnector", &connector.name, &settings);
    out.push_str("# SPF is judged by where the message was before us.\n");
    line(out, &format!("Set-InboundConnector -Identity {} -EFSkipLastIP $true", quote(&connector.name)));
}

fn make_or_change(out: &mut String, kind: &str, name: &str, settings: &[(&str, String)]) {
    out.push_str("\n$settings = @{\n");
    for (key, value) in settings {
        line(out, &format!("    {key} = {value}"));
    }
    let name = quote(name);
    let _ = write!(
        out,
        "}}\nif (Get-{kind} | Where-Object {{ $_.Name -eq {name} }}) {{\n    Set-{kind} -Identity {name} @settings\n\
         }} else {{\n    New-{kind} -Name {name} @settings | Out-Null\n}}\n"
    );
}

fn remove(out: &mut String, kind: &str, name: &str) {
    let name = quote(name);
    line(
        out,
        &format!(
            "if (Get-{kind} | Where-Object {{ $_.Name -eq {name} }}) {{ Remove-{kind} -Identity {name} -Confirm:$false }}"
        ),
    );
}

/// The parameters of `New-TransportRule` and `Set-TransportRule` that say the same as the rule.
fn settings(rule: &RoutingRule) -> Vec<(&'static str, String)> {
    let mut found = vec![("Mode", "'Enforce'".to_owned()), ("RuleErrorAction", "'Ignore'".to_owned())];
    let list = |texts: &[String]| texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ");
    let conditions = &rule.conditions;
    if conditions.from_inside {
        found.push(("FromScope", "'InOrganization'".to_owned()));
        found.push(("SenderAddressLocation", "'Envelope'".to_owned()));
        // Named even when empty, so that the end of a pilot reaches a rule that is there already.
        found.push(("FromMemberOf", conditions.from_member_of.as_deref().map_or("$null".to_owned(), quote)));
    }
    if let Some(header) = &conditions.header {
        found.push(("HeaderMatchesMessageHeader", quote(&header.name)));
        found.push(("HeaderMatchesPatterns", list(&header.patterns)));
    }
    if let Some(kind) = conditions.message_type {
        found.push(("MessageTypeMatches", message_type(kind)));
    }
    let exceptions = &rule.exceptions;
    if let Some(header) = &exceptions.header {
        found.push(("ExceptIfHeaderMatchesMessageHeader", quote(&header.name)));
        found.push(("ExceptIfHeaderMatchesPatterns", list(&header.patterns)));
    }
    if let Some(header) = &exceptions.header_words {
        found.push(("ExceptIfHeaderContainsMessageHeader", quote(&header.name)));
        found.push(("ExceptIfHeaderContainsWords", list(&header.words)));
    }
    if exceptions.null_sender {
        found.push(("ExceptIfFromAddressMatchesPatterns", "'<>'".to_owned()));
    }
    if let Some(kind) = exceptions.message_type {
        found.push(("ExceptIfMessageTypeMatches", message_type(kind)));
    }
    if let Some(octets) = exceptions.size_over {
        found.push(("ExceptIfMessageSizeOver", octets.to_string()));
    }
    found.extend(actions(rule));
    found
}

fn actions(rule: &RoutingRule) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let actions = &rule.actions;
    if let Some(name) = &actions.remove_header {
        found.push(("RemoveHeader", quote(name)));
    }
    if let Some(header) = &actions.set_header {
        found.push(("SetHeaderName", quote(&header.name)));
        found.push(("SetHeaderValue", quote(&header.value)));
    }
    if let Some(connector) = &actions.route_to {
        found.push(("RouteMessageOutboundConnector", quote(connector)));
        found.push(("RouteMessageOutboundRequireTls", "$false".to_owned()));
    }
    found.push(("StopRuleProcessing", if actions.stop { "$true" } else { "$false" }.to_owned()));
    found
}

fn message_type(kind: MessageType) -> String {
    match kind {
        MessageType::AutomaticReply => "'OOF'".to_owned(),
        MessageType::Meeting => "'Calendaring'".to_owned(),
    }
}

/// A text in single quotes. PowerShell takes the typographic ones for the same character: all are doubled.
fn quote(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
    out
}

/// A text that stays on the line of its comment.
fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')).collect()
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
