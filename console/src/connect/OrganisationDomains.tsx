/**
 * The domains that the organisation has verified at Microsoft and that are not taken yet: a click takes one.
 */
import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { ProblemNotice } from "../components/ProblemNotice";
import { organisationDomainsQuery } from "./queries";
import { useDomains } from "./useDomains";

const useStyles = makeStyles({
  part: { display: "flex", flexDirection: "column", gap: "8px" },
  choices: { display: "flex", flexWrap: "wrap", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function OrganisationDomains() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const found = useQuery(organisationDomainsQuery(tenant.id));
  const take = useDomains();
  if (found.isPending) return <Spinner size="tiny" label={t("Asking Microsoft for your domains …")} />;
  if (found.error) {
    return (
      <ProblemNotice
        title={t("Microsoft does not tell your domains now")}
        error={found.error}
        actions={<Button onClick={() => void found.refetch()}>{t("Try again")}</Button>}
      />
    );
  }
  const free = found.data.domains.filter(({ mail, taken }) => mail && !taken);
  if (free.length === 0) return null;
  return (
    <div className={styles.part}>
      <Text className={styles.quiet}>{t("Your organisation has these as well. One click adds them:")}</Text>
      <div className={styles.choices}>
        {free.map(({ name }) => (
          <Button
            key={name}
            shape="circular"
            icon={<AddRegular />}
            disabledFocusable={take.isPending}
            onClick={() => take.mutate({ domain: name })}
          >
            {name}
          </Button>
        ))}
      </div>
      <ProblemNotice error={take.error} title={t("The domain was not added")} />
    </div>
  );
}
