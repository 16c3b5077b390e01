/**
 * Why a message went out as it came: each reason of the product in words for the administrator.
 */
import type { TFunction } from "i18next";

/** A reason that a newer server knows and this console does not stands for itself. */
export function reasonInWords(reason: string, t: TFunction): string {
  return reasons(t)[reason] ?? reason;
}

export function reasons(t: TFunction): Record<string, string> {
  return {
    signed: t("It is digitally signed (S/MIME or PGP): a change would break the signature."),
    encrypted: t("It is encrypted (S/MIME or PGP)."),
    rights_managed: t("It is protected by rights management."),
    report: t("It is a delivery report, a read receipt or a journal report."),
    embedded_message: t("It is nothing but another message."),
    calendar: t("It is an invitation or an answer to one."),
    tnef: t("It is no mail but another item of Outlook, or its format (TNEF) is not as mail programs write it."),
    auto_submitted: t("A machine wrote it, such as an automatic reply."),
    no_text_body: t("It has no text that could carry a signature."),
    already_stamped: t("It has been here before and is signed."),
    already_signed: t("Its newest text carries the signature already."),
    malformed_header: t("Its header is broken."),
    duplicate_header: t("Its header says twice how it is built."),
    malformed_mime: t("The way it is built is broken or ambiguous."),
    bad_encoding: t("It is encoded in a way that is unknown or wrong."),
    bad_charset: t("Its character set is unknown or wrong."),
    no_safe_place: t("There is no place in it where a signature would stand safely."),
    check_failed: t("The check after signing did not agree, so the original was sent."),
    header_too_large: t("Its header is larger than Signet reads."),
    hold_too_large: t("Its text is larger than Signet holds."),
    too_many_parts: t("It has too many parts."),
    no_memory: t("The edge was short of memory."),
    deadline: t("Signing would have taken too long."),
    size_limit: t("With the signature it would have been too large for your server."),
    fault: t("Signing failed by a fault of ours, so the original was sent."),
    poison: t("Signing it had failed before, so it was not tried again."),
    unknown_sender: t("Its author is nobody in your directory."),
    not_internal: t("Microsoft 365 does not say that its author was signed in."),
    foreign_from: t("The From address does not belong to who sent it."),
    no_signature: t("No signature applies to it."),
    signature_too_large: t("The signature would have been too large."),
    recipients_differ: t("Its recipients would need different copies, and there are too many kinds or no Message-ID to know a retry by."),
    no_snapshot: t("The settings of your organisation were not at hand in time."),
    observe: t("The mode is observe: nothing is changed."),
    not_in_pilot: t("The mode is pilot, and its author takes no part."),
    bypass: t("The mode is bypass."),
    region_bypass: t("The operator has bypassed the whole region."),
  };
}
