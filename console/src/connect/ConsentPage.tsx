/**
 * The page to which Microsoft leads back after an administrator was asked to consent. It hands the answer over for the
 * tenant whose request it was and says what came of it. The server believes Microsoft alone, not this address.
 */
import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountFrame } from "../account/AccountFrame";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { tenantKey } from "../api/tenant";
import { queryClient } from "../app/queries";
import { ButtonTo } from "../components/links";
import { ProblemNotice } from "../components/ProblemNotice";
import { consentAsked, consentGiven } from "./consentAsked";
import { ForeignConsent } from "./ForeignConsent";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export default function ConsentPage() {
  // The address that was come back to: the location is another one before the next page is there.
  const [search] = useState(useLocation({ select: ({ searchStr }) => searchStr }));
  const [asked] = useState(() => consentAsked(search));
  if (!asked) return <ForeignConsent refused={isRefusal(search)} />;
  return <OwnConsent search={search} tenant={asked.tenant} taken={asked.given === true} />;
}

interface Props {
  search: string;
  tenant: string;
  taken: boolean;
}

function OwnConsent({ search, tenant, taken }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  // Given once each time the page is opened; again only by the button.
  const given = useQuery({
    queryKey: ["consent-answer", search],
    queryFn: async () => {
      await answer(
        api.PUT("/api/v1/tenants/{tenant}/directory/consent", {
          params: { path: { tenant } },
          body: { answer: search },
        }),
      );
      consentGiven(search);
      await queryClient.invalidateQueries({ queryKey: tenantKey(tenant) });
      return true;
    },
    initialData: taken || undefined,
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const back = (label: string, appearance: "primary" | "secondary" = "secondary") => (
    <ButtonTo appearance={appearance} to="/t/$tenant/connect" params={{ tenant }}>
      {label}
    </ButtonTo>
  );

  if (given.data) {
    return (
      <AccountFrame
        title={t("The consent is there")}
        lead={t("Signet reads the directory from now on. The first time takes a minute for some thousand people.")}
      >
        <div className={styles.actions}>{back(t("Go on"), "primary")}</div>
      </AccountFrame>
    );
  }
  if (given.isFetching) {
    return (
      <AccountFrame title={t("Consent at Microsoft")}>
        <Spinner label={t("Asking Microsoft whether it has arrived …")} />
      </AccountFrame>
    );
  }
  if (isProblem(given.error, "gone")) {
    return (
      <AccountFrame
        title={t("This answer counts no more")}
        lead={t("It was taken already, or the link to Microsoft is older than an hour. Look whether the consent is there; if not, ask for it again.")}
      >
        <div className={styles.actions}>{back(t("Back to the connection"), "primary")}</div>
      </AccountFrame>
    );
  }
  if (isRefusal(search)) {
    return (
      <AccountFrame
        title={t("Consent was not given")}
        lead={t(
          "It was declined, or the account may not give it: that takes a Global Administrator or a Privileged Role Administrator. Nothing was changed.",
        )}
      >
        <ProblemNotice error={given.error} />
        <div className={styles.actions}>{back(t("Back to the connection"), "primary")}</div>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t("The consent is not there yet")}>
      <ProblemNotice error={given.error} />
      <Text className={styles.quiet}>
        {t("It can take Microsoft some minutes to pass a consent on. The same answer is good for an hour.")}
      </Text>
      <div className={styles.actions}>
        <Button appearance="primary" onClick={() => void given.refetch()}>
          {t("Try again")}
        </Button>
        {back(t("Back to the connection"))}
      </div>
    </AccountFrame>
  );
}

const isRefusal = (search: string) => new URLSearchParams(search).has("error");
