/**
 * When: from and until, days of the week, hours of the day, all by the clock of one time zone.
 */
import { Combobox, Field, Input, makeStyles, Option, Switch } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Choice } from "../fields/choices";
import { FieldGroup } from "../fields/FieldGroup";
import { tidy, type Schedule } from "./applies";
import { ChecksField } from "./ChecksField";

const DAYS: Choice<NonNullable<Schedule["days"]>[number]>[] = [
  { value: "monday", label: "Monday" },
  { value: "tuesday", label: "Tuesday" },
  { value: "wednesday", label: "Wednesday" },
  { value: "thursday", label: "Thursday" },
  { value: "friday", label: "Friday" },
  { value: "saturday", label: "Saturday" },
  { value: "sunday", label: "Sunday" },
];

const SHOWN = 60;

const useStyles = makeStyles({ pair: { display: "flex", flexWrap: "wrap", gap: "12px 16px" } });

interface Props {
  value: Schedule | null;
  onChange: (schedule: Schedule | null) => void;
}

export function ScheduleForm({ value, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const set = (keys: Partial<Schedule>) => value && onChange(tidy({ ...value, ...keys }));
  return (
    <>
      <Switch
        label={t("Only at certain times")}
        checked={value !== null}
        onChange={(_, { checked }) => onChange(checked ? { zone: here } : null)}
      />
      {value && (
        <>
          <ZoneField value={value.zone} onChange={(zone) => set({ zone })} />
          <div className={styles.pair}>
            <MomentField label={t("From")} value={value.from} onChange={(from) => set({ from })} />
            <MomentField label={t("Until")} value={value.until} onChange={(until) => set({ until })} />
          </div>
          <ChecksField
            label={t("On these days")}
            hint={t("None ticked: every day")}
            choices={DAYS}
            value={value.days}
            onChange={(days) => set({ days })}
          />
          <HoursFields value={value.hours} onChange={(hours) => set({ hours })} />
        </>
      )}
    </>
  );
}

function ZoneField({ value, onChange }: { value: string; onChange: (zone: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = (typed ?? "").toLowerCase().replaceAll(" ", "_");
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")].filter((zone) => zone.toLowerCase().includes(wanted));
  return (
    <Field label={t("Time zone")} hint={t("All times are this zone’s clock, summer time included")}>
      <Combobox
        value={typed ?? value}
        selectedOptions={[value]}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => setTyped(null)}
        onOptionSelect={(_, { optionValue }) => {
          setTyped(null);
          if (optionValue) onChange(optionValue);
        }}
      >
        {zones.slice(0, SHOWN).map((zone) => (
          <Option key={zone} value={zone}>
            {zone}
          </Option>
        ))}
      </Combobox>
    </Field>
  );
}

interface MomentProps {
  label: string;
  value: string | null | undefined;
  onChange: (moment: string | undefined) => void;
}

/** A date, or a date and a time. */
function MomentField({ label, value, onChange }: MomentProps) {
  const { t } = useTranslation();
  const [date, time] = [value?.slice(0, 10) ?? "", value?.slice(11) ?? ""];
  const set = (toDate: string, toTime: string) =>
    onChange(toDate === "" ? undefined : toTime ? `${toDate}T${toTime}` : toDate);
  return (
    <FieldGroup label={label}>
      <div style={{ display: "flex", gap: 6 }}>
        <Input
          type="date"
          aria-label={t("{{label}}: date", { label })}
          value={date}
          onChange={(_, { value: to }) => set(to, time)}
        />
        <Input
          type="time"
          aria-label={t("{{label}}: time of day", { label })}
          value={time.slice(0, 5)}
          disabled={date === ""}
          onChange={(_, { value: to }) => set(date, to)}
        />
      </div>
    </FieldGroup>
  );
}

interface HoursProps {
  value: Schedule["hours"];
  onChange: (hours: Schedule["hours"]) => void;
}

function HoursFields({ value, onChange }: HoursProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <>
      <Switch
        label={t("Only at certain hours")}
        checked={value != null}
        onChange={(_, { checked }) => onChange(checked ? { from: "09:00", until: "17:00" } : undefined)}
      />
      {value && (
        <div className={styles.pair}>
          <Field label={t("From")}>
            <Input
              type="time"
              value={value.from}
              onChange={(_, { value: from }) => from && onChange({ ...value, from })}
            />
          </Field>
          <Field label={t("Until")} hint={value.until <= value.from ? t("On the next day") : undefined}>
            <Input
              type="time"
              value={value.until}
              onChange={(_, { value: until }) => until && onChange({ ...value, until })}
            />
          </Field>
        </div>
      )}
    </>
  );
}
