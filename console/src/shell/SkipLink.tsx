/**
 * The first stop of the tab key: past everything above, to the main part, which has the id `page`.
 */
import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  skip: {
    position: "absolute",
    left: "-9999px",
    ":focus": {
      left: "12px",
      top: "12px",
      zIndex: 20,
      padding: "10px 16px",
      borderRadius: tokens.borderRadiusMedium,
      backgroundColor: tokens.colorNeutralBackground1,
      color: tokens.colorBrandForegroundLink,
      boxShadow: tokens.shadow16,
    },
  },
});

export function SkipLink() {
  const { t } = useTranslation();
  return (
    <a href="#page" className={useStyles().skip}>
      {t("To the page")}
    </a>
  );
}
