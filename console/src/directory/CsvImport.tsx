/**
 * People from a CSV file: chosen, looked at before anything changes, taken, and taken back.
 */
import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from "@fluentui/react-components";
import { ArrowUndoRegular, DocumentArrowUpRegular } from "@fluentui/react-icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { Panel } from "../components/Panel";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { CsvPreview } from "./CsvPreview";

type CsvTaken = Schemas["CsvTaken"];

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  file: { display: "none" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function CsvImport() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);

  const send = (text: string, dryRun: boolean): Promise<CsvTaken> =>
    answer(
      api.POST("/api/v1/tenants/{tenant}/csv", {
        params: { path: { tenant }, query: { dry_run: dryRun } },
        headers: { "Content-Type": "text/csv" },
        body: text,
        bodySerializer: (body) => body,
      }),
    );
  const preview = useMutation({ mutationFn: async (chosen: File) => send(await chosen.text(), true) });
  const changed = () => cache.invalidateQueries({ queryKey: tenantKey(tenant) });
  const take = useMutation({
    mutationFn: async () => send(await file!.text(), false),
    onSuccess: async () => {
      await changed();
      toast({ title: t("The people of the file are in force") });
      forget();
    },
  });
  const rollback = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/tenants/{tenant}/csv/rollback", { params: { path: { tenant } } })),
    onSuccess: async () => {
      await changed();
      toast({ title: t("The people of the file before are in force again") });
    },
  });

  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    take.reset();
    preview.mutate(chosen);
  };
  const forget = () => {
    setFile(null);
    preview.reset();
    if (input.current) input.current.value = "";
  };

  return (
    <Panel
      title={t("People from a CSV file")}
      lead={t("A new file takes the place of the one before. You see what would change before anything does.")}
      actions={
        <div className={styles.actions}>
          <Button icon={<ArrowUndoRegular />} disabledFocusable={rollback.isPending} onClick={() => rollback.mutate()}>
            {t("Back to the file before")}
          </Button>
          <Button appearance="primary" icon={<DocumentArrowUpRegular />} onClick={() => input.current?.click()}>
            {t("Choose a file")}
          </Button>
        </div>
      }
    >
      <input
        ref={input}
        className={styles.file}
        type="file"
        accept=".csv,text/csv"
        aria-label={t("CSV file")}
        onChange={(event) => choose(event.target.files?.[0])}
      />
      <ProblemNotice error={rollback.error} title={t("The file before could not be put in force")} />
      <ProblemNotice error={preview.error ?? take.error} title={t("The file cannot be taken; nothing has changed")} />
      {preview.isPending && <Spinner label={t("Looking at the file …")} />}
      {file && preview.data && (
        <>
          <Text className={styles.quiet}>{file.name}</Text>
          <CsvPreview taken={preview.data} />
          {preview.data.gone.length > 0 && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>
                {t("Who is not in the file goes. Conditions that name them stay, and match nobody.")}
              </MessageBarBody>
            </MessageBar>
          )}
          <div className={styles.actions}>
            <Button appearance="primary" disabledFocusable={take.isPending} onClick={() => take.mutate()}>
              {take.isPending ? t("Taking …") : t("Take these people")}
            </Button>
            <Button onClick={forget}>{t("Leave it")}</Button>
          </div>
        </>
      )}
    </Panel>
  );
}
