/**
 * The pages of a tenant in the order of the navigation, and what one must be allowed to see each.
 */
import {
  BeakerFilled,
  BeakerRegular,
  ClipboardTaskListLtrFilled,
  ClipboardTaskListLtrRegular,
  HomeFilled,
  HomeRegular,
  MailFilled,
  MailRegular,
  PeopleFilled,
  PeopleRegular,
  PeopleTeamFilled,
  PeopleTeamRegular,
  PlugConnectedFilled,
  PlugConnectedRegular,
  SignatureFilled,
  SignatureRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import type { Scope, TenantHere } from "../api/session";

export interface Destination {
  to: `/t/$tenant${"" | "/signatures" | "/tester" | "/directory" | "/mail" | "/connect" | "/team" | "/audit"}`;
  label: string;
  icon: FluentIcon;
  iconHere: FluentIcon;
  scopes: Scope[];
}

export function destinations(t: TFunction, tenant: Pick<TenantHere, "may">): Destination[] {
  const all: Destination[] = [
    { to: "/t/$tenant", label: t("Home"), icon: HomeRegular, iconHere: HomeFilled, scopes: [] },
    {
      to: "/t/$tenant/signatures",
      label: t("Signatures"),
      icon: SignatureRegular,
      iconHere: SignatureFilled,
      scopes: ["signatures:read"],
    },
    {
      to: "/t/$tenant/tester",
      label: t("Tester"),
      icon: BeakerRegular,
      iconHere: BeakerFilled,
      scopes: ["signatures:read", "people:read"],
    },
    {
      to: "/t/$tenant/directory",
      label: t("Directory"),
      icon: PeopleRegular,
      iconHere: PeopleFilled,
      scopes: ["people:read"],
    },
    {
      to: "/t/$tenant/mail",
      label: t("Messages"),
      icon: MailRegular,
      iconHere: MailFilled,
      scopes: ["decisions:read"],
    },
    {
      to: "/t/$tenant/connect",
      label: t("Connection"),
      icon: PlugConnectedRegular,
      iconHere: PlugConnectedFilled,
      scopes: ["tenant:read"],
    },
    {
      to: "/t/$tenant/team",
      label: t("Team"),
      icon: PeopleTeamRegular,
      iconHere: PeopleTeamFilled,
      scopes: ["team:read"],
    },
    {
      to: "/t/$tenant/audit",
      label: t("Audit log"),
      icon: ClipboardTaskListLtrRegular,
      iconHere: ClipboardTaskListLtrFilled,
      scopes: ["audit:read"],
    },
  ];
  return all.filter(({ scopes }) => scopes.every(tenant.may));
}
