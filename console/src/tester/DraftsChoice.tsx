/** Whether drafts count in the tester; in mail they never do. */
import { Checkbox } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { draftsQuery } from "../api/tenant";

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function DraftsChoice({ checked, onChange }: Props) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const drafts = useQuery(draftsQuery(tenant)).data;
  if (!drafts?.length) return null;
  return (
    <Checkbox
      label={t("As if the drafts were published and switched on")}
      checked={checked}
      onChange={(_, { checked: now }) => onChange(now === true)}
    />
  );
}
