/**
 * One member of the team, and what can be done: another role, or out of the team.
 */
import {
  Avatar,
  Badge,
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Text,
} from "@fluentui/react-components";
import { MoreHorizontalRegular, PersonDeleteRegular, PersonSettingsRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession, useTenant, type Role } from "../api/session";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { Line } from "./Lines";
import type { Member } from "./queries";
import { RoleDialog } from "./RoleDialog";
import { mayGive, roleMeans, roleName, ROLES } from "./roles";
import type { useTeamActions } from "./useTeamActions";

interface Props {
  member: Member;
  actions: ReturnType<typeof useTeamActions>;
}

export function MemberLine({ member, actions }: Props) {
  const { t } = useTranslation();
  const { account } = useSession();
  const tenant = useTenant();
  const [open, setOpen] = useState<"role" | "remove" | null>(null);
  const close = () => setOpen(null);
  const { full_name: name, role } = member;
  const isSelf = member.account === account.id;
  const means = ROLES.includes(role as Role) ? roleMeans(role as Role, t) : "";
  return (
    <>
      <Line
        picture={<Avatar name={name} size={36} color="colorful" aria-hidden />}
        name={name}
        badges={
          <>
            <Badge appearance="tint" color={role === "owner" ? "brand" : "informative"}>
              {roleName(role, t)}
            </Badge>
            {isSelf && (
              <Badge appearance="outline" color="informative">
                {t("You")}
              </Badge>
            )}
          </>
        }
        more={[member.email, means]}
        actions={
          tenant.may("team:write") &&
          mayGive(tenant.role, role) && (
            <Menu inline>
              <MenuTrigger disableButtonEnhancement>
                <Button
                  appearance="subtle"
                  icon={<MoreHorizontalRegular />}
                  aria-label={t("More for {{name}}", { name })}
                />
              </MenuTrigger>
              <MenuPopover>
                <MenuList>
                  <MenuItem icon={<PersonSettingsRegular />} onClick={() => setOpen("role")}>
                    {t("Change the role")}
                  </MenuItem>
                  <MenuItem icon={<PersonDeleteRegular />} onClick={() => setOpen("remove")}>
                    {isSelf ? t("Leave the team") : t("Remove from the team")}
                  </MenuItem>
                </MenuList>
              </MenuPopover>
            </Menu>
          )
        }
      />
      {open === "role" && (
        <RoleDialog
          member={member}
          onSave={(given) => actions.changeRole.mutate({ of: member, role: given })}
          onClose={close}
        />
      )}
      {open === "remove" && (
        <ConfirmDialog
          title={isSelf ? t("Leave the team?") : t("Remove {{name}} from the team?", { name })}
          action={isSelf ? t("Leave") : t("Remove")}
          onConfirm={() => {
            actions.remove.mutate(member);
            close();
          }}
          onClose={close}
        >
          <Text>
            {isSelf
              ? t("You will see nothing of this organisation any more, at once. Your account stays.")
              : t("They will see nothing of this organisation any more, at once. Their account stays.")}
          </Text>
        </ConfirmDialog>
      )}
    </>
  );
}
