"""Replies, forwards and first mails in plain text, as mail programs write them: text and the place of the signature."""

from textwrap import fill

from wordings import ADDRESS, NAME, WORDINGS

ANSWERED = "Shall we meet on Thursday? From 9:00 on I am there.\r\nBob\r\n"
CITED = "".join(f"> {line}\r\n" for line in ANSWERED.splitlines())
PHONE = "Get Outlook for iOS<https://aka.ms/o0ukef>\r\n"
BAR = "_" * 32 + "\r\n"


def header(words, sent=True):
    return "".join(f"{label} {value}\r\n" for label, value in words.fields(sent)) + "\r\n"


def folded(line):
    """Programs break long lines between words."""
    return fill(line, 72, break_long_words=False).replace("\n", "\r\n") + "\r\n"


def gmail_forward(words):
    """It says in the language of its menus who wrote, and all else in English."""
    rest = "Date: Tue, Nov 3, 2026 at 2:07\u202fPM\r\nSubject: Termin\r\nTo: Ada Vance <ada@contoso.example>\r\n"
    return f"---------- Forwarded message ---------\r\n{words.sender} {NAME} <{ADDRESS}>\r\n{rest}\r\n\r\n{ANSWERED}"


# By client: what stands under one's own words and above the place, and what begins the quoted text. Those of BOTH
# write answers and forwards alike.
SHAPES = {
    "outlook original": ("", lambda words: f"-----{words.original}-----\r\n{header(words)}{ANSWERED}"),
    "outlook fields": ("", lambda words: header(words) + ANSWERED),
    "outlook-web": ("", lambda words: BAR + header(words) + ANSWERED),
    "outlook-ios": (f"\r\n{PHONE}", lambda words: BAR + header(words) + ANSWERED),
    "outlook-mac": ("", lambda words: header(words, sent=False) + ANSWERED),
    "samsung": ("", lambda words: f"-------- {words.original} --------\r\n{header(words, sent=False)}{ANSWERED}"),
    "gmail": ("", lambda words: folded(words.attribution) + "\r\n" + CITED),
    "gmail forward": ("", gmail_forward),
    "yahoo forward": ("", lambda words: f"----- {words.forwarded} -----\r\n{header(words)}{ANSWERED}"),
    "thunderbird": ("", lambda words: folded(words.thunderbird) + CITED),
    "thunderbird forward": ("", lambda words: f"-------- {words.forwarded} --------\r\n{header(words, sent=False)}\r\n{ANSWERED}"),
    "apple-mail": ("Sent from my iPhone\r\n", lambda words: f"> {words.attribution}\r\n> \r\n{CITED}"),
    "apple-mail forward": ("", lambda words: f"{words.begin_forwarded}\r\n\r\n{header(words, sent=False)}{ANSWERED}"),
    "first": ("", lambda words: ""),
}
BOTH = ("outlook", "samsung")
OWN = {
    "": "{}\r\nUntil Thursday\r\n",
    ", list": "{}\r\n\r\n- Room 4\r\n- Coffee: black\r\n",
    ", trailer": "{}\r\n\r\n-- \r\nAda Vance\r\nContoso\r\n",
    ", colons": "{}\r\n\r\nWhere: Room 4\r\nWhen: Thursday\r\n",
}


def kinds(client):
    if client.startswith(BOTH):
        return ("reply", "forward")
    return ("first",) if client == "first" else ("forward",) if "forward" in client else ("reply",)


def mails():
    """((client, what is special, kind, language), text, place): the quoted text begins at the place."""
    for plain in WORDINGS:
        for client, (under, quoted) in SHAPES.items():
            for kind in kinds(client):
                words = plain.of(kind)
                for special, own in OWN.items():
                    above = f"{own.format(words.own)}{under}\r\n"
                    row = (client.split(" ")[0], f"{client}{special}", kind, words.language)
                    yield row, above + quoted(words), len(above)
