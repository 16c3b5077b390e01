/**
 * The picture of a block, with the button that changes it.
 */
import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ImageRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { ImageDialog } from "../../pictures/ImageDialog";
import type { Uploaded } from "../../pictures/useImages";
import { usePictureAddress } from "../canvas/setting";
import { FieldGroup } from "./FieldGroup";
import { useOffered } from "./offered";

const useStyles = makeStyles({
  row: { display: "flex", alignItems: "center", gap: "12px" },
  thumb: {
    width: "72px",
    height: "48px",
    objectFit: "contain",
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: "#ffffff",
  },
});

interface Props {
  label: string;
  value: string;
  shown: number;
  onChange: (id: string, uploaded?: Uploaded) => void;
}

export function ImageField({ label, value, shown, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const address = usePictureAddress();
  const { brand } = useOffered();
  return (
    <FieldGroup label={label}>
      <div className={styles.row}>
        {value !== "" && <img src={address(value)} alt={value} className={styles.thumb} />}
        <ImageDialog value={value} shown={shown} logos={brand.logos} onChoose={onChange}>
          <Button size="small" icon={<ImageRegular />} appearance={value === "" ? "primary" : "secondary"}>
            {value === "" ? t("Choose a picture") : t("Change")}
          </Button>
        </ImageDialog>
      </div>
    </FieldGroup>
  );
}
