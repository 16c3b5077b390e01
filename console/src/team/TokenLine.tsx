/**
 * One API token: what it may do, how long, when it was used; and its end.
 */
import { Avatar, Badge, Button, Text } from "@fluentui/react-components";
import { KeyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { Line } from "./Lines";
import type { ApiToken } from "./queries";
import { scopesInWords } from "./scopes";
import { tokenState } from "./tokenState";

export function TokenLine({ token, onRevoke }: { token: ApiToken; onRevoke: () => void }) {
  const { t, i18n } = useTranslation();
  const tenant = useTenant();
  const [asking, setAsking] = useState(false);
  const { name, created_by: by } = token;
  const state = tokenState(token, Date.now());
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" });
  const day = (time?: string | null) => (time ? format.format(new Date(time)) : "");
  const ends = {
    good: t("Good until {{until}}", { until: day(token.expires) }),
    expired: t("Ended on {{until}}", { until: day(token.expires) }),
    revoked: t("Revoked on {{day}}", { day: day(token.revoked) }),
  }[state];
  const used = token.last_used ? t("last used on {{day}}", { day: day(token.last_used) }) : t("never used");
  return (
    <>
      <Line
        picture={<Avatar icon={<KeyRegular />} size={36} aria-hidden />}
        name={name}
        badges={
          state !== "good" && (
            <Badge appearance="tint" color="subtle">
              {state === "revoked" ? t("Revoked") : t("Ended")}
            </Badge>
          )
        }
        more={[
          scopesInWords(token.scopes, t).join(" · "),
          t("{{ends}}, {{used}}", { ends, used }),
          t("Made by {{by}} on {{day}}", { by, day: day(token.created) }),
        ]}
        actions={
          state === "good" &&
          tenant.may("team:write") && (
            <Button size="small" onClick={() => setAsking(true)} aria-label={t("Revoke {{name}}", { name })}>
              {t("Revoke")}
            </Button>
          )
        }
      />
      {asking && (
        <ConfirmDialog
          title={t("Revoke {{name}}?", { name })}
          action={t("Revoke")}
          onConfirm={() => {
            onRevoke();
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          <Text>{t("Whatever uses it is refused at once. A revoked token cannot be used again.")}</Text>
        </ConfirmDialog>
      )}
    </>
  );
}
