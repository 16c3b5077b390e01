/**
 * The page behind an invitation: joining the team of an organisation that uses Signet, with a new account or with the one
 * that the address has.
 */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { Loading } from "../components/Loading";
import { ButtonTo, LinkTo } from "../components/links";
import { roleName } from "../team/roles";
import { AccountFrame } from "./AccountFrame";
import { JoinAsNew } from "./JoinAsNew";
import { JoinSignedIn } from "./JoinSignedIn";
import { forgetInvitation, useInvitationToken } from "./keptInvitation";

export default function InvitationPage() {
  const { t } = useTranslation();
  const token = useInvitationToken();
  const [joined, setJoined] = useState("");
  const look = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => answer(api.POST("/api/v1/invitations/look", { body: { token } })),
    enabled: token !== "",
    staleTime: Infinity,
    retry: false,
  });

  if (joined) {
    return (
      <AccountFrame
        title={t("You belong to the team")}
        lead={t("Sign in as {{email}}, in the way that you have just chosen.", { email: joined })}
      >
        <ButtonTo appearance="primary" size="large" to="/sign-in">
          {t("Sign in")}
        </ButtonTo>
      </AccountFrame>
    );
  }
  if (!token || isProblem(look.error, "gone")) {
    return (
      <AccountFrame
        title={t("This invitation is good no more")}
        lead={t("It was used already, taken back, or it is too old. Ask whoever invited you for another one.")}
        foot={<LinkTo to="/sign-in">{t("Sign in")}</LinkTo>}
      />
    );
  }
  if (!look.data) {
    return (
      <AccountFrame title={t("Your invitation")}>
        <Loading query={look} rows={2} />
      </AccountFrame>
    );
  }
  const { tenant, email, role, has_account: hasAccount } = look.data;
  const words = { tenant, email, role: roleName(role, t) };
  return (
    <AccountFrame
      title={t("Join {{tenant}}", words)}
      lead={t("{{email}} is invited to look after the signatures there, in the role {{role}}.", words)}
    >
      {hasAccount ? (
        <JoinSignedIn token={token} invitation={look.data} />
      ) : (
        <JoinAsNew
          token={token}
          email={email}
          onJoined={(joinedAs) => {
            forgetInvitation();
            setJoined(joinedAs);
          }}
        />
      )}
    </AccountFrame>
  );
}
