/**
 * A change of the tenant from a list or a form: afterwards everything about the tenant is asked anew. Where somebody else was
 * faster nothing is overwritten, and the person is told so. Changes of one person follow one another.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isOutdated, isProblem } from "../api/problem";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { useToasts } from "./toasts";

export function useTenantChange<Input = void, Result = unknown>(
  change: (input: Input) => Promise<Result>,
  done?: (result: Result, input: Input) => void,
) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const reload = () => cache.invalidateQueries({ queryKey: tenantKey(tenant) });

  return useMutation({
    mutationFn: change,
    scope: { id: `tenant ${tenant}` },
    onSuccess: async (result, input) => {
      await reload();
      done?.(result, input);
    },
    onError: (error) => {
      if (isOutdated(error)) {
        toast({
          intent: "warning",
          title: t("Somebody else changed this meanwhile"),
          body: t("Nothing was overwritten, and your change was not made. Load what there is now, then do it again."),
          action: { label: t("Load it anew"), run: () => void reload() },
        });
      } else {
        toast({
          intent: "error",
          title: t("That was not done"),
          body: isProblem(error)
            ? error.message
            : t("The server cannot be reached. Check your connection and try again."),
        });
      }
    },
  });
}
