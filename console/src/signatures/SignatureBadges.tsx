/**
 * What is special about a signature: another layer, on trial, its time to come or over.
 */
import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { SignatureEntry } from "../api/tenant";
import { DraftBadge } from "./DraftBadge";
import { useDraftOf } from "./drafts";
import { isOver, isToCome } from "./scheduleInWords";

export function SignatureBadges({ signature }: { signature: SignatureEntry }) {
  const { t } = useTranslation();
  const schedule = signature.applies?.schedule;
  const now = new Date();
  const draft = useDraftOf(signature.id);
  return (
    <>
      {draft && <DraftBadge draft={draft} />}
      {signature.layer === "banner" && (
        <Badge appearance="tint" color="important">
          {t("Banner")}
        </Badge>
      )}
      {signature.layer === "disclaimer" && (
        <Badge appearance="tint" color="informative">
          {t("Disclaimer")}
        </Badge>
      )}
      {signature.trial && (
        <Badge appearance="tint" color="warning">
          {t("On trial")}
        </Badge>
      )}
      {isToCome(schedule, now) && (
        <Badge appearance="tint" color="brand">
          {t("To come")}
        </Badge>
      )}
      {isOver(schedule, now) && (
        <Badge appearance="tint" color="danger">
          {t("Over")}
        </Badge>
      )}
      {signature.then_continue && (
        <Badge appearance="outline" color="informative">
          {t("then the next")}
        </Badge>
      )}
    </>
  );
}
