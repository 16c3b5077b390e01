/**
 * Accepting an invitation with the account that the invited address has: signed in with it, a click joins.
 */
import { Button, makeStyles, Text } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../api/client";
import { isProblem } from "../api/problem";
import { sessionQuery } from "../api/session";
import { queryClient } from "../app/queries";
import { Loading } from "../components/Loading";
import { ProblemNotice } from "../components/ProblemNotice";
import { ButtonTo } from "../components/links";
import { forgetInvitation } from "./keptInvitation";

const useStyles = makeStyles({ part: { display: "flex", flexDirection: "column", gap: "20px" } });

interface Props {
  token: string;
  invitation: Schemas["InvitationTold"];
}

export function JoinSignedIn({ token, invitation }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const session = useQuery(sessionQuery);
  const join = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/invitations/join", { body: { token } })),
    onSuccess: async ({ tenant }) => {
      forgetInvitation();
      await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      await router.navigate({ to: "/t/$tenant", params: { tenant } });
    },
  });
  const signOut = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/sign-out")),
    onSuccess: async () => {
      await router.navigate({ to: "/sign-in", search: { next: "/invitation" } });
      queryClient.clear();
    },
  });

  if (!session.data && !isProblem(session.error, "unauthorized")) return <Loading query={session} rows={1} />;
  if (!session.data) {
    return (
      <div className={styles.part}>
        <Text>{t("{{email}} has an account already. Sign in with it, then join.", invitation)}</Text>
        <ButtonTo appearance="primary" size="large" to="/sign-in" search={{ next: "/invitation" }}>
          {t("Sign in")}
        </ButtonTo>
      </div>
    );
  }
  const { email } = session.data.account;
  if (email.toLowerCase() !== invitation.email.toLowerCase()) {
    return (
      <div className={styles.part}>
        <Text>
          {t("You are signed in as {{email}}, and the invitation is for {{invited}}.", {
            email,
            invited: invitation.email,
          })}
        </Text>
        <ProblemNotice error={signOut.error} />
        <Button
          appearance="primary"
          size="large"
          disabledFocusable={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          {t("Sign in with the other account")}
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.part}>
      <ProblemNotice error={join.error} />
      <Button appearance="primary" size="large" disabledFocusable={join.isPending} onClick={() => join.mutate()}>
        {join.isPending ? t("Joining …") : t("Join")}
      </Button>
    </div>
  );
}
