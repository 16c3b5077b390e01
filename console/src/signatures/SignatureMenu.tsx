/**
 * What can be done with a signature of the list.
 */
import { Button, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from "@fluentui/react-components";
import {
  ArrowDownRegular,
  ArrowUpRegular,
  CopyRegular,
  DeleteRegular,
  EditRegular,
  HistoryRegular,
  MoreHorizontalRegular,
  RenameRegular,
} from "@fluentui/react-icons";
import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import type { SignatureEntry } from "../api/tenant";
import { NameDialog } from "../components/NameDialog";
import type { SignatureActions } from "./useSignatureActions";

const HistoryDrawer = lazy(() => import("./HistoryDrawer"));

interface Props {
  signature: SignatureEntry;
  moveUp: (() => void) | null;
  moveDown: (() => void) | null;
  actions: SignatureActions;
}

export function SignatureMenu({ signature, moveUp, moveDown, actions }: Props) {
  const { t } = useTranslation();
  const router = useRouter();
  const tenant = useTenant();
  const [open, setOpen] = useState<"name" | "history" | null>(null);
  const { id } = signature;
  const name = signature.name || id;
  const edit = () =>
    void router.navigate({ to: "/t/$tenant/signatures/$signature", params: { tenant: tenant.id, signature: id } });

  return (
    <>
      <Menu inline>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" icon={<MoreHorizontalRegular />} aria-label={t("More for {{name}}", { name })} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem icon={<EditRegular />} onClick={edit}>
              {t("Edit")}
            </MenuItem>
            <MenuItem icon={<RenameRegular />} onClick={() => setOpen("name")}>
              {t("Rename")}
            </MenuItem>
            <MenuItem icon={<CopyRegular />} onClick={() => actions.duplicate.mutate(id)}>
              {t("Duplicate")}
            </MenuItem>
            <MenuItem icon={<HistoryRegular />} onClick={() => setOpen("history")}>
              {t("History")}
            </MenuItem>
            <MenuDivider />
            <MenuItem icon={<ArrowUpRegular />} disabled={!moveUp} onClick={() => moveUp?.()}>
              {t("Move up")}
            </MenuItem>
            <MenuItem icon={<ArrowDownRegular />} disabled={!moveDown} onClick={() => moveDown?.()}>
              {t("Move down")}
            </MenuItem>
            <MenuDivider />
            <MenuItem icon={<DeleteRegular />} onClick={() => actions.remove.mutate(id)}>
              {t("Delete")}
            </MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {open === "name" && (
        <NameDialog
          title={t("Rename the signature")}
          label={t("Name")}
          action={t("Rename")}
          value={signature.name}
          onSave={(renamed) => actions.rename.mutate({ id, name: renamed })}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "history" && (
        <Suspense>
          <HistoryDrawer signature={id} onClose={() => setOpen(null)} />
        </Suspense>
      )}
    </>
  );
}
