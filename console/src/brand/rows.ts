/** How the lists of the page look. */
import { makeStyles, tokens } from "@fluentui/react-components";

export const useRowStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "flex-start",
    gap: "8px 12px",
    padding: "12px 0",
    ":not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
    ":first-child": { paddingTop: 0 },
    ":last-child": { paddingBottom: 0 },
  },
  words: { display: "flex", flexDirection: "column", minWidth: 0, flex: "1 1 180px", overflowWrap: "anywhere" },
  name: { flex: "1 1 180px", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
  add: { alignSelf: "flex-start" },
  /** What is never written, only seen. */
  swatch: {
    width: "44px",
    height: "32px",
    flexShrink: 0,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
  },
});
