/** The sheet on which a signature is looked at: white, as mail is. */
import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  sheet: {
    height: "300px",
    resize: "vertical",
    overflow: "hidden",
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    borderRadius: tokens.borderRadiusMedium,
    "& iframe": {
      display: "block",
      width: "100%",
      height: "100%",
      border: "none",
      backgroundColor: "#fff",
      colorScheme: "light",
    },
  },
});

export function Frame({ children }: { children: ReactNode }) {
  return <div className={useStyles().sheet}>{children}</div>;
}
