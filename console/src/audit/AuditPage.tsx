/**
 * Who changed what, the newest first.
 */
import { Button, makeStyles } from "@fluentui/react-components";
import { HistoryRegular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { ActRow } from "./ActRow";

const PAGE = 50;

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  more: { marginTop: "16px" },
});

export default function AuditPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const pages = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), "audit"],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/audit", {
          params: { path: { tenant }, query: { after: pageParam, limit: PAGE } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const acts = pages.data?.pages.flatMap((page) => page.acts) ?? [];
  return (
    <>
      <PageHeader
        title={t("Audit log")}
        lead={t("Every change of your organisation: who, when, and from what to what.")}
      />
      {!pages.data && <Loading query={pages} />}
      {pages.data && acts.length === 0 && (
        <EmptyState
          icon={<HistoryRegular />}
          title={t("Nothing was changed yet")}
          text={t("As soon as somebody changes something it stands here, and stays.")}
        />
      )}
      <ul className={styles.list}>
        {acts.map((act) => (
          <ActRow key={act.id} act={act} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <Button
          className={styles.more}
          disabledFocusable={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {pages.isFetchingNextPage ? t("Searching …") : t("Show more")}
        </Button>
      )}
    </>
  );
}
