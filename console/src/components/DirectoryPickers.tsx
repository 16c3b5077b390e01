/**
 * Pickers of people and groups of the directory: several as tags, found by typing.
 */
import {
  Field,
  Tag,
  TagPicker,
  TagPickerControl,
  TagPickerGroup,
  TagPickerInput,
  TagPickerList,
  TagPickerOption,
  type FieldProps,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOfPerson, useNames } from "../api/names";
import { useTenant } from "../api/session";
import { groupsQuery, peopleQuery } from "../api/tenant";
import { useDebounced } from "./useDebounced";

interface PickerProps {
  label: string;
  hint?: FieldProps["hint"];
  /** Ids. */
  value: string[];
  onChange: (ids: string[]) => void;
}

export function PeoplePicker(props: PickerProps) {
  const { id: tenant } = useTenant();
  const [search, setSearch] = useState("");
  const typed = useDebounced(search, 250);
  const { data } = useQuery(peopleQuery(tenant, typed));
  const names = useNames(tenant, props.value, []);
  const found = (data?.people ?? []).map((person) => ({
    id: person.id,
    name: nameOfPerson(person),
    more: person.addresses[0],
  }));
  return <Picker {...props} nameOf={names.person} found={found} search={search} onSearch={setSearch} />;
}

export function GroupsPicker(props: PickerProps) {
  const { id: tenant } = useTenant();
  const [search, setSearch] = useState("");
  const typed = useDebounced(search, 250);
  const { data } = useQuery(groupsQuery(tenant, typed));
  const names = useNames(tenant, [], props.value);
  const found = (data?.groups ?? []).map((group) => ({ id: group.id, name: group.name || group.id, more: undefined }));
  return <Picker {...props} nameOf={names.group} found={found} search={search} onSearch={setSearch} />;
}

interface Found {
  id: string;
  name: string;
  more?: string;
}

interface ListProps extends PickerProps {
  nameOf: (id: string) => string;
  found: Found[];
  search: string;
  onSearch: (text: string) => void;
}

function Picker({ label, hint, value, onChange, nameOf, found, search, onSearch }: ListProps) {
  const { t } = useTranslation();
  const rest = found.filter(({ id }) => !value.includes(id));
  return (
    <Field label={label} hint={hint}>
      <TagPicker
        inline
        selectedOptions={value}
        onOptionSelect={(_, { selectedOptions }) => {
          onChange(selectedOptions.filter((id) => id !== NOTHING));
          onSearch("");
        }}
      >
        <TagPickerControl>
          <TagPickerGroup aria-label={label}>
            {value.map((id) => (
              <Tag key={id} value={id} shape="rounded">
                {nameOf(id)}
              </Tag>
            ))}
          </TagPickerGroup>
          <TagPickerInput
            aria-label={label}
            placeholder={value.length ? undefined : t("Type a name")}
            value={search}
            onChange={(event) => onSearch(event.target.value)}
          />
        </TagPickerControl>
        <TagPickerList>
          {rest.length ? (
            rest.map(({ id, name, more }) => (
              <TagPickerOption key={id} value={id} text={name} secondaryContent={more}>
                {name}
              </TagPickerOption>
            ))
          ) : (
            <TagPickerOption value={NOTHING} text="">
              {t("Nobody of that name")}
            </TagPickerOption>
          )}
        </TagPickerList>
      </TagPicker>
    </Field>
  );
}

/** Stands in the list where nothing was found. */
const NOTHING = "\u0000";
