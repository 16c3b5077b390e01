/**
 * The pictures of the signature: those at hand are uploaded, for others somebody gives a file.
 */
import { Button, Caption1, makeStyles, tokens } from "@fluentui/react-components";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Located } from "./useMade";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "12px" },
  one: { display: "flex", alignItems: "center", gap: "12px" },
  thumb: {
    width: "72px",
    height: "48px",
    flexShrink: 0,
    objectFit: "contain",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: "#fff",
  },
  gone: { border: `1px dashed ${tokens.colorNeutralStroke1}`, backgroundColor: tokens.colorNeutralBackground3 },
  words: { display: "flex", flexDirection: "column", flexGrow: 1, minWidth: 0 },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  quiet: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere" },
  file: { display: "none" },
});

interface Props {
  pictures: Located[];
  onGive: (src: string, file: File) => void;
}

export function PictureList({ pictures, onGive }: Props) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {pictures.map((picture) => (
        <One key={picture.id} picture={picture} onGive={onGive} />
      ))}
    </ul>
  );
}

function One({ picture: { src, alt, where }, onGive }: { picture: Located; onGive: Props["onGive"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const name = alt || t("Picture without a description");
  const at = typeof where === "object" ? where.held : null;
  return (
    <li className={styles.one}>
      {at?.data ? (
        <img className={styles.thumb} src={at.data} alt="" />
      ) : (
        <span className={`${styles.thumb} ${styles.gone}`} />
      )}
      <span className={styles.words}>
        <span className={styles.name}>{name}</span>
        <Caption1 className={styles.quiet}>
          {at && t("Comes along")}
          {where === "outside" &&
            t("Lies on another server, {{host}}, and is not fetched from there. Upload the file to keep it.", {
              host: hostOf(src),
            })}
          {where === "missing" && t("Was not among what you brought. Upload the file to keep it.")}
        </Caption1>
      </span>
      {!at && (
        <>
          <input
            ref={input}
            className={styles.file}
            type="file"
            accept="image/*"
            aria-label={t("File for {{name}}", { name })}
            onChange={(event) => event.target.files?.[0] && onGive(src, event.target.files[0])}
          />
          <Button size="small" onClick={() => input.current?.click()} aria-label={t("Upload {{name}}", { name })}>
            {t("Upload")}
          </Button>
        </>
      )}
    </li>
  );
}

function hostOf(src: string): string {
  try {
    return new URL(src, "https://x.invalid").hostname;
  } catch {
    return src.slice(0, 60);
  }
}
