/**
 * The test cases that a change would make fail, each with what its recipients would get now. Whoever answers for the whole
 * organisation may make the change all the same, and says why.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  Text,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FailingAsked } from "../api/client";
import { sessionQuery } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { deviationInWords } from "./casesInWords";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "16px" },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  one: {
    padding: "12px 16px",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderLeft: `4px solid ${tokens.colorStatusDangerBorderActive}`,
    display: "flex",
    flexDirection: "column",
    gap: "4px",
    overflowWrap: "anywhere",
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props extends FailingAsked {
  /** Why the change is made all the same; null: it is not. */
  onEnd: (reason: string | null) => void;
}

export default function FailingCasesDialog({ tenant, cases, onEnd }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const session = useQuery(sessionQuery).data;
  const mayOverride = session?.tenants.find(({ id }) => id === tenant)?.scopes.includes("tenant:write") ?? false;
  const signatures = useQuery(signaturesQuery(tenant)).data?.signatures;
  const names = new Map(signatures?.map(({ id, name }) => [id, name || id]));
  const [reason, setReason] = useState("");
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onEnd(null)}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("Test cases would fail")}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t("Nothing was changed. With this change these messages would not get what they are to get:")}</Text>
            <ul className={styles.list}>
              {cases.map(({ id, name, deviations }) => (
                <li key={id} className={styles.one}>
                  <Text weight="semibold">{name}</Text>
                  {deviations.map((deviation) => (
                    <Text key={deviation.recipient}>{deviationInWords(deviation, names, t, i18n.language)}</Text>
                  ))}
                </li>
              ))}
            </ul>
            {mayOverride ? (
              <Field
                label={t("Why is it right anyway?")}
                hint={t("It stands in the audit log. The test cases stay, and fail until they are changed.")}
              >
                <Textarea value={reason} rows={2} maxLength={500} onChange={(_, { value }) => setReason(value)} />
              </Field>
            ) : (
              <Text className={styles.quiet}>
                {t("Change what you were about to do, or the test cases. An administrator can do it all the same.")}
              </Text>
            )}
          </DialogContent>
          <DialogActions>
            <Button appearance={mayOverride ? "secondary" : "primary"} onClick={() => onEnd(null)}>
              {mayOverride ? t("Cancel") : t("Close")}
            </Button>
            {mayOverride && (
              <Button appearance="primary" disabledFocusable={!reason.trim()} onClick={() => onEnd(reason.trim())}>
                {t("Do it anyway")}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
