/**
 * An invitation that nobody has answered yet: mailed again, or taken back.
 */
import { Avatar, Badge, Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import { DismissRegular, MailArrowUpRegular, MailRegular, MoreHorizontalRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Line } from "./Lines";
import type { Invitation } from "./queries";
import { mayGive, roleName } from "./roles";
import type { useTeamActions } from "./useTeamActions";

interface Props {
  invitation: Invitation;
  actions: ReturnType<typeof useTeamActions>;
}

export function InvitationLine({ invitation, actions }: Props) {
  const { t, i18n } = useTranslation();
  const tenant = useTenant();
  const { email, role, invited_by: by } = invitation;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" });
  const expires = new Date(invitation.expires);
  const isOver = expires.getTime() <= Date.now();
  return (
    <Line
      picture={<Avatar icon={<MailRegular />} size={36} aria-hidden />}
      name={email}
      badges={
        <>
          <Badge appearance="tint" color="informative">
            {roleName(role, t)}
          </Badge>
          {isOver && (
            <Badge appearance="tint" color="warning">
              {t("Too old")}
            </Badge>
          )}
        </>
      }
      more={[
        t("Invited by {{by}} on {{sent}}", { by, sent: day.format(new Date(invitation.sent)) }),
        isOver
          ? t("The link is good no more; mail the invitation again.")
          : t("The link is good until {{until}}", { until: day.format(expires) }),
      ]}
      actions={
        tenant.may("team:write") &&
        mayGive(tenant.role, role) && (
          <Menu inline>
            <MenuTrigger disableButtonEnhancement>
              <Button
                appearance="subtle"
                icon={<MoreHorizontalRegular />}
                aria-label={t("More for {{name}}", { name: email })}
              />
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                <MenuItem icon={<MailArrowUpRegular />} onClick={() => actions.inviteAgain.mutate(invitation)}>
                  {t("Mail it again")}
                </MenuItem>
                <MenuItem icon={<DismissRegular />} onClick={() => actions.takeBack.mutate(invitation)}>
                  {t("Take it back")}
                </MenuItem>
              </MenuList>
            </MenuPopover>
          </Menu>
        )
      }
    />
  );
}
