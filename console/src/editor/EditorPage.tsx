/**
 * The editor of one signature: what it looks like, and who gets it.
 */
import { Button, makeStyles, Spinner } from "@fluentui/react-components";
import { DocumentDismissRegular } from "@fluentui/react-icons";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { summaryQuery, tenantKey } from "../api/tenant";
import { brandQuery, NO_BRAND } from "../brand/queries";
import { EmptyState } from "../components/EmptyState";
import { ProblemNotice } from "../components/ProblemNotice";
import { Editor } from "./page/Editor";
import { openSignature } from "./page/openSignature";

const useStyles = makeStyles({
  waiting: { height: "100dvh", display: "grid", placeItems: "center", padding: "24px", boxSizing: "border-box" },
});

/** Read anew whenever the editor opens: a draft begins from what is published now. */
const signatureQuery = (tenant: string, signature: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "signature-to-edit", signature],
    queryFn: () => openSignature(tenant, signature),
    gcTime: 0,
    refetchOnWindowFocus: false,
  });

export default function EditorPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const { signature = "" } = useParams({ strict: false });
  const loaded = useQuery(signatureQuery(tenant, signature));
  const summary = useQuery(summaryQuery(tenant));
  // Without it one draws as well.
  const brand = useQuery(brandQuery(tenant));

  if (loaded.data === null) return <Gone />;
  const error = loaded.error ?? summary.error;
  if (error) {
    return (
      <div className={styles.waiting}>
        <ProblemNotice
          error={error}
          title={t("The signature cannot be opened")}
          actions={
            <Button onClick={() => void Promise.all([loaded.refetch(), summary.refetch()])}>{t("Try again")}</Button>
          }
        />
      </div>
    );
  }
  if (!loaded.data || !summary.data || brand.isPending) {
    return (
      <div className={styles.waiting}>
        <Spinner label={t("Opening the signature")} />
      </div>
    );
  }
  const site = `https://www.${summary.data.domains[0]}/`;
  return <Editor key={signature} site={site} brand={brand.data?.value ?? NO_BRAND} opened={loaded.data} />;
}

function Gone() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const { id: tenant } = useTenant();
  return (
    <div className={styles.waiting}>
      <EmptyState
        icon={<DocumentDismissRegular />}
        title={t("This signature is not there any more")}
        text={t("Somebody has removed it. It can be restored from the list of signatures.")}
      >
        <Button
          appearance="primary"
          onClick={() => void router.navigate({ to: "/t/$tenant/signatures", params: { tenant } })}
        >
          {t("To all signatures")}
        </Button>
      </EmptyState>
    </div>
  );
}
