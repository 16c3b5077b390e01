/**
 * The page behind the link of the first mail. Confirming is a click, so that a mail scanner that opens links does not do it.
 */
import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { ProblemNotice } from "../components/ProblemNotice";
import { ButtonTo, LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";
import { useTokenOfLink } from "./useTokenOfLink";

export default function VerifyEmailPage() {
  const { t } = useTranslation();
  const token = useTokenOfLink();
  const verify = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/sign-up/verify", { body: { token } })),
  });

  if (verify.data) {
    return (
      <AccountFrame
        title={t("Your address is confirmed")}
        lead={t("{{email}} is yours. Sign in to set up your signatures.", verify.data)}
      >
        <ButtonTo appearance="primary" size="large" to="/sign-in">
          {t("Sign in")}
        </ButtonTo>
      </AccountFrame>
    );
  }
  if (!token || isProblem(verify.error, "gone")) {
    return (
      <AccountFrame
        title={t("This link is good no more")}
        lead={t(
          "It was used already, or it is too old. Sign in with your address and password: we send a new link then.",
        )}
      >
        <ButtonTo appearance="primary" size="large" to="/sign-in">
          {t("Sign in")}
        </ButtonTo>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame
      title={t("Confirm your e-mail address")}
      lead={t("One click, and the account is yours.")}
      foot={<LinkTo to="/sign-in">{t("Sign in")}</LinkTo>}
    >
      <ProblemNotice error={verify.error} />
      <Button appearance="primary" size="large" disabledFocusable={verify.isPending} onClick={() => verify.mutate()}>
        {verify.isPending ? t("Confirming …") : t("Confirm my address")}
      </Button>
      <MessageBar intent="info" layout="multiline">
        <MessageBarBody>{t("If you did not sign up to Signet, close this page: nothing happens then.")}</MessageBarBody>
      </MessageBar>
    </AccountFrame>
  );
}
