/**
 * The domains whose mail is signed: those that are proven, those that the organisation has at Microsoft, and proving
 * one by a record in DNS.
 */
import { useTranslation } from "react-i18next";
import { Text } from "@fluentui/react-components";
import { useTenant } from "../api/session";
import { NewDomain } from "./NewDomain";
import { OrganisationDomains } from "./OrganisationDomains";
import type { ConnectionNow } from "./queries";
import { TakenDomains } from "./TakenDomains";

interface Props {
  connection: ConnectionNow;
  /** The first domain is proven. */
  onProven: () => void;
}

export function DomainStep({ connection, onProven }: Props) {
  const { t } = useTranslation();
  const may = useTenant().may("tenant:write");
  const first = connection.domains.length === 0;
  return (
    <>
      {first && (
        <Text>
          {t(
            "Signet signs mail of your own domains alone, so show that you look after one. Its name also tells Signet which organisation at Microsoft 365 is yours, and where mail goes back to.",
          )}
        </Text>
      )}
      {!first && <TakenDomains domains={connection.domains} />}
      {!first && may && connection.consented && <OrganisationDomains />}
      {may && <NewDomain first={first} onProven={first ? onProven : () => undefined} />}
      {!may && first && <Text>{t("An owner or an administrator of your team does this.")}</Text>}
    </>
  );
}
