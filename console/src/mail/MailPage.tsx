/**
 * What became of each message: found by Message-ID, by the address of a sender or recipient, by time and by what came of
 * it. New ones appear by themselves.
 */
import { Button, makeStyles } from "@fluentui/react-components";
import { ArrowDownloadRegular, SearchRegular } from "@fluentui/react-icons";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { signaturesQuery, tenantKey } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { DecisionRow } from "./DecisionRow";
import { csvAddress, recordsQuery } from "./queries";
import { EVERYTHING, shortened, soughtBy } from "./search";
import { SearchFields } from "./SearchFields";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  more: { marginTop: "16px" },
});

const route = getRouteApi("/people/t/$tenant/shell/mail");

export default function MailPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const navigate = route.useNavigate();
  const wanted = route.useSearch();
  const client = useQueryClient();
  const [form, setForm] = useState({ ...EVERYTHING, ...wanted });
  const [sought, setSought] = useState(() => soughtBy(form, new Date()));
  const records = useInfiniteQuery(recordsQuery(tenant.id, sought));
  const signatures = useQuery({ ...signaturesQuery(tenant.id), enabled: tenant.may("signatures:read") });
  const names = new Map(signatures.data?.signatures.map(({ id, name }) => [id, name || id]));

  const search = () => {
    setSought(soughtBy(form, new Date()));
    void client.invalidateQueries({ queryKey: [...tenantKey(tenant.id), "records"] });
    void navigate({ search: shortened(form), replace: true });
  };
  const found = records.data?.pages.flatMap(({ decisions }) => decisions);
  return (
    <>
      <PageHeader
        title={t("Messages")}
        lead={t(
          "What was decided about each message, and why. No text of a message is kept, and addresses are sealed.",
        )}
        actions={
          <Button as="a" href={csvAddress(tenant.id, sought)} download icon={<ArrowDownloadRegular />}>
            {t("Export CSV")}
          </Button>
        }
      />
      <SearchFields
        form={form}
        onChange={setForm}
        onSearch={search}
        searching={records.isPending || records.isPlaceholderData}
        signatures={names}
      />
      {!found && <Loading query={records} />}
      {found?.length === 0 && (
        <EmptyState
          icon={<SearchRegular />}
          title={t("No message like that")}
          text={t(
            "Look for the whole address or Message-ID, and for a longer time. A message stands here some seconds after it came through.",
          )}
        />
      )}
      {found && (
        <ul className={styles.list}>
          {found.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} signatureNames={names} />
          ))}
        </ul>
      )}
      {records.hasNextPage && (
        <Button
          className={styles.more}
          disabledFocusable={records.isFetchingNextPage}
          onClick={() => void records.fetchNextPage()}
        >
          {records.isFetchingNextPage ? t("Searching …") : t("Show more")}
        </Button>
      )}
    </>
  );
}
