//! A user's mail goes the whole way: Exchange, Signet, Exchange, recipient, by the rules that `signet connect` prints.

use std::collections::HashMap;
use std::time::Duration;

use standin::exchange::{Fate, Schedule};
use standin::mails::{Client, Letter};
use standin::routing::{Message, Plan, Tenant365, Tenant365Config};

use crate::bench::{Bench, CONTOSO_CERTIFICATE, MARK, run};

fn tenant(bench: &Bench) -> Tenant365 {
    let script = bench.setup.signet(&["connect", "contoso", "--client-name", CONTOSO_CERTIFICATE]).unwrap();
    let config = Tenant365Config {
        id: crate::bench::CONTOSO.into(),
        connector: "contoso".into(),
        domains: vec!["contoso.example".into()],
        groups: HashMap::new(),
        plan: Plan::from_script(&script).unwrap(),
        smart_hosts: vec![bench.appliance.listeners[0]],
        sender: bench.sender_config(),
        schedule: Schedule::once(),
        deadline: Duration::from_secs(30),
    };
    Tenant365::start(config, &bench.exchange)
}

fn mail(letter: Letter) -> Message {
    Message::new("ada@contoso.example", &["bob@fabrikam.example"], letter.written_in(Client::OutlookWeb))
}

#[test]
fn a_mail_is_signed_on_one_trip_and_arrives_without_a_stamp() {
    run(|| async {
        let bench = Bench::start().await;
        let tenant = tenant(&bench);
        let letters =
            [Letter::reply(), Letter::first(), Letter::reply().field("X-Signet-Stamp: v=1; t=1; k=a; w=guess; h=x")];
        for (count, letter) in letters.into_iter().enumerate() {
            let reports = tenant.submit(mail(letter)).await.unwrap();
            assert_eq!(reports[0].fates, [Fate::Delivered], "{reports:?}");
            let delivered = tenant.wait_for(count + 1).await.unwrap();
            let message = &delivered[count].message;
            assert_eq!(delivered[count].trips, 1);
            assert!(message.headers("X-Signet-Stamp").is_empty());
            assert!(String::from_utf8_lossy(&message.content).contains(MARK));
        }
        assert_eq!(bench.exchange.accepted().len(), 3);
    });
}

#[test]
fn an_automatic_reply_never_comes_to_signet() {
    run(|| async {
        let bench = Bench::start().await;
        let tenant = tenant(&bench);
        tenant.submit(mail(Letter::reply().field("Auto-Submitted: auto-replied"))).await.unwrap();
        let delivered = tenant.wait_for(1).await.unwrap();
        assert_eq!(delivered[0].trips, 0);
        assert!(delivered[0].message.headers("X-Signet-Stamp").is_empty());
        assert!(bench.exchange.accepted().is_empty());
    });
}
