/**
 * How a signature comes in: by files, dropped or chosen, or by pasting.
 */
import {
  Body1,
  Button,
  Caption1,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Spinner,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { ArrowUploadRegular, ClipboardPasteRegular } from "@fluentui/react-icons";
import { useRef, useState, type ClipboardEvent, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { droppedFiles, readPasted, type Refused } from "./read/files";
import type { Source } from "./read/source";

const useStyles = makeStyles({
  ways: { display: "grid", gridTemplateColumns: "repeat(auto-fit, minmax(min(320px, 100%), 1fr))", gap: "24px" },
  way: {
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    textAlign: "center",
    gap: "12px",
    padding: "48px 24px",
    borderRadius: tokens.borderRadiusXLarge,
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxSizing: "border-box",
  },
  over: { backgroundColor: tokens.colorBrandBackground2 },
  icon: { fontSize: "36px", lineHeight: 0, color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground2, maxWidth: "44ch" },
  file: { display: "none" },
  paste: {
    width: "100%",
    maxWidth: "360px",
    minHeight: "72px",
    resize: "none",
    boxSizing: "border-box",
    padding: "12px",
    textAlign: "center",
    font: "inherit",
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground3,
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusLarge,
    "::placeholder": { color: tokens.colorNeutralForeground2 },
  },
  refused: { marginTop: "16px", display: "flex", flexDirection: "column", gap: "8px" },
  where: { marginTop: "24px", color: tokens.colorNeutralForeground2, paddingLeft: "20px", lineHeight: "22px" },
});

interface Props {
  reading: boolean;
  refused: Refused[];
  onFiles: (files: File[]) => void;
  onPasted: (source: Source) => void;
}

export function Bring({ reading, refused, onFiles, onPasted }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void droppedFiles(event.dataTransfer).then(onFiles);
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const source = readPasted(event.clipboardData, t("Pasted signature"));
    if (source) onPasted(source);
  };
  return (
    <>
      <div className={styles.ways}>
        <div
          className={mergeClasses(styles.way, over && styles.over)}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          <span className={styles.icon} aria-hidden>
            <ArrowUploadRegular />
          </span>
          <Subtitle2 as="h2">{t("Drop a message or a signature file here")}</Subtitle2>
          <Body1 className={styles.quiet}>
            {t(
              "An .eml message, or the .htm file of Outlook together with its folder of pictures. With several messages of one person it is found more surely.",
            )}
          </Body1>
          <input
            ref={input}
            className={styles.file}
            type="file"
            multiple
            accept=".eml,.htm,.html,.txt,.png,.jpg,.jpeg,.gif,message/rfc822"
            aria-label={t("Messages or signature files")}
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <Button appearance="primary" disabledFocusable={reading} onClick={() => input.current?.click()}>
            {t("Choose files")}
          </Button>
          {reading && <Spinner size="tiny" label={t("Reading …")} />}
        </div>
        <div className={styles.way}>
          <span className={styles.icon} aria-hidden>
            <ClipboardPasteRegular />
          </span>
          <Subtitle2 as="h2">{t("Paste it")}</Subtitle2>
          <Body1 className={styles.quiet}>
            {t(
              "Select the signature in your mail program, copy it, and paste it into the field. Colours, fonts and tables come along.",
            )}
          </Body1>
          <textarea
            className={styles.paste}
            aria-label={t("Paste the signature here")}
            placeholder={t("Click here, then press Ctrl+V")}
            value=""
            onChange={() => undefined}
            onPaste={paste}
          />
        </div>
      </div>
      {refused.length > 0 && (
        <div className={styles.refused} role="alert">
          {refused.map(({ name, why }) => (
            <MessageBar key={name} intent="warning" layout="multiline">
              <MessageBarBody>
                <b>{name}</b>: {t(why)}
              </MessageBarBody>
            </MessageBar>
          ))}
        </div>
      )}
      <ul className={styles.where}>
        <li>
          <Caption1>{t("Outlook for Windows keeps signature files in %APPDATA%\\Microsoft\\Signatures.")}</Caption1>
        </li>
        <li>
          <Caption1>
            {t("In new Outlook, Outlook on the web and Gmail, download a message that you have sent as .eml.")}
          </Caption1>
        </li>
        <li>
          <Caption1>
            {t("A message is read by the server and forgotten. Nothing is fetched from other places.")}
          </Caption1>
        </li>
      </ul>
    </>
  );
}
