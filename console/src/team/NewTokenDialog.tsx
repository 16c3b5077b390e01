/**
 * Makes an API token: what it is called, what it may do, how long it is good. The token itself is shown this once.
 */
import {
  Button,
  Checkbox,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  MessageBar,
  MessageBarBody,
  Select,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { CopyField } from "../components/CopyField";
import { ProblemNotice } from "../components/ProblemNotice";
import { scopeGroups } from "./scopes";

/** Days a token may be good. */
const DAYS = [30, 90, 180, 365, 730];

const useStyles = makeStyles({
  content: { display: "flex", flexDirection: "column", gap: "16px" },
  groups: { columns: "2 240px", columnGap: "24px" },
  group: {
    border: "none",
    margin: 0,
    padding: "0 0 12px",
    minWidth: 0,
    display: "flex",
    flexDirection: "column",
    breakInside: "avoid",
  },
  about: { padding: 0, fontSize: "13px", fontWeight: tokens.fontWeightSemibold, color: tokens.colorNeutralForeground2 },
});

export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const cache = useQueryClient();
  const tenant = useTenant();
  const [name, setName] = useState("");
  const [days, setDays] = useState(90);
  const [scopes, setScopes] = useState<string[]>([]);
  const make = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/tokens", {
          params: { path: { tenant: tenant.id } },
          body: { name: name.trim(), scopes, days },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: tenantKey(tenant.id) }),
  });
  const mayMake = name.trim() !== "" && scopes.length > 0 && !make.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mayMake) make.mutate();
  };
  const choose = (scope: string, chosen: boolean) =>
    setScopes((before) => (chosen ? [...before, scope] : before.filter((each) => each !== scope)));
  // Nobody gives a token more than one may do oneself.
  const offered = scopeGroups(t)
    .map((group) => ({ ...group, scopes: group.scopes.filter(({ scope }) => tenant.scopes.includes(scope)) }))
    .filter((group) => group.scopes.length > 0);

  if (make.data) {
    return (
      <Dialog modalType="alert" open>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t("The token {{name}} is made", { name: name.trim() })}</DialogTitle>
            <DialogContent className={styles.content}>
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  {t("Copy it now and keep it like a password: nobody can show it again, neither you nor we.")}
                </MessageBarBody>
              </MessageBar>
              <CopyField label={t("Token")} value={make.data.token} />
            </DialogContent>
            <DialogActions>
              <Button appearance="primary" onClick={onClose}>
                {t("I have kept it")}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit}>
          <DialogBody>
            <DialogTitle>{t("Make an API token")}</DialogTitle>
            <DialogContent className={styles.content}>
              <ProblemNotice error={make.error} />
              <Field label={t("What it is for")} hint={t("For example the name of the script that will use it.")}>
                <Input value={name} maxLength={100} onChange={(_, { value }) => setName(value)} />
              </Field>
              <Field label={t("How long it is good")}>
                <Select value={String(days)} onChange={(_, { value }) => setDays(Number(value))}>
                  {DAYS.map((each) => (
                    <option key={each} value={each}>
                      {t("{{days}} days", { days: each })}
                    </option>
                  ))}
                </Select>
              </Field>
              <Text weight="semibold">{t("What it may do")}</Text>
              <div className={styles.groups}>
                {offered.map((group) => (
                  <fieldset key={group.label} className={styles.group}>
                    <legend className={styles.about}>{group.label}</legend>
                    {group.scopes.map(({ scope, label }) => (
                      <Checkbox
                        key={scope}
                        label={label}
                        checked={scopes.includes(scope)}
                        onChange={(_, { checked }) => choose(scope, checked === true)}
                      />
                    ))}
                  </fieldset>
                ))}
              </div>
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("Cancel")}</Button>
              <Button type="submit" appearance="primary" disabledFocusable={!mayMake}>
                {make.isPending ? t("Making it …") : t("Make the token")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
