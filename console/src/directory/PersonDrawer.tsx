/**
 * One person in full: addresses and every fact, with what overrides it.
 */
import { Badge, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { nameOfPerson, useNames } from "../api/names";
import { useTenant } from "../api/session";
import { personQuery } from "../api/tenant";
import { Loading } from "../components/Loading";
import { SideDrawer } from "../components/SideDrawer";
import { capitalised } from "../signatures/lists";
import { factInWords } from "../signatures/factsInWords";
import { factsOf } from "./facts";

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
  value: {
    margin: 0,
    whiteSpace: "pre-line",
    overflowWrap: "anywhere",
    display: "flex",
    flexWrap: "wrap",
    gap: "4px 8px",
  },
  hidden: { textDecorationLine: "line-through", color: tokens.colorNeutralForeground2 },
});

export function PersonDrawer({ person: id, onClose }: { person: string; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const query = useQuery(personQuery(tenant.id, id));
  const person = query.data;
  const names = useNames(tenant.id, person?.manager ? [person.manager] : [], []);
  return (
    <SideDrawer title={person ? nameOfPerson(person) : id} onClose={onClose}>
      {!person && <Loading query={query} />}
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
          {factsOf(person).map(({ fact, value, instead }) => (
            <div key={fact} className={styles.line}>
              <dt className={styles.label}>{capitalised(factInWords(fact, t), i18n.language)}</dt>
              <dd className={styles.value}>
                {instead === undefined ? (
                  value
                ) : (
                  <>
                    {instead && <Text>{instead}</Text>}
                    {value && <Text className={styles.hidden}>{value}</Text>}
                    <Badge appearance="tint" color="warning">
                      {instead ? t("Overridden") : t("Hidden")}
                    </Badge>
                  </>
                )}
              </dd>
            </div>
          ))}
          <div className={styles.line}>
            <dt className={styles.label}>{t("Id")}</dt>
            <dd className={styles.value}>{person.id}</dd>
          </div>
        </dl>
      )}
    </SideDrawer>
  );
}
