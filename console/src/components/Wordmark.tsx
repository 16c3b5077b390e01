/**
 * The sign and name of the product.
 */
import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  mark: { display: "inline-flex", alignItems: "center", gap: "10px", color: tokens.colorNeutralForeground1 },
  name: { fontWeight: tokens.fontWeightSemibold, fontSize: "17px", letterSpacing: "-0.01em" },
  large: { fontSize: "24px" },
});

export function Wordmark({ size = "medium" }: { size?: "medium" | "large" }) {
  const styles = useStyles();
  const pixels = size === "large" ? 36 : 26;
  return (
    <span className={styles.mark}>
      <img src="/signet.svg" width={pixels} height={pixels} alt="" />
      <span className={mergeClasses(styles.name, size === "large" && styles.large)}>Signet</span>
    </span>
  );
}
