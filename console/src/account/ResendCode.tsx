/**
 * Sends the code again, but not at once: mail takes a moment, and the server says when it has had enough.
 */
import { Button } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { ProblemNotice } from "../components/ProblemNotice";
import { useCountdown } from "../components/useCountdown";

const PATIENCE_SECONDS = 30;

export function ResendCode() {
  const { t } = useTranslation();
  const [left, wait] = useCountdown(PATIENCE_SECONDS);
  const again = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/sign-in/code/again")),
    onSuccess: () => wait(PATIENCE_SECONDS),
    onError: (error) => isProblem(error) && error.retryAfter && wait(error.retryAfter),
  });
  return (
    <>
      <ProblemNotice error={again.error} />
      <Button appearance="subtle" disabledFocusable={left > 0 || again.isPending} onClick={() => again.mutate()}>
        {left > 0 ? t("Send the code again in {{seconds}} s", { seconds: left }) : t("Send the code again")}
      </Button>
    </>
  );
}
