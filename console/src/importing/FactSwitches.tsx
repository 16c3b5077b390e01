/**
 * The facts of the person that were found, each to follow whoever sends, or to stay as it is written.
 */
import { Caption1, makeStyles, Switch, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { factName } from "../editor/design/facts";
import type { PersonEntry } from "../editor/design/types";
import { PersonPicker } from "../components/PersonPicker";
import { PHOTO, type FoundFact } from "./fields/fields";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  line: { borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  written: { overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2, display: "block" },
});

interface Props {
  person: PersonEntry | null;
  onPerson: (person: PersonEntry) => void;
  facts: FoundFact[];
  isOn: (fact: FoundFact) => boolean;
  onSwitch: (fact: FoundFact, on: boolean) => void;
}

export function FactSwitches({ person, onPerson, facts, isOn, onSwitch }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const name = ({ key, candidate }: FoundFact) =>
    key === PHOTO
      ? t("Photo of the person")
      : candidate.parts.flatMap((part) => (typeof part === "string" ? [] : [factName(part.field, t)])).join(", ");
  return (
    <>
      <PersonPicker label={t("Whose signature is it?")} value={person} onChange={onPerson} />
      {!person && (
        <Caption1 className={styles.quiet}>
          {t("Choose the person, and what the directory knows of them becomes merge fields.")}
        </Caption1>
      )}
      {person && facts.length === 0 && (
        <Caption1 className={styles.quiet}>
          {t(
            "Nothing that the directory says of this person stands in it. You can put fields in later, in the editor.",
          )}
        </Caption1>
      )}
      <ul className={styles.list}>
        {facts.map((fact) => (
          <li key={fact.key} className={styles.line}>
            <Switch
              checked={isOn(fact)}
              onChange={(_, { checked }) => onSwitch(fact, checked)}
              label={
                <span className={styles.written}>
                  {fact.written || t("Picture")}
                  <Caption1 className={styles.quiet}>
                    {isOn(fact) ? t("becomes {{fact}}", { fact: name(fact) }) : t("stays as it is for everybody")}
                  </Caption1>
                </span>
              }
            />
          </li>
        ))}
      </ul>
    </>
  );
}
