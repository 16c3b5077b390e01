//! Bad input gets a clear answer and loses nothing.

use standin::certificates::Request;
use standin::exchange::{At, Rule, Sender, SenderConfig};
use standin::mails::{Client, Letter};

use crate::bench::{Bench, end_code, outgoing, run};

fn mail() -> Vec<u8> {
    Letter::reply().from("Ada Vance", "ada@contoso.example").written_in(Client::ALL[0])
}

#[test]
fn what_the_next_hop_refuses_the_sender_hears() {
    run(|| async {
        let bench = Bench::start().await;
        let cases = [
            (At::EndOfMessage, "451 4.7.500 Server busy. Please try again later", 451),
            (At::EndOfMessage, "550 5.6.0 Content refused", 550),
            (At::EndOfMessage, "550 5.7.606 Access denied, banned sending IP", 451),
        ];
        let mut sender = bench.sender().await;
        for (at, reply, code) in cases {
            bench.exchange.script(Rule::at(at).times(1).reply(reply));
            let delivery = sender.send(&outgoing(&mail())).await;
            assert_eq!(end_code(&delivery), code, "{reply}: {delivery:?}");
        }
        assert_eq!(end_code(&sender.send(&outgoing(&mail())).await), 250);
        assert_eq!(bench.exchange.accepted().len(), 1);
    });
}

#[test]
fn a_sender_without_a_certificate_is_refused_at_mail() {
    run(|| async {
        let bench = Bench::start().await;
        let roots = bench.setup.authority.roots().unwrap();
        let config = SenderConfig::exchange_online(standin::appliance::HOST_NAME, roots, None).unwrap();
        let mut sender = Sender::connect(bench.appliance.listeners[0], &config).await.unwrap();
        let delivery = sender.send(&outgoing(&mail())).await;
        let reply = delivery.mail.unwrap();
        assert_eq!((reply.code, delivery.end.is_none()), (550, true));
        assert!(bench.exchange.accepted().is_empty());
        assert_eq!(bench.metric("signet_tenant_unproven_total{cause=\"certificate\"}").await, 1.0);
        // Nor does a good certificate of somebody else help.
        let stranger = bench.setup.authority.issue(Request::client("mail.stranger.example")).unwrap();
        let roots = bench.setup.authority.roots().unwrap();
        let config = SenderConfig::exchange_online(standin::appliance::HOST_NAME, roots, Some(&stranger)).unwrap();
        let mut sender = Sender::connect(bench.appliance.listeners[0], &config).await.unwrap();
        assert_eq!(sender.send(&outgoing(&mail())).await.mail.map(|reply| reply.code), Some(550));
        assert_eq!(bench.metric("signet_tenant_unproven_total{cause=\"certificate_name\"}").await, 1.0);
    });
}
