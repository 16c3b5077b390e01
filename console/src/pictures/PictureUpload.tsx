/**
 * Where a picture is dropped or chosen: it is made as small as it is shown, and uploaded.
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
  tokens,
} from "@fluentui/react-components";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { UnusablePicture } from "./prepare";
import { useUpload, type Uploaded } from "./useImages";

const useStyles = makeStyles({
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
});

interface Props {
  tenant: string;
  /** How wide it is shown, in pixels. */
  shown: number;
  onDone: (uploaded: Uploaded) => void;
}

export function PictureUpload({ tenant, shown, onDone }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
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
