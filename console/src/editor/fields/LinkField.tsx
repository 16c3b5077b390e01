/**
 * Where something leads: an address on the web, an e-mail or a telephone number, with merge fields in it.
 */
import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from "@fluentui/react-components";
import {
  DismissRegular,
  GlobeRegular,
  LinkRegular,
  MailRegular,
  PhoneRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Link } from "../design/types";
import { MergeInput } from "./MergeInput";

const COMMON: { label: string; icon: FluentIcon; link: Link }[] = [
  { label: "An address on the web", icon: GlobeRegular, link: "https://" },
  { label: "The person’s e-mail address", icon: MailRegular, link: ["mailto:", { field: "emailAddress" }] },
  { label: "The person’s telephone", icon: PhoneRegular, link: ["tel:", { field: "telephoneNumber" }] },
  { label: "The person’s mobile", icon: PhoneRegular, link: ["tel:", { field: "mobileNumber" }] },
];

interface Props {
  label?: string;
  value: Link | null | undefined;
  /** `undefined`: no link. */
  onChange: (link: Link | undefined) => void;
  /** A link must be there. */
  required?: boolean;
}

export function LinkField({ label, value, onChange, required = false }: Props) {
  const { t } = useTranslation();
  return (
    <MergeInput
      label={label ?? t("Link")}
      value={value}
      onChange={(link) => onChange(isNone(link) && !required ? undefined : link)}
      hint={value == null ? t("An https:, mailto: or tel: address") : undefined}
      actions={
        <>
          <Menu>
            <MenuTrigger disableButtonEnhancement>
              <Tooltip content={t("Common links")} relationship="label">
                <Button size="small" appearance="subtle" icon={<LinkRegular />} />
              </Tooltip>
            </MenuTrigger>
            <MenuPopover>
              <MenuList>
                {COMMON.map(({ label: name, icon: Icon, link }) => (
                  <MenuItem key={name} icon={<Icon />} onClick={() => onChange(link)}>
                    {t(name)}
                  </MenuItem>
                ))}
              </MenuList>
            </MenuPopover>
          </Menu>
          {!required && value != null && (
            <Tooltip content={t("Take the link away")} relationship="label">
              <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={() => onChange(undefined)} />
            </Tooltip>
          )}
        </>
      }
    />
  );
}

const isNone = (link: Link) => link.length === 0;
