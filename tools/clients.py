"""Replies, forwards and first mails as mail programs write them, by the shapes of their markup: the place of the signature
is known, because it is written into the template.

Each shape is a function of what stands above and what is quoted; HERE marks the place. The wording says whether it is
an answer or a forward: some programs write them alike but for the Subject and the fields that make a thread (`head`). A
deep thread quotes what another program wrote, its identifiers rewritten on the way (`x_` by Outlook on the web, `m_`
and digits by Gmail).
"""

import re
from email.header import Header
from html import escape

from wordings import ADDRESS, NAME, WORDINGS

HERE = "\u2425"
SHAPES = {}
QUOTED = "<div>Shall we meet on Thursday? From 9:00 on I am there.</div><div>Bob</div>"
FORWARDED = "<div>The room on the second floor is ours: please tell all who come.</div><div>Bob</div>"


def shape(client, *kinds, own="div"):
    """A shape of a client's markup, for the kinds of mail that it writes so."""

    def keep(function):
        SHAPES[function.__name__] = (client, kinds or ("reply", "forward", "deep"), own, function)
        return function

    return keep


def header(words, form, sent=True, lines=None):
    """The header block, each field by a form with {label} and {value}."""
    fields = list(words.fields(sent))[:lines]
    return "".join(form.format(label=escape(label), value=escape(value)) for label, value in fields)


def bold(words, **how):
    return header(words, "<b>{label}</b> {value}<br>\r\n", **how)


def word_paragraph(words, font="Calibri", sent=True, anchor=""):
    """What Word makes of the header block."""
    first, rest = bold(words, sent=sent).split("</b>", 1)
    label = f"{anchor}{first}</b>"
    span = f"<span style='font-size:11.0pt;font-family:\"{font}\",sans-serif'>"
    return f"<p class=MsoNormal>{label.replace('<b>', f'<b>{span}')}</span>{span}{rest}</span></p>".replace("</b></span>", "</span></b>")


def page(inner, head=""):
    return (
        '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
        f"{head}</head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n"
    )


WORD_HEAD = "<style><!-- p.MsoNormal {margin:0cm;} /* From: Sent: */ --></style><!--[if gte mso 9]><xml><o:x/></xml><![endif]-->\r\n"


def word(inner):
    section = f"<div class=WordSection1>{inner}</div>"
    return page(section, WORD_HEAD).replace("<body>", "<body lang=DE link=\"#0563C1\" vlink=\"#954F72\">")


# ---------------------------------------------------------------- Outlook for Windows


@shape("outlook-2003", own="p")
def hr_in_div(words, own, quoted):
    rule = (
        "<div>\r\n\r\n<div class=MsoNormal align=center style='text-align:center'><font size=3\r\nface=\"Times New Roman\">"
        "<span style='font-size:12.0pt'>\r\n\r\n<hr size=3 width=\"100%\" align=center tabindex=-1>\r\n\r\n</span></font></div>\r\n"
    )
    return page(f"<div class=Section1>{own}{HERE}{rule}{word_paragraph(words, 'Tahoma')}</div>{quoted}</div>", WORD_HEAD)


@shape("outlook-2007", own="p")
def border_cm(words, own, quoted):
    border = "<div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
    return word(f"{own}{HERE}{border}{word_paragraph(words, 'Tahoma')}</div>{quoted}")


@shape("outlook-2010", own="p")
def border_nested(words, own, quoted):
    border = "<div><div style='border:none; border-top:solid #B5C4DF 1.0pt; padding:3.0pt 0in 0in 0in'>"
    return word(f"{own}{HERE}{border}{word_paragraph(words, 'Tahoma')}</div></div>{quoted}")


@shape("outlook-2016", own="p")
def border_grey(words, own, quoted):
    border = "<div>\r\n<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in'>\r\n"
    return word(f"{own}{HERE}{border}{word_paragraph(words)}</div>\r\n</div>\r\n{quoted}")


@shape("outlook-2016", own="p")
def without_border(words, own, quoted):
    return word(f"{own}{HERE}{word_paragraph(words)}<p class=MsoNormal><o:p>&nbsp;</o:p></p>{quoted}")


