//! Mail of Contoso's that has come through, for the pages that show what became of it.

use std::time::{Duration, Instant};

use standin::exchange::{At, Outgoing, Rule};
use standin::mails::{Client, Letter};

use super::*;
use crate::bench::{end_code, from_exchange};

/// To whom all of it goes.
pub(super) const TO: &str = "bob@fabrikam.example";

impl Console {
    /// Sends messages of which some are signed, some are left as they came and one is put off; their records are there
    /// afterwards, for whoever may read them.
    pub(super) async fn mail_came(&self, reader: &Browser) {
        let letter = |name: &str, address: &str| Letter::reply().from(name, address).to(&[TO]);
        let ada = || letter("Ada Vance", "ada@contoso.example");
        let mails = [
            (ada(), 250),
            (ada().longer(3), 250),
            (ada().field("Auto-Submitted: auto-replied"), 250),
            (letter("Bo Lind", "bo@contoso.example"), 250),
            (ada(), 451),
        ];
        let count = mails.len();
        let mut sender = self.bench.sender().await;
        for (number, (letter, code)) in mails.into_iter().enumerate() {
            if code == 451 {
                let later =
                    Rule::at(At::EndOfMessage).times(1).reply("451 4.7.500 Server busy. Please try again later");
                self.bench.exchange.script(later);
            }
            let letter = letter.message_id(&format!("{number}@contoso.example"));
            let content = from_exchange(&letter.written_in(Client::ALL[0]));
            let mail = Outgoing::new("ada@contoso.example", &[TO], content).organization("contoso.example");
            let delivery = sender.send(&mail).await;
            assert_eq!(end_code(&delivery), code, "{number}: {delivery:?}");
        }
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let told = reader.done("GET", "/tenants/contoso/decisions", None).await;
            let counted = reader.done("GET", "/tenants/contoso/statistics", None).await;
            if told["decisions"].as_array().map(Vec::len) == Some(count) && counted["sum"]["messages"] == count {
                return;
            }
            assert!(Instant::now() < deadline, "{told}\n{counted}");
        }
    }
}
