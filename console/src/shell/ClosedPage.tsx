/**
 * In place of an organisation that lets people in who have signed in with Microsoft alone: why, and how one comes in.
 */
import { useTranslation } from "react-i18next";
import { useParams } from "@tanstack/react-router";
import { useSession } from "../api/session";
import { AccountFrame } from "../account/AccountFrame";
import { MicrosoftButton } from "../account/microsoft/MicrosoftButton";
import { LinkTo } from "../components/links";

export default function ClosedPage() {
  const { t } = useTranslation();
  const { tenant: id } = useParams({ strict: false });
  const name = useSession().tenants.find((each) => each.id === id)?.name ?? "";
  return (
    <AccountFrame
      title={t("{{name}} asks for Microsoft", { name })}
      lead={t("Its people sign in with their Microsoft account. Link yours under “Your account” if you have not yet.")}
      foot={<LinkTo to="/account">{t("Your account")}</LinkTo>}
    >
      <MicrosoftButton label={t("Sign in with Microsoft")} journey={{ from: "sign-in", next: `/t/${id}` }} />
    </AccountFrame>
  );
}
