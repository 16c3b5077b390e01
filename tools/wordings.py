"""What mail programs write above quoted text, in twelve languages: labels of the header block, the line that names the
author, the banners of forwards and what stands before Subjects. Programs differ in a language; each form is of one that
writes it so."""

from dataclasses import dataclass, replace

NAME, ADDRESS = "Bob Lindqvist", "bob@example.org"


@dataclass(frozen=True)
class Wording:
    language: str
    # Labels with the colon as the language sets it. Outlook for computers says when a mail was sent, others its date.
    sender: str
    sent: str
    date: str
    to: str
    copy: str
    subject: str
    # Gmail and Apple Mail name the address too, Thunderbird the name alone.
    attribution: str
    thunderbird: str
    original: str
    forwarded: str
    begin_forwarded: str
    # What Outlook puts before the Subject, in the language of its menus.
    answers: str
    forwards: str
    own: str
    passed_on: str
    kind: str = "reply"

    def of(self, kind):
        """As it stands in a mail of this kind: one forwards with other words than one answers."""
        forward = kind == "forward"
        return replace(self, kind="forward" if forward else "reply", own=self.passed_on if forward else self.own)

    def fields(self, sent=True):
        """The labels of the header block and their values. What one forwards went to others too."""
        yield self.sender, f"{NAME} <{ADDRESS}>"
        yield self.sent if sent else self.date, "03.11.2026 14:07"
        yield self.to, "Ada Vance <ada@contoso.example>"
        if self.kind == "forward":
            yield self.copy, "Cara Lund <cara@example.org>"
        yield self.subject, "Termin"

    @property
    def attribution_html(self):
        """The line as HTML, the address as a link."""
        link = f'&lt;<a href="mailto:{ADDRESS}">{ADDRESS}</a>&gt;'
        return self.attribution.replace("<", "&lt;").replace(">", "&gt;").replace(f"&lt;{ADDRESS}&gt;", link)


def wording(language, labels, attribution, thunderbird, original, forwarded, begin_forwarded, prefixes, own, passed_on):
    who = {"name": NAME, "mail": f"<{ADDRESS}>"}
    lines = attribution.format(**who), thunderbird.format(**who)
    banners = original, forwarded, begin_forwarded
    return Wording(language, *labels.split("|"), *lines, *banners, *prefixes.split("|"), own, passed_on)


WORDINGS = [
    wording(
        "en", "From:|Sent:|Date:|To:|Cc:|Subject:",
        "On Tue, Nov 3, 2026 at 2:07 PM {name} {mail} wrote:", "On 11/3/26 2:07 PM, {name} wrote:",
        "Original Message", "Forwarded Message", "Begin forwarded message:",
        "RE|FW", "Thank you, that suits us well.", "For your information.",
    ),
    wording(
        "de", "Von:|Gesendet:|Datum:|An:|Cc:|Betreff:",
        "Am Di., 3. Nov. 2026 um 14:07 Uhr schrieb {name} {mail}:", "Am 03.11.26 um 14:07 schrieb {name}:",
        "Ursprüngliche Nachricht", "Weitergeleitete Nachricht", "Anfang der weitergeleiteten Nachricht:",
        "AW|WG", "Danke, das passt uns gut.", "Zur Kenntnis.",
    ),
    wording(
        "fr", "De :|Envoyé :|Date :|À :|Cc :|Objet :",
        "Le mar. 3 nov. 2026 à 14:07, {name} {mail} a écrit :", "Le 03/11/2026 à 14:07, {name} a écrit :",
        "Message d'origine", "Message transféré", "Début du message transféré :",
        "RE|TR", "Merci, cela nous convient très bien.", "Pour information.",
    ),
    wording(
        "es", "De:|Enviado:|Fecha:|Para:|CC:|Asunto:",
        "El mar, 3 nov 2026 a las 14:07, {name} ({mail}) escribió:", "El 3/11/26 a las 14:07, {name} escribió:",
        "Mensaje original", "Mensaje reenviado", "Inicio del mensaje reenviado:",
        "RE|RV", "Gracias, nos viene muy bien.", "Para tu información.",
    ),
    wording(
        "it", "Da:|Inviato:|Data:|A:|Cc:|Oggetto:",
        "Il giorno mar 3 nov 2026 alle ore 14:07 {name} {mail} ha scritto:", "Il 03/11/26 14:07, {name} ha scritto:",
        "Messaggio originale", "Messaggio inoltrato", "Inizio messaggio inoltrato:",
        "R|I", "Grazie, per noi va benissimo.", "Per conoscenza.",
    ),
    wording(
        "pt", "De:|Enviado:|Data:|Para:|Cc:|Assunto:",
        "Em ter., 3 de nov. de 2026 às 14:07, {name} {mail} escreveu:", "Em 03/11/2026 14:07, {name} escreveu:",
        "Mensagem original", "Mensagem encaminhada", "Início da mensagem encaminhada:",
        "RES|ENC", "Obrigada, está ótimo para nós.", "Para seu conhecimento.",
    ),
    wording(
        "nl", "Van:|Verzonden:|Datum:|Aan:|CC:|Onderwerp:",
        "Op di 3 nov 2026 om 14:07 schreef {name} {mail}:", "Op 03-11-2026 om 14:07 schreef {name}:",
        "Oorspronkelijk bericht", "Doorgestuurd bericht", "Begin doorgestuurd bericht:",
        "RE|FW", "Dank je, dat komt goed uit.", "Ter informatie.",
    ),
    wording(
        "pl", "Od:|Wysłano:|Data:|Do:|DW:|Temat:",
        "wt., 3 lis 2026 o 14:07 {name} {mail} napisał(a):", "W dniu 3.11.2026 o 14:07, {name} pisze:",
        "Wiadomość oryginalna", "Przekazana wiadomość", "Początek przekazywanej wiadomości:",
        "ODP|PD", "Dziękuję, bardzo nam to odpowiada.", "Do wiadomości.",
    ),
    wording(
        "sv", "Från:|Skickat:|Datum:|Till:|Kopia:|Ämne:",
        "Den tis 3 nov. 2026 kl 14:07 skrev {name} {mail}:", "Den 2026-11-03 kl. 14:07, skrev {name}:",
        "Ursprungligt meddelande", "Vidarebefordrat meddelande", "Vidarebefordrat brev:",
        "SV|VB", "Tack, det passar oss bra.", "För kännedom.",
    ),
    wording(
        "ja", "差出人:|送信日時:|日付:|宛先:|CC:|件名:",
        "2026年11月3日(火) 14:07 {name} {mail}:", "On 2026/11/03 14:07, {name} wrote:",
        "元のメッセージ", "転送されたメッセージ", "転送されたメッセージ:",
        "RE|FW", "ありがとうございます。承知しました。", "ご参考までにお送りします。",
    ),
    wording(
        "zh", "发件人:|发送时间:|日期:|收件人:|抄送:|主题:",
        "{name} {mail} 于2026年11月3日周二 14:07写道：", "在 2026/11/3 14:07, {name} 写道:",
        "原始邮件", "转发的消息", "开始转发的邮件：",
        "答复|转发", "谢谢，这个时间很合适。", "供参考。",
    ),
    wording(
        "ru", "От:|Отправлено:|Дата:|Кому:|Копия:|Тема:",
        "вт, 3 нояб. 2026 г. в 14:07, {name} {mail}:", "03.11.2026 14:07, {name} пишет:",
        "Исходное сообщение", "Перенаправленное сообщение", "Начало переадресованного сообщения:",
        "RE|FW", "Спасибо, нам это подходит.", "К вашему сведению.",
    ),
]  # fmt: skip
