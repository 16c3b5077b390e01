/**
 * Picks one person of the directory, found by typing: for previews and explanations.
 */
import { Combobox, Field, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOfPerson } from "../api/names";
import { useTenant } from "../api/session";
import { peopleQuery, type PersonEntry } from "../api/tenant";
import { useDebounced } from "./useDebounced";

interface Props {
  label: string;
  value: PersonEntry | null;
  onChange: (person: PersonEntry) => void;
}

export function PersonPicker({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const [search, setSearch] = useState<string | null>(null);
  const typed = useDebounced(search ?? "", 250);
  const { data } = useQuery(peopleQuery(tenant, typed));
  const people = data?.people ?? [];
  return (
    <Field label={label}>
      <Combobox
        inlinePopup
        value={search ?? (value ? nameOfPerson(value) : "")}
        selectedOptions={value ? [value.id] : []}
        placeholder={t("Type a name")}
        onChange={(event) => setSearch(event.target.value)}
        onBlur={() => setSearch(null)}
        onOptionSelect={(_, { optionValue }) => {
          const chosen = people.find(({ id }) => id === optionValue);
          if (chosen) onChange(chosen);
          setSearch(null);
        }}
      >
        {people.map((person) => (
          <Option key={person.id} value={person.id} text={nameOfPerson(person)}>
            {nameOfPerson(person)}
          </Option>
        ))}
        {people.length === 0 && (
          <Option disabled value="" text="">
            {t("Nobody of that name")}
          </Option>
        )}
      </Combobox>
    </Field>
  );
}
