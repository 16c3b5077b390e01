/**
 * One fact of a person: what the directory says, what is shown instead, and the way to put it right by hand.
 */
import { Badge, Button, makeStyles, Text, Textarea, tokens, Tooltip } from "@fluentui/react-components";
import { ArrowResetRegular, EditRegular } from "@fluentui/react-icons";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { useTenantChange } from "../components/useTenantChange";
import { useToasts } from "../components/toasts";
import { factInWords } from "../signatures/factsInWords";
import { capitalised } from "../signatures/lists";
import { nameOfAuthor } from "../signatures/draftInWords";
import type { FactShown, OverrideTold } from "./facts";

const useStyles = makeStyles({
  line: {
    display: "grid",
    gridTemplateColumns: "150px minmax(0, 1fr)",
    gap: "2px 16px",
    padding: "10px 0",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 480px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  label: { color: tokens.colorNeutralForeground2, paddingTop: "4px" },
  value: { margin: 0, display: "flex", alignItems: "flex-start", gap: "4px 8px" },
  words: {
    display: "flex",
    flexDirection: "column",
    alignItems: "flex-start",
    gap: "4px",
    flexGrow: 1,
    minWidth: 0,
    padding: "4px 0",
    whiteSpace: "pre-line",
    overflowWrap: "anywhere",
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  form: { display: "flex", flexDirection: "column", gap: "8px", flexGrow: 1 },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

interface Props {
  person: string;
  shown: FactShown;
  /** Put right by hand here; what a file overrides is put right in the file. */
  own: OverrideTold | undefined;
  /** Begins with the field open. */
  editing?: boolean;
  onEnd?: () => void;
}

export function FactLine({ person, shown, own, editing = false, onEnd }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [open, setOpen] = useState(editing);
  const { fact, value, instead } = shown;
  const name = capitalised(factInWords(fact, t), i18n.language);
  const close = () => {
    setOpen(false);
    onEnd?.();
  };
  return (
    <div className={styles.line}>
      <dt className={styles.label}>{name}</dt>
      <dd className={styles.value}>
        {open ? (
          <OwnValue person={person} fact={fact} name={name} value={instead ?? value} onEnd={close} />
        ) : (
          <>
            <div className={styles.words}>
              <Text>{instead ?? value}</Text>
              {instead !== undefined && (
                <>
                  <Badge appearance="tint" color="warning">
                    {instead ? t("Put right by hand") : t("Hidden")}
                  </Badge>
                  <Text size={200} className={styles.quiet}>
                    {value ? t("The directory says: “{{value}}”.", { value }) : t("The directory says nothing.")}
                    {own && ` ${t("Put right by {{name}}.", { name: nameOfAuthor(own.who) })}`}
                  </Text>
                </>
              )}
            </div>
            <LineActions person={person} fact={fact} name={name} own={own} onEdit={() => setOpen(true)} />
          </>
        )}
      </dd>
    </div>
  );
}

interface ActionProps {
  person: string;
  fact: string;
  name: string;
  own: OverrideTold | undefined;
  onEdit: () => void;
}

function LineActions({ person, fact, name, own, onEdit }: ActionProps) {
  const { t } = useTranslation();
  const toast = useToasts();
  const { id: tenant, may } = useTenant();
  const reset = useTenantChange(
    () =>
      answer(
        api.DELETE("/api/v1/tenants/{tenant}/people/{person}/overrides/{attribute}", {
          params: { path: { tenant, person, attribute: fact } },
        }),
      ),
    () => toast({ title: t("The directory's value is shown again") }),
  );
  if (!may("people:write")) return null;
  return (
    <>
      {own && (
        <Tooltip content={t("Back to the directory's value: {{name}}", { name })} relationship="label">
          <Button
            size="small"
            appearance="subtle"
            icon={<ArrowResetRegular />}
            disabledFocusable={reset.isPending}
            onClick={() => reset.mutate()}
          />
        </Tooltip>
      )}
      <Tooltip content={t("Put right: {{name}}", { name })} relationship="label">
        <Button size="small" appearance="subtle" icon={<EditRegular />} onClick={onEdit} />
      </Tooltip>
    </>
  );
}

interface OwnValueProps {
  person: string;
  fact: string;
  name: string;
  value: string;
  onEnd: () => void;
}

function OwnValue({ person, fact, name, value, onEnd }: OwnValueProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const toast = useToasts();
  const { id: tenant } = useTenant();
  const [typed, setTyped] = useState(value);
  const save = useTenantChange(
    (own: string) =>
      answer(
        api.PUT("/api/v1/tenants/{tenant}/people/{person}/overrides/{attribute}", {
          params: { path: { tenant, person, attribute: fact } },
          body: { value: own },
        }),
      ),
    (_, own) => {
      toast({ title: own ? t("It is shown from now on") : t("It is hidden from now on") });
      onEnd();
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) save.mutate(typed.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Textarea
        aria-label={name}
        rows={fact === "streetAddress" ? 3 : 1}
        maxLength={4096}
        value={typed}
        onChange={(_, data) => setTyped(data.value)}
        autoFocus
      />
      <div className={styles.actions}>
        <Button
          type="submit"
          size="small"
          appearance="primary"
          disabledFocusable={save.isPending || !typed.trim() || typed.trim() === value}
        >
          {t("Show this instead")}
        </Button>
        <Button size="small" disabledFocusable={save.isPending} onClick={() => save.mutate("")}>
          {t("Show nothing")}
        </Button>
        <Button size="small" onClick={onEnd}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  );
}
