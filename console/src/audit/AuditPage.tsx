/**
 * Who changed what, the newest first; filtered, exported, and proven to be as it was written.
 */
import {
  Button,
  makeStyles,
  Menu,
  MenuButton,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { ArrowDownloadRegular, HistoryRegular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { useDebounced } from "../components/useDebounced";
import { ActRow } from "./ActRow";
import { AuditFilters } from "./AuditFilters";
import { AuditProof } from "./AuditProof";
import { ALL_ACTS, soughtActs } from "./filter";
import { actsQuery, exportAddress } from "./queries";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "8px" },
  more: { marginTop: "16px" },
});

export default function AuditPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const [filter, setFilter] = useState(ALL_ACTS);
  const settled = useDebounced(filter, 300);
  const sought = useMemo(() => soughtActs(settled, new Date()), [settled]);
  const pages = useInfiniteQuery(actsQuery(tenant, sought));
  const acts = pages.data?.pages.flatMap((page) => page.acts) ?? [];
  const filtered = Object.keys(sought).length > 0;
  return (
    <>
      <PageHeader
        title={t("Audit log")}
        lead={t("Every change of your organisation: who, when, from where, and from what to what.")}
        actions={
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <MenuButton icon={<ArrowDownloadRegular />}>{t("Export")}</MenuButton>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItemLink href={exportAddress(tenant, "csv", sought)} download>
                  {t("CSV, for a spreadsheet")}
                </MenuItemLink>
                <MenuItemLink href={exportAddress(tenant, "jsonl", sought)} download>
                  {t("JSON lines, for a log server")}
                </MenuItemLink>
              </MenuList>
            </MenuPopover>
          </Menu>
        }
      />
      <AuditProof />
      <AuditFilters filter={filter} onChange={setFilter} />
      {!pages.data && <Loading query={pages} />}
      {pages.data && acts.length === 0 && (
        <EmptyState
          icon={<HistoryRegular />}
          title={filtered ? t("Nothing like that was done") : t("Nothing was changed yet")}
          text={
            filtered
              ? t("Look for a longer time, or for anything that anybody did.")
              : t("As soon as somebody changes something it stands here, and stays.")
          }
        >
          {filtered && <Button onClick={() => setFilter(ALL_ACTS)}>{t("Show everything")}</Button>}
        </EmptyState>
      )}
      <ul className={styles.list}>
        {acts.map((act) => (
          <ActRow key={act.id} act={act} onAuthor={(author) => setFilter({ ...filter, author })} />
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
