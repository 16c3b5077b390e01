//! The PowerShell that `signet connect` prints, read as a plan: what a customer would run is what is carried out.
//!
//! No PowerShell: the forms that such a script has are known, and a setting or value that is not known is an error.
//! A rule that is made but not switched on is an error too.

use std::collections::HashMap;
use std::io;

use super::{
    Actions, Conditions, Exceptions, Header, HeaderPatterns, HeaderWords, InboundConnector, MessageType,
    OutboundConnector, Plan, RoutingRule,
};

impl Plan {
    /// Reads the script; [`Plan::organisation`] stays empty.
    pub fn from_script(script: &str) -> io::Result<Plan> {
        let mut lines = script.lines();
        let (mut outbound, mut inbound) = (None, None);
        let mut rules: Vec<(u64, RoutingRule)> = Vec::new();
        let mut enabled = Vec::new();
        while let Some(line) = lines.next() {
            if line == "$settings = @{" {
                let table = Table::read(&mut lines)?;
                let use_of = lines.next().unwrap_or_default();
                let name = first_text(use_of).ok_or_else(|| unknown(use_of))?;
                if use_of.contains("Get-OutboundConnector") {
                    outbound = Some(table.outbound(name)?);
                } else if use_of.contains("Get-InboundConnector") {
                    inbound = Some(table.inbound(name)?);
                } else {
                    return Err(unknown(use_of));
                }
            } else if let Some(rest) = line.strip_prefix("Set-SignetRule ") {
                let name = first_text(rest).ok_or_else(|| unknown(line))?;
                let priority = rest.strip_suffix(" @{").and_then(|head| head.rsplit(' ').next()?.parse().ok());
                rules.push((priority.ok_or_else(|| unknown(line))?, Table::read(&mut lines)?.rule(name)?));
            } else if let Some(rest) = line.strip_prefix("Enable-TransportRule -Identity ") {
                enabled.push(first_text(rest).ok_or_else(|| unknown(line))?);
            }
        }
        rules.sort_by_key(|(priority, _)| *priority);
        if let Some((_, rule)) = rules.iter().find(|(_, rule)| !enabled.contains(&rule.name)) {
            return Err(io::Error::other(format!("rule {:?} is not switched on", rule.name)));
        }
        let missing = |what: &str| io::Error::other(format!("the script makes no {what} connector"));
        let plan = Plan {
            organisation: String::new(),
            outbound: outbound.ok_or_else(|| missing("outbound"))?,
            inbound: inbound.ok_or_else(|| missing("inbound"))?,
            rules: rules.into_iter().map(|(_, rule)| rule).collect(),
        };
        plan.checked()
    }
}

/// `@{ … }`, one setting a line.
struct Table(HashMap<String, Value>);

/// What a setting may be.
#[derive(Debug, PartialEq)]
enum Value {
    Texts(Vec<String>),
    Flag(bool),
    Count(u64),
    Null,
}

