/**
 * Accepting an invitation without an account: a name and a password make one, for the address that was invited.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { Button, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { Controller, FormProvider, useForm } from "react-hook-form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { answer, api } from "../api/client";
import { FormInput } from "../components/FormInput";
import { ProblemNotice } from "../components/ProblemNotice";
import { FromMicrosoft } from "./microsoft/FromMicrosoft";
import { forgetPerson, keptPerson } from "./microsoft/kept";
import { MicrosoftButton } from "./microsoft/MicrosoftButton";
import { PasswordField } from "./PasswordField";
import { PasswordMeter } from "./PasswordMeter";
import { signUpSchema } from "./signUpForm";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "20px" } });

const schema = (t: Parameters<typeof signUpSchema>[0]) =>
  signUpSchema(t).pick({ first_name: true, last_name: true, password: true });

type NewAccount = z.infer<ReturnType<typeof schema>>;

interface Props {
  token: string;
  email: string;
  onJoined: (email: string) => void;
}

export function JoinAsNew({ token, email, onJoined }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [person, setPerson] = useState(keptPerson);
  const form = useForm<NewAccount>({
    resolver: zodResolver(person ? schema(t).extend({ password: z.string() }) : schema(t)),
    mode: "onTouched",
    defaultValues: { first_name: person?.first_name ?? "", last_name: person?.last_name ?? "", password: "" },
  });
  const join = useMutation({
    mutationFn: (values: NewAccount) =>
      answer(api.POST("/api/v1/invitations/accept", { body: { token, ...values } })),
    onSuccess: (joined) => {
      forgetPerson();
      onJoined(joined.email);
    },
  });
  return (
    <FormProvider {...form}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => void form.handleSubmit((values) => join.mutate(values))(event)}
      >
        <ProblemNotice error={join.error} />
        <FormInput<NewAccount> name="first_name" label={t("First name")} autoComplete="given-name" autoFocus />
        <FormInput<NewAccount> name="last_name" label={t("Last name")} autoComplete="family-name" />
        {person ? (
          <FromMicrosoft
            onPassword={() => {
              forgetPerson();
              setPerson(undefined);
            }}
          />
        ) : (
        <>
        <Controller
          control={form.control}
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
        <PasswordMeter password={form.watch("password")} about={[...form.watch(["first_name", "last_name"]), email]} />
        </>
        )}
        <Button type="submit" appearance="primary" size="large" disabledFocusable={join.isPending}>
          {join.isPending ? t("Joining …") : t("Join")}
        </Button>
        {!person && <MicrosoftButton label={t("Join with Microsoft")} journey={{ from: "invitation" }} />}
      </form>
    </FormProvider>
  );
}
