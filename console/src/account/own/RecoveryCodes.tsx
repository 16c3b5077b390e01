/**
 * The codes that sign in without the app, shown once: copied or kept as a file.
 */
import { Button, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, tokens } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { CopyText } from "../../components/CopyField";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "16px" },
  codes: {
    margin: 0,
    padding: "16px",
    listStyleType: "none",
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(200px, 1fr))",
    gap: "8px 24px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
  },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
});

interface Props {
  codes: string[];
  onKept: () => void;
}

export function RecoveryCodes({ codes, onKept }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const text = `${codes.join("\n")}\n`;
  return (
    <div className={styles.part}>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("Keep these recovery codes where you find them without your telephone.")}</MessageBarTitle>
          {t("Each signs you in once if the app is lost. They are shown this once; nobody can tell them again.")}
        </MessageBarBody>
      </MessageBar>
      <ul className={styles.codes} aria-label={t("Recovery codes")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={styles.actions}>
        <CopyText text={text} label={t("Copy")} />
        <Button
          as="a"
          icon={<ArrowDownloadRegular />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="signet-recovery-codes.txt"
        >
          {t("Download")}
        </Button>
        <Button appearance="primary" onClick={onKept}>
          {t("I have kept them")}
        </Button>
      </div>
    </div>
  );
}
