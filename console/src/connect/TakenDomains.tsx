/**
 * The domains that mail is taken for, and giving one up.
 */
import { Button, makeStyles, Text, tokens, Tooltip } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { useTenantChange } from "../components/useTenantChange";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
  },
  item: {
    display: "flex",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "12px",
    minHeight: "44px",
    padding: "4px 8px 4px 16px",
    overflowWrap: "anywhere",
    ":not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  },
});

export function TakenDomains({ domains }: { domains: string[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [leaving, setLeaving] = useState<string | null>(null);
  const remove = useTenantChange(
    (domain: string) =>
      answer(
        api.DELETE("/api/v1/tenants/{tenant}/connection/domains/{domain}", {
          params: { path: { tenant: tenant.id, domain } },
        }),
      ),
    () => setLeaving(null),
  );
  return (
    <>
      <ul className={styles.list} aria-label={t("Your domains")}>
        {domains.map((domain) => (
          <li key={domain} className={styles.item}>
            <Text weight="semibold">{domain}</Text>
            {tenant.may("tenant:write") && (
              <Tooltip content={t("Remove {{domain}}", { domain })} relationship="label">
                <Button appearance="subtle" icon={<DeleteRegular />} onClick={() => setLeaving(domain)} />
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
      {leaving && (
        <ConfirmDialog
          title={t("Remove {{domain}}?", { domain: leaving })}
          action={remove.isPending ? t("Removing …") : t("Remove")}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(leaving)}
          onClose={() => setLeaving(null)}
        >
          {t(
            "Messages from its addresses are signed no more, and its addresses count as outside the organisation. You can prove it again at any time.",
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
