/**
 * Tests of facts of the sender, all of which must hold: for blocks under a condition, and for who gets a signature.
 */
import { Button, Dropdown, Input, makeStyles, Option, tokens, Tooltip } from "@fluentui/react-components";
import { AddRegular, ChevronDownRegular, DismissRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { factName } from "../design/facts";
import type { FactTest } from "../design/types";
import { testOf, TESTS } from "../rules/tests";
import { FactMenu } from "./FactMenu";
import { FieldGroup } from "./FieldGroup";

const useStyles = makeStyles({
  test: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "6px",
    padding: "8px",
    marginBottom: "6px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  kind: { minWidth: "120px", flexGrow: 1 },
  value: { flexGrow: 2, minWidth: "120px" },
});

interface Props {
  label: string;
  hint?: string;
  value: FactTest[];
  onChange: (tests: FactTest[]) => void;
}

export function FactTestsField({ label, hint, value, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const set = (at: number, test: FactTest) => onChange(value.map((one, other) => (other === at ? test : one)));
  return (
    <FieldGroup label={label} hint={hint}>
      {value.map((test, at) => (
        <div key={at} className={styles.test}>
          <FactMenu onChoose={(field) => set(at, { ...test, field })}>
            <Button size="small" icon={<ChevronDownRegular />} iconPosition="after">
              {factName(test.field, t)}
            </Button>
          </FactMenu>
          <Dropdown
            size="small"
            className={styles.kind}
            aria-label={t("Test")}
            value={t(TESTS[test.is])}
            selectedOptions={[test.is]}
            onOptionSelect={(_, { optionValue }) => set(at, testOf(optionValue as FactTest["is"], test))}
          >
            {Object.entries(TESTS).map(([is, name]) => (
              <Option key={is} value={is}>
                {t(name)}
              </Option>
            ))}
          </Dropdown>
          {"value" in test && (
            <Input
              size="small"
              className={styles.value}
              aria-label={t("Value")}
              placeholder={test.is === "matches" ? "^(head|vp) of" : undefined}
              value={test.value}
              onChange={(_, { value: text }) => set(at, { ...test, value: text })}
            />
          )}
          <Tooltip content={t("Take this test away")} relationship="label">
            <Button
              size="small"
              appearance="subtle"
              icon={<DismissRegular />}
              onClick={() => onChange(value.filter((_, other) => other !== at))}
            />
          </Tooltip>
        </div>
      ))}
      <Button
        size="small"
        appearance="subtle"
        icon={<AddRegular />}
        onClick={() => onChange([...value, { is: "equals", field: "department", value: "" }])}
      >
        {t("Add a test")}
      </Button>
    </FieldGroup>
  );
}
