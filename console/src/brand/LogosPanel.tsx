/**
 * The logos of the brand, and other pictures that belong to it.
 */
import { Button, Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Panel } from "../components/Panel";
import { ImageDialog } from "../pictures/ImageDialog";
import { pictureAddress, useImages } from "../pictures/useImages";
import { freeName, MOST_ALT, MOST_LOGOS, MOST_NAME, type Faults } from "./faults";
import type { BrandLogo } from "./queries";
import { RowButtons } from "./RowButtons";
import { useRowStyles } from "./rows";
import { swapped, withOne, without } from "./same";

/** Widest that a logo is shown in a signature, in pixels; it is kept twice as wide, for sharp screens. */
const SHOWN = 320;

const useStyles = makeStyles({
  picture: { display: "flex", flexDirection: "column", gap: "4px", width: "160px" },
  // Pictures with dark or light parts are seen on both.
  thumb: {
    width: "160px",
    height: "88px",
    boxSizing: "border-box",
    padding: "8px",
    objectFit: "contain",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundImage: "conic-gradient(#e9e9e9 25%, #ffffff 0 50%, #e9e9e9 0 75%, #ffffff 0)",
    backgroundSize: "16px 16px",
  },
  fields: { display: "flex", flexDirection: "column", gap: "8px", flex: "1 1 220px", minWidth: 0 },
});

interface Props {
  logos: BrandLogo[];
  faults: Faults;
  /** Absent: they are only looked at. */
  onChange?: (logos: BrandLogo[]) => void;
}

export function LogosPanel({ logos, faults, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = useRowStyles();
  const tenant = useTenant();
  const add = (image: string) => {
    const first = logos.length === 0;
    const name = freeName(first ? t("Logo") : image, logos);
    onChange?.([...logos, { name, image, alt: first ? tenant.name.slice(0, MOST_ALT) : "" }]);
  };
  return (
    <Panel
      title={t("Logos and pictures")}
      lead={t(
        "The first is your logo. What is uploaded here is kept at most {{width}} pixels wide: sharp where it is shown {{shown}} wide.",
        { width: 2 * SHOWN, shown: SHOWN },
      )}
    >
      {logos.length === 0 ? (
        <Text className={rows.quiet}>{t("No logos are kept yet.")}</Text>
      ) : (
        <ul className={rows.list}>
          {logos.map((logo, at) => (
            <li key={at} className={rows.row}>
              <Picture key={logo.image} logo={logo} />
              {onChange ? (
                <>
                  <div className={styles.fields}>
                    <Field label={t("Name")} validationMessage={t(faults[`logos/${at}/name`] ?? "")}>
                      <Input
                        value={logo.name}
                        maxLength={MOST_NAME}
                        onChange={(_, { value }) => onChange(withOne(logos, at, { name: value }))}
                      />
                    </Field>
                    <Field label={t("Description")} hint={t("Read where the picture is not shown, and by screen readers")}>
                      <Input
                        value={logo.alt}
                        maxLength={MOST_ALT}
                        onChange={(_, { value }) => onChange(withOne(logos, at, { alt: value }))}
                      />
                    </Field>
                    <ImageDialog
                      value={logo.image}
                      shown={SHOWN}
                      onChoose={(image) => onChange(withOne(logos, at, { image }))}
                    >
                      <Button className={rows.add} size="small">
                        {t("Another picture")}
                      </Button>
                    </ImageDialog>
                  </div>
                  <RowButtons
                    name={logo.name || logo.image}
                    onUp={at > 0 ? () => onChange(swapped(logos, at - 1)) : undefined}
                    onDown={at < logos.length - 1 ? () => onChange(swapped(logos, at)) : undefined}
                    onRemove={() => onChange(without(logos, at))}
                  />
                </>
              ) : (
                <span className={rows.words}>
                  <Text weight="semibold">{logo.name}</Text>
                  <Text className={rows.quiet}>{logo.alt}</Text>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {onChange && logos.length < MOST_LOGOS && (
        <ImageDialog value="" shown={SHOWN} onChoose={add}>
          <Button className={rows.add} icon={<AddRegular />}>
            {t("Add a picture")}
          </Button>
        </ImageDialog>
      )}
    </Panel>
  );
}

/** With its size: in pixels as it is kept, and in octets. */
function Picture({ logo }: { logo: BrandLogo }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = useRowStyles();
  const { id: tenant } = useTenant();
  const { data: images = [] } = useImages(tenant);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const bytes = images.find(({ id }) => id === logo.image)?.bytes;
  return (
    <span className={styles.picture}>
      <img
        src={pictureAddress(tenant, logo.image)}
        alt={logo.alt || logo.name}
        className={styles.thumb}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setSize({ width, height })}
      />
      <Text size={200} className={rows.quiet}>
        {size && t("{{width}} × {{height}} pixels", size)}
        {size && bytes !== undefined && ", "}
        {bytes !== undefined && t("{{size}} kB", { size: Math.max(1, Math.round(bytes / 1000)) })}
      </Text>
    </span>
  );
}
