//! Every answer of our own, as a named constructor of [`Reply`] here and nowhere else, so that the whole list can be
//! read at once. Enhanced codes are those of RFC 3463 and RFC 5248, texts are generic: no internals, nothing of the
//! message, nothing of the next hop.

use super::Reply;

impl Reply {
    /// The greeting of a server.
    pub fn greeting(host_name: &str) -> Reply {
        Reply::new(220, "", &format!("{host_name} ESMTP ready"))
    }

    /// STARTTLS is taken (RFC 3207 section 4).
    pub fn ready_for_tls() -> Reply {
        Reply::new(220, "2.0.0", "Ready to start TLS")
    }

    /// QUIT is taken.
    pub fn bye() -> Reply {
        Reply::new(221, "2.0.0", "Closing connection")
    }

    /// A command was done.
    pub fn ok() -> Reply {
        Reply::new(250, "2.0.0", "OK")
    }

    /// A BDAT that is not the last was taken (RFC 3030 section 2). Promises nothing.
    pub fn chunk_taken(octets: u64) -> Reply {
        Reply::new(250, "2.0.0", &format!("{octets} octets received"))
    }

    /// VRFY: neither yes nor no (RFC 5321 section 3.5.3).
    pub fn cannot_verify() -> Reply {
        Reply::new(252, "2.5.2", "Cannot VRFY user, but will accept message and attempt delivery")
    }

    /// HELP.
    pub fn help() -> Reply {
        Reply::new(214, "2.0.0", "See RFC 5321")
    }

    /// DATA may begin.
    pub fn go_ahead() -> Reply {
        Reply::new(354, "", "Start mail input; end with <CRLF>.<CRLF>")
    }

    /// This node is being taken out of service; come back to another.
    pub fn shutting_down() -> Reply {
        Reply::new(421, "4.3.2", "Service shutting down, closing connection")
    }

    /// No permit for one more connection.
    pub fn too_busy() -> Reply {
        Reply::new(421, "4.3.2", "Service busy, try again later")
    }

    /// The peer said nothing, or too little, for too long.
    pub fn timeout() -> Reply {
        Reply::new(421, "4.4.2", "Timeout, closing connection")
    }

    /// The peer's budget of bad or idle commands is used up.
    pub fn too_many_errors() -> Reply {
        Reply::new(421, "4.7.0", "Too many errors or idle commands, closing connection")
    }

    /// Something of ours failed; the message is safe with the sender.
    pub fn try_later() -> Reply {
        Reply::new(451, "4.3.0", "Temporary failure, try again later")
    }

    /// The same message is at the next hop already, whose answer is awaited.
    pub fn under_way() -> Reply {
        Reply::new(451, "4.3.0", "Message is being handed on already, try again later")
    }

    /// The next hop has the message for some recipients, and has put off the others, in these words.
    pub fn partly_taken(rest: &Reply) -> Reply {
        // One line of a reply has at most 512 octets (RFC 5321 section 4.5.3.1.5).
        let words: String = rest.text().chars().filter(char::is_ascii).take(300).collect();
        let told = format!("Taken for some recipients, and of the others the next hop said: {} {words}", rest.code());
        Reply::new(451, "4.3.0", &told)
    }

    /// No address of the next hop answers.
    pub fn next_hop_unreachable() -> Reply {
        Reply::new(451, "4.4.1", "No answer from the next hop")
    }

    /// The next hop was lost in the middle, or its verdict did not come: unknown means 451.
    pub fn next_hop_lost() -> Reply {
        Reply::new(451, "4.4.2", "Connection to the next hop was lost")
    }

    /// The next hop closes its session: what it took in it so far is void (fault 23).
    pub fn next_hop_closing() -> Reply {
        Reply::new(451, "4.3.2", "The next hop is closing its service, try again later")
    }

    /// The next hop's name does not resolve.
    pub fn next_hop_unresolved() -> Reply {
        Reply::new(451, "4.4.3", "Next hop cannot be resolved")
    }

    /// All sessions to the next hop are in use.
    pub fn next_hop_busy() -> Reply {
        Reply::new(451, "4.4.5", "Next hop is busy, try again later")
    }

