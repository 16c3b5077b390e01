//! What goes wrong at Microsoft, and that it costs no more than time: what was read stays, and the next run goes on.

use std::time::Duration;

use serde_json::json;
use signet::directory::{Credentials, DirectoryError, Endpoints, Patience};
use standin::graph::{CLIENT, Cloud, Consent, Directory, Fault, Member, Removed, Sizes, TENANT};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};

use crate::world::{Key, PATIENCE, World, identity};

async fn world() -> World {
    let world = World::new(Directory::generated(90, 12)).await;
    world.cloud.sizes(Sizes { page: 20, members: 10 });
    world
}

#[tokio::test]
async fn a_429_is_waited_out_to_the_second() {
    let mut world = world().await;
    world.cloud.fail("users/delta", 2, 1, Fault::Throttle { seconds: 1 });
    let mut seen = world.progress.subscribe();
    let waits = tokio::spawn(async move {
        while seen.changed().await.is_ok() {
            if let Some(wait) = seen.borrow().waiting {
                return wait;
            }
        }
        Duration::ZERO
    });
    world.sync().await.unwrap();
    assert_eq!(world.cloud.impatient(), 0);
    assert!(waits.await.unwrap() >= Duration::from_secs(1));
    assert_eq!(world.progress.borrow().waiting, None);
    world.check();
}

#[tokio::test]
async fn a_429_for_longer_than_we_wait_ends_the_run_and_the_next_goes_on() {
    let mut world = world().await;
    let after = Some(Duration::from_secs(3600));
    let body = Fault::Throttle { seconds: 3600 };
    world.cloud.fail("users/delta", 3, 1, body);
    assert_eq!(world.sync().await, Err(DirectoryError::Throttled { after }));
    assert_eq!(world.memory.kept, 3);
}

#[tokio::test]
async fn what_passes_is_tried_again() {
    for fault in [Fault::Status(500), Fault::Status(503), Fault::Status(504), Fault::Cut, Fault::CutInBody] {
        let mut world = world().await;
        world.cloud.fail("users/delta", 1, 2, fault.clone());
        world.cloud.fail("groups/delta", 1, 3, fault.clone());
        world.cloud.fail("oauth2", 0, 1, fault.clone());
        let done = world.sync().await;
        assert!(done.is_ok(), "{fault:?}: {done:?}");
        world.check();
    }
}

#[tokio::test]
async fn what_does_not_pass_ends_the_run_and_the_next_goes_on_from_there() {
    for fault in [Fault::Status(503), Fault::Cut, Fault::CutInBody] {
        let mut world = world().await;
        world.cloud.fail("users/delta", 2, u64::MAX, fault.clone());
        let error = world.sync().await.unwrap_err();
        assert!(error.is_temporary(), "{fault:?}: {error:?}");
        assert_eq!(world.memory.kept, 2);
        let asked = world.cloud.seen().len();
        world.cloud.heal();
        world.sync().await.unwrap();
        assert!(world.asked(asked)[0].contains("$skiptoken="));
        world.check();
    }
}

#[tokio::test]
async fn a_place_that_is_forgotten_is_read_anew_and_who_is_gone_goes() {
    let mut world = world().await;
    world.sync().await.unwrap();
    world.cloud.edit(|directory| {
        directory.remove_user(4, Removed::Hard);
        directory.remove_group(3, Removed::Hard);
        directory.leave(0, Member::Group(1));
    });
    world.cloud.forget_links();
    let done = world.sync().await.unwrap();
    assert_eq!((done.full, done.gone), (2, 0));
    world.check();
    assert_eq!(world.sync().await.unwrap().full, 0);
    // In the midst of a list, too; and not for ever.
    world.cloud.fail("$skiptoken", 1, 1, Fault::Status(410));
    world.cloud.forget_links();
    world.sync().await.unwrap();
    world.check();
    world.cloud.fail("users/delta", 0, u64::MAX, Fault::Status(410));
    assert_eq!(world.sync().await, Err(DirectoryError::Resync));
    world.cloud.heal();
    world.sync().await.unwrap();
    world.check();
}

#[tokio::test]
async fn a_link_that_graph_does_not_understand_any_more_is_read_anew() {
    for status in [400, 404] {
        let mut world = world().await;
        world.sync().await.unwrap();
        world.cloud.edit(|directory| directory.remove_user(4, Removed::Hard));
        world.cloud.fail("$deltatoken", 0, 2, Fault::Status(status));
        assert_eq!(world.sync().await.unwrap().full, 2);
        world.check();
        world.cloud.fail("users/delta?$select", 0, u64::MAX, Fault::Status(status));
        assert_eq!(world.sync().await.unwrap().full, 0);
    }
}

#[tokio::test]
async fn a_token_taken_back_is_replaced_once() {
    let mut world = world().await;
    world.sync().await.unwrap();
    world.cloud.revoke_tokens();
    world.sync().await.unwrap();
    assert_eq!(world.cloud.tokens_given(), 2);
    world.cloud.fail("users/delta", 0, u64::MAX, Fault::Status(401));
    assert_eq!(world.sync().await, Err(DirectoryError::Unauthorized));
    assert_eq!(world.cloud.tokens_given(), 3);
}

