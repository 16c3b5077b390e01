/**
 * All that is recorded about a message.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useNames } from "../api/names";
import { useTenant } from "../api/session";
import type { Decision } from "./outcome";
import type { Share } from "./shares";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr)",
    gap: "6px 24px",
    margin: 0,
    padding: "4px 16px 16px 52px",
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)", gap: "0", paddingLeft: "16px" },
  },
  label: { color: tokens.colorNeutralForeground2 },
  shares: { display: "grid", gap: "6px", listStyleType: "none", margin: 0, padding: 0 },
  value: { margin: 0, overflowWrap: "anywhere", "@media (max-width: 640px)": { marginBottom: "8px" } },
});

interface Props {
  decision: Decision;
  /** What each group of recipients got. */
  shares: Share[];
}

export function DecisionDetails({ decision, shares }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const names = useNames(tenant.id, decision.person ? [decision.person] : [], [], tenant.may("people:read"));
  const number = (value: number) => value.toLocaleString(i18n.language);
  const moment = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long", timeStyle: "long" });
  const kinds: Record<string, string> = { first: t("new message"), reply: t("reply"), forward: t("forward") };
  const lines: [string, string | null | undefined][] = [
    [t("Time"), moment.format(new Date(decision.time))],
    [t("Message-ID"), decision.message_id],
    [t("Kind"), decision.kind && (kinds[decision.kind] ?? decision.kind)],
    [t("Signature of"), decision.person && names.person(decision.person)],
    [t("Your server said"), verdictInWords(decision, t)],
    [
      t("Size"),
      t("{{in}} bytes came, {{out}} went out", { in: number(decision.bytes_in), out: number(decision.bytes_out) }),
    ],
    [t("Time by stage"), stagesInWords(decision.stages, i18n.language)],
    [t("Site"), decision.site],
    [t("Revision of your settings"), String(decision.revision)],
  ];
  return (
    <dl className={styles.list}>
      {shares.length > 1 && (
        <>
          <dt className={styles.label}>{t("Who got what")}</dt>
          <dd className={styles.value}>
            <ul className={styles.shares}>
              {shares.map(({ recipients, got }) => (
                <li key={recipients.join()}>
                  {t("{{recipients}}: {{got}}", { recipients: recipients.join(", "), got })}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {lines.map(
        ([label, value]) =>
          value && [
            <dt key={label} className={styles.label}>
              {label}
            </dt>,
            <dd key={`${label}:`} className={styles.value}>
              {value}
            </dd>,
          ],
      )}
    </dl>
  );
}

function verdictInWords({ verdict, next_hop_code: code }: Decision, t: TFunction): string {
  const words: Record<string, string> = {
    accepted: t("taken"),
    deferred: t("try again later"),
    refused: t("refused"),
    lost: t("nothing in time"),
  };
  const said = words[verdict] ?? verdict;
  return code == null ? said : `${said} (${code})`;
}

/** “rules 0.2 ms, onward 12 ms”. */
function stagesInWords(stages: unknown, language: string): string | null {
  if (!stages || typeof stages !== "object") return null;
  const milliseconds = new Intl.NumberFormat(language, {
    style: "unit",
    unit: "millisecond",
    maximumFractionDigits: 1,
  });
  return Object.entries(stages)
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([stage, time]) => `${stage} ${milliseconds.format(time)}`)
    .join(", ");
}
