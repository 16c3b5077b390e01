//! The real program reads the directory: killed at any page it goes on, of two processes one runs, and a time that
//! Microsoft has named is kept across restarts.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use signet::store::Store;
use signet::tenant::TenantFile;
use sqlx::Executor;
use standin::appliance::{Appliance, Listener, Setup};
use standin::graph::{CLIENT, Cloud, Directory, Fault, Removed, Sizes};
use tempfile::TempDir;

use crate::place::{Place, file, tenant, view};
use crate::world::{Key, World, identity};

const DEADLINE: Duration = Duration::from_secs(60);

pub struct Bench {
    pub world: World,
    pub place: Place,
    pub setup: Setup,
    _folder: TempDir,
}

impl Bench {
    pub async fn new(place: Place, directory: Directory) -> Bench {
        let world = World::new(directory).await;
        world.cloud.sizes(Sizes { page: 15, members: 10 });
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup::new(folder.path(), &[Listener::Network], &section(&world.cloud, &folder)).unwrap();
        setup.keep_store_at(&place.url()).unwrap();
        std::fs::copy(folder.path().join("signet.key"), place.folder.path().join("signet.key")).unwrap();
        let bench = Bench { world, place, setup, _folder: folder };
        bench.import("contoso", file(json!({"directory": {}})).to_json());
        bench
    }

    fn import(&self, name: &str, json: String) {
        let path = self.setup.folder.join(format!("{name}.json"));
        std::fs::write(&path, json).unwrap();
        self.setup.signet(&["tenant", "import", path.to_str().unwrap()]).unwrap();
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.setup.signet(&["directory", "status", "contoso", "--json"]).unwrap()).unwrap()
    }

    pub async fn check(&self, store: &Store) {
        let loaded = store.load(&tenant()).await.unwrap().unwrap().file;
        assert_eq!(view(&loaded), self.world.expected());
    }
}

/// The section `directory` of the configuration, with its certificate in the folder.
fn section(cloud: &Cloud, folder: &TempDir) -> String {
    identity(Key::Shared).write(folder.path(), "application").unwrap();
    let url = cloud.url();
    format!(
        "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"application.pem\"\nkey = \"application.key\"\n\
         login = \"{url}\"\ngraph = \"{url}\"\nlease_seconds = 2\nat_once = 1\n"
    )
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < DEADLINE, "waited in vain for {what}");
        // Between two looks; what ends the wait is the condition.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// How the runs ended that the log tells of, once there are so many.
