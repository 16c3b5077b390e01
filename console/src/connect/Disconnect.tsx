/**
 * Leaving, in the order that loses no mail: first nothing is signed any more, then the script stops the routing, waits
 * for what is on its way, and takes the rest away.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle20Filled, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { modeQuery } from "../api/tenant";
import { LinkTo } from "../components/links";
import { Loading } from "../components/Loading";
import { Panel } from "../components/Panel";
import { wordOf } from "../mode/modes";
import { ModeSwitch } from "../mode/ModeSwitch";
import { removalQuery } from "./queries";
import { ScriptBox } from "./ScriptBox";

const useStyles = makeStyles({
  steps: { margin: 0, paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "20px" },
  step: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: "12px" },
  mode: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "12px" },
  done: { color: tokens.colorStatusSuccessForeground1, display: "inline-flex" },
});

export function Disconnect() {
  const { t } = useTranslation();
  const [leaving, setLeaving] = useState(false);
  return (
    <Panel
      title={t("Disconnect")}
      lead={t("Take the connectors and rules out of Exchange Online again. Your mail then goes the way it went before.")}
      actions={
        <Button icon={<PlugDisconnectedRegular />} aria-expanded={leaving} onClick={() => setLeaving(!leaving)}>
          {leaving ? t("Stay connected") : t("Disconnect …")}
        </Button>
      }
    >
      {leaving && <Way />}
    </Panel>
  );
}

function Way() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const mode = useQuery(modeQuery(tenant.id));
  const removal = useQuery(removalQuery(tenant.id));
  const bypassed = mode.data && wordOf(mode.data.value.mode) === "bypass";
  return (
    <ol className={styles.steps}>
      <li>
        <div className={styles.step}>
          <Text>{t("Set the mode to bypass: messages go through unsigned from then on, and none is held up.")}</Text>
          <div className={styles.mode}>
            <ModeSwitch />
            {bypassed && (
              <span className={styles.done}>
                <CheckmarkCircle20Filled aria-label={t("Done")} role="img" />
              </span>
            )}
          </div>
        </div>
      </li>
      <li>
        <div className={styles.step}>
          <Text>
            {t(
              "Run this script. It stops the routing first and asks you to wait until no message is on its way; then it removes the other rules and the connectors.",
            )}
          </Text>
          {removal.data ? <ScriptBox script={removal.data} /> : <Loading query={removal} rows={1} />}
        </div>
      </li>
      <li>
        <Text>
          {t("Leave everything here as it is for some days: what still comes is passed on, unsigned. To leave for good:")}{" "}
          <LinkTo to="/t/$tenant/settings" params={{ tenant: tenant.id }}>
            {t("Settings")}
          </LinkTo>
        </Text>
      </li>
    </ol>
  );
}
