//! What kind of item a stream is (MS-OXTNEF section 2.1.3.3.4, MS-OXCMSG section 2.2.1.3): only mail gets a signature.

use super::super::Reason;
use super::{MESSAGE_CLASS, Properties, Stream};

/// PidTagMessageClass.
const CLASS: u16 = 0x001A;

/// Classes by how they begin, in lower case, and why they are left.
const LEFT: [(&str, Reason); 14] = [
    ("ipm.note.smime.multipartsigned", Reason::Signed),
    ("ipm.note.smime", Reason::Encrypted),
    ("ipm.note.secure.sign", Reason::Signed),
    ("ipm.note.secure", Reason::Encrypted),
    ("ipm.note.rpmsg", Reason::RightsManaged),
    ("ipm.note.rules.", Reason::AutoSubmitted),
    ("ipm.note.microsoft.voicemail", Reason::AutoSubmitted),
    ("ipm.note.microsoft.fax", Reason::AutoSubmitted),
    ("ipm.note.microsoft.missed", Reason::AutoSubmitted),
    ("ipm.schedule.", Reason::Calendar),
    ("ipm.appointment", Reason::Calendar),
    ("ipm.microsoft schedule.", Reason::Calendar),
    ("report.", Reason::Report),
    ("ipm.microsoft mail.", Reason::Report),
];

/// Why such an item is left; `None` for a mail, and where nothing says what it is.
pub(in crate::imprint) fn reason(stream: &Stream<'_>, properties: Option<&Properties<'_>>) -> Option<Reason> {
    let told = stream.of_message(MESSAGE_CLASS).map(|one| stream.data(one));
    let class = told.or_else(|| properties?.only(CLASS)).unwrap_or_default();
    // ASCII, whether each letter has one octet or two.
    let class: String = class.iter().filter(|octet| **octet != 0).map(|octet| char::from(*octet)).collect();
    let class = class.trim().to_ascii_lowercase();
    let is_note = |class: &str| class == "ipm.note" || class.starts_with("ipm.note.");
    if matches!(class.as_str(), "" | "ipm" | "ipm.microsoft mail.note") {
        return None;
    }
    let found = LEFT.iter().find(|(begin, _)| class.starts_with(begin)).map(|(_, reason)| *reason);
    found.or_else(|| (!is_note(&class)).then_some(Reason::Tnef))
}

#[cfg(test)]
mod tests {
    use super::super::attributes::tests::stream;
    use super::*;

    #[test]
    fn only_mail_is_no_reason_to_leave() {
        for (class, reason) in [
            ("IPM.Note\0", None),
            ("IPM.Microsoft Mail.Note\0", None),
            ("IPM.Note.Contoso.Order\0", None),
            ("", None),
            ("IPM.Note.SMIME\0", Some(Reason::Encrypted)),
            ("IPM.Note.SMIME.MultipartSigned\0", Some(Reason::Signed)),
            ("IPM.Note.rpmsg.Microsoft.Voicemail.UM\0", Some(Reason::RightsManaged)),
            ("IPM.Note.Rules.OofTemplate.Microsoft\0", Some(Reason::AutoSubmitted)),
            ("IPM.Microsoft Schedule.MtgReq\0", Some(Reason::Calendar)),
            ("IPM.Schedule.Meeting.Request\0", Some(Reason::Calendar)),
            ("REPORT.IPM.Note.NDR\0", Some(Reason::Report)),
            ("IPM.Microsoft Mail.Non-Delivery\0", Some(Reason::Report)),
            ("IPM.TaskRequest\0", Some(Reason::Tnef)),
            ("IPM.Notebook\0", Some(Reason::Tnef)),
        ] {
            let octets = stream(&[(1, MESSAGE_CLASS, class.as_bytes())]);
            assert_eq!(Stream::read(&octets).map(|read| super::reason(&read, None)), Ok(reason), "{class}");
        }
    }
}
