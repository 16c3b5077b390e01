/**
 * The roles to choose from, each with what it may do.
 */
import { makeStyles, mergeClasses, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useTenant, type Role } from "../api/session";
import { mayGive, roleMeans, roleName, ROLES } from "./roles";

const useStyles = makeStyles({
  choices: { display: "flex", flexDirection: "column", gap: "6px" },
  choice: {
    width: "100%",
    boxSizing: "border-box",
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    padding: "2px 12px 6px 4px",
    cursor: "pointer",
  },
  chosen: { border: `1px solid ${tokens.colorBrandStroke1}`, backgroundColor: tokens.colorBrandBackground2 },
  line: { display: "block" },
  quiet: { display: "block", color: tokens.colorNeutralForeground2 },
});

interface Props {
  value: string;
  onChange: (role: Role) => void;
}

export function RoleChoice({ value, onChange }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { role: own } = useTenant();
  return (
    <RadioGroup
      aria-label={t("Role")}
      className={styles.choices}
      value={value}
      onChange={(_, data) => onChange(data.value as Role)}
    >
      {ROLES.filter((role) => mayGive(own, role)).map((role) => (
        <Radio
          key={role}
          value={role}
          className={mergeClasses(styles.choice, value === role && styles.chosen)}
          label={
            <>
              <Text weight="semibold" className={styles.line}>
                {roleName(role, t)}
              </Text>
              <Text size={200} className={styles.quiet}>
                {roleMeans(role, t)}
              </Text>
            </>
          }
        />
      ))}
    </RadioGroup>
  );
}
