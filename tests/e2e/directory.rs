//! Mail of people whom only the directory knows: signed as soon as they are read, not any more once they are gone, and
//! as before when consent is withdrawn.

use std::time::{Duration, Instant};

use serde_json::json;
use standin::certificates::{Identity, Request};
use standin::exchange::Outgoing;
use standin::graph::{CLIENT, Cloud, Consent, Directory, Removed};
use standin::mails::{Client, Letter};

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

#[test]
fn mail_of_the_directorys_people_is_signed_until_they_are_gone() {
    run(|| async {
        let cloud = Cloud::start(Directory::default()).await.unwrap();
        cloud.organisation(CONTOSO);
        let identity = Identity::self_signed(Request::client("signet.example").rsa()).unwrap();
        cloud.register(&identity);
        let folder = tempfile::tempdir().unwrap();
        identity.write(folder.path(), "application").unwrap();
        let (ada, grace) = cloud.edit(|directory| {
            let mut add = |name: &str| {
                directory.add_user(json!({"mail": format!("{name}@contoso.example"), "displayName": name}))
            };
            (add("ada"), add("grace"))
        });
        assert_ne!(ada, grace);
        let (url, at) = (cloud.url(), folder.path().join("application").display().to_string());
        let bench = Bench::with(Plan {
            configuration: format!(
                "[directory]\nclient_id = \"{CLIENT}\"\ncertificate = \"{at}.pem\"\nkey = \"{at}.key\"\n\
                 login = \"{url}\"\ngraph = \"{url}\"\n"
            ),
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
