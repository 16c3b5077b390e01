/**
 * The list of steps. What is next stands open by itself; any other can be opened at any time.
 */
import { Button, makeStyles, MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { directoryQuery } from "../api/tenant";
import { standingOf } from "../directory/standing";
import { CertificateStep } from "./CertificateStep";
import { ChecksStep } from "./ChecksStep";
import { ConsentStep } from "./ConsentStep";
import { DomainStep } from "./DomainStep";
import { ExchangeStep } from "./ExchangeStep";
import { MailStep } from "./MailStep";
import { checksQuery, type ConnectionNow } from "./queries";
import { StepCard } from "./StepCard";
import { stepLine, stepTitle } from "./stepWords";
import { stepsOf, type Known, type Step, type StepName } from "./steps";

const useStyles = makeStyles({ list: { listStyleType: "none", margin: 0, padding: 0 } });

export function Steps({ connection }: { connection: ConnectionNow }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [withoutDirectory, setWithoutDirectory] = useState(false);
  // What the person has opened, or closed; otherwise it is what is next.
  const [chosen, setChosen] = useState<StepName | "none" | null>(null);

  const directory = useQuery(directoryQuery(tenant.id));
  const checks = useQuery({ ...checksQuery(tenant.id), enabled: false });
  const known: Known = {
    connection,
    standing: directory.data && standingOf(directory.data),
    checks: checks.data,
    withoutDirectory,
    now: new Date(),
  };
  const steps = stepsOf(known);
  const next = steps.find(({ state }) => state === "next")?.name ?? "checks";
  const open = chosen ?? next;
  const goOn = () => setChosen(null);
  const heads = useFocusThatFollows(open);

  const body: Record<StepName, (step: Step) => ReactNode> = {
    domain: () => <DomainStep connection={connection} onProven={goOn} />,
    consent: ({ state }) => (
      <ConsentStep
        state={state}
        onSkip={() => {
          setWithoutDirectory(true);
          goOn();
        }}
      />
    ),
    certificate: () => (
      <CertificateStep certificate={connection.certificate} domains={connection.domains} onTaken={goOn} />
    ),
    exchange: () => <ExchangeStep smartHost={connection.smart_host} onRan={() => setChosen("mail")} />,
    mail: () => <MailStep connection={connection} onChecks={() => setChosen("checks")} />,
    checks: () => <ChecksStep isReady={connection.missing.length === 0} />,
  };
  return (
    <ol className={styles.list}>
      {steps.map((step, index) => (
        <StepCard
          key={step.name}
          number={index + 1}
          state={step.state}
          title={stepTitle(step.name, t)}
          line={stepLine(step, known, t, i18n.language)}
          open={open === step.name}
          onToggle={() => setChosen(open === step.name ? "none" : step.name)}
          headRef={(head) => {
            heads.current[step.name] = head;
          }}
        >
          {step.state === "blocked" ? (
            <Blocked needs={step.needs} onOpen={setChosen} />
          ) : step.state === "unavailable" && step.name === "domain" ? (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>
                {t(
                  "The operator of this Signet has set up no application at Microsoft, and without it nobody can find out whose a domain is. Ask them for it.",
                )}
              </MessageBarBody>
            </MessageBar>
          ) : (
            body[step.name](step)
          )}
        </StepCard>
      ))}
    </ol>
  );
}

function Blocked({ needs, onOpen }: { needs: StepName[]; onOpen: (name: StepName) => void }) {
  const { t } = useTranslation();
  const [first] = needs;
  return (
    <>
      <Text>{t("This comes later: another step has to be done before.")}</Text>
      {first && (
        <div>
          <Button onClick={() => onOpen(first)}>{t("Go to “{{step}}”", { step: stepTitle(first, t) })}</Button>
        </div>
      )}
    </>
  );
}

/** When another step opens and what had the focus is gone with the one before, the focus goes to its head. */
function useFocusThatFollows(open: string) {
  const heads = useRef<Partial<Record<StepName, HTMLButtonElement | null>>>({});
  const before = useRef(open);
  useEffect(() => {
    if (before.current === open) return;
    before.current = open;
    if (document.activeElement === document.body) heads.current[open as StepName]?.focus();
  }, [open]);
  return heads;
}