@shape("outlook-2016", own="composed")
def mail_original(words, own, quoted):
    border = "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
    block = word_paragraph(words, anchor='<a name="_MailOriginal"></a>')
    return word(f"{own}{HERE}{border}{block}</div></div>{quoted}")


@shape("outlook-2016", own="composed")
def mail_original_alone(words, own, quoted):
    """Its header block was deleted, and the bookmark is all that is left."""
    first = '<p class=MsoNormal><a name="_MailOriginal">Dear Ada,<o:p></o:p></a></p>\r\n'
    return word(f"{own}{HERE}{first}{quoted}")


@shape("outlook-2016", own="composed")
def mail_original_around(words, own, quoted):
    """What it quotes is one paragraph, with a line break in the bookmark."""
    span = "<span style='mso-fareast-language:EN-US'>Dear Ada,<br>\r\nplease have a look.</span>"
    return word(f'{own}{HERE}<p class=MsoNormal><a name="_MailOriginal">{span}</a><o:p></o:p></p>\r\n{quoted}')


@shape("outlook-richtext", own="p")
def original_message(words, own, quoted):
    banner = f"<p>-----{words.original}-----<br>\r\n{bold(words)}</p>"
    return page(f"{own}{HERE}{banner}{quoted}")


# ---------------------------------------------------------------- Outlook on the web, new Outlook, phones, Mac

RULE = '<hr style="display:inline-block;width:98%" tabindex="-1">'
SWAPPED = "<hr tabindex='-1' style='display:inline-block; width:98%'>"


def reply_forward(words, sent=True):
    font = '<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">'
    return f'<div id="divRplyFwdMsg" dir="ltr">{font}{bold(words, sent=sent)}</font>\r\n<div>&nbsp;</div>\r\n</div>\r\n'


@shape("outlook-web", own="aptos")
def append_on_send(words, own, quoted):
    return page(f'{own}{HERE}<div id="appendonsend"></div>\r\n{RULE}{reply_forward(words)}{quoted}')


@shape("outlook-web", own="aptos")
def rule_alone(words, own, quoted):
    return page(f"{own}{HERE}{RULE}{reply_forward(words)}{quoted}")


@shape("outlook-web", own="aptos")
def rule_swapped(words, own, quoted):
    named = reply_forward(words).replace("<div id", '<div name="divRplyFwdMsg" id', 1)
    return page(f"{own}{HERE}{SWAPPED}{named}{quoted}")


@shape("outlook-web", own="aptos")
def no_rule(words, own, quoted):
    return page(f"{own}{HERE}{reply_forward(words)}{quoted}")


@shape("outlook-new", own="aptos")
def append_on_send_unquoted(words, own, quoted):
    return page(f"<div>{own}</div>{HERE}<DIV ID=appendonsend></DIV>{RULE}{reply_forward(words)}{quoted}")


MOBILE = (
    '<div id="ms-outlook-mobile-signature" dir="auto"><div><br></div>Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div>'
)


@shape("outlook-ios", own="auto")
def phone_bare(words, own, quoted):
    return page(f"{own}{MOBILE}{HERE}{RULE}{reply_forward(words)}{quoted}")


@shape("outlook-android", own="auto")
def phone_reference(words, own, quoted):
    holder = '<div id="id-6f0c9d7a-0b54-4a53-9a63-7ad7c0a31f21" class="ms-outlook-mobile-reference-message">'
    return page(f"{own}{MOBILE}{HERE}{holder}{RULE}{reply_forward(words)}{quoted}</div>")


@shape("outlook-ios", own="auto")
def phone_container(words, own, quoted):
    holder = '<div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message">'
    return page(f"{own}{MOBILE}{HERE}{holder}{RULE}{reply_forward(words)}{quoted}</div>")


@shape("outlook-ios", own="auto")
def phone_container_twice(words, own, quoted):
    holder = '<div id="mail-editor-reference-message-container">'
    return page(f"{own}{MOBILE}{HERE}{holder}\r\n{holder}{RULE}{reply_forward(words)}{quoted}</div></div>")


