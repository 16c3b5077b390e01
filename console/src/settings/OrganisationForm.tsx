/**
 * The organisation's name, for how many days records of its messages are kept, and what begins quoted text in its mail.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { Button, Field, makeStyles, SpinButton, Text, Textarea, tokens } from "@fluentui/react-components";
import { useQueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { Controller, FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { answer, api, at, type Revised } from "../api/client";
import { sessionQuery, useTenant } from "../api/session";
import { FormInput } from "../components/FormInput";
import { Panel } from "../components/Panel";
import { useToasts } from "../components/toasts";
import { useTenantChange } from "../components/useTenantChange";
import type { Organisation } from "./queries";

const MOST_DAYS = 365;
const MOST_SEPARATORS = 20;

const schema = (t: TFunction) =>
  z.object({
    name: z.string().trim().min(1, t("Give the organisation a name.")).max(200, t("At most 200 characters.")),
    retention_days: z
      .number({ error: t("A number of days, from 0 to 365.") })
      .int(t("A number of days, from 0 to 365."))
      .min(0, t("A number of days, from 0 to 365."))
      .max(MOST_DAYS, t("A number of days, from 0 to 365.")),
    separators: z.string().superRefine((text, context) => {
      const lines = linesOf(text);
      if (lines.length > MOST_SEPARATORS) context.addIssue({ code: "custom", message: t("At most 20 lines.") });
      const wrong = lines.find((line) => line.length < 4 || line.length > 200 || line.startsWith(">"));
      if (wrong !== undefined) {
        const message = t("“{{line}}”: a line has 4 to 200 characters and does not begin with >.", { line: wrong.slice(0, 40) });
        context.addIssue({ code: "custom", message });
      }
    }),
  });

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

type Form = z.infer<ReturnType<typeof schema>>;

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", alignItems: "stretch", gap: "16px", maxWidth: "480px" },
  days: { width: "160px" },
  save: { alignSelf: "flex-start" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function OrganisationForm({ organisation }: { organisation: Revised<Organisation> }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const cache = useQueryClient();
  const toast = useToasts();
  const { name, retention_days, reply_separators } = organisation.value;
  const form = useForm<Form>({
    resolver: zodResolver(schema(t)),
    mode: "onTouched",
    values: { name, retention_days, separators: reply_separators.join("\n") },
  });
  const save = useTenantChange(
    ({ separators, ...form }: Form) =>
      answer(
        api.PUT("/api/v1/tenants/{tenant}/organisation", {
          params: { path: { tenant: tenant.id } },
          headers: at(organisation.revision),
          body: { ...form, reply_separators: linesOf(separators) },
        }),
      ),
    async () => {
      await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
      toast({ title: t("The settings are saved") });
    },
  );

  if (!tenant.may("tenant:write")) {
    return (
      <Panel title={t("Organisation")}>
        <Text>{name}</Text>
        <Text className={styles.quiet}>{keptInWords(retention_days, t)}</Text>
      </Panel>
    );
  }
  return (
    <Panel title={t("Organisation")}>
      <FormProvider {...form}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => void form.handleSubmit((values) => save.mutate(values))(event)}
        >
          <FormInput<Form> name="name" label={t("Name")} size="medium" autoComplete="organization" />
          <Controller
            control={form.control}
            name="retention_days"
            render={({ field, fieldState }) => (
              <Field
                label={t("Keep records of messages for")}
                hint={t(
                  "Records say who wrote to whom, when, and which signature it got; never what a message says. With 0 none are kept, and nobody can look up why a message is as it is.",
                )}
                validationMessage={fieldState.error?.message}
              >
                <SpinButton
                  className={styles.days}
                  min={0}
                  max={MOST_DAYS}
                  value={Number.isNaN(field.value) ? null : field.value}
                  displayValue={Number.isNaN(field.value) ? "" : t("{{count}} days", { count: field.value })}
                  onBlur={field.onBlur}
                  onChange={(_, { value, displayValue }) => field.onChange(value ?? parseInt(displayValue ?? "", 10))}
                />
              </Field>
            )}
          />
          <Controller
            control={form.control}
            name="separators"
            render={({ field, fieldState }) => (
              <Field
                label={t("Lines that begin quoted text")}
                hint={t(
                  "One to a line, as your own systems write them, such as “=== Answer above this line ===”. Signatures go above them. Those of mail programs are known already.",
                )}
                validationMessage={fieldState.error?.message}
              >
                <Textarea rows={3} resize="vertical" {...field} onChange={(_, { value }) => field.onChange(value)} />
              </Field>
            )}
          />
          <Button
            type="submit"
            appearance="primary"
            className={styles.save}
            disabledFocusable={!form.formState.isDirty || save.isPending}
          >
            {save.isPending ? t("Saving …") : t("Save")}
          </Button>
        </form>
      </FormProvider>
    </Panel>
  );
}

const keptInWords = (days: number, t: TFunction) =>
  days === 0 ? t("No records of messages are kept.") : t("Records of messages are kept for {{count}} days.", { count: days });
