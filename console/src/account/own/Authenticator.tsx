/**
 * Codes from an authenticator app instead of by mail: switching that on with a first code, and off.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../../api/client";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { CODE_LENGTH, CodeField } from "../CodeField";
import { RecoveryCodes } from "./RecoveryCodes";
import { useAccountChange } from "./useAccountChange";

const useStyles = makeStyles({
  set: { display: "flex", flexWrap: "wrap", gap: "24px", alignItems: "start" },
  picture: {
    width: "168px",
    height: "168px",
    padding: "8px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: "#fff",
  },
  form: { display: "flex", flexDirection: "column", gap: "16px", flex: "1 1 240px", maxWidth: "320px" },
  secret: { fontFamily: tokens.fontFamilyMonospace, wordBreak: "break-all" },
  start: { alignSelf: "flex-start" },
});

interface Props {
  inUse: boolean;
  /** Recovery codes that were not used yet. */
  codesLeft: number;
}

export function Authenticator({ inUse, codesLeft }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const [ending, setEnding] = useState(false);
  const begin = useMutation({ mutationFn: () => answer(api.POST("/api/v1/account/totp")) });
  const confirm = useAccountChange(
    () => answer(api.PUT("/api/v1/account/totp", { body: { code } })),
    t("Codes come from your app from now on"),
    ({ recovery_codes }) => {
      begin.reset();
      setCode("");
      setCodes(recovery_codes);
    },
  );
  const end = useAccountChange(() => answer(api.DELETE("/api/v1/account/totp")), t("Codes come by mail again"));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === CODE_LENGTH) confirm.mutate();
  };

  if (codes) {
    return (
      <Panel title={t("Authenticator app")} lead={t("On a new device you are asked for a code of your app.")}>
        <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
      </Panel>
    );
  }

  return (
    <Panel
      title={t("Authenticator app")}
      lead={
        inUse
          ? t("On a new device you are asked for a code of your app.")
          : t("An app on your telephone makes the codes: safer than mail, and without waiting.")
      }
      actions={
        inUse && (
          <Button disabledFocusable={end.isPending} onClick={() => setEnding(true)}>
            {t("Switch it off")}
          </Button>
        )
      }
    >
      <ProblemNotice error={begin.error ?? confirm.error ?? end.error} />
      {!inUse && !begin.data && (
        <Button className={styles.start} disabledFocusable={begin.isPending} onClick={() => begin.mutate()}>
          {t("Set it up")}
        </Button>
      )}
      {inUse && (
        <Text>{t("Recovery codes left, for when the app is lost: {{codesLeft}}.", { codesLeft })}</Text>
      )}
      {ending && (
        <ConfirmDialog
          title={t("Switch the authenticator app off?")}
          action={t("Switch it off")}
          onConfirm={() => {
            end.mutate();
            setEnding(false);
          }}
          onClose={() => setEnding(false)}
        >
          <Text>{t("Codes come by mail again, and the recovery codes are good no more.")}</Text>
        </ConfirmDialog>
      )}
      {begin.data && (
        <div className={styles.set}>
          <img
            className={styles.picture}
            alt={t("Code to scan with the app")}
            src={`data:image/svg+xml,${encodeURIComponent(begin.data.qr_svg)}`}
          />
          <form className={styles.form} onSubmit={submit}>
            <Text>
              {t("Scan the picture with the app, or type this key into it:")}{" "}
              <span className={styles.secret}>{begin.data.secret}</span>
            </Text>
            <CodeField label={t("Then enter the six digits it shows")} value={code} onChange={setCode} />
            <Button
              type="submit"
              appearance="primary"
              disabledFocusable={code.length < CODE_LENGTH || confirm.isPending}
            >
              {t("Switch it on")}
            </Button>
          </form>
        </div>
      )}
    </Panel>
  );
}
