/**
 * A Microsoft account that opens no account yet: a new one can be made, or the one there is be linked with it.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { ButtonTo } from "../../components/links";
import { AccountFrame } from "../AccountFrame";
import type { Person } from "./kept";

const useStyles = makeStyles({
  ways: { display: "flex", flexDirection: "column", gap: "12px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function UnlinkedStep({ person }: { person: Person }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <AccountFrame
      title={t("This Microsoft account is new here")}
      lead={t("{{email}} is not linked with an account of Signet yet.", { email: person.email })}
    >
      <div className={styles.ways}>
        <ButtonTo appearance="primary" size="large" to="/sign-up">
          {t("Create an account with it")}
        </ButtonTo>
        <ButtonTo size="large" to="/sign-in">
          {t("I have an account already")}
        </ButtonTo>
        <Text className={styles.quiet}>
          {t("Sign in with your password, then link your Microsoft account under “Your account”. From then on it signs you in.")}
        </Text>
      </div>
    </AccountFrame>
  );
}
