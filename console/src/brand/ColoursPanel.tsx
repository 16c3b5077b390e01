/**
 * The colours of the brand, each with its name.
 */
import { Button, Field, Input, makeStyles, Text } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ColourInput } from "../components/ColourInput";
import { Panel } from "../components/Panel";
import { freeName, MOST_COLOURS, MOST_NAME, type Faults } from "./faults";
import type { BrandColour } from "./queries";
import { RowButtons } from "./RowButtons";
import { useRowStyles } from "./rows";
import { swapped, withOne, without } from "./same";

const useStyles = makeStyles({ colour: { flex: "0 1 190px", minWidth: "160px" } });

interface Props {
  colours: BrandColour[];
  faults: Faults;
  /** Absent: they are only looked at. */
  onChange?: (colours: BrandColour[]) => void;
}

export function ColoursPanel({ colours, faults, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = useRowStyles();
  const [added, setAdded] = useState(-1);
  const add = () => {
    setAdded(colours.length);
    onChange?.([...colours, { name: freeName(t("Colour"), colours), colour: "#00635d" }]);
  };
  return (
    <Panel title={t("Colours")} lead={t("A new button or photo begins with the first.")}>
      {colours.length === 0 ? (
        <Text className={rows.quiet}>{t("No colours are kept yet.")}</Text>
      ) : (
        <ul className={rows.list}>
          {colours.map(({ name, colour }, at) => (
            <li key={at} className={rows.row}>
              {onChange ? (
                <>
                  <div className={styles.colour}>
                    <ColourInput
                      size="medium"
                      label={t("Number of {{name}}", { name: name || colour })}
                      value={colour}
                      onChange={(to) => to && onChange(withOne(colours, at, { colour: to }))}
                    />
                  </div>
                  <Field className={rows.name} validationMessage={t(faults[`colours/${at}/name`] ?? "")}>
                    <Input
                      aria-label={t("Name of {{colour}}", { colour })}
                      value={name}
                      maxLength={MOST_NAME}
                      autoFocus={at === added}
                      onChange={(_, { value }) => onChange(withOne(colours, at, { name: value }))}
                    />
                  </Field>
                  <RowButtons
                    name={name || colour}
                    onUp={at > 0 ? () => onChange(swapped(colours, at - 1)) : undefined}
                    onDown={at < colours.length - 1 ? () => onChange(swapped(colours, at)) : undefined}
                    onRemove={() => onChange(without(colours, at))}
                  />
                </>
              ) : (
                <>
                  <span className={rows.swatch} style={{ backgroundColor: colour }} aria-hidden />
                  <span className={rows.words}>
                    <Text weight="semibold">{name}</Text>
                    <Text size={200} className={rows.quiet}>
                      {colour}
                    </Text>
                  </span>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {onChange && (
        <Button
          className={rows.add}
          icon={<AddRegular />}
          disabledFocusable={colours.length >= MOST_COLOURS}
          onClick={add}
        >
          {t("Add a colour")}
        </Button>
      )}
    </Panel>
  );
}
