/**
 * How to set up a signature, from the first design to signed mail.
 */
import { Body1, makeStyles, Subtitle2, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { ButtonTo } from "../components/links";
import { PageHeader } from "../components/PageHeader";
import { mayOpen } from "../shell/destinations";
import { guideSteps, type GuideStep } from "./guideSteps";

const useStyles = makeStyles({
  steps: { listStyleType: "none", margin: 0, padding: 0, maxWidth: "760px" },
  step: {
    display: "grid",
    gridTemplateColumns: "32px minmax(0, 1fr)",
    gap: "0 16px",
    paddingBottom: "28px",
    position: "relative",
    // The line that joins the numbers.
    "::before": {
      content: '""',
      position: "absolute",
      top: "40px",
      bottom: "8px",
      left: "15px",
      borderLeft: `2px solid ${tokens.colorNeutralStroke2}`,
    },
    ":last-child::before": { display: "none" },
  },
  number: {
    width: "32px",
    height: "32px",
    display: "grid",
    placeItems: "center",
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    fontWeight: tokens.fontWeightSemibold,
  },
  words: { display: "flex", flexDirection: "column", alignItems: "start", gap: "6px", paddingTop: "5px" },
  line: { color: tokens.colorNeutralForeground2 },
  go: { marginTop: "6px" },
});

export default function GuidePage() {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <>
      <PageHeader
        title={t("Set up a signature")}
        lead={t("Ten steps, half an hour. All of it works by mouse and by keyboard.")}
      />
      <ol className={styles.steps}>
        {guideSteps(t).map((step, at) => (
          <li key={step.title} className={styles.step}>
            <span className={styles.number} aria-hidden>
              {at + 1}
            </span>
            <Words step={step} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Words({ step: { title, lines, go } }: { step: GuideStep }) {
  const styles = useStyles();
  const tenant = useTenant();
  return (
    <div className={styles.words}>
      <Subtitle2 as="h2">{title}</Subtitle2>
      {lines.map((line) => (
        <Body1 key={line} as="p" block className={styles.line} style={{ margin: 0 }}>
          {line}
        </Body1>
      ))}
      {go && mayOpen(go.to, tenant) && (
        <ButtonTo className={styles.go} to={go.to} params={{ tenant: tenant.id }}>
          {go.label}
        </ButtonTo>
      )}
    </div>
  );
}
