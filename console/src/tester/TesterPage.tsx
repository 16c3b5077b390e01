/**
 * The tester: what would become of a message, for each of its recipients, and why. Nothing is sent and nothing is kept.
 */
import { makeStyles, mergeClasses, Tab, TabList } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useLocation, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { useTenant } from "../api/session";
import { CaseList } from "../cases/CaseList";
import { PageHeader } from "../components/PageHeader";
import { Panel } from "../components/Panel";
import { ProblemNotice } from "../components/ProblemNotice";
import { DescribedForm, type Described } from "./DescribedForm";
import { Result } from "./Result";
import { UploadForm, type Uploaded } from "./UploadForm";

const CASES = "cases";

type Asked = { described: Described } | { uploaded: Uploaded };

const useStyles = makeStyles({
  parts: {
    display: "grid",
    gridTemplateColumns: "minmax(300px, 380px) minmax(0, 1fr)",
    gap: "24px",
    alignItems: "start",
    "@media (max-width: 1100px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  pages: { margin: "-8px 0 16px -8px" },
  hidden: { display: "none" },
  tabs: { margin: "-8px 0 0 -8px" },
});

export default function TesterPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  // The address leads to either.
  const page = useLocation().hash === CASES ? "cases" : "message";
  const router = useRouter();
  const [way, setWay] = useState<"described" | "uploaded">("described");

  const ask = useMutation({
    mutationFn: (asked: Asked) =>
      "described" in asked
        ? answer(api.POST("/api/v1/tenants/{tenant}/explain", { params: { path: { tenant } }, body: asked.described }))
        : answer(
            api.POST("/api/v1/tenants/{tenant}/explain-message", {
              params: { path: { tenant }, query: asked.uploaded.envelope },
              headers: { "Content-Type": "message/rfc822" },
              body: asked.uploaded.message as unknown as string,
              bodySerializer: (body) => body,
            }),
          ),
  });

  return (
    <>
      <PageHeader
        title={t("Tester")}
        lead={t(
          "See what would become of a message, for each recipient, and why. Nothing is sent, and nothing is kept.",
        )}
      />
      <TabList
        className={styles.pages}
        selectedValue={page}
        onTabSelect={(_, { value }) =>
          void router.navigate({ to: ".", hash: value === "cases" ? CASES : "", replace: true })
        }
        aria-label={t("Parts of the tester")}
      >
        <Tab value="message">{t("Try a message")}</Tab>
        <Tab value="cases">{t("Test cases")}</Tab>
      </TabList>
      {page === "cases" && <CaseList />}
      <div className={mergeClasses(styles.parts, page !== "message" && styles.hidden)}>
        <Panel title={t("The message")}>
          <TabList
            className={styles.tabs}
            selectedValue={way}
            onTabSelect={(_, { value }) => setWay(value as typeof way)}
            aria-label={t("How to tell of the message")}
          >
            <Tab value="described">{t("Describe it")}</Tab>
            <Tab value="uploaded">{t("Use a real one")}</Tab>
          </TabList>
          {way === "described" ? (
            <DescribedForm busy={ask.isPending} onAsk={(described) => ask.mutate({ described })} />
          ) : (
            <UploadForm busy={ask.isPending} onAsk={(uploaded) => ask.mutate({ uploaded })} />
          )}
          <ProblemNotice error={ask.error} />
        </Panel>
        <Result answered={ask.data} />
      </div>
    </>
  );
}
