/**
 * Invites somebody to the team by mail: the address and the role.
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
  makeStyles,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant, type Role } from "../api/session";
import { tenantKey } from "../api/tenant";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { RoleChoice } from "./RoleChoice";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "20px" } });

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const toast = useToasts();
  const cache = useQueryClient();
  const { id: tenant } = useTenant();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const invite = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/invitations", {
          params: { path: { tenant } },
          body: { email: email.trim(), role },
        }),
      ),
    onSuccess: async ({ email: to }) => {
      await cache.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("The invitation is on its way to {{address}}", { address: to }) });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (email.trim() && !invite.isPending) invite.mutate();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("Invite somebody to the team")}</DialogTitle>
            <DialogContent className={styles.content}>
              <ProblemNotice error={invite.error} />
              <Field
                label={t("E-mail address")}
                hint={t("A link is mailed there. It is good once, within seven days.")}
              >
                <Input type="email" autoComplete="off" value={email} onChange={(_, { value }) => setEmail(value)} />
              </Field>
              <RoleChoice value={role} onChange={setRole} />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("Cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!email.trim() || invite.isPending}>
                {invite.isPending ? t("Sending …") : t("Send the invitation")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
