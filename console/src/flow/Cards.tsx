/**
 * The numbers of the time in sight, each with its change against the time before.
 */
import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { changeOf, shareOf } from "./change";
import { latencyInWords } from "./latency";
import type { Figures } from "./queries";

const useStyles = makeStyles({
  cards: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(150px, 100%), 1fr))",
    gap: "16px",
    margin: 0,
  },
  card: {
    padding: "16px 20px",
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  number: { margin: 0, fontVariantNumeric: "tabular-nums" },
});

export function Cards({ sum, before }: { sum: Figures; before: Figures }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const number = (value: number) => value.toLocaleString(i18n.language);
  const share = (part: number) => shareOf(part, sum.messages, i18n.language);
  const cards: { label: string; value: string; note: string }[] = [
    { label: t("Messages"), value: number(sum.messages), note: change(changeOf(sum.messages, before.messages)) },
    {
      label: t("Signed"),
      value: number(sum.signed),
      note: t("{{share}} of all", { share: share(sum.signed) }),
    },
    {
      label: t("Left as they came"),
      value: number(sum.left),
      note: t("{{share}} of all", { share: share(sum.left) }),
    },
    {
      label: t("Put off or refused"),
      value: number(sum.deferred + sum.refused + sum.lost),
      note: change(changeOf(sum.deferred + sum.refused + sum.lost, before.deferred + before.refused + before.lost)),
    },
    {
      label: t("Added by Signet"),
      value: sum.own_work ? latencyInWords(sum.own_work.p95, i18n.language) : "–",
      note: t("for 95 of 100 messages"),
    },
  ];
  function change(percent: number | undefined): string {
    if (percent === undefined) return t("none before to compare with");
    if (percent === 0) return t("as many as before");
    const told = Math.abs(percent).toLocaleString(i18n.language);
    return percent > 0
      ? t("{{percent}} % more than before", { percent: told })
      : t("{{percent}} % fewer than before", { percent: told });
  }
  return (
    <dl className={styles.cards}>
      {cards.map(({ label, value, note }) => (
        <div key={label} className={styles.card}>
          <dt>
            <Text className={styles.quiet}>{label}</Text>
          </dt>
          <dd className={styles.number}>
            <Text size={700} weight="semibold" block>
              {value}
            </Text>
            <Text size={200} className={styles.quiet}>
              {note}
            </Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}
