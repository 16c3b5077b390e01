/**
 * What stands in for a page: while it is loaded, when it failed, and when there is none.
 */
import { Button, makeStyles, Spinner, Text, Title2, tokens } from "@fluentui/react-components";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/problem";

const useStyles = makeStyles({
  page: {
    minHeight: "60vh",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    justifyContent: "center",
    gap: tokens.spacingVerticalL,
    padding: tokens.spacingHorizontalXXL,
    textAlign: "center",
  },
  text: { maxWidth: "48ch", color: tokens.colorNeutralForeground2 },
});

export function WaitingPage() {
  const styles = useStyles();
  const { t } = useTranslation();
  return (
    <div className={styles.page}>
      <Spinner label={t("Just a moment …")} labelPosition="below" delay={300} />
    </div>
  );
}

export function FailedPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Apology
      title={isProblem(error) ? error.problem.title : t("This page could not be shown")}
      text={isProblem(error) ? error.message : t("Something went wrong here. Your mail is not touched by it.")}
      action={
        <Button appearance="primary" onClick={again}>
          {t("Try again")}
        </Button>
      }
    />
  );
}

export function LostPage() {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <Apology
      title={t("There is nothing here")}
      text={t("The address may be misspelt, or what was here is gone, or your role does not open it.")}
      action={
        <Button appearance="primary" onClick={() => void router.navigate({ to: "/" })}>
          {t("Go to the start")}
        </Button>
      }
    />
  );
}

function Apology({ title, text, action }: { title: string; text: string; action: ReactNode }) {
  const styles = useStyles();
  return (
    <main className={styles.page}>
      <Title2 as="h1">{title}</Title2>
      <Text className={styles.text}>{text}</Text>
      {action}
    </main>
  );
}
