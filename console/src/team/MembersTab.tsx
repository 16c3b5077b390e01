/**
 * Who belongs to the team, and who was invited to it.
 */
import { makeStyles, Subtitle2 } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { InvitationLine } from "./InvitationLine";
import { Lines } from "./Lines";
import { MemberLine } from "./MemberLine";
import { invitationsQuery, membersQuery } from "./queries";
import { useTeamActions } from "./useTeamActions";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "12px" },
  heading: { marginTop: "20px" },
});

export function MembersTab() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant } = useTenant();
  const members = useQuery(membersQuery(tenant));
  const invitations = useQuery(invitationsQuery(tenant));
  const actions = useTeamActions();
  return (
    <div className={styles.part}>
      {!members.data && <Loading query={members} />}
      {members.data && (
        <Lines label={t("Members")}>
          {members.data.map((member) => (
            <MemberLine key={member.account} member={member} actions={actions} />
          ))}
        </Lines>
      )}
      {invitations.error && <Loading query={invitations} rows={1} />}
      {!!invitations.data?.length && (
        <>
          <Subtitle2 as="h2" className={styles.heading}>
            {t("Open invitations")}
          </Subtitle2>
          <Lines label={t("Open invitations")}>
            {invitations.data.map((invitation) => (
              <InvitationLine key={invitation.id} invitation={invitation} actions={actions} />
            ))}
          </Lines>
        </>
      )}
    </div>
  );
}
