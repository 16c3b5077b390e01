/**
 * How the team signs in: an owner may ask for Microsoft at the own organisation, and for nothing beside it.
 */
import { Button, Checkbox, Field, makeStyles, MessageBar, MessageBarBody, Select, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { Panel } from "../components/Panel";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import { membersQuery, signInRulesQuery, type Member, type SignInRules } from "./queries";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "12px", maxWidth: "560px" },
  save: { alignSelf: "flex-start" },
});

export function SignInTab() {
  const { id: tenant } = useTenant();
  const rules = useQuery(signInRulesQuery(tenant));
  const members = useQuery(membersQuery(tenant));
  if (!rules.data) return <Loading query={rules} />;
  if (!members.data) return <Loading query={members} />;
  return <Rules key={JSON.stringify(rules.data)} rules={rules.data} members={members.data} />;
}

function Rules({ rules, members }: { rules: SignInRules; members: Member[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const toast = useToasts();
  const { id: tenant, role } = useTenant();
  const [required, setRequired] = useState(rules.microsoft_required);
  const [suffices, setSuffices] = useState(rules.microsoft_suffices);
  const [glass, setGlass] = useState(rules.break_glass ?? "");
  const save = useTenantChange(
    () =>
      answer(
        api.PUT("/api/v1/tenants/{tenant}/sign-in", {
          params: { path: { tenant } },
          body: { microsoft_required: required, microsoft_suffices: suffices, break_glass: glass || undefined },
        }),
      ),
    () => toast({ title: t("Everybody signs in this way from now on") }),
  );
  const mayChange = role === "owner" && rules.possible;
  const owners = members.filter((member) => member.role === "owner");
  return (
    <Panel
      title={t("Sign-in with Microsoft")}
      lead={t("Your organisation decides then who comes in, and by which second factor.")}
    >
      {!rules.possible && (
        <Text>{t("It can be asked for once a domain of your organisation is proven under “Connection”.")}</Text>
      )}
      {rules.possible && role !== "owner" && <Text>{t("Ask an owner of the team to change this.")}</Text>}
      <ProblemNotice error={save.error} />
      <div className={styles.form}>
        <Checkbox
          label={t("Everybody signs in with Microsoft at our organisation, and in no other way")}
          checked={required}
          disabled={!mayChange || !(rules.by_microsoft || rules.microsoft_required)}
          onChange={(_, { checked }) => setRequired(checked === true)}
        />
        {mayChange && !rules.by_microsoft && !rules.microsoft_required && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>
              {t("Sign in with Microsoft yourself before you ask everybody to: then it is sure that it works.")}
            </MessageBarBody>
          </MessageBar>
        )}
        <Checkbox
          label={t("Whoever signs in with Microsoft is asked for no further code")}
          checked={suffices}
          disabled={!mayChange}
          onChange={(_, { checked }) => setSuffices(checked === true)}
        />
        <Field
          label={t("Who may come in by password all the same")}
          hint={t("For the day on which Microsoft lets nobody in. One owner, with a strong password and an authenticator app.")}
        >
          <Select value={glass} disabled={!mayChange} onChange={(_, { value }) => setGlass(value)}>
            <option value="">{t("Nobody")}</option>
            {owners.map(({ account, full_name }) => (
              <option key={account} value={account}>
                {full_name}
              </option>
            ))}
          </Select>
        </Field>
        {mayChange && (
          <Button className={styles.save} appearance="primary" disabledFocusable={save.isPending} onClick={() => save.mutate()}>
            {t("Save")}
          </Button>
        )}
      </div>
    </Panel>
  );
}
