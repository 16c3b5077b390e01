/**
 * The form of social icons: which networks, in which order, and how they look.
 */
import { Button, Dropdown, makeStyles, Option, tokens, Tooltip } from "@fluentui/react-components";
import { AddRegular, ArrowDownRegular, ArrowUpRegular, DismissRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { ImageDialog } from "../../pictures/ImageDialog";
import { NETWORKS } from "../design/networks";
import type { Icon, Network } from "../design/types";
import { ALIGNMENTS, SHAPES, type Choice } from "../fields/choices";
import { ColourField } from "../fields/ColourField";
import { FieldGroup } from "../fields/FieldGroup";
import { LinkField } from "../fields/LinkField";
import { NumberField } from "../fields/NumberField";
import { SegmentedField } from "../fields/SegmentedField";
import type { BlockForm } from "./form";
import { Pair, Section } from "./Section";

const LOOKS: Choice<"filled" | "outline" | "words">[] = [
  { value: "filled", label: "Filled" },
  { value: "outline", label: "Outline" },
  { value: "words", label: "Words" },
];

const CORNERS = [
  ...SHAPES.filter(({ value }) => value === "rounded"),
  ...SHAPES.filter(({ value }) => value !== "rounded"),
];

const useStyles = makeStyles({
  icon: {
    display: "grid",
    gap: "8px",
    padding: "10px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  head: { display: "flex", alignItems: "center", gap: "2px" },
  network: { minWidth: 0, flexGrow: 1 },
});

export function SocialForm({ block, set }: BlockForm<"social">) {
  const { t } = useTranslation();
  const { icons } = block;
  const put = (at: number, icon: Icon) => set({ icons: icons.map((one, other) => (other === at ? icon : one)) });
  const swap = (at: number) =>
    set({ icons: [...icons.slice(0, at), icons[at + 1]!, icons[at]!, ...icons.slice(at + 2)] });
  const unused = (Object.keys(NETWORKS) as Network[]).find(
    (network) => !icons.some((icon) => icon.network === network),
  );
  return (
    <>
      <Section title={t("Networks")}>
        {icons.map((icon, at) => (
          <IconForm
            key={at}
            icon={icon}
            size={block.size ?? 24}
            onChange={(changed) => put(at, changed)}
            onUp={at > 0 ? () => swap(at - 1) : undefined}
            onDown={at < icons.length - 1 ? () => swap(at) : undefined}
            onRemove={() => set({ icons: icons.filter((_, other) => other !== at) })}
          />
        ))}
        <Button
          icon={<AddRegular />}
          onClick={() => set({ icons: [...icons, { network: unused ?? "website", link: "https://" }] })}
        >
          {t("Add a network")}
        </Button>
      </Section>
      <Section title={t("Look")}>
        <SegmentedField label={t("Icons are")} choices={LOOKS} value={block.look} onChange={(look) => set({ look })} />
        <SegmentedField
          label={t("Corners")}
          choices={CORNERS}
          value={block.shape}
          onChange={(shape) => set({ shape: shape === "rounded" ? undefined : shape })}
        />
        <Pair>
          <NumberField
            label={t("Size")}
            value={block.size}
            least={16}
            most={64}
            onChange={(size) => size !== undefined && set({ size })}
          />
          <NumberField
            label={t("Space between")}
            value={block.gap}
            least={0}
            most={100}
            empty="6"
            onChange={(gap) => set({ gap })}
          />
        </Pair>
        <ColourField
          label={t("Colour for all")}
          value={block.colour}
          empty={t("Each network’s own")}
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

interface IconFormProps {
  icon: Icon;
  size: number;
  onChange: (icon: Icon) => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
  onRemove: () => void;
}

function IconForm({ icon, size, onChange, onUp, onDown, onRemove }: IconFormProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { title } = NETWORKS[icon.network];
  const { image, ...drawn } = icon;
  return (
    <div role="group" aria-label={title} className={styles.icon}>
      <div className={styles.head}>
        <Dropdown
          size="small"
          className={styles.network}
          aria-label={t("Network")}
          value={title}
          selectedOptions={[icon.network]}
          onOptionSelect={(_, { optionValue }) => onChange({ ...icon, network: optionValue as Network })}
        >
          {Object.entries(NETWORKS).map(([network, drawn]) => (
            <Option key={network} value={network}>
              {drawn.title}
            </Option>
          ))}
        </Dropdown>
        <Small label={t("Earlier")} icon={<ArrowUpRegular />} onClick={onUp} />
        <Small label={t("Later")} icon={<ArrowDownRegular />} onClick={onDown} />
        <Small label={t("Take {{network}} away", { network: title })} icon={<DismissRegular />} onClick={onRemove} />
      </div>
      <LinkField
        value={icon.link}
        onChange={(link) => {
          const { link: _, ...rest } = icon;
          onChange(link === undefined ? rest : { ...rest, link });
        }}
      />
      <FieldGroup label={t("Icon")}>
        <div className={styles.head}>
          <ImageDialog value={image ?? ""} shown={size} onChoose={(id) => onChange({ ...icon, image: id })}>
            <Button size="small">{image ? image : t("Use a picture of your own")}</Button>
          </ImageDialog>
          {image && <Small label={t("Draw the icon")} icon={<DismissRegular />} onClick={() => onChange(drawn)} />}
        </div>
      </FieldGroup>
    </div>
  );
}

function Small({
  label,
  icon,
  onClick,
}: {
  label: string;
  icon: React.ReactElement;
  onClick: (() => void) | undefined;
}) {
  return (
    <Tooltip content={label} relationship="label">
      <Button size="small" appearance="subtle" icon={icon} disabled={!onClick} onClick={onClick} />
    </Tooltip>
  );
}