#[tokio::test]
async fn a_token_near_its_end_is_not_used() {
    let mut world = world().await;
    world.cloud.token_life(Duration::from_secs(299));
    world.sync().await.unwrap();
    let lists = u64::try_from(world.asked(0).len()).unwrap();
    assert_eq!(world.cloud.tokens_given(), lists);
}

#[tokio::test]
async fn consent_that_is_withdrawn_is_said_and_harms_nothing() {
    for (consent, code) in
        [(Consent::Withdrawn, "AADSTS700016"), (Consent::Insufficient, "Authorization_RequestDenied")]
    {
        let mut world = world().await;
        world.sync().await.unwrap();
        let before = world.memory.view();
        world.cloud.edit(|directory| directory.set_user(1, json!({"city": "Delft"})));
        world.cloud.consent(consent);
        world.cloud.revoke_tokens();
        let error = world.sync().await.unwrap_err();
        assert_eq!(error, DirectoryError::ConsentRevoked(code.into()));
        assert!(!error.is_temporary());
        assert!(error.to_string().starts_with("not authorised: "), "{error}");
        assert_eq!(world.memory.view(), before);
        world.cloud.consent(Consent::Given);
        assert_eq!(world.sync().await.unwrap().people, 1);
        world.check();
    }
}

#[tokio::test]
async fn an_administrator_comes_back_with_consent_or_without() {
    let world = world().await;
    let endpoints = Endpoints::new(&world.cloud.url(), &world.cloud.url()).unwrap();
    let address = endpoints.consent("organizations", CLIENT, "https://signet.example/back", "se/cret").unwrap();
    let given = back(&address).await;
    let query = given.strip_prefix("https://signet.example/back?").unwrap();
    assert_eq!(
        signet::directory::Consent::read(query, "se/cret"),
        signet::directory::Consent::Given { tenant: TENANT.into() }
    );
    world.cloud.consent(Consent::Withdrawn);
    let refused = back(&address).await;
    let query = refused.strip_prefix("https://signet.example/back?").unwrap();
    let code = "permission_denied".to_owned();
    assert_eq!(signet::directory::Consent::read(query, "se/cret"), signet::directory::Consent::Refused { code });
}

/// Where a browser is sent.
async fn back(address: &str) -> String {
    let (host, target) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut socket = tokio::net::TcpStream::connect(host).await.unwrap();
    socket.write_all(format!("GET /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    let mut lines = tokio::io::BufReader::new(socket).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some(location) = line.strip_prefix("Location: ") {
            return location.to_owned();
        }
    }
    panic!("no Location");
}

#[tokio::test]
async fn wrong_credentials_are_told_apart() {
    let mut world = world().await;
    // Another certificate than the one registered.
    let stranger = identity(Key::Fresh);
    world.graph = crate::world::graph(&world.cloud.url(), &stranger, rustls::RootCertStore::empty());
    assert_eq!(world.sync().await, Err(DirectoryError::CertificateUnknown("AADSTS700027".into())));
    // Both are registered while one replaces the other.
    world.cloud.register(&stranger);
    world.cloud.clock_ahead(3_000);
    assert_eq!(world.sync().await, Err(DirectoryError::Clock("AADSTS700024".into())));
    world.cloud.clock_ahead(0);
    world.sync().await.unwrap();
    let pair = crate::world::pair(&stranger);
    let graph =
        crate::world::graph_of(&world.cloud.url(), Credentials::new("fabrikam.example", "x", pair).unwrap(), PATIENCE);
    world.graph = graph;
    assert_eq!(world.sync().await, Err(DirectoryError::UnknownTenant("AADSTS90002".into())));
}

#[tokio::test]
async fn a_store_that_takes_nothing_is_told_and_nothing_is_lost() {
    let mut world = world().await;
    world.memory.refuses = Some("the disk is full".into());
    assert_eq!(world.sync().await, Err(DirectoryError::NotKept("the disk is full".into())));
    world.memory.refuses = None;
    world.sync().await.unwrap();
    world.check();
}

#[tokio::test]
async fn who_never_answers_is_not_waited_for() {
    let mut world = world().await;
    let patience = Patience { attempts: 2, deadline: Duration::from_millis(500), ..PATIENCE };
    let credentials = Credentials::new(TENANT, CLIENT, crate::world::pair(&identity(Key::Shared))).unwrap();
    world.graph = crate::world::graph_of(&world.cloud.url(), credentials, patience);
    world.cloud.fail("users/delta", 0, 2, Fault::Hang);
    let error = world.sync().await.unwrap_err();
    assert!(matches!(&error, DirectoryError::Unreachable(why) if why.starts_with("no answer in time")), "{error:?}");
}

#[tokio::test]
async fn where_nobody_listens_it_is_said() {
    let mut world = world().await;
    let gone = Cloud::start(Directory::default()).await.unwrap();
    let url = gone.url();
    drop(gone);
    world.graph = crate::world::graph(&url, &identity(Key::Shared), rustls::RootCertStore::empty());
    let error = world.sync().await.unwrap_err();
    assert!(matches!(&error, DirectoryError::Unreachable(why) if why.starts_with("no connection")), "{error:?}");
}
