/**
 * The merge field that is chosen in a text: which it is, what goes with it, and how it is shown.
 */
import { Button, Field as FormField, Input } from "@fluentui/react-components";
import { ChevronDownRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { factName } from "../design/facts";
import type { Field } from "../design/types";
import { FactMenu } from "../fields/FactMenu";
import { FormatField } from "../fields/FormatField";
import { LinkField } from "../fields/LinkField";
import { useActiveText } from "../text/activeText";
import { replaceField } from "../text/commands";
import { Pair, Section } from "./Section";

export function ChosenField({ field }: { field: Field }) {
  const { t } = useTranslation();
  const active = useActiveText();
  const set = (keys: Partial<Field>) => active.quietly((state) => replaceField(state, tidy({ ...field, ...keys })));
  return (
    <Section title={t("Merge field")}>
      <FactMenu onChoose={(fact) => set({ field: fact })}>
        <Button size="small" icon={<ChevronDownRegular />} iconPosition="after">
          {factName(field.field, t)}
        </Button>
      </FactMenu>
      <Pair>
        <FormField label={t("Words before")} hint={t("Shown only with it")}>
          <Input size="small" value={field.before ?? ""} onChange={(_, { value }) => set({ before: value })} />
        </FormField>
        <FormField label={t("Words after")}>
          <Input size="small" value={field.after ?? ""} onChange={(_, { value }) => set({ after: value })} />
        </FormField>
      </Pair>
      <LinkField value={field.link} onChange={(link) => set({ link })} />
      <FormatField value={field.format} onChange={(format) => set({ format })} />
    </Section>
  );
}

/** Without what was emptied. */
function tidy(field: Field): Field {
  const said = Object.entries(field).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return Object.fromEntries(said) as unknown as Field;
}
