//! What is never touched: messages and parts whose octets someone signed, sealed or counts on (RFC 1847, 3834, 5652,
//! 6522, 8551, 9580).

use super::content::{Content, Disposition};
use super::{HeaderBlock, Reason};

/// What the header of the message alone shows.
pub(super) fn message(header: &HeaderBlock, content: &Content) -> Option<Reason> {
    if !header.well_formed() || !header.complete() || !header.unbroken() {
        return Some(Reason::MalformedHeader);
    }
    if content.doubled {
        return Some(Reason::DuplicateHeader);
    }
    // RFC 3834 section 5: anything but `no` was sent by a machine; parameters may follow.
    let automatic = header.all("Auto-Submitted").any(|value| {
        let value = super::headers::unfold(value);
        let word = value.split([';', '(', ' ']).next().unwrap_or_default();
        !word.is_empty() && !word.eq_ignore_ascii_case("no")
    });
    let class = header.unfolded("Content-Class").unwrap_or_default().to_ascii_lowercase();
    if header.count("X-MS-Journal-Report") > 0 {
        Some(Reason::Report)
    } else if class == "rpmsg.message" {
        Some(Reason::RightsManaged)
    } else if class == "urn:content-classes:calendarmessage" {
        Some(Reason::Calendar)
    } else if let Some(reason) = part(header, content) {
        Some(reason)
    } else if automatic {
        Some(Reason::AutoSubmitted)
    } else if content.media.essence.is_empty() {
        Some(Reason::MalformedMime)
    } else if content.media.essence.starts_with("message/") {
        Some(Reason::EmbeddedMessage)
    } else if content.is_multipart() || content.is_tnef() {
        None
    } else if !content.is_text() || content.disposition == Disposition::Attachment {
        Some(Reason::NoTextBody)
    } else {
        None
    }
}

/// What a part shows, the message itself being one.
pub(super) fn part(header: &HeaderBlock, content: &Content) -> Option<Reason> {
    let essence = content.media.essence.as_str();
    match essence {
        "multipart/signed"
        | "application/pkcs7-signature"
        | "application/x-pkcs7-signature"
        | "application/pgp-signature" => Some(Reason::Signed),
        "multipart/encrypted" | "application/pgp-encrypted" => Some(Reason::Encrypted),
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
            let signed = content.media.word("smime-type") == "signed-data";
            Some(if signed { Reason::Signed } else { Reason::Encrypted })
        }
        "application/x-microsoft-rpmsg-message" => Some(Reason::RightsManaged),
        // Read by those who look for the body; what only has its name is left.
        _ if content.is_tnef() => None,
        "multipart/report"
        | "message/delivery-status"
        | "message/global-delivery-status"
        | "message/disposition-notification"
        | "message/global-disposition-notification"
        | "message/feedback-report" => Some(Reason::Report),
        "text/calendar" if content.disposition != Disposition::Attachment => Some(Reason::Calendar),
        _ if essence.starts_with("application/") => by_name(header, content),
        _ => None,
    }
}

fn by_name(header: &HeaderBlock, content: &Content) -> Option<Reason> {
    let ends = [
        (".p7m", Reason::Encrypted),
        (".p7s", Reason::Signed),
        ("message.rpmsg", Reason::RightsManaged),
        ("winmail.dat", Reason::Tnef),
    ];
    let names = content.names(header);
    ends.into_iter().find(|(end, _)| names.iter().any(|name| name.ends_with(end))).map(|(_, reason)| reason)
}

/// Inline armour at the beginning of a line (RFC 9580 section 6.2).
pub(super) fn armour(text: &str) -> Option<Reason> {
    const BEGIN: &[u8] = b"-----BEGIN PGP ";
    let octets = text.as_bytes();
    let at = memchr::memmem::find_iter(octets, BEGIN)
        .find(|at| at.checked_sub(1).is_none_or(|before| octets.get(before) == Some(&b'\n')))?;
    let sealed = octets.get(at + BEGIN.len()..).is_some_and(|rest| rest.starts_with(b"MESSAGE"));
    Some(if sealed { Reason::Encrypted } else { Reason::Signed })
}
