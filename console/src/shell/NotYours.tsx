/**
 * In place of a page that one's role does not open: why, and whom to ask.
 */
import { LockClosedRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { EmptyState } from "../components/EmptyState";
import { ButtonTo } from "../components/links";
import { PageHeader } from "../components/PageHeader";
import { roleName } from "../team/roles";

export function NotYours() {
  const { t } = useTranslation();
  const { id, name, role } = useTenant();
  return (
    <>
      <PageHeader title={t("This page is not open to you")} />
      <EmptyState
        icon={<LockClosedRegular />}
        title={t("Your role here is {{role}}", { role: roleName(role, t) })}
        text={t("Ask an owner of {{name}} for another role if you need this page.", { name })}
      >
        <ButtonTo appearance="primary" to="/t/$tenant" params={{ tenant: id }}>
          {t("Go to the start")}
        </ButtonTo>
      </EmptyState>
    </>
  );
}