def phone_border(words, lines=None):
    style = (
        "border-top: 1pt solid; padding: 3pt 0in 0in; border-width: 1pt medium medium; border-style: solid none none; "
        "border-color: rgb(181, 196, 223) currentcolor currentcolor; border-image: none;"
    )
    labels = bold(words, sent=False, lines=lines)
    return f'<div class="ms-outlook-mobile-reference-message skipProofing" style="{style}">{labels}</div>'


@shape("outlook-ios", "reply", own="auto")
def phone_interleaved(words, own, quoted):
    """More is written below the lines that are answered one by one."""
    holder = '<div id="mail-editor-reference-message-container">'
    lines = f"<div>&gt; Shall we meet on Thursday?</div><div>{words.own}</div>{quoted}"
    return page(f"{own}{MOBILE}{HERE}{holder}<div>{words.attribution_html}</div>{lines}</div>")


@shape("outlook-ios", own="auto")
def phone_border_in_container(words, own, quoted):
    holder = '<div id="mail-editor-reference-message-container" style="color: inherit;">'
    empty = '<div class="ms-outlook-mobile-reference-message skipProofing" dir="auto"></div>'
    return page(f"{own}{MOBILE}{HERE}{holder}{empty}{phone_border(words)}{quoted}</div>")


@shape("outlook-android", own="auto")
def phone_border_alone(words, own, quoted):
    return page(f"{own}{MOBILE}{HERE}{phone_border(words, 3)}{quoted}")


@shape("outlook-mac", own="p")
def mac_container(words, own, quoted):
    border = "<div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm\">"
    holder = '<div id="mail-editor-reference-message-container">'
    return word(f"{own}{HERE}{holder}<div><div>{border}{word_paragraph(words, sent=False)}</div></div></div>{quoted}</div>")


@shape("outlook-mac-2011")
def source_section(words, own, quoted):
    return page(f'{own}{HERE}<span id="OLK_SRC_BODY_SECTION"><div>{bold(words, sent=False)}</div>{quoted}</span>')


@shape("hotmail")
def stop_spelling(words, own, quoted):
    lines = header(words, "{label} {value}<br>", sent=False)
    return page(f'{own}{HERE}<hr id="stopSpelling">{lines}{quoted}').replace("<body>", "<body class='hmmessage'>")


@shape("hotmail")
def sky_drive(words, own, quoted):
    lines = header(words, "&gt; {label} {value}<br>", sent=False)
    return page(f'<div dir="ltr">{own}{HERE}<div><div id="SkyDrivePlaceholder"></div>{lines}{quoted}</div></div>')


@shape("windows-mail")
def grey_line(words, own, quoted):
    style = "padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px; border-top-style: solid;"
    return page(f'{own}{HERE}<div style="{style}"><div><font face="Calibri">{bold(words)}</font></div></div>{quoted}')


# ---------------------------------------------------------------- others


@shape("gmail", "reply", "deep")
def gmail(words, own, quoted):
    attribution = f'<div dir="ltr" class="gmail_attr">{words.attribution_html}<br></div>'
    style = "margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"
    quote = f'<blockquote class="gmail_quote" style="{style}">{quoted}</blockquote>'
    return page(f'<div dir="ltr">{own}</div><br>{HERE}<div class="gmail_quote gmail_quote_container">{attribution}{quote}</div>')


@shape("gmail", "reply", "deep")
def gmail_extra(words, own, quoted):
    quote = f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{quoted}</blockquote>'
    inner = f'<div class="gmail_quote">{words.attribution_html}<br>{quote}</div>'
    return page(f'<div dir="ltr">{own}</div>{HERE}<div class="gmail_extra"><br><br>{inner}</div>')


