/**
 * Devices or sessions, one a line, each with what can be done to it.
 */
import { Badge, Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column", gap: "4px" },
  line: { display: "flex", alignItems: "center", justifyContent: "space-between", gap: "12px", minHeight: "52px" },
  words: { display: "flex", flexDirection: "column", minWidth: 0 },
  name: { display: "flex", flexWrap: "wrap", gap: "8px", alignItems: "center" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Place {
  id: string;
  name: string;
  more: string;
  /** The one in which the person is now; nothing can be done to it from the list. */
  here?: boolean;
}

interface Props {
  places: Place[];
  action: string;
  onAct: (id: string) => void;
}

export function PlaceList({ places, action, onAct }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (places.length === 0) return null;
  return (
    <ul className={styles.list}>
      {places.map(({ id, name, more, here }) => (
        <li key={id} className={styles.line}>
          <span className={styles.words}>
            <span className={styles.name}>
              <Text weight="semibold">{name}</Text>
              {here && (
                <Badge appearance="tint" color="brand">
                  {t("This one")}
                </Badge>
              )}
            </span>
            <Text size={200} className={styles.quiet}>
              {more}
            </Text>
          </span>
          {!here && (
            <Button size="small" onClick={() => onAct(id)} aria-label={`${action}: ${name}`}>
              {action}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
