/**
 * What was done, in words.
 */
import type { TFunction } from "i18next";
import type { Schemas } from "../api/client";

/** An act that this console has no words for is told as the log has it. */
export function actInWords(
  { action, object: id, object_name }: Pick<Schemas["Act"], "action" | "object" | "object_name">,
  t: TFunction,
): string {
  const object = object_name ?? id;
  // Names go with accounts and invitations; what was done stays.
  const somebody = object_name ?? t("Somebody");
  const words: Record<string, string> = {
    "audit.expire": t("Old entries of this log have expired"),
    "brand.set": t("The brand was changed"),
    "case.create": t("A test case was saved"),
    "case.override": t("Signatures were changed although test cases fail"),
    "case.remove": t("A test case was deleted"),
    "case.replace": t("A test case was changed"),
    "certificate.set": t("A certificate was put in"),
    "connection.domain": t("The domain {{object}} was added or taken out", { object }),
    "directory.connect": t("The directory is read from now on"),
    "directory.consent": t("Consent was given to read the directory"),
    "directory.csv": t("People were taken from a CSV file"),
    "directory.disconnect": t("The directory is read no longer"),
    "directory.sync": t("The directory was read at once"),
    "draft.ask": t("Somebody was asked to publish the draft of {{object}}", { object }),
    "draft.begin": t("A draft of {{object}} was begun", { object }),
    "draft.end": t("The draft of {{object}} was discarded or published", { object }),
    "draft.reopen": t("The draft of {{object}} is worked on again", { object }),
    "draft.return": t("The draft of {{object}} was sent back", { object }),
    "folder.switch": t("The folder {{object}} was switched on or off", { object }),
    "folders.replace": t("The folders were changed"),
    "image.put": t("The picture {{object}} was put in", { object }),
    "image.remove": t("The picture {{object}} was removed", { object }),
    "invitation.again": t("{{somebody}} was invited once more", { somebody }),
    "invitation.create": t("{{somebody}} was invited to the team", { somebody }),
    "invitation.remove": t("An invitation to the team was taken back"),
    "member.join": t("{{somebody}} joined the team", { somebody }),
    "member.leave": t("{{somebody}} left the team", { somebody }),
    "member.role": t("{{somebody}} got another role", { somebody }),
    "mode.set": t("The mode was changed"),
    "organisation.set": t("What is known of the organisation was changed"),
    "override.remove": t("What was put right of {{object}} was taken back", { object }),
    "override.set": t("A fact of {{object}} was put right by hand", { object }),
    "retention.set": t("How long records of messages are kept was changed"),
    "sign_in.rules": t("How the team signs in was changed"),
    "signature.create": t("The signature {{object}} was made", { object }),
    "signature.order": t("The signatures were put into another order"),
    "signature.remove": t("The signature {{object}} was deleted", { object }),
    "signature.replace": t("The signature {{object}} was changed", { object }),
    "signature.restore": t("The signature {{object}} was restored", { object }),
    "signature.switch": t("The signature {{object}} was switched on or off", { object }),
    "subscription.set": t("The subscription was changed"),
    "tenant.create": t("The organisation was made"),
    "tenant.delete": t("The organisation was removed"),
    "tenant.leave": t("The organisation began to leave"),
    "tenant.replace": t("The organisation was replaced by its file"),
    "tenant.stay": t("The organisation stays after all"),
    "token.create": t("The token {{object}} was made", { object }),
    "token.revoke": t("The token {{object}} was revoked", { object }),
  };
  return words[action] ?? [action, object].filter(Boolean).join(": ");
}
