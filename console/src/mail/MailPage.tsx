/**
 * What became of each message: found by Message-ID, by the address of a sender or recipient, and by time.
 */
import { Button, Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { decisionsQuery, signaturesQuery } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { DecisionRow } from "./DecisionRow";
import { soughtBy, type SearchForm } from "./search";

const PAGE = 100;
const MOST = 1000;

const EVERYTHING: SearchForm = { what: "", days: "7" };

const useStyles = makeStyles({
  form: { display: "flex", flexWrap: "wrap", alignItems: "end", gap: "12px", marginBottom: "24px" },
  what: { flex: "1 1 280px" },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  more: { marginTop: "16px" },
});

export default function MailPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [form, setForm] = useState(EVERYTHING);
  const [sought, setSought] = useState(() => soughtBy(EVERYTHING, new Date()));
  const [limit, setLimit] = useState(PAGE);
  const decisions = useQuery({ ...decisionsQuery(tenant.id, sought, limit), placeholderData: keepPreviousData });
  const signatures = useQuery({ ...signaturesQuery(tenant.id), enabled: tenant.may("signatures:read") });
  const names = new Map(signatures.data?.signatures.map(({ id, name }) => [id, name || id]));

  const search = (event: FormEvent) => {
    event.preventDefault();
    setLimit(PAGE);
    setSought(soughtBy(form, new Date()));
  };
  const found = decisions.data?.decisions;
  return (
    <>
      <PageHeader
        title={t("Messages")}
        lead={t(
          "What was decided about each message, and why. No text of a message is kept, and addresses are sealed.",
        )}
      />
      <form className={styles.form} onSubmit={search}>
        <Field label={t("Address or Message-ID")} className={styles.what}>
          <Input
            value={form.what}
            contentBefore={<SearchRegular />}
            placeholder={t("The whole of it; empty for all")}
            onChange={(_, { value }) => setForm({ ...form, what: value })}
          />
        </Field>
        <Field label={t("Time")}>
          <Select value={form.days} onChange={(_, { value }) => setForm({ ...form, days: value })}>
            <option value="1">{t("The last day")}</option>
            <option value="7">{t("The last 7 days")}</option>
            <option value="30">{t("The last 30 days")}</option>
            <option value="">{t("As long as it is kept")}</option>
          </Select>
        </Field>
        <Button type="submit" appearance="primary" disabledFocusable={decisions.isFetching}>
          {decisions.isFetching ? t("Searching …") : t("Search")}
        </Button>
      </form>
      {!found && <Loading query={decisions} />}
      {found?.length === 0 && (
        <EmptyState
          icon={<SearchRegular />}
          title={t("No message like that")}
          text={t(
            "Look for the whole address or Message-ID, and for a longer time. A message stands here some seconds after it came through.",
          )}
        />
      )}
      {found && (
        <ul className={styles.list}>
          {found.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} signatureNames={names} />
          ))}
        </ul>
      )}
      {found && found.length >= limit && limit < MOST && (
        <Button className={styles.more} onClick={() => setLimit(Math.min(MOST, limit + PAGE * 3))}>
          {t("Show more")}
        </Button>
      )}
    </>
  );
}