fn ends(appliance: &Appliance, count: usize) -> Vec<String> {
    let events = appliance.wait_for_events("Directory read.", count).unwrap();
    events.iter().map(|event| event["ended"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_page_it_goes_on_and_loses_nothing() {
    let bench = Bench::new(Place::sqlite(), Directory::generated(60, 8)).await;
    let store = bench.place.open().await;
    let cloud = &bench.world.cloud;
    // Of people and groups, the first page and others.
    for (round, page) in [0, 1, 3, 5, 6].into_iter().enumerate() {
        let asked = cloud.seen().len();
        cloud.fail("/delta", page, 1, Fault::Hang);
        let mut appliance = bench.setup.start().unwrap();
        until("the page at which it dies", || cloud.seen().iter().skip(asked).any(|seen| seen.status == 0)).await;
        appliance.kill().unwrap();
        cloud.heal();
        cloud.edit(|directory| {
            directory.set_user(round * 3, json!({"jobTitle": format!("Round {round}")}));
            directory.remove_user(round * 5 + 1, Removed::Soft);
        });
        let appliance = bench.setup.start().unwrap();
        assert_eq!(ends(&appliance, 1), ["done"]);
        // What changed while the full read was under way comes with the changes after it.
        bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
        assert_eq!(ends(&appliance, 2), ["done", "done"]);
        bench.check(&store).await;
        let status = bench.status();
        assert_eq!((&status["running"], &status["result"]["ended"]), (&json!(false), &json!("done")), "{status}");
        // It ends in order, and everything is read anew the next time.
        appliance.terminate().unwrap();
        appliance.wait().unwrap();
        cloud.forget_links();
        bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_one_runs_and_a_drain_hands_over() {
    let bench = Bench::new(Place::postgres(), Directory::generated(60, 8)).await;
    let cloud = &bench.world.cloud;
    let (one, two) = (bench.setup.start().unwrap(), bench.setup.start().unwrap());
    let begun = || {
        let count = |appliance: &Appliance| appliance.log().matches("\"Directory begun.\"").count();
        (count(&one), count(&two))
    };
    let read = || [&one, &two].iter().map(|one| one.log().matches("\"Directory read.\"").count()).sum::<usize>();
    for asked in 1..=4 {
        until("the end of a run", || read() == asked).await;
        let (by_one, by_two) = begun();
        assert_eq!(by_one + by_two, asked, "{by_one} {by_two}");
        bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
    }
    until("the end of a run", || read() == 5).await;
    // One is under way: a second start is refused, and when its process leaves the other goes on.
    cloud.fail("groups/delta", 0, 1, Fault::Hang);
    let ((before_one, before_two), asked) = (begun(), cloud.seen().len());
    bench.setup.signet(&["directory", "sync", "contoso", "--full"]).unwrap();
    until("its process", || begun() != (before_one, before_two)).await;
    // Not before: else it is the other one that hangs.
    until("the page that hangs", || cloud.seen().iter().skip(asked).any(|seen| seen.status == 0)).await;
    assert_eq!(bench.status()["running"], json!(true));
    let refused = bench.setup.signet(&["directory", "sync", "contoso"]).unwrap_err();
    assert!(refused.to_string().contains("being read already"), "{refused}");
    let (leaves, stays) = if begun().0 > before_one { (one, two) } else { (two, one) };
    let seen = ends_so_far(&stays);
    leaves.terminate().unwrap();
    leaves.wait().unwrap();
    let ended = ends(&stays, seen + 1);
    assert_eq!(ended.last().map(String::as_str), Some("done"));
    bench.check(&bench.place.open().await).await;
}

fn ends_so_far(appliance: &Appliance) -> usize {
    appliance.log().matches("\"Directory read.\"").count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_that_microsoft_names_is_kept_across_restarts_whoever_asks() {
    let bench = Bench::new(Place::sqlite(), Directory::generated(20, 0)).await;
    let cloud = &bench.world.cloud;
    cloud.fail("users/delta", 1, 1, Fault::Throttle { seconds: 3600 });
    let appliance = bench.setup.start().unwrap();
    assert_eq!(ends(&appliance, 1), ["throttled"]);
    appliance.terminate().unwrap();
    appliance.wait().unwrap();
    let asked = cloud.seen().len();
    let said = bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
    assert!(said.contains("begins at 20"), "{said}");
    let appliance = bench.setup.start().unwrap();
    // Another tenant is looked at; this one's time has not come.
    bench.import("other", other().to_json());
    let ended = appliance.wait_for_event("Directory read.").unwrap();
    assert_eq!(ended["tenant"], "other");
    let seen = cloud.seen();
    assert!(seen.iter().skip(asked).all(|seen| !seen.target.contains(standin::graph::TENANT)), "{seen:?}");
    let status = bench.status();
    assert!(status["result"]["text"].as_str().unwrap().contains("slow down"), "{status}");
}

/// Another tenant whose directory is to be read.
fn other() -> TenantFile {
    file(json!({"directory": {}, "id": "other", "domains": ["other.example"],
        "microsoft_tenant_id": "00000000-0000-4000-8000-000000000009",
        "peer": {"proof": "certificate", "name": "mx.other.example", "next_hop": {"host": "in.other.example"}}}))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tenant_that_cannot_be_begun_keeps_no_other_from_its_turn() {
    let bench = Bench::new(Place::sqlite(), Directory::generated(20, 0)).await;
    bench.import("other", other().to_json());
    // It has waited longest, and its settings are of a newer program.
    let mut past = bench.place.connect().await;
    past.execute("UPDATE tenant SET settings = '{\"newer\": 1}' WHERE id = 'other'").await.unwrap();
    past.execute("UPDATE directory SET due_ms = 1 WHERE tenant = 'other'").await.unwrap();
    drop(past);
    let appliance = bench.setup.start().unwrap();
    assert_eq!(appliance.wait_for_event("Directory read.").unwrap()["tenant"], "contoso");
    bench.check(&bench.place.open().await).await;
}
