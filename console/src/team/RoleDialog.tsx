/**
 * Gives a member of the team another role.
 */
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Member } from "./queries";
import { RoleChoice } from "./RoleChoice";

interface Props {
  member: Member;
  onSave: (role: string) => void;
  onClose: () => void;
}

export function RoleDialog({ member, onSave, onClose }: Props) {
  const { t } = useTranslation();
  const [role, setRole] = useState<string>(member.role);
  const save = () => {
    if (role !== member.role) onSave(role);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("The role of {{name}}", { name: member.full_name })}</DialogTitle>
          <DialogContent>
            <RoleChoice value={role} onChange={setRole} />
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("Cancel")}</Button>
            <Button appearance="primary" onClick={save}>
              {t("Save")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
