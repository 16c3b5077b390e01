/**
 * The pages of a tenant in the order of the navigation, and what one must be allowed to see each.
 */
import {
  Home20Filled,
  Home20Regular,
  SignatureFilled,
  SignatureRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import type { Scope, TenantHere } from "../api/session";

export interface Destination {
  to: "/t/$tenant" | "/t/$tenant/signatures";
  label: string;
  icon: FluentIcon;
  iconHere: FluentIcon;
  scope?: Scope;
}

export function destinations(t: TFunction, tenant: TenantHere): Destination[] {
  const all: Destination[] = [
    { to: "/t/$tenant", label: t("Home"), icon: Home20Regular, iconHere: Home20Filled },
    {
      to: "/t/$tenant/signatures",
      label: t("Signatures"),
      icon: SignatureRegular,
      iconHere: SignatureFilled,
      scope: "signatures:read",
    },
  ];
  return all.filter(({ scope }) => !scope || tenant.may(scope));
}