impl Table {
    fn read<'a>(lines: &mut impl Iterator<Item = &'a str>) -> io::Result<Table> {
        let mut settings = HashMap::new();
        for line in lines {
            if line == "}" {
                return Ok(Table(settings));
            }
            let (key, value) = line.trim().split_once(" = ").ok_or_else(|| unknown(line))?;
            settings.insert(key.to_owned(), Value::parse(value).ok_or_else(|| unknown(line))?);
        }
        Err(io::Error::other("a table without an end"))
    }

    fn texts(&mut self, key: &str) -> io::Result<Option<Vec<String>>> {
        match self.0.remove(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Texts(texts)) => Ok(Some(texts)),
            Some(other) => Err(io::Error::other(format!("{key} = {other:?}"))),
        }
    }

    fn text(&mut self, key: &str) -> io::Result<Option<String>> {
        match self.texts(key)?.as_deref() {
            None => Ok(None),
            Some([text]) => Ok(Some(text.clone())),
            Some(several) => Err(io::Error::other(format!("{key} = {several:?}"))),
        }
    }

    /// Takes settings out that must be there and exactly so.
    fn require(&mut self, settings: &[(&str, Value)]) -> io::Result<()> {
        for (key, wanted) in settings {
            let found = self.0.remove(*key);
            if found.as_ref() != Some(wanted) {
                return Err(io::Error::other(format!("{key} is {found:?}, not {wanted:?}")));
            }
        }
        Ok(())
    }

    /// Nothing may be left that was not understood.
    fn finish<T>(self, made: T) -> io::Result<T> {
        match self.0.into_iter().next() {
            None => Ok(made),
            Some((key, value)) => Err(io::Error::other(format!("the stand-in does not know {key} = {value:?}"))),
        }
    }

    fn outbound(mut self, name: String) -> io::Result<OutboundConnector> {
        self.require(&[
            ("ConnectorType", Value::text("OnPremises")),
            ("IsTransportRuleScoped", Value::Flag(true)),
            ("UseMXRecord", Value::Flag(false)),
            ("RouteAllMessagesViaOnPremises", Value::Flag(false)),
            ("AllAcceptedDomains", Value::Flag(false)),
            ("CloudServicesMailEnabled", Value::Flag(true)),
            ("TlsSettings", Value::text("DomainValidation")),
            ("Enabled", Value::Flag(true)),
        ])?;
        let smart_hosts = self.texts("SmartHosts")?.unwrap_or_default();
        let tls_domain = self.text("TlsDomain")?.unwrap_or_default();
        self.finish(OutboundConnector { name, smart_hosts, tls_domain })
    }

    fn inbound(mut self, name: String) -> io::Result<InboundConnector> {
        self.require(&[
            ("ConnectorType", Value::text("OnPremises")),
            ("SenderDomains", Value::text("*")),
            ("RequireTls", Value::Flag(true)),
            ("CloudServicesMailEnabled", Value::Flag(true)),
            ("Enabled", Value::Flag(true)),
        ])?;
        let certificate_name = self.text("TlsSenderCertificateName")?.unwrap_or_default();
        self.finish(InboundConnector { name, certificate_name })
    }

    fn rule(mut self, name: String) -> io::Result<RoutingRule> {
        self.require(&[("Mode", Value::text("Enforce")), ("RuleErrorAction", Value::text("Ignore"))])?;
        let conditions = self.conditions()?;
        let exceptions = self.exceptions()?;
        let actions = self.actions()?;
        self.finish(RoutingRule { name, conditions, exceptions, actions })
    }

    fn conditions(&mut self) -> io::Result<Conditions> {
        let from_inside = self.0.contains_key("FromScope");
        if from_inside {
            let inside = ("FromScope", Value::text("InOrganization"));
            self.require(&[inside, ("SenderAddressLocation", Value::text("Envelope"))])?;
        }
        let header = self.pair("HeaderMatchesMessageHeader", "HeaderMatchesPatterns")?;
        Ok(Conditions {
            from_inside,
            from_member_of: self.text("FromMemberOf")?,
            header: header.map(|(name, patterns)| HeaderPatterns { name, patterns }),
            message_type: self.message_type("MessageTypeMatches")?,
        })
    }

    fn exceptions(&mut self) -> io::Result<Exceptions> {
        let header = self.pair("ExceptIfHeaderMatchesMessageHeader", "ExceptIfHeaderMatchesPatterns")?;
        let words = self.pair("ExceptIfHeaderContainsMessageHeader", "ExceptIfHeaderContainsWords")?;
        let null_sender = self.0.contains_key("ExceptIfFromAddressMatchesPatterns");
        if null_sender {
            self.require(&[("ExceptIfFromAddressMatchesPatterns", Value::text("<>"))])?;
        }
        Ok(Exceptions {
            header: header.map(|(name, patterns)| HeaderPatterns { name, patterns }),
            header_words: words.map(|(name, words)| HeaderWords { name, words }),
            null_sender,
            message_type: self.message_type("ExceptIfMessageTypeMatches")?,
            size_over: match self.0.remove("ExceptIfMessageSizeOver") {
                None | Some(Value::Null) => None,
                Some(Value::Count(octets)) => Some(octets),
                Some(other) => return Err(io::Error::other(format!("a size of {other:?}"))),
            },
        })
    }

    fn actions(&mut self) -> io::Result<Actions> {
        let set_header = match (self.text("SetHeaderName")?, self.text("SetHeaderValue")?) {
            (Some(name), Some(value)) => Some(Header { name, value }),
            (None, None) => None,
            half => return Err(io::Error::other(format!("a header half set: {half:?}"))),
        };
        let route_to = self.text("RouteMessageOutboundConnector")?;
        if route_to.is_some() {
            self.require(&[("RouteMessageOutboundRequireTls", Value::Flag(false))])?;
        }
        let stop = self.0.remove("StopRuleProcessing") == Some(Value::Flag(true));
        Ok(Actions { remove_header: self.text("RemoveHeader")?, set_header, route_to, stop })
    }

    fn pair(&mut self, name: &str, texts: &str) -> io::Result<Option<(String, Vec<String>)>> {
        match (self.text(name)?, self.texts(texts)?) {
            (Some(name), Some(texts)) => Ok(Some((name, texts))),
            (None, None) => Ok(None),
            half => Err(io::Error::other(format!("{name} and {texts} belong together: {half:?}"))),
        }
    }

    fn message_type(&mut self, key: &str) -> io::Result<Option<MessageType>> {
        match self.text(key)?.as_deref() {
            None => Ok(None),
            Some("OOF") => Ok(Some(MessageType::AutomaticReply)),
            Some("Calendaring") => Ok(Some(MessageType::Meeting)),
            Some(other) => Err(unknown(other)),
        }
    }
}

impl Value {
    fn text(text: &str) -> Value {
        Value::Texts(vec![text.to_owned()])
    }

    fn parse(text: &str) -> Option<Value> {
        match text {
            "$true" => Some(Value::Flag(true)),
            "$false" => Some(Value::Flag(false)),
            "$null" => Some(Value::Null),
            _ if text.starts_with('\'') => texts(text).map(Value::Texts),
            _ => text.parse().ok().map(Value::Count),
        }
    }
}

