/**
 * The first page of a tenant: what is left to set up; afterwards how things stand.
 */
import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSession, useTenant } from "../api/session";
import { decisionsQuery, foldersQuery, modeQuery, peopleQuery, signaturesQuery } from "../api/tenant";
import { connectionQuery } from "../connect/queries";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { RecentMessages } from "./RecentMessages";
import { SetUp } from "./SetUp";
import { Standing } from "./Standing";
import { stepsOf } from "./steps";

const RECENT = 20;

const useStyles = makeStyles({ parts: { display: "flex", flexDirection: "column", gap: "24px" } });

export default function HomePage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { account } = useSession();
  const may = {
    tenant: tenant.may("tenant:read"),
    decisions: tenant.may("decisions:read"),
    people: tenant.may("people:read"),
    signatures: tenant.may("signatures:read"),
  };
  const decisions = useQuery({
    ...decisionsQuery(tenant.id, {}, RECENT),
    enabled: may.decisions,
    refetchInterval: 30_000,
  });
  const people = useQuery({ ...peopleQuery(tenant.id, "", 1), enabled: may.people });
  const signatures = useQuery({ ...signaturesQuery(tenant.id), enabled: may.signatures });
  const folders = useQuery({ ...foldersQuery(tenant.id), enabled: may.signatures });
  const mode = useQuery({ ...modeQuery(tenant.id), enabled: may.tenant });

  const connection = useQuery({ ...connectionQuery(tenant.id), enabled: may.tenant });

  const queries = [decisions, people, signatures, folders, mode, connection].filter(
    ({ fetchStatus, data }) => data || fetchStatus !== "idle",
  );
  const waiting = queries.find(({ data }) => data === undefined);
  const steps =
    signatures.data && folders.data && mode.data
      ? stepsOf({
          decisions: decisions.data?.decisions ?? null,
          mailCame: Boolean(connection.data?.last_mail),
          someone: Boolean(people.data?.people.length),
          signatures: signatures.data.signatures,
          folders: folders.data.folders,
          mode: mode.data.value,
        })
      : [];
  const ready = steps.every(({ done }) => done);
  return (
    <>
      <PageHeader
        title={t("Good to see you, {{name}}", { name: account.first_name })}
        name={t("Home")}
        lead={ready ? t("This is how your signatures stand.") : t("A few steps, and your mail is signed.")}
      />
      {waiting ? (
        <Loading query={waiting} />
      ) : (
        <div className={styles.parts}>
          {!ready && <SetUp steps={steps} />}
          <Standing signatures={signatures.data?.signatures} mode={mode.data?.value} />
          {decisions.data && <RecentMessages decisions={decisions.data.decisions} />}
        </div>
      )}
    </>
  );
}