def gmail_lines(words, element="strong"):
    """It says in the language of its menus who wrote, and all else in English."""
    link = f'<a href="mailto:{ADDRESS}">{ADDRESS}</a>'
    name = f'<{element} class="gmail_sendername" dir="auto">{NAME}</{element}> <span dir="auto">&lt;{link}&gt;</span>'
    rest = "Date: Tue, Nov 3, 2026 at 2:07\u202fPM<br>Subject: Termin<br>To: Ada Vance &lt;ada@contoso.example&gt;<br>"
    return f"{escape(words.sender)} {name}<br>{rest}Cc: Cara Lund &lt;cara@example.org&gt;<br>"


@shape("gmail", "forward")
def gmail_forward(words, own, quoted):
    lines = f"---------- Forwarded message ---------<br>{gmail_lines(words)}"
    attribution = f'<div dir="ltr" class="gmail_attr">{lines}</div>'
    quote = f'<div class="gmail_quote gmail_quote_container">{attribution}<br><br>{quoted}</div>'
    return page(f'<div dir="ltr">{own}<br><br>{HERE}{quote}</div>')


@shape("gmail", "forward")
def gmail_forward_older(words, own, quoted):
    lines = f'---------- Forwarded message ----------<br>{gmail_lines(words, "b")}'
    quote = f'<div class="gmail_quote">{lines}<br>{quoted}</div>'
    return page(f'<div dir="ltr">{own}</div>{HERE}<div class="gmail_extra"><br>{quote}</div>')


@shape("yahoo", "reply", "deep")
def yahoo(words, own, quoted):
    quote = f'<div id="ydp8c4bf1a2yahoo_quoted_7391" class="ydp8c4bf1a2yahoo_quoted"><div>{words.attribution_html}</div>{quoted}</div>'
    return page(f'<div class="ydpraw-yahoo-style-wrap">{own}</div>{HERE}{quote}')


@shape("yahoo", "reply", "deep")
def yahoo_ios(words, own, quoted):
    quote = f'<blockquote class="iosymail"><div>{words.attribution_html}</div>{quoted}</blockquote>'
    return page(f"{own}<br>{HERE}{quote}")


@shape("yahoo", "forward")
def yahoo_forward(words, own, quoted):
    lines = header(words, "<div><b>{label}</b> {value}</div>")
    inner = f"<div><div>----- {words.forwarded} -----</div>{lines}<div><br></div>{quoted}</div>"
    quote = f'<div id="ydp8c4bf1a2yahoo_quoted_7392" class="ydp8c4bf1a2yahoo_quoted">{inner}</div>'
    return page(f'<div class="ydpraw-yahoo-style-wrap">{own}</div>{HERE}{quote}')


@shape("yahoo", "forward")
def yahoo_ios_forward(words, own, quoted):
    begin = f'<p class="yahoo-quoted-begin" style="font-size: 15px; color: #715FFA;">{words.begin_forwarded}</p>'
    quote = f'<blockquote class="iosymail"><div>{words.attribution_html}</div>{quoted}</blockquote>'
    return page(f"{own}<br>{HERE}{begin}{quote}")


@shape("thunderbird", "reply", "deep", own="p")
def thunderbird(words, own, quoted):
    cite = f'<blockquote type="cite" cite="mid:1@example.org">{quoted}</blockquote>'
    return page(f'{own}{HERE}<div class="moz-cite-prefix">{words.thunderbird}<br></div>{cite}')


@shape("thunderbird", "forward", own="p")
def thunderbird_forward(words, own, quoted):
    rows = header(words, "<tr><th align=right nowrap>{label} </th><td>{value}</td></tr>", sent=False)
    table = f'<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody>{rows}</tbody></table>'
    return page(f'{own}{HERE}<div class="moz-forward-container"><br><br>-------- {words.forwarded} --------{table}<br>{quoted}</div>')


@shape("apple-mail", "reply", "deep")
def apple_inside(words, own, quoted):
    quote = f'<blockquote type="cite"><div>{words.attribution_html}</div><br class="Apple-interchange-newline"><div>{quoted}</div></blockquote>'
    return page(f'{own}<br id="lineBreakAtBeginningOfMessage">{HERE}<div><br>{quote}</div><br>')