/// `'a', 'b''c'`.
fn texts(text: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let (one, after) = quoted(rest)?;
        found.push(one);
        if after.is_empty() {
            return Some(found);
        }
        rest = after.strip_prefix(", ")?;
    }
}

/// The text in single quotes that `text` begins with, and what follows it. Doubled quotes stand for one.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut found = String::new();
    loop {
        let (before, after) = rest.split_once('\'')?;
        found.push_str(before);
        let Some(further) = after.strip_prefix('\'') else { return Some((found, after)) };
        found.push('\'');
        rest = further;
    }
}

/// The first text in single quotes anywhere in a line.
fn first_text(line: &str) -> Option<String> {
    line.find('\'').and_then(|at| quoted(line.get(at..)?)).map(|(text, _)| text)
}

fn unknown(what: &str) -> io::Error {
    io::Error::other(format!("the stand-in does not know {what:?}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SCRIPT: &str = r"$ErrorActionPreference = 'Stop'

$settings = @{
    ConnectorType = 'OnPremises'
    IsTransportRuleScoped = $true
    UseMXRecord = $false
    RouteAllMessagesViaOnPremises = $false
    AllAcceptedDomains = $false
    CloudServicesMailEnabled = $true
    SmartHosts = 'a.signet.example', 'b.signet.example'
    TlsSettings = 'DomainValidation'
    TlsDomain = '*.signet.example'
    Enabled = $true
}
if (Get-OutboundConnector | Where-Object { $_.Name -eq 'Out' }) {
    Set-OutboundConnector -Identity 'Out' @settings
}

$settings = @{
    ConnectorType = 'OnPremises'
    SenderDomains = '*'
    RequireTls = $true
    TlsSenderCertificateName = 'k7.signet.example'
    CloudServicesMailEnabled = $true
    Enabled = $true
}
if (Get-InboundConnector | Where-Object { $_.Name -eq 'In' }) {
}

Set-SignetRule 'Bob''s second' 1 @{
    Mode = 'Enforce'
    RuleErrorAction = 'Ignore'
    MessageTypeMatches = 'OOF'
    SetHeaderName = 'X-A'
    SetHeaderValue = 'w=abc;'
    StopRuleProcessing = $false
}

Set-SignetRule 'First' 0 @{
    Mode = 'Enforce'
    RuleErrorAction = 'Ignore'
    FromScope = 'InOrganization'
    SenderAddressLocation = 'Envelope'
    FromMemberOf = $null
    ExceptIfHeaderMatchesMessageHeader = 'X-A'
    ExceptIfHeaderMatchesPatterns = 'w=abc;', 'w=old;'
    ExceptIfFromAddressMatchesPatterns = '<>'
    ExceptIfMessageSizeOver = 1000
    RouteMessageOutboundConnector = 'Out'
    RouteMessageOutboundRequireTls = $false
    StopRuleProcessing = $true
}
Enable-TransportRule -Identity 'Bob''s second'
Enable-TransportRule -Identity 'First'
";

    #[test]
    fn a_script_is_read_whole() {
        let plan = Plan::from_script(SCRIPT).unwrap();
        assert_eq!((plan.outbound.name.as_str(), plan.outbound.smart_hosts.len()), ("Out", 2));
        assert_eq!(plan.inbound.certificate_name, "k7.signet.example");
        let [first, second] = plan.rules.as_slice() else { panic!("{plan:?}") };
        assert_eq!((first.name.as_str(), second.name.as_str()), ("First", "Bob's second"));
        assert!(first.conditions.from_inside && first.exceptions.null_sender && first.actions.stop);
        assert_eq!(first.exceptions.size_over, Some(1000));
        assert_eq!(first.exceptions.header.as_ref().unwrap().patterns, ["w=abc;", "w=old;"]);
        assert_eq!(second.actions.set_header.as_ref().unwrap().value, "w=abc;");
    }

    #[test]
    fn what_would_work_otherwise_is_an_error() {
        let faults = [
            ("Enable-TransportRule -Identity 'First'", ""),
            ("Mode = 'Enforce'", "Mode = 'Audit'"),
            ("    TlsSettings = 'DomainValidation'\n", ""),
            ("MessageTypeMatches = 'OOF'", "MessageTypeMatches = 'Voicemail'"),
            ("ExceptIfMessageSizeOver = 1000", "ExceptIfSomething = 1000"),
            ("RouteMessageOutboundConnector = 'Out'", "RouteMessageOutboundConnector = 'Other'"),
            ("SetHeaderName = 'X-A'", "SetHeaderName = 'X-A"),
            ("'w=abc;', 'w=old;'", "'w=.*;'"),
        ];
        for (from, to) in faults {
            let script = SCRIPT.replacen(from, to, 1);
            assert_ne!(script, SCRIPT);
            assert!(Plan::from_script(&script).is_err(), "{from} → {to}");
        }
    }
}
