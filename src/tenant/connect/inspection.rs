//! Whether connectors and rules are in Microsoft 365 as the plan has them (requirement O16). No interface but Exchange
//! Online PowerShell shows them, so an administrator runs a script that changes nothing, and hands over what it wrote.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde::{Deserialize, Deserializer};

use super::Plan;
use super::script::{HEAD, comment, line, quote};
use super::settings::{FROM_MEMBER_OF, Settings, of_inbound, of_outbound, of_rule};

/// What the script found, each by its settings. Whatever else stands in it is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Inspected {
    #[serde(default)]
    pub outbound: Vec<Shown>,
    #[serde(default)]
    pub inbound: Vec<Shown>,
    #[serde(default)]
    pub rules: Vec<Shown>,
}

/// The settings of one connector or rule, as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Shown(BTreeMap<String, Values>);

/// One text or several: not every PowerShell writes a list of one as a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Values(Vec<String>);

/// One connector or rule that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub part: Part,
    pub name: String,
    /// What was found, in a sentence.
    pub found: String,
    /// What to do, if it is not as it should be.
    pub wrong: Option<Wrong>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Outbound,
    Inbound,
    Rule,
}

/// What to do about a connector or a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Mail does not go as it should; else it may, by what the administrator has changed.
    pub is_grave: bool,
    pub advice: String,
}

impl Plan {
    /// The script that looks at connectors and rules, and writes what it found into a file and the clipboard.
    pub fn inspection(&self) -> String {
        let mut out = String::new();
        line(
            &mut out,
            &format!("# Looks at the connectors and rules of {}. Nothing is changed.", comment(&self.organisation)),
        );
        out.push_str(HEAD);
        out.push_str(SHOW_FUNCTION);
        let one = |kind: &str, name: &str, settings: &Settings| {
            let (name, names) = (quote(name), names(settings.iter().map(|(name, _)| *name)));
            format!(
                "Get-{kind} | Where-Object {{ $_.Name -eq {name} }} | ForEach-Object {{ Show-Settings $_ @({names}) }}"
            )
        };
        let rules = names(self.rules.iter().map(|rule| rule.name.as_str()));
        let settings: BTreeSet<&str> = self.rules.iter().flat_map(of_rule).map(|(name, _)| name).collect();
        let settings = names(["Name", "Priority", "State"].into_iter().chain(settings));
        let mut of_inbound = of_inbound(&self.inbound);
        of_inbound.push((SKIP_LAST, super::settings::Setting::Flag(true)));
        let _ = write!(
            out,
            "\n$found = [ordered]@{{\n    outbound = @({})\n    inbound = @({})\n    rules = @(Get-TransportRule | \
             Where-Object {{ @({rules}) -contains $_.Name }} | ForEach-Object {{ Show-Settings $_ @({settings}) }})\n}}\n",
            one("OutboundConnector", &self.outbound.name, &of_outbound(&self.outbound)),
            one("InboundConnector", &self.inbound.name, &of_inbound),
        );
        out.push_str(END);
        out
    }

