/**
 * Whether connectors and rules are in Microsoft 365 as they should be. Nothing but Exchange Online PowerShell shows them: a
 * script looks, and what it wrote is handed over here.
 */
import { Button, Field, makeStyles, Text, Textarea } from "@fluentui/react-components";
import { DocumentSearchRegular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { ProblemNotice } from "../components/ProblemNotice";
import { CheckRow } from "./CheckRow";
import { worstFirst } from "./checkWords";
import { parsedInspection } from "./parsedInspection";
import { inspectionQuery } from "./queries";
import { ScriptBox } from "./ScriptBox";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: "16px" },
  open: { alignSelf: "flex-start" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  text: { fontFamily: "monospace" },
  list: { listStyleType: "none", margin: 0, padding: 0 },
});

export function Inspection() {
  const { t } = useTranslation();
  const styles = useStyles();
  const [looking, setLooking] = useState(false);
  return (
    <div className={styles.part}>
      <Text>
        {t(
          "Connectors and rules can be changed by other administrators. They are seen by a script alone, which changes nothing.",
        )}
      </Text>
      <Button
        className={styles.open}
        icon={<DocumentSearchRegular />}
        aria-expanded={looking}
        onClick={() => setLooking(!looking)}
      >
        {t("Look at connectors and rules")}
      </Button>
      {looking && <Way />}
    </div>
  );
}

function Way() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const path = { params: { path: { tenant } } };
  const script = useQuery(inspectionQuery(tenant));
  const [text, setText] = useState("");
  const judge = useMutation({
    mutationFn: (body: Record<string, unknown>) =>
      answer(api.POST("/api/v1/tenants/{tenant}/connection/inspection", { ...path, body })),
  });
  const [garbled, setGarbled] = useState(false);
  const hand = (written: string) => {
    const found = parsedInspection(written);
    setGarbled(!found);
    if (found) judge.mutate(found);
  };
  return (
    <>
      {script.data ? <ScriptBox script={script.data} /> : <Loading query={script} rows={1} />}
      <Field
        label={t("What the script wrote")}
        hint={t("It is in the clipboard, and in the file Signet-Inspection.json.")}
        validationMessage={garbled ? t("This is not what the script writes. Copy all of it, from { to }.") : undefined}
      >
        <Textarea
          className={styles.text}
          rows={5}
          resize="vertical"
          spellCheck={false}
          value={text}
          onChange={(_, { value }) => setText(value)}
        />
      </Field>
      <div className={styles.actions}>
        <Button
          appearance="primary"
          disabledFocusable={!text.trim() || judge.isPending}
          onClick={() => hand(text)}
        >
          {judge.isPending ? t("Checking …") : t("Check it")}
        </Button>
      </div>
      <ProblemNotice error={judge.error} title={t("It could not be checked")} />
      {judge.data && (
        <ul className={styles.list} aria-label={t("Connectors and rules")}>
          {worstFirst(judge.data.checks).map((check) => (
            <CheckRow key={`${check.check} ${check.subject}`} check={check} />
          ))}
        </ul>
      )}
    </>
  );
}
