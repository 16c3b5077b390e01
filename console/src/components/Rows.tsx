/**
 * A list of things that open when they are chosen: people, groups.
 */
import { Avatar, Badge, Button, makeStyles, Text, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    backgroundColor: tokens.colorNeutralBackground1,
    overflow: "hidden",
  },
  item: { ":not(:first-child)": { borderTop: `1px solid ${tokens.colorNeutralStroke3}` } },
  button: {
    width: "100%",
    justifyContent: "flex-start",
    textAlign: "left",
    gap: "12px",
    padding: "10px 16px",
    border: "none",
    borderRadius: 0,
    fontWeight: tokens.fontWeightRegular,
  },
  words: { display: "flex", flexDirection: "column", minWidth: 0, overflowWrap: "anywhere" },
  mark: { marginLeft: "auto", flexShrink: 0 },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export interface Row {
  id: string;
  name: string;
  more?: string;
  /** What is special about it. */
  mark?: string;
}

interface Props {
  rows: Row[];
  onOpen: (id: string) => void;
}

export function Rows({ rows, onOpen }: Props) {
  const styles = useStyles();
  if (rows.length === 0) return null;
  return (
    <ul className={styles.list}>
      {rows.map(({ id, name, more, mark }) => (
        <li key={id} className={styles.item}>
          <Button appearance="subtle" className={styles.button} onClick={() => onOpen(id)}>
            <Avatar name={name} size={36} color="colorful" aria-hidden />
            <span className={styles.words}>
              <Text weight="semibold">{name}</Text>
              {more && (
                <Text size={200} className={styles.quiet}>
                  {more}
                </Text>
              )}
            </span>
            {mark && (
              <Badge className={styles.mark} appearance="tint" color="warning">
                {mark}
              </Badge>
            )}
          </Button>
        </li>
      ))}
    </ul>
  );
}
