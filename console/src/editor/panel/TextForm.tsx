/**
 * The form of text: the lines themselves with their toolbar, the field that is chosen, and the style of them all.
 */
import {
  Button,
  Caption1,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  tokens,
  Toolbar,
  Tooltip,
} from "@fluentui/react-components";
import {
  BracesVariableRegular,
  LinkRegular,
  TextBoldRegular,
  TextColorRegular,
  TextItalicRegular,
  TextUnderlineRegular,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Style, TextBlock } from "../design/types";
import { ALIGNMENTS } from "../fields/choices";
import { FactMenu } from "../fields/FactMenu";
import { LinkField } from "../fields/LinkField";
import { SegmentedField } from "../fields/SegmentedField";
import { StyleFields, Toggle } from "../fields/StyleFields";
import { useActiveState, useActiveText } from "../text/activeText";
import { insertField, patchStyle, selectedField, selectedLook, setLink } from "../text/commands";
import { MergeText } from "../text/MergeText";
import { ChosenField } from "./ChosenField";
import type { FormOf } from "./form";
import { Folded, Section } from "./Section";

const useStyles = makeStyles({
  text: {
    minHeight: "72px",
    maxHeight: "280px",
    overflowY: "auto",
    padding: "10px 12px",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: `0 0 ${tokens.borderRadiusMedium} ${tokens.borderRadiusMedium}`,
    backgroundColor: "#ffffff",
    color: "#242424",
    fontSize: "13px",
    lineHeight: "20px",
    ":focus-within": { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: "-1px" },
  },
  bar: {
    padding: "3px",
    gap: "2px",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderBottom: "none",
    borderRadius: `${tokens.borderRadiusMedium} ${tokens.borderRadiusMedium} 0 0`,
    backgroundColor: tokens.colorNeutralBackground2,
    flexWrap: "wrap",
  },
  surface: { width: "280px", display: "flex", flexDirection: "column", gap: "14px" },
  hint: { color: tokens.colorNeutralForeground3 },
});

export function TextForm({ block, set }: FormOf<TextBlock>) {
  const { t } = useTranslation();
  const styles = useStyles();
  const state = useActiveState();
  const field = state && selectedField(state);
  return (
    <>
      <Section>
        <div>
          <TextToolbar />
          <MergeText
            className={styles.text}
            label={t("Text")}
            lines={block.lines}
            onChange={(lines) => set({ lines })}
          />
        </div>
        <Caption1 className={styles.hint}>
          {t("A line whose fields are all empty is left out, with the words before them.")}
        </Caption1>
      </Section>
      {field && <ChosenField field={field} />}
      <Section>
        <SegmentedField
          label={t("Align")}
          choices={ALIGNMENTS}
          value={block.align}
          onChange={(align) => set({ align })}
        />
      </Section>
      <Folded title={t("Style of the whole block")}>
        <StyleFields value={block.style} onChange={(style) => set({ style })} />
      </Folded>
    </>
  );
}

function TextToolbar() {
  const { t } = useTranslation();
  const styles = useStyles();
  const active = useActiveText();
  const state = useActiveState();
  const { style, link } = state ? selectedLook(state) : { style: {}, link: null };
  const patch = (keys: Partial<Style>) => active.run((now) => patchStyle(now, keys));
  return (
    <Toolbar aria-label={t("Style of the selected words")} size="small" className={styles.bar}>
      <Toggle
        label={t("Bold")}
        icon={<TextBoldRegular />}
        on={style.weight === "bold"}
        onChange={(on) => patch({ weight: on ? "bold" : undefined })}
      />
      <Toggle
        label={t("Italic")}
        icon={<TextItalicRegular />}
        on={style.italic === true}
        onChange={(on) => patch({ italic: on || undefined })}
      />
      <Toggle
        label={t("Underlined")}
        icon={<TextUnderlineRegular />}
        on={style.underline === true}
        onChange={(on) => patch({ underline: on || undefined })}
      />
      <InPopover label={t("Font, size and colour")} icon={<TextColorRegular />}>
        <StyleFields
          inline
          value={style}
          onChange={(to) => active.quietly((now) => patchStyle(now, replacing(style, to)))}
        />
      </InPopover>
      <InPopover label={t("Link")} icon={<LinkRegular />}>
        <LinkField value={link} onChange={(to) => active.quietly((now) => setLink(now, to ?? null))} />
      </InPopover>
      <FactMenu onChoose={(field) => active.run((now) => insertField(now, { field }))}>
        <Button size="small" appearance="subtle" icon={<BracesVariableRegular />} disabled={!state}>
          {t("Field")}
        </Button>
      </FactMenu>
    </Toolbar>
  );
}

/** What makes one style of another: keys that it has no more are taken away. */
function replacing(from: Style, to: Style | undefined): Partial<Style> {
  return { ...Object.fromEntries(Object.keys(from).map((key) => [key, undefined])), ...to };
}

function InPopover({ label, icon, children }: { label: string; icon: React.ReactElement; children: React.ReactNode }) {
  const styles = useStyles();
  return (
    <Popover trapFocus positioning="below">
      <PopoverTrigger disableButtonEnhancement>
        <Tooltip content={label} relationship="label">
          <Button size="small" appearance="subtle" icon={icon} onMouseDown={(event) => event.preventDefault()} />
        </Tooltip>
      </PopoverTrigger>
      <PopoverSurface className={styles.surface} aria-label={label}>
        {children}
      </PopoverSurface>
    </Popover>
  );
}
