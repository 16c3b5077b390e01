//! The messages that the benchmarks use, made here: a reply from Outlook, with a quoted thread and an attachment that
//! bring it to a size.

use std::fmt::Write;

use signet::imprint::StampKey;
use signet::tenant::{Edition, Revision, Secrets, Snapshot, Tenant, TenantFile};

/// A line of text, as Outlook writes it.
const LINE: &str =
    "<p class=\"MsoNormal\"><span style=\"font-size:11.0pt\">A line of what was <b>said</b> before.</span></p>\r\n";

/// A line of an attachment.
const LINE_OF_BASE64: &str = "JVBERi0xLjcKJeLjz9MKMSAwIG9iago8PC9UeXBlL0NhdGFsb2cvUGFnZXMgMiAwIFI+Pgpl\r\n";

/// What a socket gives at once.
pub const READ_OCTETS: usize = 16 * 1024;

/// A size and its name.
pub const SIZES: [(&str, usize); 3] = [("5kB", 5_000), ("75kB", 75_000), ("5MB", 5_000_000)];

/// The octets that a case with this name works on, where its size is in the name.
#[allow(dead_code, reason = "criterion's binary alone shows a throughput")]
pub fn octets_in(name: &str) -> Option<usize> {
    let sizes = [("4kB", 4_000), ("40kB", 40_000), ("1MB", 1_000_000)];
    SIZES.into_iter().chain(sizes).find(|(size, _)| name.ends_with(&format!("/{size}"))).map(|(_, octets)| octets)
}

/// What Exchange Online puts on top, about 3 kB of it.
pub fn header(content_type: &str) -> String {
    let mut header = String::new();
    for hop in 0..6 {
        let _ = write!(
            header,
            "Received: from DB{hop}PR08MB1234.eurprd08.prod.outlook.com (2603:10a6:10:{hop}::10)\r\n by \
             AM{hop}PR08MB5678.eurprd08.prod.outlook.com with HTTPS; Sat, 21 Nov 2026 10:00:0{hop} +0000\r\n"
        );
    }
    for name in ["AuthSource", "FromEntityHeader", "MailboxType", "UserPrincipalName", "OriginalArrivalTime"] {
        let _ = write!(header, "X-MS-Exchange-CrossTenant-{name}: {}\r\n", "Zm9vYmFy".repeat(16));
    }
    let _ = write!(
        header,
        "From: Ada Vance <ada@contoso.example>\r\nTo: Bob <bob@fabrikam.example>\r\nSubject: =?utf-8?Q?Re:_Gr=C3=BC=C3=9Fe?=\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@contoso.example>\r\nIn-Reply-To: <0@fabrikam.example>\r\n\
         MIME-Version: 1.0\r\nX-MS-Exchange-CrossTenant-AuthAs: Internal\r\nX-OriginatorOrg: contoso.example\r\nContent-Type: {content_type}\r\n"
    );
    header
}

/// An answer above a quoted thread, as Outlook on the web writes it; at least so many octets.
pub fn html(octets: usize) -> String {
    let mut html = String::from(
        "<html><head><style type=\"text/css\">P {margin-top:0;margin-bottom:0;}</style></head><body dir=\"ltr\">\r\n\
         <div class=\"elementToProof\">Thank you, that will do.</div>\r\n<div id=\"appendonsend\"></div>\r\n\
         <hr style=\"display:inline-block;width:98%\" tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> Bob \
         &lt;bob@fabrikam.example&gt;<br><b>Sent:</b> Friday<br><b>To:</b> Ada<br><b>Subject:</b> plans</div>\r\n",
    );
    while html.len() < octets {
        html.push_str(LINE);
    }
    html.push_str("</body></html>\r\n");
    html
}

/// As [`html`], but own text from beginning to end: all of it is read.
pub fn unquoted(octets: usize) -> String {
    let mut html = String::from("<html><head></head><body dir=\"ltr\">\r\n");
    while html.len() < octets {
        html.push_str(LINE);
    }
    html.push_str("</body></html>\r\n");
    html
}

/// The same as plain text.
pub fn plain(octets: usize) -> String {
    let mut plain = String::from(
        "Thank you, that will do.\r\n\r\nOn Fri, 20 Nov 2026 at 09:00, Bob <bob@fabrikam.example> wrote:\r\n",
    );
    while plain.len() < octets {
        plain.push_str("> A line of what was said before, long enough to be one.\r\n");
    }
    plain
}

