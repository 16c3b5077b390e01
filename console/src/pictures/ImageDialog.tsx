/**
 * Chooses a picture of the organisation, its logos first, or uploads one.
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
  Spinner,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { useId, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import type { BrandLogo } from "../brand/queries";
import { PictureUpload } from "./PictureUpload";
import { pictureAddress, useImages, type Uploaded } from "./useImages";

const useStyles = makeStyles({
  title: { margin: "16px 0 0" },
  grid: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(128px, 1fr))",
    gap: "12px",
    marginTop: "12px",
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
  empty: { marginTop: "16px", color: tokens.colorNeutralForeground3 },
});

interface Props {
  value: string;
  /** How wide it is shown, in pixels. */
  shown: number;
  onChoose: (id: string, uploaded?: Uploaded) => void;
  /** Offered first, by their names. */
  logos?: BrandLogo[];
  children: ReactElement;
}

export function ImageDialog({ value, shown, onChoose, logos = [], children }: Props) {
  const { t } = useTranslation();
  const { id: tenant, may } = useTenant();
  const mayUpload = may("signatures:write");
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
            {mayUpload && (
              <PictureUpload tenant={tenant} shown={shown} onDone={(uploaded) => choose(uploaded.id, uploaded)} />
            )}
            <Known tenant={tenant} logos={logos} value={value} onChoose={choose} mayUpload={mayUpload} />
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

interface KnownProps {
  tenant: string;
  logos: BrandLogo[];
  value: string;
  onChoose: (id: string) => void;
  mayUpload: boolean;
}

function Known({ tenant, logos, value, onChoose, mayUpload }: KnownProps) {
  const { t } = useTranslation();
  const styles = useStyles();
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
  const choice = { tenant, value, onChoose };
  const ofBrand = logos.map(({ image, name }) => ({ id: image, words: name }));
  const others = images
    .filter(({ id }) => logos.every(({ image }) => image !== id))
    .map(({ id, bytes }) => {
      const size = t("{{size}} kB", { size: Math.max(1, Math.round(bytes / 1000)) });
      return { id, words: `${id} · ${size}` };
    });
  return (
    <>
      {ofBrand.length > 0 && <Pictures {...choice} title={t("Of your brand")} pictures={ofBrand} />}
      {others.length > 0 && (
        <Pictures {...choice} title={ofBrand.length > 0 ? t("Other pictures") : undefined} pictures={others} />
      )}
    </>
  );
}

interface PicturesProps {
  tenant: string;
  title?: string;
  pictures: { id: string; words: string }[];
  value: string;
  onChoose: (id: string) => void;
}

function Pictures({ tenant, title, pictures, value, onChoose }: PicturesProps) {
  const styles = useStyles();
  const heading = useId();
  return (
    <div role={title && "group"} aria-labelledby={title && heading}>
      {title && (
        <Subtitle2 as="h3" block id={heading} className={styles.title}>
          {title}
        </Subtitle2>
      )}
      <div className={styles.grid}>
        {pictures.map(({ id, words }) => (
          <button
            key={words}
            type="button"
            aria-pressed={id === value}
            className={mergeClasses(styles.picture, id === value && styles.chosen)}
            onClick={() => onChoose(id)}
          >
            <img src={pictureAddress(tenant, id)} alt="" className={styles.thumb} loading="lazy" />
            <Caption1 className={styles.name}>{words}</Caption1>
          </button>
        ))}
      </div>
    </div>
  );
}
