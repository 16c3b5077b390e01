/**
 * Signing up in two steps: who one is, then the address for the invoice and the region that keeps the data.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { Button, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from "@fluentui/react-components";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import type { SignUpOpen } from "../api/account";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { ProblemNotice } from "../components/ProblemNotice";
import { LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";
import { FromMicrosoft } from "./microsoft/FromMicrosoft";
import { forgetPerson, keptPerson } from "./microsoft/kept";
import { MicrosoftButton } from "./microsoft/MicrosoftButton";
import { guessedCountry } from "./countries";
import { regionNear } from "./regions";
import { SignUpAddress } from "./SignUpAddress";
import { SignUpPerson } from "./SignUpPerson";
import { EMPTY_SIGN_UP, fieldAt, signUpSchema, STEPS, type SignUpForm } from "./signUpForm";
import { signUpQuery } from "./signUpQuery";

const useStyles = makeStyles({
  form: { display: "flex", flexDirection: "column", gap: "20px" },
  step: { color: tokens.colorBrandForeground1, fontWeight: tokens.fontWeightSemibold },
  actions: { display: "flex", justifyContent: "space-between", gap: "12px", marginTop: "4px" },
});

export default function SignUpPage() {
  const { t } = useTranslation();
  const offer = useQuery(signUpQuery);
  const foot = (
    <span>
      {t("You have an account?")} <LinkTo to="/sign-in">{t("Sign in")}</LinkTo>
    </span>
  );
  if (!offer.data) {
    return (
      <AccountFrame title={t("Create an account")} foot={foot}>
        {offer.error ? <ProblemNotice error={offer.error} /> : <Spinner label={t("Just a moment …")} />}
      </AccountFrame>
    );
  }
  if (!offer.data.open) {
    return (
      <AccountFrame title={t("Create an account")} foot={foot}>
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            {t(
              "New accounts cannot be made here at the moment. The mail of organisations that have one goes on as ever. Please try again later.",
            )}
          </MessageBarBody>
        </MessageBar>
      </AccountFrame>
    );
  }
  return <OpenSignUp offer={offer.data} foot={foot} />;
}

function OpenSignUp({ offer, foot }: { offer: SignUpOpen; foot: React.ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [step, setStep] = useState(0);
  const [person, setPerson] = useState(keptPerson);
  const country = useMemo(
    () =>
      guessedCountry(
        navigator.languages,
        offer.countries.map(({ code }) => code),
      ),
    [offer.countries],
  );
  const form = useForm<SignUpForm>({
    resolver: zodResolver(person ? signUpSchema(t).extend({ password: z.string() }) : signUpSchema(t)),
    mode: "onTouched",
    defaultValues: { ...EMPTY_SIGN_UP, ...named(person), country, region: regionNear(country, offer) },
  });

  const signUp = useMutation({
    mutationFn: ({ region: _, ...body }: SignUpForm) => answer(api.POST("/api/v1/sign-up", { body })),
    onSuccess: forgetPerson,
    onError: (error) => {
      if (!isProblem(error)) return;
      const places = error.faults.flatMap(({ place, detail }) => {
        const found = fieldAt(place);
        return found ? [{ ...found, detail }] : [];
      });
      for (const { field, detail } of places) form.setError(field, { message: detail });
      if (places[0]) setStep(places[0].step);
    },
  });

  const next = async () => {
    if (await form.trigger(STEPS[0], { shouldFocus: true })) setStep(1);
  };

  if (signUp.data) {
    return (
      <AccountFrame
        title={t("Look into your mailbox")}
        lead={t("We have sent a link to {{email}}. Open it to confirm the address; then you can sign in.", signUp.data)}
        foot={foot}
      >
        <Text>{t("If nothing comes within a few minutes, look into the junk folder, or sign up once more.")}</Text>
      </AccountFrame>
    );
  }

  const elsewhere = offer.regions.find(({ id }) => id === form.watch("region"))?.console;
  return (
    <AccountFrame title={t("Create an account")} wide foot={foot}>
      <FormProvider {...form}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void (step === 0 ? next() : form.handleSubmit((values) => signUp.mutate(values))());
          }}
        >
          <Text className={styles.step}>
            {step === 0 ? t("Step 1 of 2: you and your organisation") : t("Step 2 of 2: address and region")}
          </Text>
          <ProblemNotice error={signUp.error} />
          {step === 0 && person && (
            <FromMicrosoft
              onPassword={() => {
                forgetPerson();
                setPerson(undefined);
              }}
            />
          )}
          {step === 0 ? <SignUpPerson withPassword={!person} /> : <SignUpAddress offer={offer} />}
          <div className={styles.actions}>
            {step === 1 ? <Button onClick={() => setStep(0)}>{t("Back")}</Button> : <span />}
            {step === 1 && elsewhere ? (
              <Button as="a" appearance="primary" href={elsewhere}>
                {t("Go on in that region")}
              </Button>
            ) : (
              <Button type="submit" appearance="primary" disabledFocusable={signUp.isPending}>
                {step === 0 ? t("Continue") : signUp.isPending ? t("Creating …") : t("Create the account")}
              </Button>
            )}
          </div>
        </form>
      </FormProvider>
      {step === 0 && !person && <MicrosoftButton label={t("Sign up with Microsoft")} journey={{ from: "sign-up" }} />}
    </AccountFrame>
  );
}

/** What Microsoft says of somebody, as far as the form asks for it. */
const named = (person: ReturnType<typeof keptPerson>) =>
  person && {
    first_name: person.first_name,
    last_name: person.last_name,
    full_name: `${person.first_name} ${person.last_name}`.trim(),
    email: person.email,
  };
