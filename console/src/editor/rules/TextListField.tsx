/**
 * A list of short texts, typed one after the other: domains, addresses, words of the subject.
 */
import {
  Button,
  Field,
  InteractionTag,
  InteractionTagPrimary,
  InteractionTagSecondary,
  Input,
  makeStyles,
  TagGroup,
} from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  row: { display: "flex", gap: "6px" },
  input: { flexGrow: 1, minWidth: 0 },
  tags: { display: "flex", flexWrap: "wrap", gap: "6px", marginTop: "8px" },
});

interface Props {
  label: string;
  hint?: string;
  placeholder?: string;
  value: string[] | undefined;
  onChange: (texts: string[]) => void;
  /** What is wrong with a text. */
  judge?: (text: string) => string | undefined;
}

export function TextListField({ label, hint, placeholder, value = [], onChange, judge }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState<string>();

  const add = () => {
    // What may have no blanks may be pasted as a list.
    const texts = (judge ? typed.split(/[\s;,]+/) : [typed.trim()]).filter((text) => text !== "");
    const fault = texts.map((text) => judge?.(text)).find((one) => one !== undefined);
    setWrong(fault);
    if (fault !== undefined || texts.length === 0) return;
    onChange([...new Set([...value, ...texts])]);
    setTyped("");
  };

  return (
    <Field label={label} hint={hint} validationMessage={wrong} validationState={wrong ? "error" : "none"}>
      {(field) => (
        <div>
          <div className={styles.row}>
            <Input
              {...field}
              className={styles.input}
              value={typed}
              placeholder={placeholder}
              onChange={(_, { value: text }) => {
                setTyped(text);
                setWrong(undefined);
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                add();
              }}
              onBlur={add}
            />
            <Button icon={<AddRegular />} onClick={add}>
              {t("Add")}
            </Button>
          </div>
          {value.length > 0 && (
            <TagGroup
              className={styles.tags}
              aria-label={label}
              onDismiss={(_, { value: gone }) => onChange(value.filter((text) => text !== gone))}
            >
              {value.map((text) => (
                <InteractionTag key={text} value={text} shape="rounded" size="small">
                  <InteractionTagPrimary hasSecondaryAction>{text}</InteractionTagPrimary>
                  <InteractionTagSecondary aria-label={t("Remove")} />
                </InteractionTag>
              ))}
            </TagGroup>
          )}
        </div>
      )}
    </Field>
  );
}
