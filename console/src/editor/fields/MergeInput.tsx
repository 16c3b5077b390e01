/**
 * One line of words and merge fields: a link, an alternative text, the text of a button.
 */
import { Button, makeStyles, tokens, Tooltip } from "@fluentui/react-components";
import { BracesVariableRegular } from "@fluentui/react-icons";
import { useMemo, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Line } from "../design/types";
import { MergeText, type MergeTextHandle } from "../text/MergeText";
import { fromLine, toLine, type Parts } from "../text/parts";
import { FactMenu } from "./FactMenu";
import { FieldGroup } from "./FieldGroup";

const useStyles = makeStyles({
  row: { display: "flex", gap: "4px", alignItems: "flex-start" },
  text: {
    flexGrow: 1,
    minWidth: 0,
    padding: "3px 8px",
    minHeight: "18px",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderBottomColor: tokens.colorNeutralStrokeAccessible,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    overflowWrap: "anywhere",
    ":focus-within": { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: "-1px" },
  },
});

interface Props {
  label: string;
  value: Parts | null | undefined;
  onChange: (value: Parts) => void;
  hint?: string;
  wrong?: string;
  /** More buttons behind the text. */
  actions?: ReactNode;
}

export function MergeInput({ label, value, onChange, hint, wrong, actions }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const text = useRef<MergeTextHandle>(null);
  const lines = useMemo((): Line[] => [toLine(value)], [value]);
  return (
    <FieldGroup label={label} hint={hint} wrong={wrong}>
      <div className={styles.row}>
        <MergeText
          ref={text}
          single
          label={label}
          className={styles.text}
          lines={lines}
          onChange={([line]) => onChange(fromLine(line ?? []))}
        />
        <FactMenu onChoose={(field) => text.current?.insert({ field })}>
          <Tooltip content={t("Insert a merge field")} relationship="label">
            <Button size="small" appearance="subtle" icon={<BracesVariableRegular />} />
          </Tooltip>
        </FactMenu>
        {actions}
      </div>
    </FieldGroup>
  );
}
