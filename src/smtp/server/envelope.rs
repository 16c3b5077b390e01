//! MAIL and RCPT (RFC 5321 sections 4.1.1.2 and 4.1.1.3).
//!
//! What can be refused by the form alone is refused here; whom the message is from and for is the owner's to judge.
//! Parameters that were not offered are refused with 555, so that the next hop never meets one by surprise.

use super::{Action, Cause, Hello, Pending, Question, Server};
use crate::smtp::envelope::number;
use crate::smtp::{Body, Extensions, Mail, Parameter, Rcpt, Reply};

/// One message on its way, from MAIL to the verdict.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Transaction {
    pub(super) body: Body,
    utf8: bool,
    /// RCPTs passed to the owner.
    recipients: usize,
    /// RCPTs that it accepted.
    pub(super) accepted: usize,
    /// Whether BDAT has begun: then only BDAT or RSET may follow (RFC 3030 section 2).
    pub(super) chunked: bool,
    /// Content taken so far.
    pub(super) octets: u64,
}

impl Server {
    pub(super) fn mail(&mut self, mail: Mail) {
        if self.needs_tls() {
            return self.refuse(Reply::tls_required());
        }
        let Some(hello) = self.hello.filter(|_| self.transaction.is_none()) else {
            return self.refuse(Reply::bad_sequence());
        };
        let offer = self.offer();
        if let Err(reply) = check_mail(&mail, hello, &offer) {
            return self.refuse(reply);
        }
        if self.is_worn_out() {
            self.farewell(Reply::too_many_errors(), Cause::Protocol);
            return;
        }
        // Not a fault of form, so these do not count against the sender's errors.
        if let (Some(size), Some(limit)) = (mail.size(), self.config.max_message_octets())
            && size > limit
        {
            return self.reply(Reply::too_large());
        }
        if !mail.path.is_ascii() && !mail.smtputf8() {
            return self.reply(Reply::smtputf8_refused());
        }
        self.transaction = Some(Transaction {
            body: mail.body(),
            utf8: mail.smtputf8(),
            recipients: 0,
            accepted: 0,
            chunked: false,
            octets: 0,
        });
        self.pending.push_back(Pending::Asked(Question::Mail));
        self.actions.push_back(Action::Mail(mail));
    }

    pub(super) fn rcpt(&mut self, rcpt: Rcpt) {
        if self.needs_tls() {
            return self.refuse(Reply::tls_required());
        }
        let max_recipients = self.config.limits.max_recipients;
        let dsn = self.config.offer.dsn && self.hello == Some(Hello::Extended);
        let Some(transaction) = self.transaction.as_mut().filter(|transaction| !transaction.chunked) else {
            return self.refuse(Reply::bad_sequence());
        };
        let known = |parameter: &Parameter| dsn && (parameter.is("NOTIFY") || parameter.is("ORCPT"));
        if !rcpt.parameters.iter().all(known) {
            return self.refuse(Reply::unknown_parameter());
        }
        if rcpt.parameters.iter().any(|parameter| parameter.value.is_none()) {
            return self.refuse(Reply::syntax());
        }
        if !rcpt.path.is_ascii() && !transaction.utf8 {
            return self.reply(Reply::smtputf8_refused());
        }
        if transaction.recipients >= max_recipients {
            return self.reply(Reply::too_many_recipients());
        }
        transaction.recipients += 1;
        self.pending.push_back(Pending::Asked(Question::Rcpt));
        self.actions.push_back(Action::Rcpt(rcpt));
    }

    pub(super) fn count_recipient(&mut self) {
        if let Some(transaction) = self.transaction.as_mut() {
            transaction.accepted += 1;
        }
    }
}

/// The parameters of MAIL by form and offer (RFC 5321 section 4.1.1.11).
fn check_mail(mail: &Mail, hello: Hello, offer: &Extensions) -> Result<(), Reply> {
    for parameter in &mail.parameters {
        let value = parameter.value.as_deref();
        let (offered, good) = if parameter.is("SIZE") {
            (offer.size.is_some(), value.and_then(number).is_some())
        } else if parameter.is("BODY") {
            body_type(value, offer)
        } else if parameter.is("SMTPUTF8") {
            (offer.smtputf8, value.is_none())
        } else if parameter.is("RET") {
            let words: [&[u8]; 2] = [b"FULL", b"HDRS"];
            let good = value.is_some_and(|value| words.iter().any(|word| value.eq_ignore_ascii_case(word)));
            (offer.dsn, good)
        } else if parameter.is("ENVID") {
            (offer.dsn, value.is_some())
        } else if parameter.is("XOORG") {
            (offer.xoorg, value.is_some())
        } else {
            // AUTH= is borne though never offered: it asks for nothing (RFC 4954 section 5) and ends here.
            (parameter.is("AUTH"), value.is_some())
        };
        if !offered || hello == Hello::Simple {
            return Err(Reply::unknown_parameter());
        }
        if !good {
            return Err(Reply::syntax());
        }
    }
    Ok(())
}

/// Whether a BODY type is offered, and known at all.
fn body_type(value: Option<&[u8]>, offer: &Extensions) -> (bool, bool) {
    match value.map(<[u8]>::to_ascii_uppercase).as_deref() {
        Some(b"7BIT" | b"8BITMIME") => (offer.eight_bit_mime, true),
        Some(b"BINARYMIME") => (offer.binary_mime && offer.chunking, true),
        _ => (offer.eight_bit_mime, false),
    }
}
