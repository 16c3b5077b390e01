/** That there is a draft, whose it is, and whether somebody waits for it to be published. */
import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { DraftSummary } from "../api/tenant";
import { draftInWords } from "./draftInWords";

export function DraftBadge({ draft }: { draft: DraftSummary }) {
  const { t } = useTranslation();
  return (
    <Badge
      appearance={draft.state === "waiting" ? "filled" : "tint"}
      color={draft.state === "waiting" ? "brand" : "warning"}
    >
      {draftInWords(draft, t)}
    </Badge>
  );
}
