/**
 * The people and groups whose facts fill the signatures, and where they come from.
 */
import { makeStyles, Tab, TabList } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { PageHeader } from "../components/PageHeader";
import { CsvImport } from "./CsvImport";
import { GroupsTab } from "./GroupsTab";
import { PeopleTab } from "./PeopleTab";
import { Source } from "./Source";

type View = "people" | "groups" | "csv";

const useStyles = makeStyles({ tabs: { margin: "24px 0 16px -8px" } });

export default function DirectoryPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [view, setView] = useState<View>("people");
  return (
    <>
      <PageHeader
        title={t("Directory")}
        lead={t("The people who write, with the facts that their signatures show. Signet only reads them.")}
      />
      {tenant.may("tenant:read") && <Source />}
      <TabList
        className={styles.tabs}
        selectedValue={view}
        onTabSelect={(_, { value }) => setView(value as View)}
        aria-label={t("Parts of the directory")}
      >
        <Tab value="people">{t("People")}</Tab>
        <Tab value="groups">{t("Groups")}</Tab>
        {tenant.may("people:write") && <Tab value="csv">{t("CSV file")}</Tab>}
      </TabList>
      {view === "people" && <PeopleTab />}
      {view === "groups" && <GroupsTab />}
      {view === "csv" && <CsvImport />}
    </>
  );
}
