/**
 * The members of a group, page by page.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useNames } from "../api/names";
import { useTenant } from "../api/session";
import { tenantKey, type GroupSummary } from "../api/tenant";
import { Loading } from "../components/Loading";
import { SideDrawer } from "../components/SideDrawer";

const PAGE = 25;

const useStyles = makeStyles({
  list: { margin: "0 0 16px", padding: 0, listStyleType: "none" },
  line: { padding: "8px 0", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function GroupDrawer({ group, onClose }: { group: GroupSummary; onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const pages = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), "members", group.id],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/groups/{group}/members", {
          params: { path: { tenant, group: group.id }, query: { after: pageParam, limit: PAGE } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const people = pages.data?.pages.flatMap((page) => page.people) ?? [];
  const groups = pages.data?.pages.flatMap((page) => page.groups ?? []) ?? [];
  const names = useNames(tenant, people, groups);
  return (
    <SideDrawer title={group.name || group.id} onClose={onClose}>
      {!pages.data && <Loading query={pages} />}
      <ul className={styles.list}>
        {groups.map((id) => (
          <li key={id} className={styles.line}>
            {t("Everybody in {{group}}", { group: names.group(id) })}
          </li>
        ))}
        {people.map((id) => (
          <li key={id} className={styles.line}>
            {names.person(id)}
          </li>
        ))}
      </ul>
      {pages.data && people.length + groups.length === 0 && (
        <Text className={styles.quiet}>{t("Nobody is in this group.")}</Text>
      )}
      {pages.hasNextPage && (
        <Button disabledFocusable={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("Show more")}
        </Button>
      )}
    </SideDrawer>
  );
}
