/**
 * The form by which messages are looked for.
 */
import { Button, Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { SearchRegular } from "@fluentui/react-icons";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { OUTCOMES, outcomeInWords } from "./outcome";
import { reasonInWords } from "./reasons";
import type { SearchForm } from "./search";

const useStyles = makeStyles({
  form: { display: "flex", flexWrap: "wrap", alignItems: "end", gap: "12px", marginBottom: "24px" },
  what: { flex: "1 1 260px" },
  choice: { flex: "0 1 190px", minWidth: "min(150px, 100%)" },
});

interface Props {
  form: SearchForm;
  onChange: (form: SearchForm) => void;
  onSearch: () => void;
  searching: boolean;
  /** Names by id. */
  signatures: Map<string, string>;
}

export function SearchFields({ form, onChange, onSearch, searching, signatures }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const search = (event: FormEvent) => {
    event.preventDefault();
    onSearch();
  };
  const named = new Map(signatures);
  // One that is gone may still be looked for.
  if (form.signature && !named.has(form.signature)) named.set(form.signature, form.signature);
  return (
    <form className={styles.form} onSubmit={search}>
      <Field label={t("Address or Message-ID")} className={styles.what}>
        <Input
          value={form.what}
          contentBefore={<SearchRegular />}
          placeholder={t("The whole of it; empty for all")}
          onChange={(_, { value }) => onChange({ ...form, what: value })}
        />
      </Field>
      <Field label={t("Time")} className={styles.choice}>
        <Select value={form.days} onChange={(_, { value }) => onChange({ ...form, days: value })}>
          <option value="1">{t("The last day")}</option>
          <option value="7">{t("The last 7 days")}</option>
          <option value="30">{t("The last 30 days")}</option>
          <option value="">{t("As long as it is kept")}</option>
        </Select>
      </Field>
      <Field label={t("What came of it")} className={styles.choice}>
        <Select
          value={form.reason ? `reason ${form.reason}` : form.outcome}
          onChange={(_, { value }) =>
            onChange({ ...form, outcome: value.startsWith("reason ") ? "" : value, reason: value.startsWith("reason ") ? value.slice(7) : "" })
          }
        >
          <option value="">{t("Anything")}</option>
          {OUTCOMES.map((outcome) => (
            <option key={outcome} value={outcome}>
              {outcomeInWords(outcome, t)}
            </option>
          ))}
          {form.reason && (
            <option value={`reason ${form.reason}`}>
              {t("Left: {{reason}}", { reason: reasonInWords(form.reason, t) })}
            </option>
          )}
        </Select>
      </Field>
      {named.size > 0 && (
        <Field label={t("Signature")} className={styles.choice}>
          <Select value={form.signature} onChange={(_, { value }) => onChange({ ...form, signature: value })}>
            <option value="">{t("Any or none")}</option>
            {[...named].map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Button type="submit" appearance="primary" disabledFocusable={searching}>
        {searching ? t("Searching …") : t("Search")}
      </Button>
    </form>
  );
}
