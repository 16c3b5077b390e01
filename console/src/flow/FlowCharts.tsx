/**
 * The charts of the dashboard, and what is most frequent.
 */
import { makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { signaturesQuery } from "../api/tenant";
import { Panel } from "../components/Panel";
import { reasonInWords } from "../mail/reasons";
import { Chart } from "./Chart";
import { latencyInWords } from "./latency";
import type { Statistics, Step } from "./queries";
import { daysOf, stepInWords, type Range } from "./ranges";
import { Shares } from "./Shares";
import { Sites } from "./Sites";

const useStyles = makeStyles({
  pair: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(400px, 100%), 1fr))",
    gap: "24px",
    alignItems: "start",
  },
});

export function FlowCharts({ statistics, range }: { statistics: Statistics; range: Range }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const known = useQuery({ ...signaturesQuery(tenant.id), enabled: tenant.may("signatures:read") });
  const names = new Map(known.data?.signatures.map(({ id, name }) => [id, name || id]));
  const { sum, steps, reasons, signatures, sites } = statistics;
  const days = daysOf(range);
  const charts = useMemo(() => {
    const at = steps.map(({ start }) => stepInWords(start, range, i18n.language));
    const of = (value: (step: Step) => number | null | undefined) => steps.map((step) => value(step) ?? null);
    const number = (value: number) => value.toLocaleString(i18n.language);
    const time = (value: number) => latencyInWords(value, i18n.language);
    return {
      outcome: {
        kind: "bar" as const,
        steps: at,
        told: number,
        description: t("Messages over time: signed, left as they came, repeated"),
        series: [
          { name: t("Signed"), values: of(({ signed }) => signed), colour: "signed" as const },
          { name: t("Left as they came"), values: of(({ left }) => left), colour: "left" as const },
          { name: t("Repeated"), values: of(({ repeated }) => repeated), colour: "quiet" as const },
        ],
      },
      trouble: {
        kind: "bar" as const,
        steps: at,
        told: number,
        description: t("Messages over time that were put off, refused, or whose sender was gone"),
        series: [
          { name: t("Put off"), values: of(({ deferred }) => deferred), colour: "left" as const },
          { name: t("Refused"), values: of(({ refused }) => refused), colour: "alarm" as const },
          { name: t("Sender gone"), values: of(({ lost }) => lost), colour: "quiet" as const },
        ],
      },
      latency: {
        kind: "line" as const,
        steps: at,
        told: time,
        description: t("How long messages took over time, from the sender’s first word to our answer, and our share of it"),
        series: [
          { name: t("Half within"), values: of(({ latency }) => latency?.p50), colour: "signed" as const },
          { name: t("95 of 100 within"), values: of(({ latency }) => latency?.p95), colour: "slow" as const },
          { name: t("Our share, 95 of 100"), values: of(({ own_work }) => own_work?.p95), colour: "quiet" as const },
        ],
      },
    };
  }, [steps, range, t, i18n.language]);
  return (
    <>
      <Panel title={t("What came of messages")}>
        <Chart drawn={charts.outcome} />
      </Panel>
      <div className={styles.pair}>
        {reasons.length > 0 && (
          <Panel title={t("Why messages were left")} lead={t("Choose a reason to see its messages.")}>
            <Shares
              whole={sum.left}
              shares={reasons.map(({ reason, messages }) => ({
                words: reasonInWords(reason, t),
                messages,
                search: { reason, days },
              }))}
            />
          </Panel>
        )}
        {signatures.length > 0 && (
          <Panel title={t("Signatures most used")} lead={t("Choose one to see its messages.")}>
            <Shares
              whole={sum.signed}
              shares={signatures.map(({ signature, messages }) => ({
                words: names.get(signature) ?? signature,
                messages,
                search: { signature, days },
              }))}
            />
          </Panel>
        )}
      </div>
      <div className={styles.pair}>
        <Panel title={t("How long messages took")}>
          <Chart drawn={charts.latency} />
        </Panel>
        <Panel
          title={t("Put off and refused")}
          lead={
            sum.deferred + sum.refused + sum.lost === 0 &&
            t("None: every message that came was taken. Where your server asks to wait, it stands here.")
          }
        >
          {sum.deferred + sum.refused + sum.lost > 0 && <Chart drawn={charts.trouble} />}
        </Panel>
      </div>
      <Panel title={t("Sites")} lead={t("Where messages were taken.")}>
        <Sites sites={sites} />
      </Panel>
    </>
  );
}
