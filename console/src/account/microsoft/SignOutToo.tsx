/**
 * After signing out here: whoever came from Microsoft is still signed in there, and can sign out as well.
 */
import { Link, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keptSignOut } from "./kept";

export function SignOutToo() {
  const { t } = useTranslation();
  const [link, setLink] = useState<string>();
  useEffect(() => setLink((before) => before ?? keptSignOut()), []);
  if (!link) return null;
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        {t("You are signed out here.")}{" "}
        <Link inline href={link}>
          {t("Sign out of Microsoft too")}
        </Link>
      </MessageBarBody>
    </MessageBar>
  );
}
