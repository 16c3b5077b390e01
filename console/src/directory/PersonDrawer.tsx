/**
 * One person in full: addresses and every fact, with what was put right by hand.
 */
import { makeStyles, Select, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOfPerson, useNames } from "../api/names";
import { useTenant } from "../api/session";
import { personQuery } from "../api/tenant";
import { Loading } from "../components/Loading";
import { SideDrawer } from "../components/SideDrawer";
import { factInWords } from "../signatures/factsInWords";
import { capitalised } from "../signatures/lists";
import { FactLine } from "./FactLine";
import { factsMissing, factsOf, overridesQuery } from "./facts";

const useStyles = makeStyles({
  list: { margin: 0, display: "flex", flexDirection: "column" },
  line: {
    display: "grid",
    gridTemplateColumns: "150px minmax(0, 1fr)",
    gap: "2px 16px",
    padding: "10px 0",
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    "@media (max-width: 480px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  label: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, whiteSpace: "pre-line", overflowWrap: "anywhere" },
  lead: { display: "block", color: tokens.colorNeutralForeground2, marginBottom: "8px" },
  more: { marginTop: "16px" },
});

export function PersonDrawer({ person: id, onClose }: { person: string; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const query = useQuery(personQuery(tenant.id, id));
  const overrides = useQuery(overridesQuery(tenant.id, id)).data ?? [];
  const [adding, setAdding] = useState<string | null>(null);
  const person = query.data;
  const names = useNames(tenant.id, person?.manager ? [person.manager] : [], []);
  const ownOf = (fact: string) => overrides.find(({ attribute }) => attribute === fact);
  const mayWrite = tenant.may("people:write");
  return (
    <SideDrawer title={person ? nameOfPerson(person) : id} onClose={onClose}>
      {!person && <Loading query={query} />}
      {person && mayWrite && (
        <Text className={styles.lead}>
          {t("What you put right here stays, whatever the directory says when it is read again.")}
        </Text>
      )}
      {person && (
        <dl className={styles.list}>
          <div className={styles.line}>
            <dt className={styles.label}>{t("Addresses")}</dt>
            <dd className={styles.value}>{person.addresses.join("\n")}</dd>
          </div>
          {person.manager && (
            <div className={styles.line}>
              <dt className={styles.label}>{t("Manager")}</dt>
              <dd className={styles.value}>{names.person(person.manager)}</dd>
            </div>
          )}
          {factsOf(person).map((shown) => (
            <FactLine key={shown.fact} person={person.id} shown={shown} own={ownOf(shown.fact)} />
          ))}
          {adding && (
            <FactLine
              key={`adding ${adding}`}
              person={person.id}
              shown={{ fact: adding, value: "" }}
              own={undefined}
              editing
              onEnd={() => setAdding(null)}
            />
          )}
          <div className={styles.line}>
            <dt className={styles.label}>{t("Id")}</dt>
            <dd className={styles.value}>{person.id}</dd>
          </div>
        </dl>
      )}
      {person && mayWrite && (
        <Select
          className={styles.more}
          aria-label={t("Add what the directory does not say")}
          value={adding ?? ""}
          onChange={(_, { value }) => setAdding(value || null)}
        >
          <option value="">{t("Add what the directory does not say …")}</option>
          {factsMissing(person).map((fact) => (
            <option key={fact} value={fact}>
              {capitalised(factInWords(fact, t), i18n.language)}
            </option>
          ))}
        </Select>
      )}
    </SideDrawer>
  );
}
