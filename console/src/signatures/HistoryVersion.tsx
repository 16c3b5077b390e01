/**
 * One version in the history: when, by whom, what changed, and a button to go back to it.
 */
import { Badge, Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular, EyeRegular } from "@fluentui/react-icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { useTenant } from "../api/session";
import { signaturesQuery, tenantKey } from "../api/tenant";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import { restore } from "./changes";

const CompareVersions = lazy(() => import("./CompareVersions"));

const useStyles = makeStyles({
  version: { padding: "14px 0", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "8px" },
  when: { display: "flex", flexDirection: "column", marginRight: "auto" },
  quiet: { color: tokens.colorNeutralForeground2 },
  differences: { margin: "8px 0 0", paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "6px" },
  toggle: { marginLeft: "-8px", marginRight: "12px", marginTop: "4px" },
});

interface Props {
  signature: string;
  version: Schemas["VersionSummary"];
  /** All that are kept, the newest first. */
  versions: Schemas["VersionSummary"][];
  newest: boolean;
  onRestored?: () => void;
}

export function HistoryVersion({ signature, version, versions, newest, onRestored }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const [open, setOpen] = useState(newest);
  const [comparing, setComparing] = useState(false);

  const goBack = useTenantChange(
    async () => {
      const { revision } = await cache.ensureQueryData(signaturesQuery(tenant.id));
      return restore({ tenant: tenant.id, revision }, signature, version.version);
    },
    () => {
      toast({ title: t("Version {{version}} is restored", { version: version.version }) });
      onRestored?.();
    },
  );
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  return (
    <li className={styles.version}>
      <div className={styles.head}>
        <span className={styles.when}>
          <Text weight="semibold">{when.format(new Date(version.time))}</Text>
          <Text size={200} className={styles.quiet}>
            {t("Version {{version}}, by {{author}}", version)}
          </Text>
        </span>
        {version.removed && (
          <Badge appearance="tint" color="danger">
            {t("Deleted")}
          </Badge>
        )}
        {newest && !version.removed && (
          <Badge appearance="tint" color="success">
            {t("Now")}
          </Badge>
        )}
        {!newest && !version.removed && tenant.may("signatures:write") && (
          <Button size="small" disabledFocusable={goBack.isPending} onClick={() => goBack.mutate()}>
            {t("Restore")}
          </Button>
        )}
      </div>
      <Button
        className={styles.toggle}
        size="small"
        appearance="subtle"
        icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t("What changed")}
      </Button>
      <Button
        className={styles.toggle}
        size="small"
        appearance="subtle"
        icon={<EyeRegular />}
        onClick={() => setComparing(true)}
      >
        {t("Look at it")}
      </Button>
      {open && <Differences signature={signature} version={version.version} />}
      {comparing && (
        <Suspense>
          <CompareVersions
            signature={signature}
            version={version.version}
            versions={versions}
            onClose={() => setComparing(false)}
          />
        </Suspense>
      )}
    </li>
  );
}

function Differences({ signature, version }: { signature: string; version: number }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const { data, error } = useQuery({
    queryKey: [...tenantKey(tenant), "differences", signature, version],
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/versions/{version}/differences", {
          params: { path: { tenant, signature, version: String(version) } },
        }),
      ),
    staleTime: Infinity,
  });
  if (error)
    return (
      <Text block className={styles.quiet}>
        {error.message}
      </Text>
    );
  if (!data)
    return (
      <Text block className={styles.quiet}>
        {t("Just a moment …")}
      </Text>
    );
  if (data.from == null)
    return (
      <Text block className={styles.quiet}>
        {t("It was made.")}
      </Text>
    );
  return (
    <ul className={styles.differences}>
      {data.differences.map(({ place, sentence }) => (
        <li key={place + sentence}>{sentence}</li>
      ))}
      {data.differences.length === 0 && <li>{t("Nothing differs from the version before.")}</li>}
    </ul>
  );
}
