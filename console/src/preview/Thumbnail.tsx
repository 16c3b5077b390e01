/**
 * A small picture of a signature: a frame drawn in full size and made small.
 */
import { makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Rendered } from "./previewDocument";
import { SignatureFrame } from "./SignatureFrame";

const useStyles = makeStyles({
  box: { position: "relative", overflow: "hidden", backgroundColor: "#fff" },
  sheet: { position: "absolute", top: 0, left: 0, transformOrigin: "0 0" },
  middle: {
    position: "absolute",
    inset: 0,
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: "12px",
    textAlign: "center",
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground2,
  },
});

interface Props {
  rendered: Rendered | undefined;
  failed?: boolean;
  title: string;
  height: number;
  /** Part of the full size. */
  scale: number;
}

export function Thumbnail({ rendered, failed, title, height, scale }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const whole = `${100 / scale}%`;
  return (
    <div className={styles.box} style={{ height }}>
      {rendered && !rendered.empty ? (
        <div className={styles.sheet} style={{ width: whole, height: whole, transform: `scale(${scale})` }}>
          <SignatureFrame rendered={rendered} title={title} picture />
        </div>
      ) : (
        <div className={styles.middle}>
          {rendered?.empty && <Text size={200}>{t("Nothing of it is left for this person.")}</Text>}
          {failed && <Text size={200}>{t("It could not be drawn.")}</Text>}
          {!rendered && !failed && <Spinner size="small" aria-label={t("Drawing")} />}
        </div>
      )}
    </div>
  );
}
