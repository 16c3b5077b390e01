/**
 * The page behind an invitation: joining the team of an organisation that uses Signet.
 */
import { zodResolver } from "@hookform/resolvers/zod";
import { Button, makeStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Controller, FormProvider, useForm } from "react-hook-form";
import { useTranslation } from "react-i18next";
import type { z } from "zod";
import { answer, api } from "../api/client";
import { isProblem } from "../api/problem";
import { FormInput } from "../components/FormInput";
import { ProblemNotice } from "../components/ProblemNotice";
import { LinkTo } from "../components/links";
import { AccountFrame } from "./AccountFrame";
import { PasswordField } from "./PasswordField";
import { PasswordMeter } from "./PasswordMeter";
import { signUpSchema } from "./signUpForm";
import { useTokenOfLink } from "./useTokenOfLink";

const useStyles = makeStyles({ form: { display: "flex", flexDirection: "column", gap: "20px" } });

const invitationSchema = (t: Parameters<typeof signUpSchema>[0]) =>
  signUpSchema(t).pick({ first_name: true, last_name: true, password: true });

type InvitationForm = z.infer<ReturnType<typeof invitationSchema>>;

export default function InvitationPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const token = useTokenOfLink();
  const form = useForm<InvitationForm>({
    resolver: zodResolver(invitationSchema(t)),
    mode: "onTouched",
    defaultValues: { first_name: "", last_name: "", password: "" },
  });
  const join = useMutation({
    mutationFn: (values: InvitationForm) =>
      answer(api.POST("/api/v1/invitations/accept", { body: { token, ...values } })),
    onSuccess: () => router.navigate({ to: "/sign-in" }),
  });

  if (!token || isProblem(join.error, "gone")) {
    return (
      <AccountFrame
        title={t("This invitation is good no more")}
        lead={t("It was used already, taken back, or it is too old. Ask whoever invited you for another one.")}
        foot={<LinkTo to="/sign-in">{t("Sign in")}</LinkTo>}
      />
    );
  }
  return (
    <AccountFrame
      title={t("Join your team")}
      lead={t("You were invited to look after your organisation's signatures.")}
    >
      <FormProvider {...form}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => void form.handleSubmit((values) => join.mutate(values))(event)}
        >
          <ProblemNotice error={join.error} />
          <FormInput<InvitationForm> name="first_name" label={t("First name")} autoComplete="given-name" autoFocus />
          <FormInput<InvitationForm> name="last_name" label={t("Last name")} autoComplete="family-name" />
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
          <PasswordMeter password={form.watch("password")} about={form.watch(["first_name", "last_name"])} />
          <Button type="submit" appearance="primary" size="large" disabledFocusable={join.isPending}>
            {join.isPending ? t("Joining …") : t("Join")}
          </Button>
        </form>
      </FormProvider>
    </AccountFrame>
  );
}
