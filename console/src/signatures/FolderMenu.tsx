/**
 * What can be done with a folder.
 */
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import {
  ArrowDownRegular,
  ArrowUpRegular,
  DeleteRegular,
  MoreHorizontalRegular,
  RenameRegular,
} from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FolderEntry } from "../api/tenant";
import { NameDialog } from "../components/NameDialog";
import type { SignatureActions } from "./useSignatureActions";

interface Props {
  folder: FolderEntry;
  place: number;
  folders: number;
  isEmpty: boolean;
  actions: SignatureActions;
  onRename: (name: string) => void;
}

export function FolderMenu({ folder, place, folders, isEmpty, actions, onRename }: Props) {
  const { t } = useTranslation();
  const [renaming, setRenaming] = useState(false);
  const name = folder.name || folder.id;

  const shift = (by: -1 | 1) =>
    actions.setFolders.mutate((before) => {
      const rest = before.filter(({ id }) => id !== folder.id);
      return [...rest.slice(0, place + by), folder, ...rest.slice(place + by)];
    });
  const remove = () => actions.setFolders.mutate((before) => before.filter(({ id }) => id !== folder.id));

  return (
    <>
      <Menu inline>
        <MenuTrigger disableButtonEnhancement>
          <Button
            appearance="subtle"
            icon={<MoreHorizontalRegular />}
            aria-label={t("More for the folder {{name}}", { name })}
          />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<RenameRegular />} onClick={() => setRenaming(true)}>
              {t("Rename")}
            </MenuItem>
            <MenuItem icon={<ArrowUpRegular />} disabled={place === 0} onClick={() => shift(-1)}>
              {t("Move up")}
            </MenuItem>
            <MenuItem icon={<ArrowDownRegular />} disabled={place === folders - 1} onClick={() => shift(1)}>
              {t("Move down")}
            </MenuItem>
            <MenuItem icon={<DeleteRegular />} disabled={!isEmpty} onClick={remove}>
              {isEmpty ? t("Delete") : t("Delete (only when empty)")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {renaming && (
        <NameDialog
          title={t("Rename the folder")}
          label={t("Name")}
          action={t("Rename")}
          value={folder.name}
          onSave={onRename}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  );
}
