/**
 * Several controls under one label. Fluent's own Field is for one: it would give them all the same name.
 */
import { Caption1, Label, makeStyles, tokens } from "@fluentui/react-components";
import { useId, type ReactNode } from "react";

const useStyles = makeStyles({
  group: { display: "flex", flexDirection: "column", minWidth: 0, "& > .fui-Button": { alignSelf: "flex-start" } },
  label: { padding: "2px 0", marginBottom: "2px" },
  hint: { marginTop: "4px", color: tokens.colorNeutralForeground3 },
  wrong: { marginTop: "4px", color: tokens.colorPaletteRedForeground1 },
});

interface Props {
  label: string;
  hint?: string;
  wrong?: string;
  role?: "group" | "radiogroup";
  children: ReactNode;
}

export function FieldGroup({ label, hint, wrong, role = "group", children }: Props) {
  const styles = useStyles();
  const id = useId();
  const about = wrong ?? hint;
  return (
    <div role={role} aria-labelledby={id} aria-describedby={about ? `${id}about` : undefined} className={styles.group}>
      {/* A span: there is no one control that it would be for. */}
      <Label as={"span" as never} id={id} className={styles.label}>
        {label}
      </Label>
      {children}
      {about && (
        <Caption1 id={`${id}about`} role={wrong ? "alert" : undefined} className={wrong ? styles.wrong : styles.hint}>
          {about}
        </Caption1>
      )}
    </div>
  );
}
