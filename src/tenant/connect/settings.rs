//! The settings of connectors and rules by the names that Exchange Online has for them: the script sets them, and the
//! inspection looks at them.

use super::script::quote;
use super::{InboundConnector, MessageType, OutboundConnector, RoutingRule};

/// The value of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Flag(bool),
    Text(String),
    Texts(Vec<String>),
    Octets(u64),
    /// Said all the same, so that what was set before goes.
    Nothing,
}

pub(super) type Settings = Vec<(&'static str, Setting)>;

impl Setting {
    fn text(text: &str) -> Setting {
        Setting::Text(text.to_owned())
    }

    /// As PowerShell reads it.
    pub fn literal(&self) -> String {
        match self {
            Setting::Flag(true) => "$true".to_owned(),
            Setting::Flag(false) => "$false".to_owned(),
            Setting::Text(text) => quote(text),
            Setting::Texts(texts) => texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", "),
            Setting::Octets(octets) => octets.to_string(),
            Setting::Nothing => "$null".to_owned(),
        }
    }

    /// Whether Exchange Online shows it so; `found` are its values as texts.
    pub fn is(&self, found: &[String]) -> bool {
        let is_one = |wanted: &str| matches!(found, [one] if one.trim().eq_ignore_ascii_case(wanted));
        match self {
            Setting::Flag(true) => is_one("True"),
            Setting::Flag(false) => is_one("False"),
            Setting::Text(text) => is_one(text),
            Setting::Texts(texts) => {
                let has = |some: &[String], text: &String| some.iter().any(|one| one.trim().eq_ignore_ascii_case(text));
                texts.iter().all(|text| has(found, text)) && found.iter().all(|text| has(texts, text))
            }
            Setting::Octets(octets) => matches!(found, [one] if octets_in(one) == Some(*octets)),
            Setting::Nothing => found.iter().all(|one| one.trim().is_empty()),
        }
    }
}

/// `143.1 MB (150,000,000 bytes)`, or the number alone.
fn octets_in(text: &str) -> Option<u64> {
    let (_, exact) = text.rsplit_once('(').unwrap_or(("", text));
    let number = exact.trim_end_matches(|c: char| !c.is_ascii_digit());
    let digits: String = number.chars().filter(|c| !matches!(c, ',' | '.' | ' ' | '\u{a0}' | '\'')).collect();
    digits.parse().ok()
}

/// `New-OutboundConnector`, `Set-OutboundConnector`.
pub(super) fn of_outbound(connector: &OutboundConnector) -> Settings {
    vec![
        ("ConnectorType", Setting::text("OnPremises")),
        ("IsTransportRuleScoped", Setting::Flag(true)),
        ("UseMXRecord", Setting::Flag(false)),
        ("RouteAllMessagesViaOnPremises", Setting::Flag(false)),
        ("AllAcceptedDomains", Setting::Flag(false)),
        ("CloudServicesMailEnabled", Setting::Flag(true)),
        ("SmartHosts", Setting::Texts(connector.smart_hosts.clone())),
        ("TlsSettings", Setting::text("DomainValidation")),
        ("TlsDomain", Setting::text(&connector.tls_domain)),
        ("Enabled", Setting::Flag(true)),
    ]
}

/// `New-InboundConnector`, `Set-InboundConnector`.
pub(super) fn of_inbound(connector: &InboundConnector) -> Settings {
    vec![
        ("ConnectorType", Setting::text("OnPremises")),
        ("SenderDomains", Setting::text("*")),
        ("RequireTls", Setting::Flag(true)),
        ("TlsSenderCertificateName", Setting::text(&connector.certificate_name)),
        ("CloudServicesMailEnabled", Setting::Flag(true)),
        ("Enabled", Setting::Flag(true)),
    ]
}

/// The parameters of `New-TransportRule` and `Set-TransportRule` that say the same as the rule.
pub(super) fn of_rule(rule: &RoutingRule) -> Settings {
    let mut found = vec![("Mode", Setting::text("Enforce")), ("RuleErrorAction", Setting::text("Ignore"))];
    let conditions = &rule.conditions;
    if conditions.from_inside {
        found.push(("FromScope", Setting::text("InOrganization")));
        found.push(("SenderAddressLocation", Setting::text("Envelope")));
        // Named even when empty, so that the end of a pilot reaches a rule that is there already.
        let group = conditions.from_member_of.as_deref();
        found.push((FROM_MEMBER_OF, group.map_or(Setting::Nothing, Setting::text)));
    }
    if let Some(header) = &conditions.header {
        found.push(("HeaderMatchesMessageHeader", Setting::text(&header.name)));
        found.push(("HeaderMatchesPatterns", Setting::Texts(header.patterns.clone())));
    }
    if let Some(kind) = conditions.message_type {
        found.push(("MessageTypeMatches", message_type(kind)));
    }
    let exceptions = &rule.exceptions;
    if let Some(header) = &exceptions.header {
        found.push(("ExceptIfHeaderMatchesMessageHeader", Setting::text(&header.name)));
        found.push(("ExceptIfHeaderMatchesPatterns", Setting::Texts(header.patterns.clone())));
    }
    if let Some(header) = &exceptions.header_words {
        found.push(("ExceptIfHeaderContainsMessageHeader", Setting::text(&header.name)));
        found.push(("ExceptIfHeaderContainsWords", Setting::Texts(header.words.clone())));
    }
    if exceptions.null_sender {
        found.push(("ExceptIfFromAddressMatchesPatterns", Setting::text("<>")));
    }
    if let Some(kind) = exceptions.message_type {
        found.push(("ExceptIfMessageTypeMatches", message_type(kind)));
    }
    if let Some(octets) = exceptions.size_over {
        found.push(("ExceptIfMessageSizeOver", Setting::Octets(octets)));
    }
    found.extend(actions(rule));
    found
}

/// Whose mail is routed; everybody's where it is nothing.
pub(super) const FROM_MEMBER_OF: &str = "FromMemberOf";

fn actions(rule: &RoutingRule) -> Settings {
    let mut found = Vec::new();
    let actions = &rule.actions;
    if let Some(name) = &actions.remove_header {
        found.push(("RemoveHeader", Setting::text(name)));
    }
    if let Some(header) = &actions.set_header {
        found.push(("SetHeaderName", Setting::text(&header.name)));
        found.push(("SetHeaderValue", Setting::text(&header.value)));
    }
    if let Some(connector) = &actions.route_to {
        found.push(("RouteMessageOutboundConnector", Setting::text(connector)));
        found.push(("RouteMessageOutboundRequireTls", Setting::Flag(false)));
    }
    found.push(("StopRuleProcessing", Setting::Flag(actions.stop)));
    found
}

fn message_type(kind: MessageType) -> Setting {
    Setting::text(match kind {
        MessageType::AutomaticReply => "OOF",
        MessageType::Meeting => "Calendaring",
    })
}
