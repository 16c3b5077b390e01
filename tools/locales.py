"""Replies and forwards as mail programs introduce them, in every language of CORPUS/separators.json: each template is
filled in and stands above a quoted text. The labels of each program stand there once more without a line above them."""

import json
import re

DAY, TIME = "03.11.2026", "14:07"
NAME, ADDRESS = "Bob Lindqvist", "bob@example.org"
SENDER = f"{NAME} <{ADDRESS}>"
OWN = "Thank you, that suits us well.\r\nUntil Thursday\r\n"
QUOTED = "> Shall we meet on Thursday?\r\n> Bob\r\n"
EVOLUTION = {
    "AbbrevWeekdayName": "Tue", "WeekdayName": "Tuesday", "Year": "2026", "Month": "11", "Day": "03", "24Hour": "14",
    "12Hour": "2", "AmPm": "PM", "Minute": "07", "TimeZone": "+0100", "Sender": SENDER, "SenderName": NAME,
    "SenderEMail": ADDRESS, "MonthName": "November", "AbbrevMonthName": "Nov",
}  # fmt: skip


def thunderbird(words):
    for key in ("ondateauthorwrote", "authorwroteondate", "authorwrotesingle"):
        template = words.get(f"mailnews.reply_header_{key}")
        if template:
            yield f"reply {key}", template.replace("#1", NAME).replace("#2", DAY).replace("#3", TIME)
    header = block(words, "hdr_", ("subject", "date", "from", "to"), ": \t")
    for key in ("reply_header_originalmessage", "forward_header_originalmessage"):
        template = words.get(f"mailnews.{key}")
        if template and header:
            yield key, f"{template}\r\n{header}"
    yield "labels", block(words, "hdr_", ("subject", "date", "from", "to"), ": \t", least=LABELS)


def k9(words):
    words = {key: value.replace("\\'", "'") for key, value in words.items()}
    template = words.get("reply_header_fmt_with_date")
    if template:
        yield "reply", template.replace("%1$s", DAY).replace("%2$s", NAME)
    template = words.get("reply_header_fmt")
    if template:
        yield "reply without a date", template.replace("%s", NAME)
    header = block(words, "quote_header_", ("subject", "send_date", "from", "to"), " ")
    if words.get("quote_header_separator") and header:
        yield "header", f"{words['quote_header_separator']}\r\n{header}"
    yield "labels", block(words, "quote_header_", ("subject", "send_date", "from", "to"), " ", least=LABELS)


def roundcube(words):
    template = words.get("mailreplyintro")
    if template:
        yield "reply", template.replace("$date", f"{DAY} {TIME}").replace("$sender", NAME)
    header = block(words, "", ("subject", "date", "from", "to"), ": ")
    if words.get("originalmessage") and header:
        yield "header", f"-------- {words['originalmessage']} --------\r\n{header}"
    yield "labels", block(words, "", ("subject", "date", "from", "to"), ": ", least=LABELS)


def evolution(words):
    for key, template in words.items():
        if key.startswith("[On "):
            # The program leaves out what it has no value for, as where the name of one was translated too.
            yield "reply", re.sub(r"\$\{([^{}]*)\}", lambda word: EVOLUTION.get(word[1], ""), template)
    for key in ("original", "forwarded"):
        if words.get(key):
            yield key, f"{words[key]}\r\nFrom: {SENDER}\r\nTo: Ada Vance\r\nSubject: Re: plans\r\nDate: Tue, 03 Nov 2026 14:07:00 +0100"


def claws(words):
    for template in words.values():
        text = template.replace("\\n", "\n").replace("%D{%F}", "2026-11-03").replace("%D{%T}", TIME).split("%q")[0].strip()
        yield "reply", text.replace("%d", f"{DAY} {TIME}").replace("%f", SENDER).replace("\n", "\r\n")


PROGRAMS = {"thunderbird": thunderbird, "k9": k9, "roundcube": roundcube, "evolution": evolution, "claws": claws}
VALUES = {
    "subject": "Re: plans", "date": f"{DAY} {TIME}", "send_date": f"{DAY} {TIME}", "from": SENDER,
    "to": "Ada Vance <ada@contoso.example>",
}  # fmt: skip
# So many labels a language must have for a block without a line above it.
LABELS = 3


def block(words, prefix, names, between, least=4):
    """Header fields under their labels, of which so many must be there."""
    labels = [(words[prefix + name], name) for name in names if words.get(prefix + name)]
    if len(labels) < least:
        return None
    lines = [(label if label.endswith(":") else label + between.rstrip(), VALUES[name]) for label, name in labels]
    return "\r\n".join(f"{label}{' ' if between == ' ' else between[1:]}{value}" for label, value in lines)


def introductions(corpus):
    """(program, language, kind, text) of each."""
    read = json.loads((corpus / "separators.json").read_text(encoding="utf-8"))
    for language, programs in read["strings"].items():
        for program, words in programs.items():
            for kind, text in PROGRAMS[program](words):
                if text:
                    yield program, language, kind, text
    for name, lines in read["forward_blocks"].items():
        program, _, language = name.rpartition("_")
        yield program, language, "forward", "\r\n".join(lines)


def bodies(corpus):
    """Each as the body of a reply, with the octets between which the signature belongs."""
    own = OWN.encode()
    for program, language, kind, text in introductions(corpus):
        body = f"{OWN}\r\n{text}\r\n{QUOTED}".encode()
        yield (program, language, kind, text), body, (len(own) - 2, len(own) + 2)
