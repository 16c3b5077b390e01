/**
 * Name, organisation, telephone number and address. The e-mail address is the account and stays.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { Button, Field, Input, makeStyles, Select } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { Controller, FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import type { Account } from "../../api/account";
import { answer, api } from "../../api/client";
import { FormInput } from "../../components/FormInput";
import { Panel } from "../../components/Panel";
import { ProblemNotice } from "../../components/ProblemNotice";
import { countriesByName } from "../countries";
import { signUpSchema } from "../signUpForm";
import { signUpQuery } from "../signUpQuery";
import { useAccountChange } from "./useAccountChange";

/** Who was invited may leave out what is for invoices; the server knows of whom it wants it. */
const profileSchema = (t: TFunction) => {
  const { first_name, last_name, full_name, address_line_2: text } = signUpSchema(t).shape;
  const optional = { company: text, telephone: text, address_line_1: text, address_line_2: text };
  return z.object({ first_name, last_name, full_name, ...optional, city: text, postcode: text, country: z.string() });
};

type ProfileForm = z.infer<ReturnType<typeof profileSchema>>;

const useStyles = makeStyles({
  form: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    gap: "16px",
    "@media (max-width: 560px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  wide: { gridColumn: "1 / -1" },
  save: { justifySelf: "start" },
});

export function Profile({ account }: { account: Account }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { data: offer } = useQuery(signUpQuery);
  const form = useForm<ProfileForm>({ resolver: zodResolver(profileSchema(t)), mode: "onTouched", values: account });
  const save = useAccountChange(
    (body: ProfileForm) => answer(api.PUT("/api/v1/account", { body })),
    t("Your account is saved"),
  );
  const codes = offer?.countries.map(({ code }) => code) ?? [account.country].filter(Boolean);
  const countries = countriesByName(codes, i18n.language);
  return (
    <Panel title={t("About you")}>
      <ProblemNotice error={save.error} />
      <FormProvider {...form}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => void form.handleSubmit((values) => save.mutate(values))(event)}
        >
          <FormInput<ProfileForm> name="first_name" label={t("First name")} autoComplete="given-name" />
          <FormInput<ProfileForm> name="last_name" label={t("Last name")} autoComplete="family-name" />
          <FormInput<ProfileForm> name="full_name" label={t("Full name")} autoComplete="name" />
          <Field label={t("E-mail address")} hint={t("The name of your account; it stays.")}>
            <Input size="large" value={account.email} readOnly />
          </Field>
          <FormInput<ProfileForm> name="company" label={t("Organisation")} autoComplete="organization" />
          <FormInput<ProfileForm> name="telephone" label={t("Telephone number")} type="tel" autoComplete="tel" />
          <FormInput<ProfileForm>
            name="address_line_1"
            label={t("Address line 1")}
            autoComplete="address-line1"
            className={styles.wide}
          />
          <FormInput<ProfileForm>
            name="address_line_2"
            label={t("Address line 2 (optional)")}
            autoComplete="address-line2"
            className={styles.wide}
          />
          <FormInput<ProfileForm> name="city" label={t("Town or city")} autoComplete="address-level2" />
          <FormInput<ProfileForm> name="postcode" label={t("Postcode")} autoComplete="postal-code" />
          <Controller
            control={form.control}
            name="country"
            render={({ field }) => (
              <Field label={t("Country")} className={styles.wide}>
                <Select {...field} size="large" autoComplete="country">
                  <option value="">{t("Choose your country")}</option>
                  {countries.map(({ code, name }) => (
                    <option key={code} value={code}>
                      {name}
                    </option>
                  ))}
                </Select>
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
