/**
 * The groups of the directory and who belongs to them.
 */
import { Button, makeStyles, SearchBox } from "@fluentui/react-components";
import { PeopleTeamRegular } from "@fluentui/react-icons";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey, type GroupSummary } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { Rows } from "../components/Rows";
import { useDebounced } from "../components/useDebounced";
import { GroupDrawer } from "./GroupDrawer";

const PAGE = 50;

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "16px" },
  search: { maxWidth: "420px", width: "100%" },
  more: { alignSelf: "flex-start" },
});

export function GroupsTab() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<GroupSummary | null>(null);
  const typed = useDebounced(search.trim(), 300);
  const pages = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), "groups-pages", typed],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/groups", {
          params: { path: { tenant }, query: { search: typed || undefined, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const groups = pages.data?.pages.flatMap((page) => page.groups) ?? [];
  return (
    <div className={styles.part}>
      <SearchBox
        className={styles.search}
        aria-label={t("Search groups")}
        placeholder={t("Name of a group")}
        value={search}
        onChange={(_, { value }) => setSearch(value)}
      />
      {!pages.data && <Loading query={pages} />}
      {pages.data && groups.length === 0 && !pages.hasNextPage && (
        <EmptyState
          icon={<PeopleTeamRegular />}
          title={typed ? t("No group like that") : t("No groups yet")}
          text={t("Groups come with the directory. Signatures can be for the people of some groups.")}
        />
      )}
      <Rows
        rows={groups.map((group) => ({ id: group.id, name: group.name || group.id }))}
        onOpen={(id) => setOpened(groups.find((group) => group.id === id) ?? null)}
      />
      {pages.hasNextPage && (
        <Button
          className={styles.more}
          disabledFocusable={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {pages.isFetchingNextPage ? t("Searching …") : t("Show more")}
        </Button>
      )}
      {opened && <GroupDrawer group={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}