    /// The next hop speaks no SMTP that we understand.
    pub fn next_hop_garbled() -> Reply {
        Reply::new(451, "4.5.0", "Next hop gave a faulty answer")
    }

    /// The next hop gave no TLS, or not as it must be; plaintext is never the answer.
    pub fn next_hop_tls() -> Reply {
        Reply::new(451, "4.7.5", "Next hop could not be authenticated by TLS")
    }

    /// The next hop refuses us, not the message.
    pub fn about_us() -> Reply {
        Reply::new(451, "4.7.1", "Next hop refuses this service for now, try again later")
    }

    /// The memory budget for messages in flight is used up.
    pub fn no_memory() -> Reply {
        Reply::new(452, "4.3.1", "Insufficient system resources, try again later")
    }

    /// One more recipient than a transaction may have; the sender gives it in a further one (RFC 5321 section 4.5.3.1.10).
    pub fn too_many_recipients() -> Reply {
        Reply::new(452, "4.5.3", "Too many recipients")
    }

    /// No certificate to do TLS with.
    pub fn tls_not_available() -> Reply {
        Reply::new(454, "4.7.0", "TLS not available due to temporary reason")
    }

    /// No such verb, or a line that is none.
    pub fn unknown_command() -> Reply {
        Reply::new(500, "5.5.2", "Command not recognized")
    }

    /// The line has no end, or one that is not CRLF.
    pub fn bad_line() -> Reply {
        Reply::new(500, "5.5.2", "Lines must end in CRLF and hold no CR, LF or NUL")
    }

    /// The line is longer than allowed.
    pub fn line_too_long() -> Reply {
        Reply::new(500, "5.5.2", "Line too long")
    }

    /// A known verb with wrong arguments.
    pub fn syntax() -> Reply {
        Reply::new(501, "5.5.4", "Syntax error in parameters or arguments")
    }

    /// A known verb that is not offered.
    pub fn not_implemented() -> Reply {
        Reply::new(502, "5.5.1", "Command not implemented")
    }

    /// A command at the wrong time.
    pub fn bad_sequence() -> Reply {
        Reply::new(503, "5.5.1", "Bad sequence of commands")
    }

    /// The command needs TLS (RFC 3207 section 4).
    pub fn tls_required() -> Reply {
        Reply::new(530, "5.7.0", "Must issue a STARTTLS command first")
    }

    /// CR, LF or NUL of its own in DATA: never repaired, because repairs are how messages are smuggled.
    pub fn bare_line_end() -> Reply {
        Reply::new(550, "5.6.11", "Message holds a bare CR, LF or NUL")
    }

    /// The tenant is not proven.
    pub fn relay_denied() -> Reply {
        Reply::new(550, "5.7.1", "Relay denied")
    }

    /// The message is larger than allowed.
    pub fn too_large() -> Reply {
        Reply::new(552, "5.3.4", "Message size exceeds fixed limit")
    }

    /// An address or header needs SMTPUTF8, which was not asked for or is not offered by the next hop.
    pub fn smtputf8_refused() -> Reply {
        Reply::new(553, "5.6.7", "Internationalized address needs SMTPUTF8 support")
    }

    /// DATA or BDAT without any accepted recipient.
    pub fn no_recipients() -> Reply {
        Reply::new(554, "5.5.1", "No valid recipients")
    }

    /// Octets that should have waited for our answer.
    pub fn pipelining_refused() -> Reply {
        Reply::new(554, "5.5.1", "Improper use of SMTP command pipelining")
    }

    /// The message has come by too many hops.
    pub fn hop_count() -> Reply {
        Reply::new(554, "5.4.6", "Hop count exceeded, possible mail loop")
    }

    /// A parameter of MAIL or RCPT that was not offered (RFC 5321 section 4.1.1.11).
    pub fn unknown_parameter() -> Reply {
        Reply::new(555, "5.5.4", "Parameter not recognized")
    }

    /// The content type asked for by BODY is not offered by the next hop.
    pub fn body_refused() -> Reply {
        Reply::new(555, "5.6.3", "Next hop cannot take this BODY type")
    }
}
