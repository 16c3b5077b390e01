/**
 * The head of a page: where it is, what it is called, what it is for, and what can be done on it.
 */
import {
  Body1,
  Breadcrumb,
  BreadcrumbButton,
  BreadcrumbDivider,
  BreadcrumbItem,
  makeStyles,
  Title2,
  tokens,
} from "@fluentui/react-components";
import { useRouter } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";

const useStyles = makeStyles({
  head: { display: "flex", flexDirection: "column", gap: "4px", marginBottom: "24px" },
  trail: { marginLeft: "-8px" },
  line: { display: "flex", flexWrap: "wrap", alignItems: "start", justifyContent: "space-between", gap: "16px 24px" },
  words: { display: "flex", flexDirection: "column", gap: "4px", flex: "1 1 320px" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  lead: { color: tokens.colorNeutralForeground2, maxWidth: "72ch" },
});

interface Props {
  title: string;
  /** What the page is called where it is not its title. */
  name?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Pages between the tenant's home and this one. */
  trail?: { label: string; to: "/t/$tenant/signatures" }[];
}

export function PageHeader({ title, name = title, lead, actions, trail = [] }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const tenant = useTenant();
  useEffect(() => {
    document.title = `${name} · ${tenant.name} · Signet`;
  }, [name, tenant.name]);

  const steps = [{ label: tenant.name, to: "/t/$tenant" as const }, ...trail];
  return (
    <div className={styles.head}>
      <Breadcrumb className={styles.trail} size="small" aria-label={t("Where you are")}>
        {steps.map(({ label, to }) => {
          const params = { tenant: tenant.id };
          return [
            <BreadcrumbItem key={to}>
              <BreadcrumbButton
                href={router.buildLocation({ to, params }).href}
                onClick={(event) => {
                  event.preventDefault();
                  void router.navigate({ to, params });
                }}
              >
                {label}
              </BreadcrumbButton>
            </BreadcrumbItem>,
            <BreadcrumbDivider key={`${to} after`} />,
          ];
        })}
        <BreadcrumbItem>
          <BreadcrumbButton current>{name}</BreadcrumbButton>
        </BreadcrumbItem>
      </Breadcrumb>
      <div className={styles.line}>
        <div className={styles.words}>
          <Title2 as="h1">{title}</Title2>
          {lead && <Body1 className={styles.lead}>{lead}</Body1>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
