/**
 * The forms of buttons, codes, HTML, lines and spaces.
 */
import { Field, Input, Switch, Textarea } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { ALIGNMENTS, SHAPES, type Choice } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { LinkField } from "../fields/LinkField";
import { MergeInput } from "../fields/MergeInput";
import { NumberField } from "../fields/NumberField";
import { SegmentedField } from "../fields/SegmentedField";
import { StyleFields } from "../fields/StyleFields";
import type { BlockForm } from "./form";
import { Folded, Pair, Section } from "./Section";

export function ButtonForm({ block, set }: BlockForm<"button">) {
  const { t } = useTranslation();
  return (
    <>
      <Section>
        <MergeInput label={t("Text")} value={block.text} onChange={(text) => set({ text })} />
        <LinkField required value={block.link} onChange={(link) => set({ link: link ?? "" })} />
      </Section>
      <Section title={t("Look")}>
        <ColourField label={t("Colour")} value={block.colour} onChange={(colour) => colour && set({ colour })} />
        <Switch
          label={t("Outline only")}
          checked={block.outline === true}
          onChange={(_, { checked }) => set({ outline: checked || undefined })}
        />
        <SegmentedField
          label={t("Corners")}
          choices={SHAPES}
          value={block.shape}
          onChange={(shape) => set({ shape })}
        />
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
      </Section>
      <Folded title={t("Style of the text")}>
        <StyleFields inline value={block.style} onChange={(style) => set({ style })} />
      </Folded>
    </>
  );
}

const CODES: Choice<"vcard" | "link">[] = [
  { value: "vcard", label: "The person’s card" },
  { value: "link", label: "A link" },
];

export function QrForm({ block, set }: BlockForm<"qr">) {
  const { t } = useTranslation();
  const { code } = block;
  return (
    <>
      <Section>
        <SegmentedField
          label={t("The code holds")}
          choices={CODES}
          value={"vcard" in code ? "vcard" : "link"}
          onChange={(kind) => set({ code: kind === "vcard" ? { vcard: {} } : { link: "https://" } })}
        />
        {"vcard" in code ? (
          <Field label={t("Organisation on the card")} hint={t("May be left empty")}>
            <Input
              size="small"
              value={code.vcard.organisation ?? ""}
              onChange={(_, { value }) => set({ code: { vcard: value === "" ? {} : { organisation: value } } })}
            />
          </Field>
        ) : (
          <LinkField required value={code.link} onChange={(link) => set({ code: { link: link ?? "" } })} />
        )}
        <MergeInput
          label={t("Description")}
          value={block.alt}
          hint={t("Left empty, the person’s name")}
          onChange={(alt) => set({ alt })}
        />
      </Section>
      <Section title={t("Look")}>
        <NumberField
          label={t("Size")}
          value={block.size}
          least={48}
          most={300}
          onChange={(size) => size !== undefined && set({ size })}
        />
        <ColourField
          label={t("Colour")}
          value={block.colour}
          empty={t("Black")}
          onChange={(colour) => set({ colour })}
        />
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
      </Section>
    </>
  );
}

export function HtmlForm({ block, set }: BlockForm<"html">) {
  const { t } = useTranslation();
  return (
    <Section>
      <Field
        label={t("HTML of your own")}
        hint={t(
          "Write fields as {{field}} in double braces and pictures as image:logo. Scripts, forms, style sheets and whatever loads something are taken out.",
          { field: "jobTitle" },
        )}
      >
        <Textarea
          rows={14}
          spellCheck={false}
          resize="vertical"
          textarea={{ style: { fontFamily: "Consolas, Menlo, monospace", fontSize: 12, maxHeight: "none" } }}
          value={block.html}
          onChange={(_, { value }) => set({ html: value })}
        />
      </Field>
    </Section>
  );
}

export function DividerForm({ block, set }: BlockForm<"divider">) {
  const { t } = useTranslation();
  return (
    <Section>
      <ColourField label={t("Colour")} value={block.colour} onChange={(colour) => colour && set({ colour })} />
      <Pair>
        <NumberField
          label={t("Thickness")}
          value={block.thickness}
          least={1}
          most={10}
          onChange={(thickness) => thickness !== undefined && set({ thickness })}
        />
        <NumberField
          label={t("Width")}
          value={block.width}
          least={1}
          most={1200}
          empty={t("Full")}
          onChange={(width) => set({ width })}
        />
      </Pair>
      <SegmentedField
        label={t("Align")}
        choices={ALIGNMENTS}
        value={block.align}
        onChange={(align) => set({ align })}
      />
    </Section>
  );
}

export function SpacerForm({ block, set }: BlockForm<"spacer">) {
  const { t } = useTranslation();
  return (
    <Section>
      <NumberField
        label={t("Height")}
        value={block.height}
        least={1}
        most={200}
        onChange={(height) => height !== undefined && set({ height })}
      />
    </Section>
  );
}