@shape("apple-ios", "reply", "deep", own="auto")
def apple_outside(words, own, quoted):
    phone = '<div dir="ltr">Sent from my iPhone</div>'
    return page(f'{own}{phone}{HERE}<div dir="ltr"><br><blockquote type="cite">{words.attribution_html}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{quoted}</div></blockquote>')


@shape("apple-mail", "forward")
def apple_forward(words, own, quoted):
    lines = header(words, '<div style="margin: 0px;"><span><b>{label} </b></span><span>{value}<br></span></div>', sent=False)
    quote = f'<blockquote type="cite"><div>{words.begin_forwarded}</div><br class="Apple-interchange-newline">{lines}<br>{quoted}</blockquote>'
    return page(f"{own}{HERE}<div><br>{quote}</div>")


@shape("apple-ios", "forward", own="auto")
def apple_ios_forward(words, own, quoted):
    """Its lines are a quote of their own, and their introduction stands above that."""
    phone = '<div dir="ltr"><br></div><div dir="ltr">Sent from my iPhone</div>'
    lines = header(words, "<b>{label}</b> {value}<br>", sent=False)
    cited = f'<blockquote type="cite"><div dir="ltr">{lines}<br></div></blockquote>'
    quote = f'{cited}<blockquote type="cite"><div dir="ltr">\ufeff{quoted}</div></blockquote>'
    return page(f'{own}{phone}{HERE}<div dir="ltr"><br>{words.begin_forwarded}<br><br></div>{quote}')


@shape("samsung", own="auto")
def samsung(words, own, quoted):
    lines = header(words, "<div>{label} {value} </div>", sent=False)
    phone = '<div id="composer_signature"><div dir="auto">Sent from my Galaxy</div></div>'
    banner = f'<div align="left" dir="auto"><div>-------- {words.original} --------</div>{lines}<div><br></div></div>'
    return page(f"{own}{phone}<div><br></div>{HERE}{banner}{quoted}")


@shape("proton", "reply", "deep")
def proton(words, own, quoted):
    cite = f'<blockquote class="protonmail_quote" type="cite">{quoted}</blockquote>'
    return page(f'{own}<div class="protonmail_signature_block"></div>{HERE}<div class="protonmail_quote">{words.attribution_html}<br>{cite}</div>')


@shape("proton", "forward")
def proton_forward(words, own, quoted):
    lines = header(words, "{label} {value}<br>\r\n        ", sent=False)
    cite = f'<blockquote class="protonmail_quote" type="cite">\r\n            {quoted}\r\n        </blockquote><br>'
    inner = f"\r\n        ------- {words.forwarded} -------<br>\r\n        {lines}<br>\r\n        {cite}\r\n    "
    block = '<div class="protonmail_signature_block protonmail_signature_block-empty"></div>'
    return page(f'{own}{block}{HERE}<div class="protonmail_quote">{inner}</div>')


def holds(name, client, opening, closing="</div>", banner=None, kinds=("reply", "deep", "forward")):
    """Programs that put all they quote into one element. Forwards without a banner begin with the header block."""

    def write(words, own, quoted):
        if words.kind == "reply":
            return page(f"{own}{HERE}{opening}{words.attribution_html}<br>{quoted}{closing}")
        above = f"{banner.format(words.forwarded)}<br>" if banner else ""
        return page(f"{own}{HERE}{opening}{above}{bold(words, sent=False)}<br>{quoted}{closing}")

    def bare(words, own, quoted):
        """No line says who wrote: the element alone tells."""
        return page(f"{own}{HERE}{opening}{quoted}{closing}")

    write.__name__, bare.__name__ = name, f"{name}_bare"
    shape(client, *kinds)(write)
    shape(client, "reply" if "reply" in kinds else "forward")(bare)


