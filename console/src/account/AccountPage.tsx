/**
 * A person's own account: who they are, how they sign in, where they are signed in, and leaving.
 */
import { Button, makeStyles, Title2, tokens } from "@fluentui/react-components";
import { ArrowLeftRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useSession } from "../api/session";
import { Loading } from "../components/Loading";
import { Wordmark } from "../components/Wordmark";
import { AccountMenu } from "../shell/AccountMenu";
import { SkipLink } from "../shell/SkipLink";
import { Authenticator } from "./own/Authenticator";
import { ChangePassword } from "./own/ChangePassword";
import { Devices } from "./own/Devices";
import { Leaving } from "./own/Leaving";
import { Microsoft } from "./own/Microsoft";
import { Profile } from "./own/Profile";
import { Sessions } from "./own/Sessions";

const useStyles = makeStyles({
  page: { minHeight: "100vh", backgroundColor: tokens.colorNeutralBackground2 },
  top: { display: "flex", alignItems: "center", justifyContent: "space-between", height: "56px", padding: "0 20px" },
  main: {
    maxWidth: "720px",
    margin: "0 auto",
    padding: "16px 20px 64px",
    display: "flex",
    flexDirection: "column",
    gap: "24px",
    outlineStyle: "none",
  },
  back: { alignSelf: "flex-start", marginLeft: "-12px" },
});

export default function AccountPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const { tenants } = useSession();
  const account = useQuery({ queryKey: ["account"], queryFn: () => answer(api.GET("/api/v1/account")) });
  useEffect(() => {
    document.title = `${t("Your account")} · Signet`;
  }, [t]);
  return (
    <div className={styles.page}>
      <SkipLink />
      <header className={styles.top}>
        <Wordmark />
        <AccountMenu />
      </header>
      <main id="page" tabIndex={-1} className={styles.main}>
        {tenants.length > 0 && (
          <Button
            appearance="subtle"
            className={styles.back}
            icon={<ArrowLeftRegular />}
            onClick={() => void router.navigate({ to: "/" })}
          >
            {t("Back to your organisation")}
          </Button>
        )}
        <Title2 as="h1">{t("Your account")}</Title2>
        {!account.data && <Loading query={account} />}
        {account.data && (
          <>
            <Profile account={account.data} />
            <ChangePassword account={account.data} />
            <Microsoft account={account.data} />
            <Authenticator inUse={account.data.totp} codesLeft={account.data.recovery_codes_left} />
            <Devices />
            <Sessions />
            <Leaving />
          </>
        )}
      </main>
    </div>
  );
}
