/**
 * The certificate by which Microsoft 365 knows whose mail comes back: why, which one there is, and giving another.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { CertificateFacts } from "./CertificateFacts";
import { CertificateForm } from "./CertificateForm";
import type { CertificateSeen } from "./queries";

const useStyles = makeStyles({ replace: { alignSelf: "flex-start" } });

interface Props {
  certificate: CertificateSeen | null | undefined;
  domains: string[];
  /** The first certificate is there. */
  onTaken: () => void;
}

export function CertificateStep({ certificate, domains, onTaken }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const may = useTenant().may("tenant:write");
  const [replacing, setReplacing] = useState(false);
  const name = `signet.${domains[0] ?? "contoso.com"}`;
  const taken = () => {
    setReplacing(false);
    if (!certificate) onTaken();
  };

  return (
    <>
      <Text>
        {t(
          "Many organisations hand mail to Microsoft 365, and it tells them apart by the name in the certificate that the sender shows. So yours has to be from a public authority, for a name that is an accepted domain of your organisation alone, such as {{name}}.",
          { name },
        )}
      </Text>
      {certificate && <CertificateFacts certificate={certificate} />}
      {certificate && may && !replacing && (
        <Button className={styles.replace} onClick={() => setReplacing(true)}>
          {t("Replace it")}
        </Button>
      )}
      {may && (!certificate || replacing) && (
        <CertificateForm onTaken={taken} onLeave={certificate ? () => setReplacing(false) : undefined} />
      )}
      {!may && !certificate && <Text>{t("An owner or an administrator of your team does this.")}</Text>}
    </>
  );
}
