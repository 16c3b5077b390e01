/**
 * The tester's answer: what becomes of the message as a whole, then each recipient.
 */
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { BeakerRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { SaveCase } from "../cases/SaveCase";
import { EmptyState } from "../components/EmptyState";
import { reasonInWords } from "../mail/reasons";
import { explanationsOf, type Answered } from "./explanation";
import { RecipientResult } from "./RecipientResult";

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "16px" } });

export function Result({ answered }: { answered: Answered | undefined }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const { data } = useQuery(signaturesQuery(tenant));
  const names = new Map(data?.signatures.map(({ id, name }) => [id, name || id]));
  if (!answered) {
    return (
      <EmptyState
        icon={<BeakerRegular />}
        title={t("Try it before anybody else does")}
        text={t(
          "Say who writes to whom. You see which signature each recipient gets, how it looks, and what every rule said to it.",
        )}
      />
    );
  }
  const got = new Intl.ListFormat(i18n.language).format(answered.signatures.map((id) => names.get(id) ?? id));
  return (
    <div className={styles.parts} role="status">
      {answered.left ? (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("It goes out as it came")}</MessageBarTitle>
            {reasonInWords(answered.left, t)}
          </MessageBarBody>
        </MessageBar>
      ) : (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("It is signed")}</MessageBarTitle>
            {answered.recipients_differ
              ? t("Not all recipients get the same: each kind gets its own copy. In use: {{got}}.", { got })
              : got}
          </MessageBarBody>
        </MessageBar>
      )}
      <div>
        <SaveCase answered={answered} />
      </div>
      {explanationsOf(answered).map((explanation) => (
        <RecipientResult key={explanation.recipient} explanation={explanation} names={names} />
      ))}
    </div>
  );
}
