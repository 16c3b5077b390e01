//! The bodies as each client writes them: the skeleton and the mark before the quoted part are those of real mail,
//! the words are a letter's.
//! Markup is kept as the clients write it, with its redundancies: that is what a relay has to read.

use super::{Client, Letter, Quoted};

/// The text/plain half.
pub(super) fn text(letter: &Letter, client: Client) -> String {
    let own = letter.paragraphs.join("\n\n");
    let Some(quoted) = &letter.quoted else { return own + "\n" };
    let body = quoted.paragraphs.join("\n\n");
    let cited = || body.lines().map(|line| format!("> {line}\n")).collect::<String>();
    let block = || {
        let Quoted { from, to, sent, subject, .. } = quoted;
        format!(
            "From: {} <{}>\nSent: {sent}\nTo: {} <{}>\nSubject: {subject}\n\n{body}\n",
            from.name, from.address, to.name, to.address
        )
    };
    match client {
        Client::OutlookDesktop => format!("{own}\n\n{}", block()),
        Client::OutlookWeb | Client::OutlookMobile => format!("{own}\n________________________________\n{}", block()),
        Client::Gmail | Client::AppleMail | Client::Thunderbird | Client::PlainText => {
            format!("{own}\n\nOn {}, {} <{}> wrote:\n\n{}", quoted.sent, quoted.from.name, quoted.from.address, cited())
        }
    }
}

/// The text/html half.
pub(super) fn html(letter: &Letter, client: Client) -> String {
    match client {
        Client::OutlookDesktop => outlook_desktop(letter),
        Client::OutlookWeb => outlook_web(letter),
        Client::OutlookMobile => outlook_mobile(letter),
        Client::Gmail => gmail(letter),
        Client::AppleMail => apple(letter),
        Client::Thunderbird | Client::PlainText => thunderbird(letter),
    }
}

fn outlook_desktop(letter: &Letter) -> String {
    let paragraph = |text: &String| {
        format!(
            "<p class=\"MsoNormal\">{}<o:p></o:p></p>\n<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>\n",
            escape(text)
        )
    };
    let own: String = letter.paragraphs.iter().map(paragraph).collect();
    let quoted = letter.quoted.as_ref().map(|quoted| {
        let old: String = quoted.paragraphs.iter().map(paragraph).collect();
        format!(
            "<div>\n<div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in\">\n<p class=\"MsoNormal\">{}<o:p></o:p></p>\n</div>\n</div>\n<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>\n{old}",
            header_block(quoted)
        )
    });
    format!(
        "<html xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" xmlns:w=\"urn:schemas-microsoft-com:office:word\" xmlns=\"http://www.w3.org/TR/REC-html40\">\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n<meta name=\"Generator\" content=\"Microsoft Word 15 (filtered medium)\">\n<style><!--\n/* Font Definitions */\n@font-face\n\t{{font-family:Aptos;}}\n/* Style Definitions */\np.MsoNormal, li.MsoNormal, div.MsoNormal\n\t{{margin:0in;\n\tfont-size:12.0pt;\n\tfont-family:\"Aptos\",sans-serif;}}\ndiv.WordSection1\n\t{{page:WordSection1;}}\n--></style><!--[if gte mso 9]><xml>\n<o:shapedefaults v:ext=\"edit\" spidmax=\"1026\" />\n</xml><![endif]-->\n</head>\n<body lang=\"EN-US\" link=\"#467886\" vlink=\"#96607D\" style=\"word-wrap:break-word\">\n<div class=\"WordSection1\">\n{own}{}{}</div>\n</body>\n</html>\n",
        picture(letter),
        quoted.unwrap_or_default()
    )
}

fn outlook_web(letter: &Letter) -> String {
    let own: String = letter
        .paragraphs
        .iter()
        .map(|text| format!("<div class=\"elementToProof\" style=\"font-family: Aptos, Aptos_EmbeddedFont, Aptos_MSFontService, Calibri, Helvetica, sans-serif; font-size: 12pt; color: rgb(0, 0, 0);\">\n{}</div>\n<div class=\"elementToProof\"><br>\n</div>\n", escape(text)))
        .collect();
    let quoted = letter.quoted.as_ref().map(|quoted| {
        format!(
            "<div id=\"appendonsend\"></div>\n<hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">\n<div id=\"divRplyFwdMsg\" dir=\"ltr\"><font face=\"Calibri, sans-serif\" style=\"font-size:11pt\" color=\"#000000\">{}</font>\n<div>&nbsp;</div>\n</div>\n<div class=\"BodyFragment\"><font size=\"2\"><span style=\"font-size:11pt;\">\n<div class=\"PlainText\">{}</div>\n</span></font></div>\n",
            header_block(quoted),
            lines(&quoted.paragraphs)
        )
    });
    format!(
        "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n<style type=\"text/css\" style=\"display:none;\"> P {{margin-top:0;margin-bottom:0;}} </style>\n</head>\n<body dir=\"ltr\">\n{own}{}{}</body>\n</html>\n",
        picture(letter),
        quoted.unwrap_or_default()
    )
}

