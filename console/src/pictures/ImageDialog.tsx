/**
 * Chooses a picture of the organisation, or uploads one.
 */
import {
  Body1,
  Button,
  Caption1,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  mergeClasses,
  MessageBar,
  MessageBarBody,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import { useRef, useState, type DragEvent, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../../api/session";
import { usePictureAddress, useSetting } from "../canvas/setting";
import { UnusablePicture } from "./prepare";
import { useImages, useUpload, type Uploaded } from "./useImages";

const useStyles = makeStyles({
  grid: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(128px, 1fr))",
    gap: "12px",
    marginTop: "16px",
  },
  picture: {
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    padding: "10px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    cursor: "pointer",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  chosen: { border: `1px solid ${tokens.colorBrandStroke1}`, boxShadow: `inset 0 0 0 1px ${tokens.colorBrandStroke1}` },
  // Pictures with dark or light parts are seen on both.
  thumb: {
    height: "72px",
    objectFit: "contain",
    borderRadius: tokens.borderRadiusMedium,
    backgroundImage: "conic-gradient(#e9e9e9 25%, #ffffff 0 50%, #e9e9e9 0 75%, #ffffff 0)",
    backgroundSize: "16px 16px",
  },
  name: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", textAlign: "start" },
  drop: {
    display: "flex",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "16px",
    padding: "20px",
    border: `1px dashed ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  over: { backgroundColor: tokens.colorBrandBackground2 },
  empty: { marginTop: "16px", color: tokens.colorNeutralForeground3 },
});

interface Props {
  value: string;
  /** How wide it is shown, in pixels. */
  shown: number;
  onChoose: (id: string, uploaded?: Uploaded) => void;
  children: ReactElement;
}

export function ImageDialog({ value, shown, onChoose, children }: Props) {
  const { t } = useTranslation();
  const mayUpload = useTenant().may("signatures:write");
  const [open, setOpen] = useState(false);
  const choose: Props["onChoose"] = (id, uploaded) => {
    setOpen(false);
    onChoose(id, uploaded);
  };
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>{children}</DialogTrigger>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("Choose a picture")}</DialogTitle>
          <DialogContent>
            {mayUpload && <Upload shown={shown} onDone={(uploaded) => choose(uploaded.id, uploaded)} />}
            <Known value={value} onChoose={choose} />
          </DialogContent>
          <DialogActions>
            <DialogTrigger disableButtonEnhancement>
              <Button>{t("Cancel")}</Button>
            </DialogTrigger>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Known({ value, onChoose }: Pick<Props, "value" | "onChoose">) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { tenant } = useSetting();
  const mayUpload = useTenant().may("signatures:write");
  const address = usePictureAddress();
  const { data: images = [], isPending } = useImages(tenant);
  if (isPending) return <Spinner label={t("Loading the pictures")} />;
  if (images.length === 0) {
    return (
      <Body1 block className={styles.empty}>
        {mayUpload
          ? t("There are no pictures yet. Upload the first: a logo is a good start.")
          : t("There are no pictures yet. Whoever publishes signatures can upload some.")}
      </Body1>
    );
  }
  return (
    <div className={styles.grid}>
      {images.map(({ id, bytes }) => (
        <button
          key={id}
          type="button"
          aria-pressed={id === value}
          className={mergeClasses(styles.picture, id === value && styles.chosen)}
          onClick={() => onChoose(id)}
        >
          <img src={address(id)} alt="" className={styles.thumb} loading="lazy" />
          <Caption1 className={styles.name}>
            {id} · {t("{{size}} kB", { size: Math.max(1, Math.round(bytes / 1000)) })}
          </Caption1>
        </button>
      ))}
    </div>
  );
}

function Upload({ shown, onDone }: { shown: number; onDone: (uploaded: Uploaded) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { tenant } = useSetting();
  const { mutate, isPending, error } = useUpload(tenant);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => file && mutate({ file, shown }, { onSuccess: onDone });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <div
        className={mergeClasses(styles.drop, over && styles.over)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <div>
          <Body1 block>{t("Drop a picture here, or choose a file.")}</Body1>
          <Caption1>{t("It is made as small as it is shown. PNG, JPEG and GIF stay; others become PNG.")}</Caption1>
        </div>
        {isPending ? (
          <Spinner size="small" label={t("Uploading")} />
        ) : (
          <Button icon={<ArrowUploadRegular />} onClick={() => input.current?.click()}>
            {t("Upload")}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label={t("Picture to upload")}
          onChange={(event) => take(event.target.files?.[0])}
        />
      </div>
      {error && (
        <MessageBar intent="error" role="alert">
          <MessageBarBody>
            {error instanceof UnusablePicture
              ? t(error.message)
              : t("It could not be uploaded: {{why}}", { why: error.message })}
          </MessageBarBody>
        </MessageBar>
      )}
    </>
  );
}
