//! The directory of a large tenant: a hundred thousand people and five thousand nested groups, played by the stand-in's
//! Graph and read by Signet itself, in full and then what changed, into a file and into PostgreSQL.
//!
//! The stand-in answers from this process, so Signet's memory is its own; its processor time is not, and both share the
//! machine.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use standin::certificates::{Identity, Request};
use standin::graph::{self, CLIENT, Cloud, Member, Removed, Sizes, TENANT};

use crate::appliance::Appliance;
use crate::database::Database;
use crate::message;
use crate::report::{self, Report, mebibytes};
use crate::scenario::{Directory, Name, Proof};
use crate::stage::{Needs, Stage};

/// A played directory, and the application that may read it.
pub struct Played {
    cloud: Cloud,
    application: Identity,
    /// Serves the cloud.
    runtime: tokio::runtime::Runtime,
}

impl Played {
    /// Generates the directory and serves it.
    fn start(scenario: &Directory) -> io::Result<Played> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let directory = graph::Directory::generated(scenario.people, scenario.groups);
        let cloud = runtime.block_on(Cloud::start(directory))?;
        // Pages as small as Microsoft's are at their smallest.
        cloud.sizes(Sizes { page: 200, members: 100 });
        let application = Identity::self_signed(Request::client("signet.example").rsa())?;
        cloud.register(&application);
        Ok(Played { cloud, application, runtime })
    }

    /// Writes what the configuration names; gives the section.
    pub fn section(&self, folder: &Path) -> io::Result<String> {
        self.application.write(folder, "application")?;
        let url = self.cloud.url();
        Ok(format!(
            "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"application.pem\"\nkey = \"application.key\"\n\
             login = \"{url}\"\ngraph = \"{url}\"\n"
        ))
    }

    /// About a thousandth of all that the directory has.
    fn change(&self, scenario: &Directory) {
        self.cloud.edit(|directory| {
            for number in 0..scenario.people / 200 {
                directory.set_user(changed(number), json!({"jobTitle": "Changed"}));
                directory.join(number % scenario.groups, Member::User(number * 11));
            }
            for number in 0..gone_of(scenario) {
                directory.remove_user(gone(number), Removed::Soft);
            }
        });
    }
}

/// The people whose title changes, of whom some go.
fn changed(number: usize) -> usize {
    number * 7
}

fn gone(number: usize) -> usize {
    number * 13 + 1
}

fn gone_of(scenario: &Directory) -> usize {
    scenario.people / 5_000
}

/// Reads in full and then what changed, on both stores.
pub fn run(scenario: &Directory, signet: &Path, report: &mut Report) -> io::Result<()> {
    report.title(&format!("A directory of {} people and {} nested groups", scenario.people, scenario.groups));
    report.line("| store | full s | what changed s | memory MiB | requests |\n|---|---|---|---|---|");
    let database = Database::start(1)?;
    for (store, database) in [("file", None), ("PostgreSQL", Some(&database))] {
        let played = Played::start(scenario)?;
        let stage = Stage::start(&Needs {
            signet,
            proof: Proof::Network,
            contenders: &[Name::Signet],
            connections: 1,
            tenants: 1,
            people: 1,
            by_address: false,
            lease_seconds: 5,
            database,
            directory: Some(&played),
        })?;
        let edge = stage.signet.as_ref().ok_or_else(|| io::Error::other("signet does not run"))?;
        let tenant = message::guid(&format!("{:012}", 0));
        let mut file: Value = serde_json::from_str(&edge.command(&["tenant", "export", &tenant])?)?;
        file["microsoft_tenant_id"] = TENANT.into();
        file["domains"] = json!(["contoso.example"]);
        file["people"] = json!([]);
        // By which is told who has the new title.
        let mut signature = file["signatures"][0].clone();
        signature["id"] = "changed".into();
        signature["applies"] = json!({"senders": {"attributes": [
            {"is": "matches", "field": "jobTitle", "value": "^Changed$"}]}});
        file["signatures"] = json!([signature]);
        edge.import(&file)?;
        edge.tree().reset_peak();
        edge.command(&["directory", "connect", &tenant])?;
        let full = ended(edge, &tenant, 0, scenario, scenario.people)?;
        played.change(scenario);
        edge.command(&["directory", "sync", &tenant])?;
        let left = scenario.people - gone_of(scenario);
        let delta = ended(edge, &tenant, full.ended_ms, scenario, left)?;
        let (peak, asked) = (edge.tree().peak(), played.cloud.seen().len());
        report.line(&format!(
            "| {store} | {:.1} | {:.1} | {:.1} | {asked} |",
            full.seconds,
            delta.seconds,
            mebibytes(peak)
        ));
        report.at_most(&format!("{store}: everything read"), full.seconds, scenario.aim_full_seconds, "s");
        report.at_most(&format!("{store}: what changed read"), delta.seconds, scenario.aim_changed_seconds, "s");
        report.at_most(&format!("{store}: memory at its peak"), peak as f64 / 1e6, scenario.aim_megabytes, "MB");
        check(edge, &tenant, scenario)?;
        played.runtime.shutdown_background();
    }
    Ok(())
}

