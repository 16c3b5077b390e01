//! Mail of people whom only the directory knows: signed as soon as they are read, not any more once they are gone, and
//! as before when consent is withdrawn.

use std::time::{Duration, Instant};

use serde_json::json;
use standin::certificates::{Identity, Request};
use standin::exchange::Outgoing;
use standin::graph::{CLIENT, Cloud, Consent, Directory, Number, Removed};
use standin::mails::{Client, Letter, base64_lines};

use crate::bench::{Bench, CONTOSO, MARK, Plan, end_code, from_exchange, run};

/// Sends a mail of a person's; gives whether it came out signed.
async fn is_signed(bench: &Bench, name: &str) -> bool {
    let address = format!("{name}@contoso.example");
    let mail = Letter::first().from(name, &address).written_in(Client::OutlookWeb);
    let outgoing = Outgoing::new(&address, &["bob@example.org"], from_exchange(&mail)).organization("contoso.example");
    assert_eq!(end_code(&bench.sender().await.send(&outgoing).await), 250);
    bench.exchange.accepted().pop().unwrap().text().contains(MARK)
}

/// How long the treatment of a person may take to change, where any time would do.
const PATIENCE: Duration = Duration::from_secs(60);

/// The same of who is gone: the edge follows the store, not the next read of the directory, an hour or a day away.
const AT_ONCE: Duration = Duration::from_secs(10);

async fn until_signed(bench: &Bench, name: &str, wanted: bool, within: Duration) {
    let began = Instant::now();
    while is_signed(bench, name).await != wanted {
        assert!(began.elapsed() < within, "{name} is not treated otherwise");
    }
}

/// The section `directory` of the configuration, for the application in a folder.
fn section(cloud: &Cloud, folder: &std::path::Path) -> String {
    let (url, at) = (cloud.url(), folder.join("application").display().to_string());
    format!(
        "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"{at}.pem\"\nkey = \"{at}.key\"\n\
         login = \"{url}\"\ngraph = \"{url}\"\n"
    )
}

/// A cloud of Contoso's that knows the application whose files are in a folder.
async fn contosos_cloud(folder: &std::path::Path) -> Cloud {
    let cloud = Cloud::start(Directory::default()).await.unwrap();
    cloud.organisation(CONTOSO);
    let identity = Identity::self_signed(Request::client("signet.example").rsa()).unwrap();
    cloud.register(&identity);
    identity.write(folder, "application").unwrap();
    cloud
}

/// Who is in the directory from now on.
fn employ(cloud: &Cloud, name: &str) -> Number {
    let properties = json!({"mail": format!("{name}@contoso.example"), "displayName": name});
    cloud.edit(|directory| directory.add_user(properties))
}

#[test]
fn a_photo_of_the_directory_is_in_the_mail_of_its_person_until_it_is_gone() {
    run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let cloud = contosos_cloud(folder.path()).await;
        let (ada, grace) = (employ(&cloud, "ada"), employ(&cloud, "grace"));
        let picture = |name: &str| [b"\xff\xd8\xff\xe0 a picture of ", name.as_bytes()].concat();
        cloud.photo(ada, Some(("\"a1\"", &picture("ada"))));
        cloud.photo(grace, Some(("\"g1\"", &picture("grace"))));
        let bench = Bench::with(Plan {
            configuration: section(&cloud, folder.path()),
            tenant: Box::new(|tenant| {
                tenant["people"] = json!([]);
                tenant["directory"] = json!({});
                tenant["signatures"][0]["images"] = json!("embedded");
                let photo = json!({"type": "photo", "width": 80});
                tenant["signatures"][0]["design"]["blocks"].as_array_mut().unwrap().push(photo);
            }),
            ..Plan::default()
        })
        .await;
        let synced = |count: usize| {
            let ended = bench.appliance.wait_for_events("Directory read.", count).unwrap();
            assert_eq!(ended.last().unwrap()["ended"], "done", "{ended:?}");
            ended.last().unwrap()["photos"].as_u64().unwrap()
        };
        // What of whom is in the next mail of somebody's.
        let shows = async |name: &str| {
            is_signed(&bench, name).await;
            let mail = bench.exchange.accepted().pop().unwrap().text().replace("\r\n", "");
            let shown = |of: &&str| mail.contains(base64_lines(&picture(of)).replace("\r\n", "").trim_end_matches('='));
            ["ada", "grace", "another ada"].into_iter().filter(shown).collect::<Vec<_>>()
        };
        let until_shows = async |name: &str, wanted: &[&str]| {
            let began = Instant::now();
            loop {
                let shown = shows(name).await;
                if shown == wanted {
                    return;
                }
                assert!(began.elapsed().as_secs() < 60, "{name} shows {shown:?} and not {wanted:?}");
            }
        };
        assert_eq!(synced(1), 2);
        until_shows("ada", &["ada"]).await;
        until_shows("grace", &["grace"]).await;
        cloud.photo(ada, Some(("\"a2\"", &picture("another ada"))));
        cloud.photo(grace, None);
        bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
        assert_eq!(synced(2), 2);
        until_shows("ada", &["another ada"]).await;
        until_shows("grace", &[]).await;
        assert!(is_signed(&bench, "grace").await);
    });
}

#[test]
fn mail_of_the_directorys_people_is_signed_until_they_are_gone() {
    run(|| async {
        let folder = tempfile::tempdir().unwrap();
        let cloud = contosos_cloud(folder.path()).await;
        let (ada, grace) = (employ(&cloud, "ada"), employ(&cloud, "grace"));
        assert_ne!(ada, grace);
        let bench = Bench::with(Plan {
            configuration: section(&cloud, folder.path()),
            tenant: Box::new(|tenant| {
                tenant["people"] = json!([]);
                tenant["directory"] = json!({});
            }),
            ..Plan::default()
        })
        .await;
        let sync = |count: usize| {
            let ended = bench.appliance.wait_for_events("Directory read.", count).unwrap();
            ended.last().unwrap()["ended"].as_str().unwrap().to_owned()
        };
        assert_eq!(sync(1), "done");
        until_signed(&bench, "ada", true, PATIENCE).await;
        until_signed(&bench, "grace", true, PATIENCE).await;

        cloud.edit(|directory| directory.remove_user(ada, Removed::Soft));
        bench.setup.signet(&["directory", "sync", "contoso"]).unwrap();
        assert_eq!(sync(2), "done");
        until_signed(&bench, "ada", false, AT_ONCE).await;
        assert!(is_signed(&bench, "grace").await);

        cloud.consent(Consent::Withdrawn);
        cloud.revoke_tokens();
        bench.setup.signet(&["directory", "sync", "contoso", "--full"]).unwrap();
        assert_eq!(sync(3), "not_authorised");
        let status = bench.setup.signet(&["directory", "status", "contoso"]).unwrap();
        assert!(status.contains("1 people") && status.contains("has to consent"), "{status}");
        assert!(is_signed(&bench, "grace").await);
    });
}
