/**
 * Begins the trial.
 */
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";

export function useTrial() {
  const { t } = useTranslation();
  const toast = useToasts();
  const { id: tenant } = useTenant();
  return useTenantChange(
    () => answer(api.POST("/api/v1/tenants/{tenant}/trial", { params: { path: { tenant } } })),
    () => toast({ title: t("Your trial has begun") }),
  );
}
