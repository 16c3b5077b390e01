/**
 * Consent at Microsoft: the link for an administrator, and the answer that comes back.
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
  Input,
  Link,
  makeStyles,
  Spinner,
  Text,
} from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { queryClient } from "../app/queries";
import { rememberConsent } from "../connect/consentAsked";

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "16px" },
  steps: { margin: 0, paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "16px" },
});

export function ConsentDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const toast = useToasts();
  const { id: tenant } = useTenant();
  const [back, setBack] = useState("");
  const path = { params: { path: { tenant } } };

  // A new link makes the one before void, so it is asked for once each time the dialog is opened.
  const link = useQuery({
    queryKey: ["consent-link", tenant],
    queryFn: async () => {
      const made = await answer(api.POST("/api/v1/tenants/{tenant}/directory/consent", path));
      rememberConsent(made.link, tenant);
      return made;
    },
    staleTime: Infinity,
    gcTime: 0,
  });
  const take = useMutation({
    mutationFn: () =>
      answer(api.PUT("/api/v1/tenants/{tenant}/directory/consent", { ...path, body: { answer: back.trim() } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("The consent is there: the directory is being read") });
      onClose();
    },
  });

  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("Consent at Microsoft")}</DialogTitle>
          <DialogContent className={styles.content}>
            <ProblemNotice error={link.error ?? take.error} />
            {link.isPending && <Spinner label={t("Making the link …")} />}
            {link.data && (
              <ol className={styles.steps}>
                <li>
                  <Text>
                    {t(
                      "Open this link as an administrator of your organisation, or send it to one. It is good once, for an hour.",
                    )}
                  </Text>{" "}
                  <Link href={link.data.link} target="_blank" rel="noreferrer">
                    {t("Consent at Microsoft")}
                  </Link>
                </li>
                <li>
                  <Field
                    label={t("If it was another browser: put the address here to which Microsoft led it afterwards")}
                    hint={t("It is in the address bar. In this browser the page that opens does the rest.")}
                  >
                    <Input value={back} onChange={(_, { value }) => setBack(value)} />
                  </Field>
                </li>
              </ol>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("Later")}</Button>
            <Button
              appearance="primary"
              disabledFocusable={!back.trim() || take.isPending}
              onClick={() => take.mutate()}
            >
              {take.isPending ? t("Asking Microsoft …") : t("Done")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