    /// What of that is not as it should be.
    pub fn looked_at(&self, inspected: &Inspected) -> Vec<Looked> {
        let (outbound, mut inbound) = (of_outbound(&self.outbound), of_inbound(&self.inbound));
        inbound.push((SKIP_LAST, super::settings::Setting::Flag(true)));
        let mut looked = vec![
            connector(Part::Outbound, &self.outbound.name, &outbound, &inspected.outbound),
            connector(Part::Inbound, &self.inbound.name, &inbound, &inspected.inbound),
        ];
        looked.extend((0..).zip(&self.rules).map(|(place, rule)| {
            let shown = inspected.rules.iter().find(|shown| shown.is("Name", &rule.name));
            let looked = |found: String, wrong| Looked { part: Part::Rule, name: rule.name.clone(), found, wrong };
            let wrong = |is_grave, advice: String| Some(Wrong { is_grave, advice });
            let Some(shown) = shown else { return looked("It is not there.".to_owned(), wrong(true, again())) };
            if !shown.is("State", "Enabled") {
                let advice = format!("Enable-TransportRule -Identity {}", quote(&rule.name));
                return looked("It is switched off.".to_owned(), wrong(true, advice));
            }
            // A pilot is the administrator's to say.
            let wanted = of_rule(rule).into_iter().filter(|(name, _)| *name != FROM_MEMBER_OF).collect();
            let differs = shown.differences(&wanted);
            if !differs.is_empty() {
                let names: Vec<&str> = differs.iter().map(|(name, _)| *name).collect();
                return looked(
                    format!("It is not as the script makes it: {}.", names.join(", ")),
                    wrong(true, again()),
                );
            }
            let priority = shown.text("Priority");
            if priority != place.to_string() {
                let advice = format!("Set-TransportRule -Identity {} -Priority {place}", quote(&rule.name));
                let found =
                    format!("It stands at place {priority}, behind rules that may change or stop a message before.");
                return looked(found, wrong(false, advice));
            }
            match shown.text(FROM_MEMBER_OF) {
                group if group.is_empty() => looked("It is there and switched on.".to_owned(), None),
                group => looked(format!("It is there and switched on, for members of {group} alone."), None),
            }
        }));
        looked
    }
}

fn connector(part: Part, name: &str, wanted: &Settings, found: &[Shown]) -> Looked {
    let looked = |found: &str, wrong| Looked { part, name: name.to_owned(), found: found.to_owned(), wrong };
    let Some(shown) = found.first() else {
        return looked("It is not there.", Some(Wrong { is_grave: true, advice: again() }));
    };
    let differs = shown.differences(wanted);
    if differs.is_empty() {
        return looked("It is there, and as it should be.", None);
    }
    let told: Vec<String> = differs.iter().map(|(name, _)| format!("{name} is {}", shown.told(name))).collect();
    let kind = if part == Part::Outbound { "OutboundConnector" } else { "InboundConnector" };
    let mut advice = format!("Set-{kind} -Identity {}", quote(name));
    for (name, value) in differs {
        let _ = write!(advice, " -{name} {}", value.literal());
    }
    looked(&format!("{}.", told.join("; ")), Some(Wrong { is_grave: true, advice }))
}

impl Shown {
    /// What is wanted and is not so.
    fn differences<'a>(&self, wanted: &'a Settings) -> Vec<&'a (&'static str, super::settings::Setting)> {
        wanted.iter().filter(|(name, value)| !value.is(self.values(name))).collect()
    }

    fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], |values| &values.0)
    }

    fn is(&self, name: &str, value: &str) -> bool {
        self.values(name).iter().any(|one| one.eq_ignore_ascii_case(value))
    }

    fn text(&self, name: &str) -> String {
        self.values(name).join(", ")
    }

    /// For people; it is text of others.
    fn told(&self, name: &str) -> String {
        let text: String = self.text(name).chars().filter(|c| !c.is_control()).take(100).collect();
        if text.is_empty() { "empty".to_owned() } else { text }
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(Vec<String>),
            None(()),
        }
        Ok(Values(match Written::deserialize(deserializer)? {
            Written::One(text) => vec![text],
            Written::Several(texts) => texts,
            Written::None(()) => Vec::new(),
        }))
    }
}

fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

fn again() -> String {
    "Run Connect-Signet.ps1 again: it makes what is missing, and puts right what is different.".to_owned()
}

/// Of the inbound connector; set by itself.
const SKIP_LAST: &str = "EFSkipLastIP";

/// Every value as a list of texts, so that all versions of PowerShell write the same.
const SHOW_FUNCTION: &str = "
function Show-Settings($Of, [string[]] $Names) {
    $shown = [ordered]@{}
    foreach ($name in $Names) {
        $shown[$name] = @($Of.$name | Where-Object { $null -ne $_ } | ForEach-Object { [string] $_ })
    }
    $shown
}
";

const END: &str = "
$json = $found | ConvertTo-Json -Depth 4
$json | Set-Content -Path Signet-Inspection.json -Encoding utf8
try { $json | Set-Clipboard } catch { }
Write-Host 'Hand Signet-Inspection.json over on the page Connection; it is in the clipboard, too.'
";
