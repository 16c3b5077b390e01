/**
 * A version beside the one before it, or any other: drawn for a person, and what differs in words.
 */
import { Field, makeStyles, Select } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { CompareDialog } from "../compare/CompareDialog";
import { Comparison } from "../compare/Comparison";
import { Loading } from "../components/Loading";

const useStyles = makeStyles({ against: { maxWidth: "320px" } });

interface Props {
  signature: string;
  version: number;
  /** The newest first. */
  versions: Schemas["VersionSummary"][];
  onClose: () => void;
}

export default function CompareVersions({ signature, version, versions, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const others = versions.filter((one) => one.version !== version);
  const [against, setAgainst] = useState(
    others.find((one) => one.version < version)?.version ?? others[0]?.version ?? null,
  );
  // Of two the older one stands before.
  const [older, newer] = against === null ? [null, version] : [Math.min(against, version), Math.max(against, version)];
  const old = useVersion(tenant, signature, older);
  const now = useVersion(tenant, signature, newer);
  const differences = useQuery({
    queryKey: [...tenantKey(tenant), "differences", signature, newer, older],
    enabled: older !== null,
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/versions/{version}/differences", {
          params: { path: { tenant, signature, version: String(newer) }, query: { from: older ?? undefined } },
        }),
      ),
    staleTime: Infinity,
  });
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const titleOf = (number: number | null) => {
    const one = versions.find((each) => each.version === number);
    return one
      ? t("Version {{version}}, {{time}}", { version: one.version, time: time.format(new Date(one.time)) })
      : t("Before it was made");
  };
  const isReady = now.data !== undefined && (older === null || old.data !== undefined);
  return (
    <CompareDialog title={titleOf(version)} onClose={onClose}>
      {others.length > 0 && (
        <Field className={styles.against} label={t("Beside it")}>
          <Select value={String(against)} onChange={(_, { value }) => setAgainst(Number(value))}>
            {others.map((one) => (
              <option key={one.version} value={one.version}>
                {titleOf(one.version)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {!isReady && <Loading query={now.error ? now : old} />}
      {isReady && (
        <Comparison
          before={{ title: titleOf(older), entry: old.data ?? null }}
          after={{ title: titleOf(newer), entry: now.data ?? null }}
          differences={differences.data?.differences}
        />
      )}
    </CompareDialog>
  );
}

/** Null: it was removed then. */
function useVersion(tenant: string, signature: string, version: number | null) {
  return useQuery({
    queryKey: [...tenantKey(tenant), "version", signature, version],
    enabled: version !== null,
    queryFn: async () => {
      const whole = await answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/versions/{version}", {
          params: { path: { tenant, signature, version: String(version) } },
        }),
      );
      return whole.signature ?? null;
    },
    staleTime: Infinity,
  });
}
