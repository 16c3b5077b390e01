/**
 * Changes the mode: which one, for whom in a pilot, and for how long.
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
  MessageBar,
  MessageBarBody,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, at, type Revised } from "../api/client";
import { isOutdated } from "../api/problem";
import { useTenant } from "../api/session";
import { tenantKey, type ModeNow } from "../api/tenant";
import { ProblemNotice } from "../components/ProblemNotice";
import { useToasts } from "../components/toasts";
import { ModeChoice } from "./ModeChoice";
import { ModeEndChoice, endOf, type ModeEnd } from "./ModeEndChoice";
import { modeMeans, modeName, pilotIsEmpty, pilotOf, wordOf } from "./modes";
import { PilotChoice } from "./PilotChoice";

const useStyles = makeStyles({ content: { display: "flex", flexDirection: "column", gap: "20px" } });

interface Props {
  now: Revised<ModeNow>;
  onClose: () => void;
}

export default function ModeDialog({ now, onClose }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();

  const [word, setWord] = useState(wordOf(now.value.mode));
  const [pilot, setPilot] = useState(pilotOf(now.value.mode));
  const [end, setEnd] = useState<ModeEnd>({ kind: "never" });
  const [reason, setReason] = useState("");

  const change = useMutation({
    mutationFn: () =>
      answer(
        api.PUT("/api/v1/tenants/{tenant}/mode", {
          params: { path: { tenant }, query: { reason: reason.trim() || undefined } },
          headers: at(now.revision),
          body: { mode: word === "pilot" ? { pilot } : word, ...endOf(end) },
        }),
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: tenantKey(tenant) });
      toast({ title: t("The mode is {{name}} now", { name: modeName(word, t) }), body: modeMeans(word, t) });
      onClose();
    },
  });
  const reload = async () => {
    await cache.invalidateQueries({ queryKey: tenantKey(tenant) });
    change.reset();
  };

  const incomplete = (word === "pilot" && pilotIsEmpty(pilot)) || endOf(end) === null;
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("How far is Signet switched on?")}</DialogTitle>
          <DialogContent className={styles.content}>
            <ModeChoice value={word} onChange={setWord} />
            {word === "pilot" && <PilotChoice value={pilot} onChange={setPilot} />}
            <ModeEndChoice value={end} onChange={setEnd} before={now.value.mode} />
            <Field label={t("Why (optional)")} hint={t("Stands in the audit log.")}>
              <Input value={reason} maxLength={500} onChange={(_, { value }) => setReason(value)} />
            </Field>
            {word === "live" && wordOf(now.value.mode) !== "live" && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody>
                  {t("From now on messages of everybody are signed. Every edge follows within a second.")}
                </MessageBarBody>
              </MessageBar>
            )}
            <ProblemNotice
              error={change.error}
              title={isOutdated(change.error) ? t("Somebody else changed this organisation meanwhile") : undefined}
              actions={isOutdated(change.error) && <Button onClick={() => void reload()}>{t("Load it anew")}</Button>}
            />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("Cancel")}</Button>
            <Button
              appearance="primary"
              disabledFocusable={incomplete || change.isPending}
              onClick={() => change.mutate()}
            >
              {change.isPending ? t("Switching …") : t("Switch to {{name}}", { name: modeName(word, t) })}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
