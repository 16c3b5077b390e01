//! Answers that Microsoft would not give: whoever gives them costs the run, and gets neither the token nor the people.

use rustls::RootCertStore;
use serde_json::{Value, json};
use signet::directory::{Credentials, DirectoryError, Endpoints};
use standin::certificates::{Authority, Identity, Request};
use standin::graph::{Cloud, Directory, Fault, user_id};

use crate::world::{Key, World, graph, identity, pair};

async fn told(body: impl Into<Vec<u8>>) -> (World, DirectoryError) {
    let mut world = World::new(Directory::generated(10, 2)).await;
    world.sync().await.unwrap();
    let before = world.memory.view();
    world.cloud.fail("users/delta", 0, 1, Fault::Body(body.into()));
    let error = world.sync().await.unwrap_err();
    assert_eq!(world.memory.view(), before);
    // And the next run is as if nothing had been.
    world.sync().await.unwrap();
    world.check();
    (world, error)
}

#[tokio::test]
async fn what_is_no_page_ends_the_run() {
    let deep = [b"{\"value\":".to_vec(), vec![b'['; 1 << 20]].concat();
    let bodies: [Vec<u8>; 6] = [
        b"".to_vec(),
        b"<html>".to_vec(),
        b"{\"value\":7}".to_vec(),
        vec![0xff; 1000],
        deep,
        b"{\"value\":[]}".to_vec(),
    ];
    for body in bodies {
        let (_, error) = told(body).await;
        assert!(matches!(error, DirectoryError::Unreadable(_)), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off() {
    let (_, error) = told(vec![b' '; (16 << 20) + 1]).await;
    assert_eq!(error, DirectoryError::TooLarge { most_bytes: 16 << 20 });
}

#[tokio::test]
async fn a_link_that_leads_elsewhere_is_not_followed() {
    let thief = Cloud::start(Directory::default()).await.unwrap();
    for key in ["@odata.nextLink", "@odata.deltaLink"] {
        let mut world = World::new(Directory::generated(3, 0)).await;
        let body = json!({"value": [], key: format!("{}/v1.0/users/delta?$skiptoken=x", thief.url())});
        world.cloud.fail("users/delta", 0, 1, Fault::Body(body.to_string().into_bytes()));
        assert!(matches!(world.sync().await, Err(DirectoryError::Unreadable(_))));
        // It is not kept, so the next run is as if it had not been.
        world.sync().await.unwrap();
        world.check();
    }
    let mut world = World::new(Directory::generated(3, 0)).await;
    world.cloud.fail("users/delta", 0, 9, Fault::Redirect(format!("{}/v1.0/users/delta", thief.url())));
    assert!(matches!(world.sync().await, Err(DirectoryError::Refused { status: 302, .. })));
    assert_eq!(thief.seen(), []);
}

#[tokio::test]
async fn a_page_that_is_followed_by_itself_ends_the_run() {
    let mut world = World::new(Directory::generated(3, 0)).await;
    let link = format!("{}/v1.0/users/delta?$skiptoken=round", world.cloud.url());
    let body = json!({"value": [], "@odata.nextLink": link}).to_string();
    world.cloud.fail("users/delta", 0, 9, Fault::Body(body.into_bytes()));
    assert!(matches!(world.sync().await, Err(DirectoryError::Unreadable(_))));
    assert_eq!(world.asked(0).len(), 2);
}

#[tokio::test]
async fn one_odd_object_costs_itself_alone() {
    let mut world = World::new(Directory::generated(5, 0)).await;
    let odd: [Value; 6] = [
        json!(7),
        json!({"id": 7, "mail": "a@contoso.example"}),
        json!({"id": "../../me", "mail": "b@contoso.example"}),
        json!({"mail": "c@contoso.example"}),
        json!([]),
        json!({"id": "x".repeat(1 << 20)}),
    ];
    let good = json!({"id": user_id(1), "mail": "good@contoso.example", "proxyAddresses": "smtp:odd", "city": ["a"]});
    let values: Vec<Value> = odd.into_iter().chain([good]).collect();
    let link = format!("{}/v1.0/users/delta", world.cloud.url());
    let body = json!({"value": values, "@odata.deltaLink": link}).to_string();
    world.cloud.fail("users/delta", 0, 1, Fault::Body(body.into_bytes()));
    let done = world.sync().await.unwrap();
    assert_eq!((done.people, done.odd), (1, 6));
    assert_eq!(world.memory.person(&user_id(1)).unwrap().addresses, ["good@contoso.example"]);
}

#[tokio::test]
async fn a_server_that_is_not_microsofts_gets_nothing() {
    let authority = Authority::new("Signet test root").unwrap();
    let served = authority.issue(Request::server("127.0.0.1")).unwrap();
    let tls = standin::tls::server_config(&[served]).unwrap();
    let cloud = Cloud::start_tls(Directory::generated(3, 1), tls).await.unwrap();
    let own = identity(Key::Shared);
    cloud.register(&own);
    let mut world = World::new(Directory::default()).await;
    let stranger = Authority::new("Another root").unwrap();
    world.graph = graph(&cloud.url(), &own, RootCertStore::clone(&stranger.roots().unwrap()));
    assert!(matches!(world.sync().await, Err(DirectoryError::Unreachable(_))));
    assert_eq!(cloud.seen(), []);
    world.graph = graph(&cloud.url(), &own, RootCertStore::clone(&authority.roots().unwrap()));
    assert_eq!(world.sync().await.unwrap().people, 3);
}

#[tokio::test]
async fn credentials_that_cannot_work_are_refused_at_once() {
    let refused = |tenant: &str, client: &str, identity: &Identity| {
        matches!(Credentials::new(tenant, client, pair(identity)), Err(DirectoryError::Credentials(_)))
    };
    let rsa = identity(Key::Shared);
    let p256 = Identity::self_signed(Request::client("signet.example")).unwrap();
    assert!(!refused("contoso.example", "c11e", &rsa));
    assert!(refused("contoso.example", "c11e", &p256));
    assert!(refused("", "c11e", &rsa));
    assert!(refused("a/../b", "c11e", &rsa));
    assert!(refused("contoso.example", "c11e&x=y", &rsa));
    assert!(Endpoints::new("http://login.example", "https://graph.example").is_err());
}

#[tokio::test]
async fn what_cannot_stand_in_a_request_is_not_sent() {
    let mut world = World::new(Directory::default()).await;
    world.order.extra = [("a&$filter=x".into(), "a".into())].into();
    assert_eq!(world.sync().await, Err(DirectoryError::Name("a&$filter=x".into())));
    assert_eq!(world.cloud.seen(), []);
}
