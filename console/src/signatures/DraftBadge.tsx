/** That there is a draft, whose it is, and whether somebody waits for it to be published. */
import { Badge, makeStyles } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { DraftSummary } from "../api/tenant";
import { draftInWords } from "./draftInWords";

/** A name may be long: it is as high as its words. */
const useStyles = makeStyles({ badge: { height: "auto", minHeight: "20px", textAlign: "start" } });

export function DraftBadge({ draft }: { draft: DraftSummary }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <Badge
      className={styles.badge}
      appearance={draft.state === "waiting" ? "filled" : "tint"}
      color={draft.state === "waiting" ? "brand" : "warning"}
    >
      {draftInWords(draft, t)}
    </Badge>
  );
}
