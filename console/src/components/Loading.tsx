/**
 * The outline of a list that is still on its way, and what to do when it does not come.
 */
import { Button, makeStyles, Skeleton, SkeletonItem, tokens } from "@fluentui/react-components";
import type { UseQueryResult } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "./ProblemNotice";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", gap: "8px" },
  row: { height: "72px", borderRadius: tokens.borderRadiusLarge },
});

interface Props {
  query: Pick<UseQueryResult, "error" | "refetch">;
  rows?: number;
}

export function Loading({ query, rows = 4 }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (query.error) {
    return (
      <ProblemNotice
        error={query.error}
        actions={<Button onClick={() => void query.refetch()}>{t("Try again")}</Button>}
      />
    );
  }
  return (
    <Skeleton aria-label={t("Loading")} className={styles.rows}>
      {Array.from({ length: rows }, (_, row) => (
        <SkeletonItem key={row} className={styles.row} />
      ))}
    </Skeleton>
  );
}
