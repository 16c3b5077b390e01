/**
 * The form by which acts are looked for. A choice counts at once.
 */
import { Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { membersQuery, tokensQuery } from "../team/queries";
import { kindsOfActs, type ActFilter } from "./filter";

const useStyles = makeStyles({
  form: { display: "flex", flexWrap: "wrap", gap: "12px", marginBottom: "24px" },
  choice: {
    flex: "1 1 180px",
    maxWidth: "280px",
    minWidth: "min(140px, 100%)",
    "@media (max-width: 640px)": { flexBasis: "40%", maxWidth: "none" },
  },
});

interface Props {
  filter: ActFilter;
  onChange: (filter: ActFilter) => void;
}

export function AuditFilters({ filter, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const enabled = tenant.may("team:read");
  const members = useQuery({ ...membersQuery(tenant.id), enabled });
  const tokens = useQuery({ ...tokensQuery(tenant.id), enabled });
  const authors: [string, string][] = [
    ...(members.data ?? []).map(({ account, full_name, email }): [string, string] => [account, full_name || email]),
    ...(tokens.data ?? []).map(({ id, name }): [string, string] => [id, t("{{name}} (token)", { name })]),
    ["command", t("The command line")],
  ];
  // Somebody who has left may still be looked for.
  if (filter.author && !authors.some(([id]) => id === filter.author)) authors.push([filter.author, filter.author]);
  return (
    <search className={styles.form}>
      <Field label={t("Who")} className={styles.choice}>
        <Select value={filter.author} onChange={(_, { value }) => onChange({ ...filter, author: value })}>
          <option value="">{t("Everybody")}</option>
          {authors.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("What")} className={styles.choice}>
        <Select value={filter.action} onChange={(_, { value }) => onChange({ ...filter, action: value })}>
          <option value="">{t("Anything")}</option>
          {kindsOfActs(t).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t("To what")} className={styles.choice}>
        <Input
          value={filter.object}
          placeholder={t("An id, as standard")}
          onChange={(_, { value }) => onChange({ ...filter, object: value })}
        />
      </Field>
      <Field label={t("Time")} className={styles.choice}>
        <Select value={filter.days} onChange={(_, { value }) => onChange({ ...filter, days: value })}>
          <option value="">{t("Since the beginning")}</option>
          <option value="1">{t("Since yesterday")}</option>
          <option value="7">{t("The last 7 days")}</option>
          <option value="30">{t("The last 30 days")}</option>
          <option value="90">{t("The last 90 days")}</option>
        </Select>
      </Field>
    </search>
  );
}
