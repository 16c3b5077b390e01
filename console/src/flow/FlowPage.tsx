/**
 * Mail flow at a glance: how many messages, what came of them, how long they took; asked again while somebody looks.
 */
import { makeStyles, Tab, TabList } from "@fluentui/react-components";
import { DataTrendingRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { EmptyState } from "../components/EmptyState";
import { ButtonTo, LinkTo } from "../components/links";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { Cards } from "./Cards";
import { FlowCharts } from "./FlowCharts";
import { statisticsQuery } from "./queries";
import { RANGES, rangeInWords, type Range } from "./ranges";

const useStyles = makeStyles({
  ranges: { margin: "0 0 20px -8px", flexWrap: "wrap" },
  parts: { display: "flex", flexDirection: "column", gap: "24px" },
});

const route = getRouteApi("/people/t/$tenant/shell/flow");

export default function FlowPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { range = "day" } = route.useSearch();
  const navigate = route.useNavigate();
  const statistics = useQuery(statisticsQuery(tenant.id, range));
  const told = statistics.data;
  return (
    <>
      <PageHeader
        title={t("Mail flow")}
        lead={t("What came through, and what came of it. These numbers hold no address and outlive the records.")}
        actions={
          <LinkTo to="/t/$tenant/mail" params={{ tenant: tenant.id }}>
            {t("All messages")}
          </LinkTo>
        }
      />
      <TabList
        className={styles.ranges}
        selectedValue={range}
        onTabSelect={(_, { value }) => void navigate({ search: { range: value as Range }, replace: true })}
        aria-label={t("Time")}
      >
        {(Object.keys(RANGES) as Range[]).map((each) => (
          <Tab key={each} value={each}>
            {rangeInWords(each, t)}
          </Tab>
        ))}
      </TabList>
      {!told && <Loading query={statistics} />}
      {told && told.sum.messages === 0 && (
        <EmptyState
          icon={<DataTrendingRegular />}
          title={t("No message in this time")}
          text={t(
            "Choose a longer time. If none ever came, see whether Microsoft 365 sends its mail here: the connection page looks at every step of the way.",
          )}
        >
          {tenant.may("tenant:read") && (
            <ButtonTo to="/t/$tenant/connect" params={{ tenant: tenant.id }}>
              {t("Look at the connection")}
            </ButtonTo>
          )}
        </EmptyState>
      )}
      {told && told.sum.messages > 0 && (
        <div className={styles.parts}>
          <Cards sum={told.sum} before={told.before} />
          <FlowCharts statistics={told} range={range} />
        </div>
      )}
    </>
  );
}