DASHES = "---------- {} ---------"
holds("tutanota", "tutanota", '<blockquote class="tutanota_quote">', "</blockquote>")
holds("zoho", "zoho", '<div class="zmail_extra">', banner="============ {} ============")
holds("skiff", "skiff", '<div class="skiff_quote">', banner=DASHES)
holds("gmx", "gmx", '<div name="quote" style="margin:10px 5px 5px 10px;">')
holds("spark", "spark", '<div name="messageReplySection">', banner=DASHES)
holds("mailspring", "mailspring", '<div class="gmail_quote nylas-quote nylas-quote-id-4711">', banner=DASHES)
holds("is_reply_content", "netease", '<blockquote id="isReplyContent">', "</blockquote>", kinds=("reply", "deep"))
holds("is_forward_content", "netease", '<div id="isForwardContent">', banner="-------- {} --------", kinds=("forward",))
holds("reply_139", "netease", '<div id="reply139content">', kinds=("reply", "deep"))
holds("mailcontent", "sina", '<div id="mailcontent">')
holds("origbody", "foxmail", '<div id="origbody">')
holds("separator_139", "netease", '<blockquote id="oriMsgHtmlSeperator">', "</blockquote>")
holds("reply_split", "ticket", '<hr id="replySplit"><div>')
holds("original_comment", "ticket", "<!-- originalMessage --><div>")


def attributed(name, client, line, quote, closing="</blockquote>"):
    """Programs whose quote has a line above it that says who wrote; {forwarded} is empty in an answer."""

    def write(words, own, quoted):
        link = f'&lt;<a href="mailto:{ADDRESS}">{ADDRESS}</a>&gt;'
        forwarded = f"-------- {words.forwarded} --------<br>" if words.kind == "forward" else ""
        by = words.sender.rstrip(": ").lower()
        above = line.format(forwarded=forwarded, name=NAME, mail=link, by=by)
        return page(f"{own}{HERE}{above}{quote}{quoted}{closing}")

    write.__name__ = name
    shape(client)(write)


attributed(
    "mail_ru", "mail-ru", "<div>{forwarded}Tue, 03 Nov 2026 14:07:51 +0300 {by} {name} {mail}:</div>",
    '<blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">',
)  # fmt: skip
attributed(
    "yandex", "yandex", '<div>{forwarded}03.11.2026, 14:07, "{name}" {mail}:</div>', '<blockquote type="cite">'
)


@shape("notes", "reply", "deep")
def notes(words, own, quoted):
    banner = f'<font size=2 color=#990099>-----"{NAME}" &lt;{ADDRESS}&gt; wrote: -----</font><br>'
    lines = header(words, "{label} {value}<br>", sent=False)
    return page(f"{own}{HERE}{banner}<div><font size=2>{lines}</font></div>{quoted}")


@shape("notes", "forward")
def notes_forward(words, own, quoted):
    banner = "----- Forwarded by Ada Vance/Contoso on 11/03/2026 02:07 PM -----"
    rows = header(words, "<tr><td>{label}</td><td>{value}</td></tr>", sent=False)
    return page(f"{own}{HERE}<font size=1 color=#800080>{banner}</font><br><br><table>{rows}</table><br>{quoted}")


@shape("groupwise")
def groupwise(words, own, quoted):
    line = "&gt;&gt;&gt; On 11/3/2026 at 2:07 PM, in message &lt;4CB7.A1.0@example.org&gt;, "
    return page(f"{own}{HERE}<div>{line}{NAME} &lt;{ADDRESS}&gt; wrote:</div>{quoted}")


@shape("groupwise")
def groupwise_short(words, own, quoted):
    return page(f"{own}{HERE}<div>&gt;&gt;&gt; {NAME} 11/3/26 2:07 PM &gt;&gt;&gt;</div>{quoted}")


@shape("ticket", "reply", "deep")
def reply_above(words, own, quoted):
    return page(f"{own}{HERE}<div>##- Please type your reply above this line -##</div>{quoted}")


@shape("generic")
def rule_and_labels(words, own, quoted):
    return page(f'{own}{HERE}<hr>{header(words, "{label} {value}<br>", sent=False)}<br>{quoted}')


@shape("generic", "reply", "deep")
def cite_alone(words, own, quoted):
    return page(f'{own}{HERE}<blockquote type="cite">{quoted}</blockquote>')


