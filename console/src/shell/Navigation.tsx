/**
 * The navigation of a tenant: a list of links, the present one marked.
 */
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { destinations } from "./destinations";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "2px" },
  link: {
    position: "relative",
    display: "flex",
    alignItems: "center",
    gap: "12px",
    minHeight: "40px",
    padding: "0 12px",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground2,
    textDecorationLine: "none",
    ":hover": { backgroundColor: tokens.colorSubtleBackgroundHover, color: tokens.colorNeutralForeground1 },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  here: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    "::before": {
      content: '""',
      position: "absolute",
      left: 0,
      top: "10px",
      bottom: "10px",
      width: "3px",
      borderRadius: "2px",
      backgroundColor: tokens.colorCompoundBrandStroke,
    },
    "& svg": { color: tokens.colorBrandForeground1 },
  },
  icon: { fontSize: "20px", display: "flex" },
});

export function Navigation({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  return (
    <nav aria-label={t("Pages")}>
      <ul className={styles.list}>
        {destinations(t, tenant).map(({ to, label, icon: Icon, iconHere: IconHere }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ tenant: tenant.id }}
              activeOptions={{ exact: to === "/t/$tenant" }}
              className={styles.link}
              activeProps={{ className: mergeClasses(styles.link, styles.here) }}
              onClick={onNavigate}
            >
              {({ isActive }) => (
                <>
                  <span className={styles.icon}>{isActive ? <IconHere /> : <Icon />}</span>
                  {label}
                </>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
