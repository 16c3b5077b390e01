/**
 * Says in a form of a new account that no password is asked for, and lets one be chosen all the same.
 */
import { Link, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

export function FromMicrosoft({ onPassword }: { onPassword: () => void }) {
  const { t } = useTranslation();
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        {t("You will sign in with your Microsoft account.")}{" "}
        <Link as="button" type="button" inline onClick={onPassword}>
          {t("Choose a password instead")}
        </Link>
      </MessageBarBody>
    </MessageBar>
  );
}
