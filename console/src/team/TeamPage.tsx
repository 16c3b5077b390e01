/**
 * Who looks after the organisation with which role, who was invited, and which scripts may act for it, and how everybody signs in.
 */
import { Button, makeStyles, Tab, TabList } from "@fluentui/react-components";
import { KeyRegular, PersonAddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { offerQuery } from "../account/microsoft/useMicrosoft";
import { useTenant } from "../api/session";
import { PageHeader } from "../components/PageHeader";
import { InviteDialog } from "./InviteDialog";
import { MembersTab } from "./MembersTab";
import { NewTokenDialog } from "./NewTokenDialog";
import { SignInTab } from "./SignInTab";
import { TokensTab } from "./TokensTab";

type View = "members" | "tokens" | "sign-in";

const useStyles = makeStyles({ tabs: { margin: "0 0 16px -8px" } });

export default function TeamPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const offer = useQuery(offerQuery);
  const [view, setView] = useState<View>("members");
  const [making, setMaking] = useState<View | null>(null);
  const close = () => setMaking(null);
  return (
    <>
      <PageHeader
        title={t("Team")}
        lead={t("Who looks after your signatures, and what each may do.")}
        actions={
          tenant.may("team:write") &&
          view !== "sign-in" && (
            <Button
              appearance="primary"
              icon={view === "members" ? <PersonAddRegular /> : <KeyRegular />}
              onClick={() => setMaking(view)}
            >
              {view === "members" ? t("Invite") : t("Make a token")}
            </Button>
          )
        }
      />
      <TabList
        className={styles.tabs}
        selectedValue={view}
        onTabSelect={(_, { value }) => setView(value as View)}
        aria-label={t("Parts of the team")}
      >
        <Tab value="members">{t("Members")}</Tab>
        <Tab value="tokens">{t("API tokens")}</Tab>
        {offer.data?.microsoft && <Tab value="sign-in">{t("Sign-in")}</Tab>}
      </TabList>
      {view === "members" && <MembersTab />}
      {view === "tokens" && <TokensTab onMake={() => setMaking("tokens")} />}
      {view === "sign-in" && <SignInTab />}
      {making === "members" && <InviteDialog onClose={close} />}
      {making === "tokens" && <NewTokenDialog onClose={close} />}
    </>
  );
}
