"""What mail programs write above quoted text, in twelve languages: labels of the header block, the line that names the
author, and the banners of forwards. Programs differ in a language; each form is of one that writes it so."""

from dataclasses import dataclass

NAME, ADDRESS = "Bob Lindqvist", "bob@example.org"


@dataclass(frozen=True)
class Wording:
    language: str
    # Labels with the colon as the language sets it. Outlook for computers says when a mail was sent, others its date.
    sender: str
    sent: str
    date: str
    to: str
    subject: str
    # Gmail and Apple Mail name the address too, Thunderbird the name alone.
    attribution: str
    thunderbird: str
    original: str
    forwarded: str
    begin_forwarded: str
    own: str

    @property
    def attribution_html(self):
        """The line as HTML, the address as a link."""
        link = f'&lt;<a href="mailto:{ADDRESS}">{ADDRESS}</a>&gt;'
        return self.attribution.replace("<", "&lt;").replace(">", "&gt;").replace(f"&lt;{ADDRESS}&gt;", link)


def wording(language, labels, attribution, thunderbird, original, forwarded, begin_forwarded, own):
    who = {"name": NAME, "mail": f"<{ADDRESS}>"}
    sender, sent, date, to, subject = labels.split("|")
    lines = attribution.format(**who), thunderbird.format(**who)
    return Wording(language, sender, sent, date, to, subject, *lines, original, forwarded, begin_forwarded, own)


WORDINGS = [
    wording(
        "en", "From:|Sent:|Date:|To:|Subject:",
        "On Tue, Nov 3, 2026 at 2:07 PM {name} {mail} wrote:", "On 11/3/26 2:07 PM, {name} wrote:",
        "Original Message", "Forwarded Message", "Begin forwarded message:", "Thank you, that suits us well.",
    ),
    wording(
        "de", "Von:|Gesendet:|Datum:|An:|Betreff:",
        "Am Di., 3. Nov. 2026 um 14:07 Uhr schrieb {name} {mail}:", "Am 03.11.26 um 14:07 schrieb {name}:",
        "Ursprüngliche Nachricht", "Weitergeleitete Nachricht", "Anfang der weitergeleiteten Nachricht:",
        "Danke, das passt uns gut.",
    ),
    wording(
        "fr", "De :|Envoyé :|Date :|À :|Objet :",
        "Le mar. 3 nov. 2026 à 14:07, {name} {mail} a écrit :", "Le 03/11/2026 à 14:07, {name} a écrit :",
        "Message d'origine", "Message transféré", "Début du message transféré :", "Merci, cela nous convient très bien.",
    ),
    wording(
        "es", "De:|Enviado:|Fecha:|Para:|Asunto:",
        "El mar, 3 nov 2026 a las 14:07, {name} ({mail}) escribió:", "El 3/11/26 a las 14:07, {name} escribió:",
        "Mensaje original", "Mensaje reenviado", "Inicio del mensaje reenviado:", "Gracias, nos viene muy bien.",
    ),
    wording(
        "it", "Da:|Inviato:|Data:|A:|Oggetto:",
        "Il giorno mar 3 nov 2026 alle ore 14:07 {name} {mail} ha scritto:", "Il 03/11/26 14:07, {name} ha scritto:",
        "Messaggio originale", "Messaggio inoltrato", "Inizio messaggio inoltrato:", "Grazie, per noi va benissimo.",
    ),
    wording(
        "pt", "De:|Enviado:|Data:|Para:|Assunto:",
        "Em ter., 3 de nov. de 2026 às 14:07, {name} {mail} escreveu:", "Em 03/11/2026 14:07, {name} escreveu:",
        "Mensagem original", "Mensagem encaminhada", "Início da mensagem encaminhada:", "Obrigada, está ótimo para nós.",
    ),
    wording(
        "nl", "Van:|Verzonden:|Datum:|Aan:|Onderwerp:",
        "Op di 3 nov 2026 om 14:07 schreef {name} {mail}:", "Op 03-11-2026 om 14:07 schreef {name}:",
        "Oorspronkelijk bericht", "Doorgestuurd bericht", "Begin doorgestuurd bericht:", "Dank je, dat komt goed uit.",
    ),
    wording(
        "pl", "Od:|Wysłano:|Data:|Do:|Temat:",
        "wt., 3 lis 2026 o 14:07 {name} {mail} napisał(a):", "W dniu 3.11.2026 o 14:07, {name} pisze:",
        "Wiadomość oryginalna", "Przekazana wiadomość", "Początek przekazywanej wiadomości:",
        "Dziękuję, bardzo nam to odpowiada.",
    ),
    wording(
        "sv", "Från:|Skickat:|Datum:|Till:|Ämne:",
        "Den tis 3 nov. 2026 kl 14:07 skrev {name} {mail}:", "Den 2026-11-03 kl. 14:07, skrev {name}:",
        "Ursprungligt meddelande", "Vidarebefordrat meddelande", "Vidarebefordrat brev:", "Tack, det passar oss bra.",
    ),
    wording(
        "ja", "差出人:|送信日時:|日付:|宛先:|件名:",
        "2026年11月3日(火) 14:07 {name} {mail}:", "On 2026/11/03 14:07, {name} wrote:",
        "元のメッセージ", "転送されたメッセージ", "転送されたメッセージ:", "ありがとうございます。承知しました。",
    ),
    wording(
        "zh", "发件人:|发送时间:|日期:|收件人:|主题:",
        "{name} {mail} 于2026年11月3日周二 14:07写道：", "在 2026/11/3 14:07, {name} 写道:",
        "原始邮件", "转发的消息", "开始转发的邮件：", "谢谢，这个时间很合适。",
    ),
    wording(
        "ru", "От:|Отправлено:|Дата:|Кому:|Тема:",
        "вт, 3 нояб. 2026 г. в 14:07, {name} {mail}:", "03.11.2026 14:07, {name} пишет:",
        "Исходное сообщение", "Перенаправленное сообщение", "Начало переадресованного сообщения:",
        "Спасибо, нам это подходит.",
    ),
]  # fmt: skip
