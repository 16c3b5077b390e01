/**
 * How the value of a merge field is put before it is shown: steps, one after the other.
 */
import {
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Option,
  tokens,
  Tooltip,
} from "@fluentui/react-components";
import { AddRegular, ArrowUpRegular, DismissRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Filter } from "../design/types";
import { FieldGroup } from "./FieldGroup";

type Kind = "upper" | "lower" | "title" | "trim" | "phone" | "replace" | "date";

const KINDS: Record<Kind, { label: string; first: Filter }> = {
  upper: { label: "ALL CAPITALS", first: "upper" },
  lower: { label: "all small", first: "lower" },
  title: { label: "Capital At Each Word", first: "title" },
  trim: { label: "Several blanks become one", first: "trim" },
  phone: { label: "Telephone number", first: { phone: { style: "international" } } },
  replace: { label: "Replace a text", first: { replace: { from: ",", to: "" } } },
  date: { label: "Date", first: { date: { pattern: "%d.%m.%Y" } } },
};

const PHONES = {
  international: "+44 20 7946 0958",
  national: "020 7946 0958",
  dots: "+44.20.7946.0958",
  hyphens: "+44-20-7946-0958",
};

const MOST = 8;

const useStyles = makeStyles({
  step: {
    display: "grid",
    gap: "8px",
    padding: "8px 10px",
    marginBottom: "6px",
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
  },
  head: { display: "flex", alignItems: "center", fontSize: tokens.fontSizeBase200 },
  name: { flexGrow: 1 },
  pair: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)",
    gap: "8px",
    "& .fui-Input": { minWidth: 0, width: "100%" },
  },
});

export function kindOf(filter: Filter): Kind {
  return (typeof filter === "string" ? filter : Object.keys(filter)[0]) as Kind;
}

interface Props {
  value: Filter[] | undefined;
  onChange: (steps: Filter[] | undefined) => void;
}

export function FormatField({ value = [], onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const set = (steps: Filter[]) => onChange(steps.length > 0 ? steps : undefined);
  return (
    <FieldGroup label={t("Format")}>
      {value.map((filter, at) => (
        <div key={at} className={styles.step}>
          <div className={styles.head}>
            <span className={styles.name}>{t(KINDS[kindOf(filter)].label)}</span>
            {at > 0 && (
              <Tooltip content={t("Earlier")} relationship="label">
                <Button
                  size="small"
                  appearance="subtle"
                  icon={<ArrowUpRegular />}
                  onClick={() => set([...value.slice(0, at - 1), filter, value[at - 1]!, ...value.slice(at + 1)])}
                />
              </Tooltip>
            )}
            <Tooltip content={t("Take this step away")} relationship="label">
              <Button
                size="small"
                appearance="subtle"
                icon={<DismissRegular />}
                onClick={() => set(value.filter((_, other) => other !== at))}
              />
            </Tooltip>
          </div>
          <Options
            filter={filter}
            onChange={(changed) => set(value.map((one, other) => (other === at ? changed : one)))}
          />
        </div>
      ))}
      {value.length < MOST && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button size="small" appearance="subtle" icon={<AddRegular />}>
              {t("Add a step")}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {Object.entries(KINDS).map(([kind, { label, first }]) => (
                <MenuItem key={kind} onClick={() => set([...value, first])}>
                  {t(label)}
                </MenuItem>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </FieldGroup>
  );
}

function Options({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (typeof filter === "string") return null;
  if ("phone" in filter) {
    const { phone } = filter;
    return (
      <div className={styles.pair}>
        <Field label={t("Written")}>
          <Dropdown
            size="small"
            style={{ minWidth: 0 }}
            value={PHONES[phone.style]}
            selectedOptions={[phone.style]}
            onOptionSelect={(_, { optionValue }) =>
              onChange({ phone: { ...phone, style: optionValue as keyof typeof PHONES } })
            }
          >
            {Object.entries(PHONES).map(([style, example]) => (
              <Option key={style} value={style}>
                {example}
              </Option>
            ))}
          </Dropdown>
        </Field>
        <Field label={t("Country code")}>
          <Input
            size="small"
            value={phone.country ?? ""}
            placeholder="44"
            contentBefore="+"
            onChange={(_, { value }) => onChange({ phone: { style: phone.style, ...(value && { country: value }) } })}
          />
        </Field>
      </div>
    );
  }
  if ("replace" in filter) {
    const { replace } = filter;
    const set = (keys: Partial<typeof replace>) => onChange({ replace: { ...replace, ...keys } });
    return (
      <div className={styles.pair}>
        <Field label={t("This")}>
          <Input size="small" value={replace.from} onChange={(_, { value }) => set({ from: value })} />
        </Field>
        <Field label={t("By this")}>
          <Input size="small" value={replace.to ?? ""} onChange={(_, { value }) => set({ to: value })} />
        </Field>
      </div>
    );
  }
  return (
    <Field label={t("Pattern")} hint={t("%d day, %m month, %B its name, %Y year")}>
      <Input
        size="small"
        value={filter.date.pattern}
        onChange={(_, { value }) => onChange({ date: { pattern: value } })}
      />
    </Field>
  );
}