/// The first and the last of those that were changed have their new title, and of those that went none is known.
fn check(edge: &Appliance, tenant: &str, scenario: &Directory) -> io::Result<()> {
    let (last_changed, last_gone) = (scenario.people / 200 - 1, gone_of(scenario) - 1);
    let is_gone = |number: usize| (0..=last_gone).any(|nth| gone(nth) == number);
    let expected = [changed(1), changed(last_changed), gone(0), gone(last_gone), changed(1) + 1];
    for (number, title) in expected.into_iter().zip([true, true, false, false, false]) {
        let from = format!("user{number}@contoso.example");
        let arguments = ["explain", "--tenant", tenant, "--from", &from, "--to", "x@fabrikam.example", "--json"];
        let told: Value = serde_json::from_str(&edge.command(&arguments)?)?;
        let told = &told["explanations"][0];
        let (known, signed) = (!told["person"].is_null(), told["signatures"] == json!(["changed"]));
        if known == is_gone(number) || signed != (title && known) {
            return Err(io::Error::other(format!("{from} is not as the directory has it: {told}")));
        }
    }
    Ok(())
}

/// A run that ended well.
struct Ended {
    ended_ms: i64,
    seconds: f64,
}

/// Waits for the end of the run after the one that ended at a moment; checks that so many people are there, and no more.
fn ended(edge: &Appliance, tenant: &str, after_ms: i64, scenario: &Directory, people: usize) -> io::Result<Ended> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let status: Value = serde_json::from_str(&edge.command(&["directory", "status", tenant, "--json"])?)?;
        let at = |key: &str| status["result"][key].as_i64().unwrap_or_default();
        if at("ended_ms") > after_ms && status["running"] == false {
            if status["result"]["ended"] != "done" {
                return Err(io::Error::other(format!("the directory was not read: {}", status["result"])));
            }
            if status["people"] != people as u64 || status["groups"] != scenario.groups as u64 {
                return Err(io::Error::other(format!(
                    "not {people} people and {} groups were read: {status}",
                    scenario.groups
                )));
            }
            return Ok(Ended { ended_ms: at("ended_ms"), seconds: (at("ended_ms") - at("began_ms")) as f64 / 1e3 });
        }
        if Instant::now() > deadline {
            return Err(io::Error::other(format!("no end of reading the directory: {status}")));
        }
        report::progress(&format!("{}", status["progress"]));
        std::thread::sleep(LOOK);
    }
}

const PATIENCE: Duration = Duration::from_secs(900);
/// The status is asked for by a program, which takes its own time.
const LOOK: Duration = Duration::from_secs(2);
