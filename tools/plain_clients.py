"""Replies, forwards and first mails in plain text, as mail programs write them: text and the place of the signature."""

from textwrap import fill

from wordings import ADDRESS, NAME, WORDINGS

ANSWERED = "Shall we meet on Thursday? From 9:00 on I am there.\r\nBob\r\n"
CITED = "".join(f"> {line}\r\n" for line in ANSWERED.splitlines())
PHONE = "Get Outlook for iOS<https://aka.ms/o0ukef>\r\n"
BAR = "_" * 32 + "\r\n"


def header(words, sent=True):
    date = words.sent if sent else words.date
    values = [(words.sender, f"{NAME} <{ADDRESS}>"), (date, "03.11.2026 14:07"), (words.to, "Ada Vance <ada@contoso.example>")]
    values.append((words.subject, "Termin"))
    return "".join(f"{label} {value}\r\n" for label, value in values) + "\r\n"


def folded(line):
    """Programs break long lines between words."""
    return fill(line, 72, break_long_words=False).replace("\n", "\r\n") + "\r\n"


# By client: what stands under one's own words and above the place, and what begins the quoted text.
SHAPES = {
    "outlook original": ("", lambda words: f"-----{words.original}-----\r\n{header(words)}{ANSWERED}"),
    "outlook fields": ("", lambda words: header(words) + ANSWERED),
    "outlook-web": ("", lambda words: BAR + header(words) + ANSWERED),
    "outlook-ios": (f"\r\n{PHONE}", lambda words: BAR + header(words) + ANSWERED),
    "outlook-mac": ("", lambda words: header(words, sent=False) + ANSWERED),
    "gmail": ("", lambda words: folded(words.attribution) + "\r\n" + CITED),
    "gmail forward": ("", lambda words: f"---------- Forwarded message ---------\r\n{header(words, sent=False)}\r\n{ANSWERED}"),
    "thunderbird": ("", lambda words: folded(words.thunderbird) + CITED),
    "thunderbird forward": ("", lambda words: f"-------- {words.forwarded} --------\r\n{header(words, sent=False)}\r\n{ANSWERED}"),
    "apple-mail": ("Sent from my iPhone\r\n", lambda words: f"> {words.attribution}\r\n> \r\n{CITED}"),
    "apple-mail forward": ("", lambda words: f"{words.begin_forwarded}\r\n\r\n{header(words, sent=False)}{ANSWERED}"),
    "first": ("", lambda words: ""),
}
OWN = {
    "": "{}\r\nUntil Thursday\r\n",
    ", list": "{}\r\n\r\n- Room 4\r\n- Coffee: black\r\n",
    ", trailer": "{}\r\n\r\n-- \r\nAda Vance\r\nContoso\r\n",
    ", colons": "{}\r\n\r\nWhere: Room 4\r\nWhen: Thursday\r\n",
}


def mails():
    """((client, what is special, kind, language), text, place): the quoted text begins at the place."""
    for words in WORDINGS:
        for client, (under, quoted) in SHAPES.items():
            for special, own in OWN.items():
                above = f"{own.format(words.own)}{under}\r\n"
                kind = "first" if client == "first" else "forward" if "forward" in client else "reply"
                yield (client.split(" ")[0], f"{client}{special}", kind, words.language), above + quoted(words), len(above)
