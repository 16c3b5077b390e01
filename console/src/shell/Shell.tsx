/**
 * The frame of a tenant's pages: navigation at the left (behind a button where the window is narrow), the mode and the
 * account at the top, the page itself.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import { Outlet, useMatches } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Wordmark } from "../components/Wordmark";
import { AccountMenu } from "./AccountMenu";
import { mayOpen } from "./destinations";
import { MenuButtonNarrow } from "./MenuButtonNarrow";
import { LeavingNotice } from "./LeavingNotice";
import { ModeSwitch } from "../mode/ModeSwitch";
import { Navigation } from "./Navigation";
import { NARROW } from "./narrow";
import { NotYours } from "./NotYours";
import { PasswordReminder } from "./PasswordReminder";
import { SkipLink } from "./SkipLink";
import { TenantSwitcher } from "./TenantSwitcher";

const useStyles = makeStyles({
  shell: {
    minHeight: "100vh",
    display: "grid",
    gridTemplateColumns: "256px minmax(0, 1fr)",
    backgroundColor: tokens.colorNeutralBackground2,
    [NARROW]: { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  side: {
    position: "sticky",
    top: 0,
    height: "100vh",
    boxSizing: "border-box",
    padding: "20px 12px",
    display: "flex",
    flexDirection: "column",
    gap: "20px",
    overflowY: "auto",
    backgroundColor: tokens.colorNeutralBackground3,
    borderRight: `1px solid ${tokens.colorNeutralStroke3}`,
    [NARROW]: { display: "none" },
  },
  brand: { padding: "0 12px" },
  main: { display: "flex", flexDirection: "column", minWidth: 0 },
  top: {
    position: "sticky",
    top: 0,
    zIndex: 5,
    display: "flex",
    alignItems: "center",
    justifyContent: "flex-end",
    gap: "12px",
    height: "56px",
    padding: "0 32px",
    backgroundColor: tokens.colorNeutralBackground2,
    [NARROW]: { padding: "0 12px", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  },
  narrowOnly: { display: "none", [NARROW]: { display: "flex", marginRight: "auto", alignItems: "center", gap: "4px" } },
  page: {
    width: "100%",
    maxWidth: "1120px",
    boxSizing: "border-box",
    margin: "0 auto",
    padding: "12px 32px 64px",
    outlineStyle: "none",
    [NARROW]: { padding: "16px 16px 48px" },
  },
});

export default function Shell() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  // Of the page that stands there: on the way to another the address is that one's already.
  const pathname = useMatches({ select: (matches) => matches.at(-1)?.pathname ?? "" });
  return (
    <div className={styles.shell}>
      <SkipLink />
      <aside className={styles.side} aria-label={t("Navigation")}>
        <div className={styles.brand}>
          <Wordmark />
        </div>
        <TenantSwitcher />
        <Navigation />
      </aside>
      <div className={styles.main}>
        <header className={styles.top}>
          <div className={styles.narrowOnly}>
            <MenuButtonNarrow />
            <Wordmark />
          </div>
          <ModeSwitch />
          <AccountMenu />
        </header>
        <main id="page" tabIndex={-1} className={styles.page}>
          <LeavingNotice />
          <PasswordReminder />
          {mayOpen(pathname, tenant) ? <Outlet /> : <NotYours />}
        </main>
      </div>
    </div>
  );
}
