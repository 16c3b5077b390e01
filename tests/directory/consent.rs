//! Consent as an administrator goes through it: to the link, back with an answer, and what of it is believed.

use serde_json::json;
use signet::actors::{ConsentError, consent_link, take_consent};
use signet::config::{self, PairFiles};
use signet::directory::{Application, Depth, DirectoryError};
use signet::store::{Expected, StoreError};
use signet::tenant::Revision;
use standin::graph::{CLIENT, Consent, Directory, Fault, TENANT};

use crate::place::{Place, file, on_both, tenant};
use crate::world::{Key, World, identity};

fn application(place: &Place, world: &World, redirect: Option<&str>) -> Result<Application, DirectoryError> {
    let files = identity(Key::Shared).write(place.folder.path(), "application").unwrap();
    let second = std::time::Duration::from_secs(1);
    Application::read(&config::Directory {
        client_id: CLIENT.to_owned(),
        pair: PairFiles { certificate: files.chain, key: files.key },
        redirect: redirect.map(str::to_owned),
        login: world.cloud.url(),
        graph: world.cloud.url(),
        roots: None,
        every: second,
        at_once: 1,
        limit: second,
        lease: second,
    })
}

/// What the browser comes back with: the stand-in's page is clicked as soon as it is opened.
async fn click(link: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let (address, target) = link.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    let location = page.lines().find_map(|line| line.strip_prefix("Location: ")).unwrap_or_else(|| panic!("{page}"));
    location.split_once('?').unwrap().1.to_owned()
}

async fn an_answer_counts_once_and_for_the_organisation_of_the_tenant_file(place: Place) {
    let world = World::new(Directory::generated(3, 0)).await;
    let store = place.open().await;
    let app = application(&place, &world, Some("https://signet.example/back?x=1")).unwrap();
    store.import(&file(json!({}))).await.unwrap();
    let unasked = consent_link(&store, &app, &tenant()).await;
    assert!(matches!(unasked, Err(ConsentError::Store(StoreError::NoDirectory(_)))), "{unasked:?}");
    store.import(&file(json!({"directory": {}}))).await.unwrap();
    let granted = async || store.directory_status(&tenant()).await.unwrap().unwrap().granted_ms.is_some();

    // Another link makes the one before it worthless; what nobody asked for is worth nothing.
    let old = consent_link(&store, &app, &tenant()).await.unwrap();
    let link = consent_link(&store, &app, &tenant()).await.unwrap();
    let forged = format!("admin_consent=True&tenant={TENANT}&state={}", "0".repeat(64));
    for query in [click(&old).await, forged, format!("admin_consent=True&tenant={TENANT}"), String::new()] {
        assert_eq!(take_consent(&store, &app, &tenant(), &query).await, Err(ConsentError::Foreign), "{query}");
    }
    // The right word with another organisation; and said to be given, while Microsoft gives no token.
    let answer = click(&link).await;
    let elsewhere = answer.replace(TENANT, "00000000-0000-4000-8000-000000000009");
    assert_eq!(take_consent(&store, &app, &tenant(), &elsewhere).await, Err(ConsentError::Organisation));
    world.cloud.consent(Consent::Withdrawn);
    let refused = take_consent(&store, &app, &tenant(), &answer).await;
    assert!(matches!(refused, Err(ConsentError::Withheld(_))), "{refused:?}");
    assert!(refused.unwrap_err().to_string().contains("give the same answer again"));
    let declined = click(&consent_link(&store, &app, &tenant()).await.unwrap()).await;
    assert_eq!(
        take_consent(&store, &app, &tenant(), &declined).await,
        Err(ConsentError::Refused("permission_denied".to_owned())),
        "{declined}"
    );
    world.cloud.consent(Consent::Given);
    let answer = click(&consent_link(&store, &app, &tenant()).await.unwrap()).await;
    // Microsoft has no time, and is asked twice at the most: the answer is good all the same.
    world.cloud.fail("/delta", 0, 2, Fault::Status(503));
    assert_eq!(take_consent(&store, &app, &tenant(), &answer).await, Err(ConsentError::Later));
    assert!(!granted().await);
    assert_eq!(take_consent(&store, &app, &tenant(), &answer).await, Ok(()));
    assert!(granted().await);
    // And now it is used up.
    assert_eq!(take_consent(&store, &app, &tenant(), &answer).await, Err(ConsentError::Foreign));
    assert_eq!(store.due_syncs(1).await.unwrap(), [tenant()]);
    let nowhere = application(&place, &world, None).unwrap();
    let missing = consent_link(&store, &nowhere, &tenant()).await;
    assert!(matches!(missing, Err(ConsentError::Directory(DirectoryError::Credentials(_)))), "{missing:?}");
}

async fn consent_keeps_the_terms_of_every_change(place: Place) {
    let world = World::new(Directory::generated(3, 0)).await;
    let store = place.open().await;
    let app = application(&place, &world, Some("https://signet.example/back")).unwrap();
    let acts = async || -> Vec<String> {
        let acts = store.audit(Some(&tenant()), None, 100).await.unwrap();
        acts.into_iter().map(|act| act.action).filter(|action| action.starts_with("directory.")).collect()
    };
    let unknown = store.ask_for_sync(&tenant(), Depth::Changes).await;
    assert!(matches!(unknown, Err(StoreError::UnknownTenant(_))), "{unknown:?}");
    let revision = store.import(&file(json!({"directory": {}}))).await.unwrap();
    let other = store.expecting(Expected::At(Revision(revision.0 + 1)));
    let changed = || Err(ConsentError::Store(StoreError::Changed(revision)));

    assert_eq!(consent_link(&other, &app, &tenant()).await, changed());
    let asked = other.ask_for_sync(&tenant(), Depth::Everything).await;
    assert_eq!(asked.err(), Some(StoreError::Changed(revision)));
    let first = click(&consent_link(&store.expecting(Expected::At(revision)), &app, &tenant()).await.unwrap()).await;
    // A link on trial is good for nothing, and the one before it still counts.
    let trial = click(&consent_link(&store.on_trial(), &app, &tenant()).await.unwrap()).await;
    assert_eq!(take_consent(&store, &app, &tenant(), &trial).await, Err(ConsentError::Foreign));
    assert_eq!(take_consent(&other, &app, &tenant(), &first).await.map(|()| String::new()), changed());
    assert_eq!(take_consent(&store.on_trial(), &app, &tenant(), &first).await, Ok(()));
    let status = store.directory_status(&tenant()).await.unwrap().unwrap();
    assert_eq!((status.granted_ms, acts().await), (None, vec!["directory.consent".to_owned()]));
    assert_eq!(take_consent(&store.for_author("ada"), &app, &tenant(), &first).await, Ok(()));
    assert_eq!(acts().await, ["directory.consent", "directory.consent"]);
    let last = store.audit(Some(&tenant()), None, 1).await.unwrap().remove(0);
    assert_eq!((last.author.as_str(), last.after.unwrap()["granted_ms"].is_i64()), ("ada", true));
    assert_eq!(store.revision(&tenant()).await.unwrap(), Some(revision));
}

on_both! {
    consent_keeps_the_terms_of_every_change,
    an_answer_counts_once_and_for_the_organisation_of_the_tenant_file,
}
