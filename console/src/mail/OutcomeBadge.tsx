/**
 * Signed, or left as it came, at a glance.
 */
import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Outcome } from "./outcome";

export function OutcomeBadge({ kind }: Pick<Outcome, "kind">) {
  const { t } = useTranslation();
  if (kind === "signed") {
    return (
      <Badge appearance="tint" color="success">
        {t("Signed")}
      </Badge>
    );
  }
  return (
    <Badge appearance="tint" color="informative">
      {kind === "left" ? t("Left as it came") : t("Repeated")}
    </Badge>
  );
}
