/**
 * Where Microsoft leads back to. The answer is handed over once, and taken out of the address; then the page goes on to
 * wherever the person was on the way to.
 */
import { Button, Spinner } from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SignInState } from "../../api/account";
import { answer, api } from "../../api/client";
import { wantedPath } from "../../app/next";
import { ButtonTo, LinkTo } from "../../components/links";
import { ProblemNotice } from "../../components/ProblemNotice";
import { AccountFrame } from "../AccountFrame";
import { CodeStep } from "../CodeStep";
import { comeBack, keepPerson } from "./kept";
import { UnlinkedStep } from "./UnlinkedStep";

/** Read before the router touches the address. */
const answered = () => {
  const query = new URLSearchParams(window.location.search);
  return { code: query.get("code") ?? "", state: query.get("state") ?? "", refused: query.has("error") };
};

export default function SignedInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const cache = useQueryClient();
  const [given] = useState(answered);
  const [journey] = useState(comeBack);
  const [reached, setReached] = useState<SignInState>();
  const handedOver = useRef(false);
  const goOn = () => router.navigate({ href: wantedPath(journey.next), replace: true });

  const proceed = async (state: SignInState) => {
    if (state.state === "unlinked") {
      keepPerson(state);
      if (journey.from === "sign-up") return router.navigate({ to: "/sign-up", replace: true });
      if (journey.from === "invitation") return router.navigate({ to: "/invitation", replace: true });
    }
    if (state.state !== "signed_in") return setReached(state);
    cache.clear();
    await goOn();
  };
  const handOver = useMutation({
    mutationFn: async () => {
      const body = { code: given.code, state: given.state };
      if (given.state.startsWith("link.")) return answer(api.PUT("/api/v1/account/microsoft", { body }));
      if (given.state.startsWith("confirm.")) return answer(api.POST("/api/v1/session/confirm/microsoft", { body }));
      await proceed(await answer(api.POST("/api/v1/sign-in/microsoft/answer", { body })));
      return undefined;
    },
    onSuccess: async () => {
      if (given.state.startsWith("enter.")) return;
      await cache.invalidateQueries();
      await goOn();
    },
  });
  const begin = handOver.mutate;
  useEffect(() => {
    if (handedOver.current || given.refused || !given.code) return;
    handedOver.current = true;
    window.history.replaceState(window.history.state, "", window.location.pathname);
    begin();
  }, [begin, given]);

  const foot = <LinkTo to="/sign-in">{t("Sign in another way")}</LinkTo>;
  if (reached?.state === "code") {
    return (
      <AccountFrame title={t("Confirm that it is you")} foot={foot}>
        <CodeStep asked={reached} onSignedIn={proceed} onStartAgain={() => void router.navigate({ to: "/sign-in" })} />
      </AccountFrame>
    );
  }
  if (reached?.state === "verify") {
    return (
      <AccountFrame
        title={t("Confirm your e-mail address first")}
        lead={t("We have sent you the link once more. Open it on any device, then sign in here.")}
        foot={foot}
      />
    );
  }
  if (reached?.state === "unlinked") return <UnlinkedStep person={reached} />;
  if (handOver.error || given.refused || !given.code) {
    const isOwn = journey.from === "account" || journey.from === "confirm";
    return (
      <AccountFrame title={t("Microsoft did not sign you in")} foot={foot}>
        {handOver.error ? (
          <ProblemNotice error={handOver.error} />
        ) : (
          t("The sign-in was broken off, or your organisation does not allow it. Try again, or ask its administrator.")
        )}
        {isOwn ? (
          <Button appearance="primary" size="large" onClick={() => void goOn()}>
            {t("Back")}
          </Button>
        ) : (
          <ButtonTo appearance="primary" size="large" to="/sign-in">
            {t("Try again")}
          </ButtonTo>
        )}
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={t("Signing in with Microsoft")}>
      <Spinner label={t("Just a moment …")} />
    </AccountFrame>
  );
}
