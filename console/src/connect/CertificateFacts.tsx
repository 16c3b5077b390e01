/**
 * What a certificate says, and what is to be said about it.
 */
import { makeStyles, MessageBar, MessageBarBody, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { CertificateSeen } from "./queries";

const useStyles = makeStyles({
  facts: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    gap: "8px 24px",
    "@media (max-width: 560px)": { gridTemplateColumns: "minmax(0, 1fr)", gap: "2px" },
  },
  name: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: "anywhere", "@media (max-width: 560px)": { marginBottom: "10px" } },
  remarks: { display: "flex", flexDirection: "column", gap: "8px" },
});

export function CertificateFacts({ certificate }: { certificate: CertificateSeen }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" });
  const facts = [
    { name: t("Microsoft knows you by"), value: certificate.accepted_name ?? t("no name in it") },
    { name: t("Names"), value: certificate.names.join(", ") },
    { name: t("Issuer"), value: certificate.issuer },
    { name: t("Good until"), value: date.format(new Date(certificate.not_after)) },
    { name: t("Certificates in the chain"), value: String(certificate.chain) },
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts.map(({ name, value }) => [
          <dt key={name} className={styles.name}>
            {name}
          </dt>,
          <dd key={`${name} value`} className={styles.value}>
            {value}
          </dd>,
        ])}
      </dl>
      {certificate.remarks.length > 0 && (
        <div className={styles.remarks}>
          {certificate.remarks.map((remark) => (
            <MessageBar key={remark} intent="warning" layout="multiline">
              <MessageBarBody>{remark}</MessageBarBody>
            </MessageBar>
          ))}
        </div>
      )}
    </>
  );
}
