/**
 * The people of the directory, found by name, address or any fact.
 */
import { Button, makeStyles, SearchBox } from "@fluentui/react-components";
import { PeopleRegular } from "@fluentui/react-icons";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { nameOfPerson } from "../api/names";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { Loading } from "../components/Loading";
import { Rows } from "../components/Rows";
import { useDebounced } from "../components/useDebounced";
import { shownOf } from "./facts";
import { PersonDrawer } from "./PersonDrawer";

const PAGE = 50;

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "16px" },
  search: { maxWidth: "420px", width: "100%" },
  more: { alignSelf: "flex-start" },
});

export function PeopleTab() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<string | null>(null);
  const typed = useDebounced(search.trim(), 300);
  const pages = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), "people-pages", typed],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/people", {
          params: { path: { tenant }, query: { search: typed || undefined, after: pageParam, limit: PAGE } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const people = pages.data?.pages.flatMap((page) => page.people) ?? [];
  return (
    <div className={styles.part}>
      <SearchBox
        className={styles.search}
        aria-label={t("Search people")}
        placeholder={t("Name, address, department …")}
        value={search}
        onChange={(_, { value }) => setSearch(value)}
      />
      {!pages.data && <Loading query={pages} />}
      {pages.data && people.length === 0 && !pages.hasNextPage && (
        <EmptyState
          icon={<PeopleRegular />}
          title={typed ? t("Nobody like that") : t("Nobody yet")}
          text={
            typed
              ? t("Try a part of the name, of the address, or of the department.")
              : t(
                  "Let Signet read Microsoft Entra, or import a CSV file. Then everybody stands here with what signatures show of them.",
                )
          }
        />
      )}
      <Rows
        rows={people.map((person) => ({
          id: person.id,
          name: nameOfPerson(person),
          more: [shownOf(person, "jobTitle"), shownOf(person, "department"), person.addresses[0]]
            .filter(Boolean)
            .join(" · "),
          mark: Object.keys(person.overrides ?? {}).length > 0 ? t("Put right by hand") : undefined,
        }))}
        onOpen={setOpened}
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
      {opened && <PersonDrawer person={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}
