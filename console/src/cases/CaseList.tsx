/**
 * All test cases with whether they pass now, tried again whenever one wants to know.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ArrowClockwiseRegular, TaskListSquareLtrRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { casesQuery } from "../api/cases";
import { useTenant } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { CaseRow } from "./CaseRow";

const useStyles = makeStyles({
  parts: { display: "flex", flexDirection: "column", gap: "16px" },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", justifyContent: "space-between", gap: "8px 16px" },
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function CaseList() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant, may } = useTenant();
  const query = useQuery(casesQuery(tenant));
  const signatures = useQuery(signaturesQuery(tenant)).data?.signatures;
  const names = new Map(signatures?.map(({ id, name }) => [id, name || id]));
  const cases = query.data;
  if (!cases) return <Loading query={query} />;
  if (cases.length === 0) {
    return (
      <EmptyState
        icon={<TaskListSquareLtrRegular />}
        title={t("No test cases yet")}
        text={
          may("signatures:write")
            ? t("Try a message, and save what it gets as a test case. It is tried again before anything is published.")
            : t("Whoever publishes signatures can keep messages here that are tried before anything is published.")
        }
      />
    );
  }
  const failing = cases.filter(({ passes }) => !passes).length;
  return (
    <div className={styles.parts}>
      <div className={styles.head}>
        <Text role="status" className={styles.quiet}>
          {failing === 0
            ? t("All of them pass, as the signatures are now.")
            : t("{{failing}} of {{all}} fail, as the signatures are now.", { failing, all: cases.length })}
        </Text>
        <Button
          icon={<ArrowClockwiseRegular />}
          disabledFocusable={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {query.isFetching ? t("Trying …") : t("Try all again")}
        </Button>
      </div>
      <ul className={styles.list}>
        {cases.map((one) => (
          <CaseRow key={one.id} tried={one} names={names} />
        ))}
      </ul>
    </div>
  );
}
