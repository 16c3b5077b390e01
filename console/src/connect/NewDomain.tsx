/**
 * Proving a domain: typed, then its record for DNS, then looked for.
 */
import { Button, Field, Input, makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../api/problem";
import { useTenant } from "../api/session";
import { ProblemNotice } from "../components/ProblemNotice";
import { CopyLines } from "./copying";
import { domainIn, isDomain, shortName } from "./domainName";
import { proofQuery } from "./queries";
import { useDomains } from "./useDomains";

const useStyles = makeStyles({
  form: { display: "flex", flexWrap: "wrap", alignItems: "end", gap: "12px" },
  field: { flex: "1 1 280px", maxWidth: "440px" },
  host: { maxWidth: "560px" },
  proof: { display: "flex", flexDirection: "column", gap: "12px", alignItems: "stretch" },
  quiet: { color: tokens.colorNeutralForeground2 },
  check: { alignSelf: "flex-start" },
});

interface Props {
  first: boolean;
  onProven: () => void;
}

export function NewDomain({ first, onProven }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState("");
  const [domain, setDomain] = useState("");
  const [nextHop, setNextHop] = useState("");
  const proof = useQuery({ ...proofQuery(tenant.id, domain), enabled: domain !== "" });
  const take = useDomains(() => {
    setTyped("");
    setDomain("");
    setNextHop("");
    onProven();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = domainIn(typed);
    take.reset();
    setFault(isDomain(found) ? "" : t("Enter a domain, such as contoso.com."));
    setDomain(isDomain(found) ? found : "");
  };
  const wantsNextHop = isProblem(take.error) && take.error.faults.some(({ place }) => place === "/next_hop");

  return (
    <>
      <form className={styles.form} noValidate onSubmit={submit}>
        <Field
          className={styles.field}
          label={first ? t("A domain of your e-mail addresses") : t("Another domain")}
          validationMessage={fault}
        >
          <Input
            value={typed}
            placeholder="contoso.com"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            onChange={(_, { value }) => {
              setTyped(value);
              setFault("");
            }}
          />
        </Field>
        <Button
          type="submit"
          appearance={first && !domain ? "primary" : "secondary"}
          disabledFocusable={proof.isFetching}
        >
          {t("Show the record")}
        </Button>
      </form>
      <ProblemNotice error={proof.error} />
      {domain && proof.data && (
        <div className={styles.proof}>
          <Text>
            {t(
              "Add this record where the DNS of {{domain}} is looked after: at your registrar, at your DNS provider, or in the Microsoft 365 admin centre under Settings, Domains.",
              { domain },
            )}
          </Text>
          <CopyLines
            lines={[
              { name: t("Type"), value: proof.data.kind },
              { name: t("Name"), value: proof.data.record_name, copy: t("Copy the name") },
              { name: t("Value"), value: proof.data.record_value, copy: t("Copy the value") },
            ]}
          />
          <Text size={200} className={styles.quiet}>
            {t(
              "Some forms add the domain by themselves: enter only {{short}} as the name there. A new record is seen after some minutes, seldom after an hour.",
              { short: shortName(proof.data.record_name, domain) },
            )}
          </Text>
          <ProblemNotice error={take.error} title={t("{{domain}} is not proven yet", { domain })} />
          {(wantsNextHop || nextHop) && (
            <Field
              className={styles.host}
              label={t("Where Microsoft 365 takes mail for it")}
              hint={t("The value of its MX record in the Microsoft 365 admin centre, under Settings, Domains.")}
            >
              <Input
                value={nextHop}
                placeholder={`${domain.replaceAll(".", "-")}.mail.protection.outlook.com`}
                autoCapitalize="none"
                spellCheck={false}
                onChange={(_, { value }) => setNextHop(value)}
              />
            </Field>
          )}
          {take.isPending && <ProgressBar aria-label={t("Looking for the record")} />}
          <Button
            appearance="primary"
            className={styles.check}
            disabledFocusable={take.isPending}
            onClick={() => take.mutate({ domain, nextHop: nextHop.trim() || undefined })}
          >
            {take.isPending ? t("Looking for the record …") : t("Check now")}
          </Button>
        </div>
      )}
    </>
  );
}
