//! A plan as PowerShell for Exchange Online (`Connect-ExchangeOnline` comes first).
//!
//! Run again it changes what is there instead of making it twice. The rules are made switched off and switched on
//! last, so that no message is routed half way through. Every text stands in single quotes.

use std::fmt::Write;

use super::settings::{Settings, of_inbound, of_outbound, of_rule};
use super::{InboundConnector, Plan, RoutingRule};

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
        make_or_change(&mut out, "OutboundConnector", &self.outbound.name, &of_outbound(&self.outbound));
        inbound(&mut out, &self.inbound);
        out.push_str(RULE_FUNCTION);
        for (priority, rule) in self.rules.iter().enumerate() {
            out.push_str(&format!("\nSet-SignetRule {} {priority} @{{\n", quote(&rule.name)));
            for (name, value) in of_rule(rule) {
                line(&mut out, &format!("    {name} = {}", value.literal()));
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

pub(super) const HEAD: &str = "$ErrorActionPreference = 'Stop'\n";

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

fn inbound(out: &mut String, connector: &InboundConnector) {
    make_or_change(out, "InboundConnector", &connector.name, &of_inbound(connector));
    out.push_str("# SPF is judged by where the message was before us.\n");
    line(out, &format!("Set-InboundConnector -Identity {} -EFSkipLastIP $true", quote(&connector.name)));
}

fn make_or_change(out: &mut String, kind: &str, name: &str, settings: &Settings) {
    out.push_str("\n$settings = @{\n");
    for (key, value) in settings {
        line(out, &format!("    {key} = {}", value.literal()));
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

/// A text in single quotes. PowerShell takes the typographic ones for the same character: all are doubled.
pub(super) fn quote(text: &str) -> String {
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
pub(super) fn comment(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')).collect()
}

pub(super) fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
