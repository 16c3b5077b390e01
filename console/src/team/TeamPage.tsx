/**
 * Who looks after the organisation with which role, who was invited, and which scripts may act for it.
 */
import { Button, makeStyles, Tab, TabList } from "@fluentui/react-components";
import { KeyRegular, PersonAddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { PageHeader } from "../components/PageHeader";
import { InviteDialog } from "./InviteDialog";
import { MembersTab } from "./MembersTab";
import { NewTokenDialog } from "./NewTokenDialog";
import { TokensTab } from "./TokensTab";

type View = "members" | "tokens";

const useStyles = makeStyles({ tabs: { margin: "0 0 16px -8px" } });

export default function TeamPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [view, setView] = useState<View>("members");
  const [making, setMaking] = useState<View | null>(null);
  const close = () => setMaking(null);
  return (
    <>
      <PageHeader
        title={t("Team")}
        lead={t("Who looks after your signatures, and what each may do.")}
        actions={
          tenant.may("team:write") && (
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
      </TabList>
      {view === "members" ? <MembersTab /> : <TokensTab onMake={() => setMaking("tokens")} />}
      {making === "members" && <InviteDialog onClose={close} />}
      {making === "tokens" && <NewTokenDialog onClose={close} />}
    </>
  );
}
