/**
 * A PowerShell script to look at, to copy and to download, and how it is run.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { CopyButton, CopyLines } from "./copying";
import type { Script } from "./queries";
import { saveScript } from "./saveScript";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "12px" },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  script: {
    margin: 0,
    maxHeight: "280px",
    overflow: "auto",
    padding: "16px",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "12px",
    lineHeight: "18px",
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
});

export function ScriptBox({ script: { file_name, script } }: { script: Script }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.part}>
      <div className={styles.actions}>
        <Button appearance="primary" icon={<ArrowDownloadRegular />} onClick={() => saveScript(file_name, script)}>
          {t("Download {{file}}", { file: file_name })}
        </Button>
        <CopyButton text={script} label={t("Copy the script")} shown="label" />
      </div>
      <pre className={styles.script} tabIndex={0} role="region" aria-label={file_name}>
        {script}
      </pre>
      <Text>
        {t("Read it, then run it in PowerShell where the file is, as an Exchange administrator, line by line:")}
      </Text>
      <CopyLines
        lines={[
          { name: t("Once"), value: INSTALL, copy: t("Copy the line that installs") },
          { name: t("Sign in"), value: "Connect-ExchangeOnline", copy: t("Copy the line that signs in") },
          { name: t("Run"), value: runLine(file_name), copy: t("Copy the line that runs the script") },
        ]}
      />
    </div>
  );
}

const INSTALL = "Install-Module ExchangeOnlineManagement -Scope CurrentUser";

/** Windows asks about every downloaded file before it runs it, unless it is told that this one is wanted. */
const runLine = (file: string) => `Unblock-File ./${file}; ./${file}`;
