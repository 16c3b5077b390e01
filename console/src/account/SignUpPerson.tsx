/**
 * The first step of signing up: the person, the organisation, the password.
 */
import { makeStyles } from "@fluentui/react-components";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { FormInput } from "../components/FormInput";
import { PasswordField } from "./PasswordField";
import { PasswordMeter } from "./PasswordMeter";
import type { SignUpForm } from "./signUpForm";

const useStyles = makeStyles({
  pair: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    gap: "20px 16px",
    "@media (max-width: 560px)": { gridTemplateColumns: "1fr" },
  },
});

/** Whoever signs in with Microsoft needs no password. */
export function SignUpPerson({ withPassword }: { withPassword: boolean }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { control, watch, formState, setValue, getValues } = useFormContext<SignUpForm>();
  const hasOwnFullName = formState.dirtyFields.full_name;
  const about = watch(["first_name", "last_name", "full_name", "company", "email"]);

  /** The full name follows first and last name until the person writes their own. */
  const proposeFullName = () => {
    if (hasOwnFullName) return;
    setValue("full_name", `${getValues("first_name")} ${getValues("last_name")}`.trim());
  };

  return (
    <>
      <div className={styles.pair} onBlur={proposeFullName}>
        <FormInput<SignUpForm> name="first_name" label={t("First name")} autoComplete="given-name" required autoFocus />
        <FormInput<SignUpForm> name="last_name" label={t("Last name")} autoComplete="family-name" required />
      </div>
      <div className={styles.pair}>
        <FormInput<SignUpForm> name="full_name" label={t("Full name")} autoComplete="name" required />
        <FormInput<SignUpForm> name="company" label={t("Organisation")} autoComplete="organization" required />
        <FormInput<SignUpForm> name="email" label={t("E-mail address")} type="email" autoComplete="email" required />
        <FormInput<SignUpForm> name="telephone" label={t("Telephone number")} type="tel" autoComplete="tel" required />
      </div>
      {withPassword && (
      <Controller
        control={control}
        name="password"
        render={({ field, fieldState }) => (
          <PasswordField
            label={t("Password")}
            autoComplete="new-password"
            value={field.value}
            onChange={field.onChange}
            onBlur={field.onBlur}
            problem={fieldState.error?.message}
          />
        )}
      />
      )}
      {withPassword && <PasswordMeter password={watch("password")} about={about.filter(Boolean)} />}
    </>
  );
}
