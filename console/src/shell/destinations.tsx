/**
 * The pages of a tenant in the order of the navigation, and what one must be allowed to open each.
 */
import {
  BeakerFilled,
  BeakerRegular,
  BookQuestionMarkFilled,
  BookQuestionMarkRegular,
  ClipboardTaskListLtrFilled,
  ClipboardTaskListLtrRegular,
  ColorFilled,
  ColorRegular,
  DataTrendingFilled,
  DataTrendingRegular,
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
  SettingsFilled,
  SettingsRegular,
  SignatureFilled,
  SignatureRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import type { Scope, TenantHere } from "../api/session";

export interface Destination {
  to: `/t/$tenant${
    | ""
    | "/signatures"
    | "/brand"
    | "/tester"
    | "/directory"
    | "/flow"
    | "/mail"
    | "/connect"
    | "/team"
    | "/audit"
    | "/settings"
    | "/guide"}`;
  label: string;
  icon: FluentIcon;
  iconHere: FluentIcon;
}

/** What each page asks for, by the word behind the tenant in its address; those of no navigation too. */
const NEEDS: Record<string, Scope[]> = {
  signatures: ["signatures:read"],
  brand: ["signatures:read"],
  templates: ["drafts:write"],
  import: ["signatures:write"],
  tester: ["signatures:read", "people:read"],
  directory: ["people:read"],
  flow: ["decisions:read"],
  mail: ["decisions:read"],
  connect: ["tenant:read"],
  team: ["team:read"],
  audit: ["audit:read"],
  settings: ["tenant:read"],
  guide: ["signatures:read"],
};

/** Whether the page of an address, `/t/contoso/mail`, is open to somebody. */
export const mayOpen = (address: string, { may }: Pick<TenantHere, "may">): boolean =>
  (NEEDS[address.split("/")[3] ?? ""] ?? []).every(may);

export function destinations(t: TFunction, tenant: Pick<TenantHere, "may">): Destination[] {
  const all: Destination[] = [
    { to: "/t/$tenant", label: t("Home"), icon: HomeRegular, iconHere: HomeFilled },
    { to: "/t/$tenant/signatures", label: t("Signatures"), icon: SignatureRegular, iconHere: SignatureFilled },
    { to: "/t/$tenant/brand", label: t("Brand"), icon: ColorRegular, iconHere: ColorFilled },
    { to: "/t/$tenant/tester", label: t("Tester"), icon: BeakerRegular, iconHere: BeakerFilled },
    { to: "/t/$tenant/directory", label: t("Directory"), icon: PeopleRegular, iconHere: PeopleFilled },
    { to: "/t/$tenant/flow", label: t("Mail flow"), icon: DataTrendingRegular, iconHere: DataTrendingFilled },
    { to: "/t/$tenant/mail", label: t("Messages"), icon: MailRegular, iconHere: MailFilled },
    { to: "/t/$tenant/connect", label: t("Connection"), icon: PlugConnectedRegular, iconHere: PlugConnectedFilled },
    { to: "/t/$tenant/team", label: t("Team"), icon: PeopleTeamRegular, iconHere: PeopleTeamFilled },
    { to: "/t/$tenant/audit", label: t("Audit log"), icon: ClipboardTaskListLtrRegular, iconHere: ClipboardTaskListLtrFilled },
    { to: "/t/$tenant/settings", label: t("Settings"), icon: SettingsRegular, iconHere: SettingsFilled },
    { to: "/t/$tenant/guide", label: t("Guide"), icon: BookQuestionMarkRegular, iconHere: BookQuestionMarkFilled },
  ];
  return all.filter(({ to }) => mayOpen(to, tenant));
}
