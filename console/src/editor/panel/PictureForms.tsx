/**
 * The forms of pictures, logos, banners and photos.
 */
import { Field, Switch } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { ALIGNMENTS, SHAPES } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { ImageField } from "../fields/ImageField";
import { LinkField } from "../fields/LinkField";
import { MergeInput } from "../fields/MergeInput";
import { NumberField } from "../fields/NumberField";
import { accentOf, useOffered } from "../fields/offered";
import { SegmentedField } from "../fields/SegmentedField";
import type { PictureBlock } from "../design/types";
import type { Uploaded } from "../../pictures/useImages";
import type { BlockForm, FormOf } from "./form";
import { Pair, Section } from "./Section";

/** Widest picture that the API takes. */
const WIDEST = 1200;

export function PictureForm({ block, set }: FormOf<PictureBlock>) {
  const { t } = useTranslation();
  const { brand } = useOffered();
  const choose = (image: string, uploaded?: Uploaded) => {
    const alt = block.alt === "" ? brand.logos.find((logo) => logo.image === image)?.alt : undefined;
    const size = uploaded && { width: Math.min(block.width, uploaded.width), height: undefined };
    set({ image, ...(alt && { alt }), ...size });
  };
  return (
    <>
      <Section>
        <ImageField
          label={t("Picture")}
          value={block.image}
          shown={block.width}
          onChange={choose}
        />
        <MergeInput
          label={t("Description")}
          value={block.alt}
          hint={t("Read where the picture is not shown, and by screen readers")}
          onChange={(alt) => set({ alt })}
        />
        <LinkField value={block.link} onChange={(link) => set({ link })} />
      </Section>
      <Section title={t("Look")}>
        <Measures block={block} set={set} />
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
        <SegmentedField
          label={t("Corners")}
          choices={SHAPES}
          value={block.shape}
          onChange={(shape) => set({ shape })}
        />
      </Section>
    </>
  );
}

export function PhotoForm({ block, set }: BlockForm<"photo">) {
  const { t } = useTranslation();
  const accent = accentOf(useOffered().brand);
  return (
    <>
      <Section>
        <MergeInput
          label={t("Description")}
          value={block.alt}
          hint={t("Read where the picture is not shown, and by screen readers")}
          onChange={(alt) => set({ alt })}
        />
        <Field hint={t("Without this the block is hidden for people without a photo.")}>
          <Switch
            label={t("Initials for people without a photo")}
            checked={block.initials != null}
            onChange={(_, { checked }) => set({ initials: checked ? accent : undefined })}
          />
        </Field>
        {block.initials != null && (
          <ColourField
            label={t("Colour behind the initials")}
            value={block.initials}
            onChange={(initials) => set({ initials })}
          />
        )}
      </Section>
      <Section title={t("Look")}>
        <Measures block={block} set={set} />
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
        <SegmentedField
          label={t("Corners")}
          choices={SHAPES}
          value={block.shape}
          onChange={(shape) => set({ shape })}
        />
      </Section>
    </>
  );
}

interface Measured {
  width: number;
  height?: number | null;
}

function Measures({ block, set }: { block: Measured; set: (keys: Partial<Measured>) => void }) {
  const { t } = useTranslation();
  return (
    <Pair>
      <NumberField
        label={t("Width")}
        value={block.width}
        least={1}
        most={WIDEST}
        onChange={(width) => width !== undefined && set({ width })}
      />
      <NumberField
        label={t("Height")}
        value={block.height}
        least={1}
        most={WIDEST}
        empty={t("In proportion")}
        onChange={(height) => set({ height })}
      />
    </Pair>
  );
}