@shape("zimbra")
def zimbra(words, own, quoted):
    return page(f'{own}{HERE}<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">{bold(words)}</div><div data-marker="__QUOTED_TEXT__">{quoted}</div>')


@shape("qq")
def qq(words, own, quoted):
    lines = header(words, "<div><b>{label}</b>&nbsp;{value}</div>")
    return page(f'{own}{HERE}<div style="font-size: 12px;">------------------&nbsp;{words.original}&nbsp;------------------</div><div>{lines}</div>{quoted}')


@shape("aol", own="div")
def aol(words, own, quoted):
    lines = header(words, "{label} {value}<br>")
    part = f'<div id="AOLMsgPart_0_4ab4" style="margin: 0px;">{quoted}</div>\r\n <!-- end of AOLMsgPart_0_4ab4 -->'
    style = "font-family:arial,helvetica;font-size:10pt;color:black"
    return page(f'{own}{HERE}<div style="{style}">-----{words.original}-----<br>{lines}<br>{part}</div>')


# ---------------------------------------------------------------- mails

OWN = {
    "div": "<div>{}</div><div><br></div>",
    "p": "<p class=MsoNormal>{}<o:p></o:p></p>\r\n<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>\r\n",
    "composed": '<p class=MsoNormal><a name="_MailEndCompose">{}<o:p></o:p></a></p>\r\n',
    "aptos": '<div class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt;">{}</div>\r\n<div><br></div>\r\n',
    "auto": '<div dir="auto">{}</div>\r\n',
}
PREFIXES = {"x_": "x_x_", "m_": "m_-4711815"}


def prefixed(html, prefix):
    """Identifiers and classes of a quoted mail as a program on the way writes them."""
    return re.sub(r'\b(id|class|name)=(["\']?)(?=[\w-])', rf"\1=\2{prefix}", html)


def inner(html):
    return re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)[1].replace(HERE, "")


# What may stand under the first words of one's own.
ENDINGS = {
    "list": "<ul><li>Room 4</li><li>Coffee</li></ul>",
    "table": "<table><tbody><tr><td>Monday</td><td>9:00</td></tr><tr><td>Tuesday</td><td>10:00</td></tr></tbody></table>",
    "law": "<blockquote>Whoever signs is bound.</blockquote><div>So it is written.</div>",
    "trailer": "<div>-- <br>Ada Vance<br>Contoso</div>",
    "picture": '<div><img src="cid:1" width="40" height="40" alt="From: us"></div>',
    "code": "<pre>--- a\r\n+++ b\r\n- one: two\r\n</pre>",
    "unclosed": "<p>And one more<p>thing",
}
# May stand around all of a first message: a mark below other text alone.
FRAMES = ("mailcontent_bare",)
WITHOUT_BLOCK = ("source_section", "original_comment", "original_comment_bare", "notes", "notes_forward")
WRITINGS = {
    "upper": lambda html: re.sub(r"</?[a-z][a-z0-9]*\b", lambda tag: tag[0].upper(), html),
    "packed": lambda html: re.sub(r">\s+<", "><", html.replace(f">\r\n{HERE}", f">{HERE}")),
    "spread": lambda html: re.sub(r"(?<!-)>(?=<[^!])", ">\r\n  ", html),
    "lone_lf": lambda html: html.replace("\r\n", "\n"),
}


def mails():
    """(client, shape and what is special, kind, language), the HTML without the mark, and the place in characters."""
    for at, (name, (client, kinds, own, write)) in enumerate(SHAPES.items()):
        for kind in kinds:
            for number, plain in enumerate(WORDINGS):
                words, before = plain.of(kind), quoted_text(kind, plain, at, number)
                text = OWN[own].format(words.own)
                yield made((client, name, kind, words.language), write(words, text, before))
                special = (at + number) % len(WORDINGS)
                for ending, more in list(ENDINGS.items())[special : special + 1]:
                    # A paragraph that was not closed would hold what begins these.
                    if ending == "unclosed" and name in WITHOUT_BLOCK:
                        continue
                    row = (client, f"{name}, {ending}", kind, words.language)
                    yield made(row, write(words, text + more, before))
                for writing, change in list(WRITINGS.items())[special : special + 1]:
                    row = (client, f"{name}, {writing}", kind, words.language)
                    yield made(row, change(write(words, text, before)))
            if name in FRAMES:
                continue
            words, before = WORDINGS[0].of(kind), quoted_text(kind, WORDINGS[0], at, 0)
            yield made((client, f"{name}, nothing", kind, "en"), write(words, "", before))
    for words in WORDINGS:
        for own, frame in (("p", word), ("aptos", page), ("div", page), ("auto", page)):
            yield made(("outlook", f"first {own}", "first", words.language), frame(OWN[own].format(words.own) + HERE))


