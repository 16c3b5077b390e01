/**
 * What a signature was: its versions, what each changed in words, and the way back to any of them.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { tenantKey } from "../api/tenant";
import { Loading } from "../components/Loading";
import { SideDrawer } from "../components/SideDrawer";
import { HistoryVersion } from "./HistoryVersion";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  lead: { display: "block", color: tokens.colorNeutralForeground2, marginBottom: "12px" },
});

interface Props {
  signature: string;
  onClose: () => void;
  onRestored?: () => void;
}

export default function HistoryDrawer({ signature, onClose, onRestored }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const versions = useQuery({
    queryKey: [...tenantKey(tenant), "versions", signature],
    queryFn: () =>
      answer(
        api.GET("/api/v1/tenants/{tenant}/signatures/{signature}/versions", {
          params: { path: { tenant, signature } },
        }),
      ),
  });
  return (
    <SideDrawer title={t("History")} onClose={onClose}>
      <Text className={styles.lead}>
        {t("Every change is kept, the last hundred of them. Restoring one makes a new version; nothing is lost.")}
      </Text>
      {!versions.data && <Loading query={versions} />}
      <ul className={styles.list}>
        {versions.data?.versions.map((version, index) => (
          <HistoryVersion
            key={version.version}
            signature={signature}
            version={version}
            versions={versions.data.versions}
            newest={index === 0}
            onRestored={onRestored}
          />
        ))}
      </ul>
    </SideDrawer>
  );
}
