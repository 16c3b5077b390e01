//! Rows 19 to 23: what the next hop says to MAIL and RCPT is what the sender hears.

use standin::exchange::{At, Rule};

use crate::sweep::row::{End, Row, Told, row};

pub fn rows() -> Vec<Row> {
    vec![
        row(19, "MAIL is 4xx")
            .told(Told::Refusal(451, "4.3.2"))
            .script(|_| vec![Rule::at(At::Mail).times(1).reply("451 4.3.2 Not now")]),
        row(19, "MAIL is 5xx")
            .told(Told::Refusal(550, "5.1.8"))
            .end(End::Refused)
            .script(|_| vec![Rule::at(At::Mail).reply("550 5.1.8 Bad sender")]),
        row(20, "one recipient is 550")
            .told(Told::First(550, "5.1.1"))
            .end(End::FirstRefused)
            .script(|_| vec![Rule::at(At::Rcpt).address("bob@example.org").reply("550 5.1.1 No such user")]),
        row(21, "one recipient is 452").told(Told::First(452, "4.5.3")).script(|_| {
            vec![Rule::at(At::Rcpt).address("bob@example.org").times(1).reply("452 4.5.3 Too many recipients")]
        }),
        row(22, "every recipient is 550")
            .told(Told::Refusal(550, "5.1.1"))
            .end(End::Refused)
            .script(|_| vec![Rule::at(At::Rcpt).reply("550 5.1.1 No such user")]),
        row(22, "every recipient is 452")
            .told(Told::Refusal(452, "4.2.2"))
            .script(|case| vec![Rule::at(At::Rcpt).times(case.recipients).reply("452 4.2.2 Mailbox full")]),
        row(23, "421 among the recipients").told(Told::Refusal(451, "4.3.2")).script(|case| {
            let address = if case.recipients == 1 { "bob@example.org" } else { "carl@example.org" };
            vec![Rule::at(At::Rcpt).address(address).times(1).reply("421 4.3.2 Service not available")]
        }),
    ]
}