fn outlook_mobile(letter: &Letter) -> String {
    let quoted = letter.quoted.as_ref().map(|quoted| {
        format!(
            "<div id=\"mail-editor-reference-message-container\" dir=\"auto\"><br>\n<hr style=\"display: inline-block; width: 98%;\">\n<div id=\"divRplyFwdMsg\" style=\"font-size: 11pt;\" dir=\"auto\">{}</div><br>\n<div dir=\"auto\">{}</div>\n</div>\n",
            header_block(quoted),
            lines(&quoted.paragraphs)
        )
    });
    format!(
        "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\">\n</head>\n<body>\n<div dir=\"auto\" style=\"font-family: Aptos, Aptos_MSFontService, -apple-system, Roboto, Arial, Helvetica, sans-serif; font-size: 12pt;\">{}{}</div>\n{}</body>\n</html>\n",
        lines(&letter.paragraphs),
        picture(letter),
        quoted.unwrap_or_default()
    )
}

fn gmail(letter: &Letter) -> String {
    let quoted = letter.quoted.as_ref().map(|quoted| {
        format!(
            "<br><div class=\"gmail_quote gmail_quote_container\"><div dir=\"ltr\" class=\"gmail_attr\">{}<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\"><div dir=\"ltr\">{}</div>\n</blockquote></div>\n",
            attribution(quoted),
            lines(&quoted.paragraphs)
        )
    });
    let own: Vec<String> = letter.paragraphs.iter().map(|text| format!("<div>{}</div>", escape(text))).collect();
    format!("<div dir=\"ltr\">{}{}</div>{}", own.join("<div><br></div>"), picture(letter), quoted.unwrap_or_default())
}

fn apple(letter: &Letter) -> String {
    let quoted = letter.quoted.as_ref().map(|quoted| {
        format!(
            "<br><div><br><blockquote type=\"cite\"><div>{}</div><br class=\"Apple-interchange-newline\"><div>{}</div></blockquote></div>",
            attribution(quoted),
            lines(&quoted.paragraphs)
        )
    });
    format!(
        "<html><head><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"></head><body style=\"overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;\">{}{}{}</body></html>\n",
        lines(&letter.paragraphs),
        picture(letter),
        quoted.unwrap_or_default()
    )
}

fn thunderbird(letter: &Letter) -> String {
    let paragraph = |text: &String| format!("    <p>{}</p>\n", escape(text));
    let own: String = letter.paragraphs.iter().map(paragraph).collect();
    let quoted = letter.quoted.as_ref().map(|quoted| {
        let old: String = quoted.paragraphs.iter().map(paragraph).collect();
        format!(
            "    <div class=\"moz-cite-prefix\">{}<br>\n    </div>\n    <blockquote type=\"cite\" cite=\"mid:20261119.1102.7@fabrikam.example\">\n{old}    </blockquote>\n",
            attribution(quoted)
        )
    });
    format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv=\"content-type\" content=\"text/html; charset=UTF-8\">\n  </head>\n  <body>\n{own}{}{}  </body>\n</html>\n",
        picture(letter),
        quoted.unwrap_or_default()
    )
}

fn header_block(quoted: &Quoted) -> String {
    let Quoted { from, to, sent, subject, .. } = quoted;
    format!(
        "<b>From:</b> {} &lt;{}&gt;<br>\n<b>Sent:</b> {sent}<br>\n<b>To:</b> {} &lt;{}&gt;<br>\n<b>Subject:</b> {}",
        escape(&from.name),
        escape(&from.address),
        escape(&to.name),
        escape(&to.address),
        escape(subject)
    )
}

fn attribution(quoted: &Quoted) -> String {
    let address = escape(&quoted.from.address);
    format!(
        "On {}, {} &lt;<a href=\"mailto:{address}\">{address}</a>&gt; wrote:",
        quoted.sent,
        escape(&quoted.from.name)
    )
}

fn picture(letter: &Letter) -> String {
    let tag =
        |name: &str| format!("<img width=\"64\" height=\"64\" src=\"cid:{name}@01DB3A5C.1B2C3D40\" alt=\"Chart\">\n");
    letter.picture.as_ref().map(|file| tag(&file.name)).unwrap_or_default()
}

fn lines(paragraphs: &[String]) -> String {
    paragraphs.iter().map(|text| escape(text)).collect::<Vec<_>>().join("<br>\n<br>\n")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