def made(row, html):
    return row, html.replace(HERE, ""), html.index(HERE)


def quoted_text(kind, words, at, number):
    if kind == "deep":
        return other(words, at, number)
    return FORWARDED if kind == "forward" else QUOTED


def other(words, at, number):
    """What another program wrote, quoting a third mail."""
    _, kinds, own, write = list(SHAPES.values())[(at + 7 + number) % len(SHAPES)]
    prefix = PREFIXES["x_" if (at + number) % 2 else "m_"]
    earlier = WORDINGS[(number + 1) % len(WORDINGS)].of(kinds[0])
    return prefixed(inner(write(earlier, OWN[own].format("Earlier words."), QUOTED)), prefix)



# ---------------------------------------------------------------- the header above it

# What these put before the Subject of an answer and of a forward. Outlook has words of its language, in capitals on
# computers.
SUBJECTS = {
    "gmx": ("Aw", "Fw"),
    "hotmail": ("RE", "FW"),
    "notes": ("Re", "Fw"),
    "proton": ("Re", "Fw"),
    "sina": ("Re", "Fw"),
    "tutanota": ("Re", "FWD"),
    "windows-mail": ("Re", "FW"),
    "yahoo": ("Re", "Fw"),
}
ON_COMPUTERS = ("outlook", "outlook-mac", "outlook-richtext", *(f"outlook-{year}" for year in (2003, 2007, 2010, 2016)))
CHINESE = ("qq", "foxmail", "netease")
# How a forward is tied to what it passes on; those that are not named tie it to nothing.
TIES = {
    "apple-ios": ("References",),
    "apple-mail": ("References",),
    "gmail": ("In-Reply-To", "References"),
    "outlook-android": ("In-Reply-To", "References"),
    "outlook-ios": ("In-Reply-To", "References"),
    "outlook-new": ("In-Reply-To", "References"),
    "outlook-web": ("In-Reply-To", "References"),
    "thunderbird": ("References", "X-Forwarded-Message-Id"),
    "yahoo": ("In-Reply-To", "References"),
}


def prefix(client, kind, words):
    forward = kind == "forward"
    own = words.forwards if forward else words.answers
    if client in ON_COMPUTERS:
        return own
    if client.startswith("outlook"):
        return {"RE": "Re", "FW": "Fw"}.get(own, own)
    if client in CHINESE and words.language == "zh":
        return "\u8f6c\u53d1" if forward else "\u56de\u590d"
    return SUBJECTS.get(client, ("Re", "Fwd"))[forward]


def head(name, subtype):
    """The header of the message in which the program sends the body of a row."""
    client, _, kind, language = name
    (words,) = (one for one in WORDINGS if one.language == language)
    subject, ties = "Termin", ()
    if kind != "first":
        subject = f"{prefix(client, kind, words)}: Termin"
        ties = TIES.get(client, ()) if kind == "forward" else ("In-Reply-To", "References")
    return (
        f"From: Ada Vance <ada@contoso.example>\r\nTo: {'cara@example.org' if kind == 'forward' else ADDRESS}\r\n"
        f"Subject: {Header(subject, 'us-ascii' if subject.isascii() else 'utf-8').encode()}\r\n"
        f"Message-ID: <{kind}.{language}.{client}@contoso.example>\r\n"
        + "".join(f"{field}: <earlier@example.org>\r\n" for field in ties)
        + "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ).encode()