/// A whole message of about so many octets: both texts, and the rest as an attachment.
pub fn message(octets: usize) -> Vec<u8> {
    let body = octets.min(30_000) / 3;
    let mut message = header("multipart/mixed; boundary=\"outer\"");
    message.push_str(
        "\r\n--outer\r\nContent-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\nContent-Type: text/plain; \
         charset=utf-8\r\n\r\n",
    );
    message.push_str(&plain(body / 2));
    message.push_str("\r\n--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
    message.push_str(&html(body));
    message.push_str(
        "\r\n--inner--\r\n\r\n--outer\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Disposition: \
         attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    while message.len() < octets {
        message.push_str(LINE_OF_BASE64);
    }
    message.push_str("\r\n--outer--\r\n");
    message.into_bytes()
}

/// As Outlook sends a reply of about so many octets: both texts quoted-printable, two thirds of 75 kB being HTML, a
/// logo beside them, and the rest as an attachment.
pub fn reply(octets: usize) -> Vec<u8> {
    let related = "multipart/related; boundary=\"related\"; type=\"multipart/alternative\"";
    let attached = octets > 100_000;
    let mut message = header(if attached { "multipart/mixed; boundary=\"mixed\"" } else { related });
    if attached {
        let _ = write!(message, "\r\n--mixed\r\nContent-Type: {related}\r\n");
    }
    let texts = [("plain", plain(8_000)), ("html", html(octets.min(75_000) * 2 / 3))];
    message.push_str("\r\n--related\r\nContent-Type: multipart/alternative; boundary=\"inner\"\r\n");
    for (kind, text) in texts {
        let _ = write!(
            message,
            "\r\n--inner\r\nContent-Type: text/{kind}; charset=\"utf-8\"\r\nContent-Transfer-Encoding: \
             quoted-printable\r\n\r\n{}",
            quoted_printable(&text)
        );
    }
    message.push_str(
        "\r\n--inner--\r\n\r\n--related\r\nContent-Type: image/png; name=\"image001.png\"\r\nContent-Disposition: inline; \
         filename=\"image001.png\"\r\nContent-ID: <image001.png@01DC5B00>\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    let rest = octets.saturating_sub(message.len());
    message.push_str(&LINE_OF_BASE64.repeat(if attached { 50 } else { rest / LINE_OF_BASE64.len() }));
    message.push_str("\r\n--related--\r\n");
    if attached {
        message.push_str(
            "\r\n--mixed\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Disposition: attachment; \
             filename=\"plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        );
        message.push_str(&LINE_OF_BASE64.repeat(octets.saturating_sub(message.len()) / LINE_OF_BASE64.len()));
        message.push_str("\r\n--mixed--\r\n");
    }
    message.into_bytes()
}

/// In lines as Exchange writes them.
fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    for line in text.split_inclusive("\r\n") {
        let mut column = 0;
        for octet in line.trim_end_matches("\r\n").bytes() {
            let literal = octet != b'=' && (b' '..=b'~').contains(&octet);
            let length = if literal { 1 } else { 3 };
            if column + length > 75 {
                out.push_str("=\r\n");
                column = 0;
            }
            column += length;
            if literal {
                out.push(char::from(octet));
            } else {
                let _ = write!(out, "={octet:02X}");
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Contoso, with a signature of the usual kind and a network as proof.
pub fn tenant() -> Snapshot {
    let (file, secrets) = file();
    Snapshot::compile(file, secrets, Revision(1)).unwrap()
}

/// The same tenant in the index of its region.
pub fn entry() -> Tenant {
    let (file, secrets) = file();
    Tenant::new(file, secrets, Edition::of(Revision(1)), Edition::of(Revision(1))).unwrap()
}

fn file() -> (TenantFile, Secrets) {
    let file = r##"{"signet": 1, "id": "contoso", "name": "Contoso", "domains": ["contoso.example"],
      "peer": {"proof": "network", "networks": ["127.0.0.1/32"],
        "next_hop": {"host": "127.0.0.1", "port": 10026, "plaintext": true}},
      "people": [{"id": "ada", "addresses": ["ada@contoso.example"], "attributes": {"displayName": "Ada Vance",
        "jobTitle": "Engineer", "telephoneNumber": "+44 20 7946 0000", "emailAddress": "ada@contoso.example"}}],
      "signatures": [{"id": "standard", "name": "Standard", "enabled": true, "place": "reply", "applies": {},
        "design": {"version": 1, "blocks": [
          {"type": "text", "lines": [[{"field": "displayName"}], [{"field": "jobTitle"}, " at Contoso"]]},
          {"type": "divider", "colour": "#336699", "thickness": 1},
          {"type": "columns", "gap": 12, "columns": [
            {"blocks": [{"type": "text", "lines": [["T ", {"field": "telephoneNumber"}], ["F ", {"field": "faxNumber"}]]}]},
            {"blocks": [{"type": "text", "lines": [[{"field": "emailAddress"}], [{"field": "streetAddress"}]]}]}]},
          {"type": "disclaimer", "lines": [["This message is for the person it was sent to and for nobody else."]]}]}}]}"##;
    let secrets = Secrets {
        stamp_keys: vec![StampKey { id: "k1".into(), secret: [1; 32] }],
        loop_word: "loopword".into(),
        trace_key: [7; 32],
    };
    (TenantFile::parse(file.as_bytes()).unwrap(), secrets)
}
