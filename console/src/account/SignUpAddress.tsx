/**
 * The second step of signing up: the address for the invoice, and the region, which the country proposes.
 */
import { Field, makeStyles, Radio, RadioGroup, Select, Text, tokens } from "@fluentui/react-components";
import { Controller, useFormContext } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { SignUpOpen } from "../api/account";
import { FormInput } from "../components/FormInput";
import { countriesByName } from "./countries";
import { regionNear } from "./regions";
import type { SignUpForm } from "./signUpForm";

const useStyles = makeStyles({
  pair: {
    display: "grid",
    gridTemplateColumns: "1fr 1fr",
    gap: "20px 16px",
    "@media (max-width: 560px)": { gridTemplateColumns: "1fr" },
  },
  sites: { display: "block", color: tokens.colorNeutralForeground2, fontSize: "13px" },
});

export function SignUpAddress({ offer }: { offer: SignUpOpen }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const { control, formState, setValue } = useFormContext<SignUpForm>();
  const hasChosenRegion = formState.dirtyFields.region;

  /** The region follows the country until the person chooses one. */
  const proposeRegion = (country: string) => {
    if (hasChosenRegion) return;
    setValue("region", regionNear(country, offer));
  };

  return (
    <>
      <FormInput<SignUpForm>
        name="address_line_1"
        label={t("Address line 1")}
        autoComplete="address-line1"
        hint={t("Where the invoice goes.")}
        required
        autoFocus
      />
      <FormInput<SignUpForm>
        name="address_line_2"
        label={t("Address line 2 (optional)")}
        autoComplete="address-line2"
      />
      <div className={styles.pair}>
        <FormInput<SignUpForm> name="city" label={t("Town or city")} autoComplete="address-level2" required />
        <FormInput<SignUpForm>
          name="postcode"
          label={t("Postcode")}
          autoComplete="postal-code"
          hint={t("Leave it empty where there is none.")}
        />
      </div>
      <Controller
        control={control}
        name="country"
        render={({ field, fieldState }) => (
          <Field label={t("Country")} required validationMessage={fieldState.error?.message}>
            <Select
              size="large"
              autoComplete="country"
              name={field.name}
              ref={field.ref}
              value={field.value}
              onBlur={field.onBlur}
              onChange={(_, { value }) => {
                field.onChange(value);
                proposeRegion(value);
              }}
            >
              <option value="">{t("Choose your country")}</option>
              {countriesByName(
                offer.countries.map((each) => each.code),
                i18n.language,
              ).map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
      />
      {offer.regions.length > 0 && (
        <Controller
          control={control}
          name="region"
          render={({ field, fieldState }) => (
            <Field
              label={t("Region")}
              hint={t("Your mail passes through this region and your data are kept there. It cannot be changed later.")}
              validationMessage={fieldState.error?.message}
            >
              <RadioGroup value={field.value} onChange={(_, { value }) => field.onChange(value)}>
                {offer.regions.map(({ id, name, sites }) => (
                  <Radio
                    key={id}
                    value={id}
                    label={
                      <>
                        <Text>{name}</Text>
                        <span className={styles.sites}>{sites.join(" · ")}</span>
                      </>
                    }
                  />
                ))}
              </RadioGroup>
            </Field>
          )}
        />
      )}
    </>
  );
}
