/**
 * One signature of the list: its name, who gets it, when, and whether it is used.
 */
import { Badge, Button, makeStyles, mergeClasses, Switch, Text, tokens } from "@fluentui/react-components";
import { CalendarClock16Regular, ReOrderDotsVerticalRegular } from "@fluentui/react-icons";
import { useSortable } from "@dnd-kit/react/sortable";
import { useTranslation } from "react-i18next";
import type { Names } from "../api/names";
import { useTenant } from "../api/session";
import type { SignatureEntry } from "../api/tenant";
import { LinkTo } from "../components/links";
import { whoInWords } from "./inWords";
import { scheduleInWords } from "./scheduleInWords";
import { RowPicture } from "./RowPicture";
import { SignatureBadges } from "./SignatureBadges";
import { SignatureMenu } from "./SignatureMenu";
import type { SignatureActions } from "./useSignatureActions";

const useStyles = makeStyles({
  row: {
    display: "flex",
    alignItems: "center",
    gap: "8px",
    padding: "14px 12px 14px 4px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    transitionProperty: "box-shadow",
    transitionDuration: tokens.durationNormal,
    ":hover": { boxShadow: tokens.shadow4 },
  },
  readOnly: { paddingLeft: "14px" },
  dragged: { boxShadow: tokens.shadow28 },
  handle: { cursor: "grab", minWidth: "28px", width: "28px", color: tokens.colorNeutralForeground3 },
  words: { display: "flex", flexDirection: "column", flexGrow: 1, gap: "4px", minWidth: 0 },
  title: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: "4px 8px" },
  name: { fontWeight: tokens.fontWeightSemibold, fontSize: "15px", color: tokens.colorNeutralForeground1 },
  quiet: { color: tokens.colorNeutralForeground2 },
  when: { display: "flex", alignItems: "center", gap: "6px", color: tokens.colorNeutralForeground2 },
  unused: { color: tokens.colorNeutralForeground3 },
});

interface Props {
  signature: SignatureEntry;
  index: number;
  section: string;
  /** The folder is switched off. */
  unused: boolean;
  names: Names;
  /** For whom the picture is drawn; without anybody there is none. */
  person: string | null;
  shift: (id: string, by: -1 | 1) => (() => void) | null;
  actions: SignatureActions;
  mayWrite: boolean;
}

export function SignatureRow({ signature, index, section, unused, names, person, shift, actions, mayWrite }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { ref, handleRef, isDragging } = useSortable({
    id: signature.id,
    index,
    group: section,
    type: "signature",
    accept: "signature",
    disabled: !mayWrite,
  });

  const name = signature.name || signature.id;
  // Paler, but not what tells of it: badges have to stay readable.
  const pale = (unused || !signature.enabled) && styles.unused;
  const when = scheduleInWords(signature.applies?.schedule, t, i18n.language);
  const who = whoInWords(signature.applies ?? {}, { t, language: i18n.language, names });
  return (
    // What cannot be moved would be told as disabled, with all that is in it.
    <li ref={mayWrite ? ref : undefined} className={mergeClasses(styles.row, !mayWrite && styles.readOnly, isDragging && styles.dragged)}>
      {mayWrite && (
        <Button
          ref={handleRef}
          appearance="transparent"
          className={styles.handle}
          icon={<ReOrderDotsVerticalRegular />}
          aria-label={t("Move {{name}}", { name })}
        />
      )}
      {person && <RowPicture signature={signature.id} name={name} person={person} />}
      <div className={styles.words}>
        <div className={styles.title}>
          <LinkTo
            className={mergeClasses(styles.name, pale)}
            to="/t/$tenant/signatures/$signature"
            params={{ tenant: tenant.id, signature: signature.id }}
          >
            {name}
          </LinkTo>
          <SignatureBadges signature={signature} />
        </div>
        <Text className={mergeClasses(styles.quiet, pale)}>{who}</Text>
        {when && (
          <Text size={200} className={styles.when}>
            <CalendarClock16Regular /> {when}
          </Text>
        )}
      </div>
      {mayWrite ? (
        <>
          <Switch
            checked={signature.enabled ?? false}
            aria-label={t("Use {{name}}", { name })}
            onChange={(_, { checked }) => actions.enable.mutate({ id: signature.id, enabled: checked })}
          />
          <SignatureMenu
            signature={signature}
            moveUp={shift(signature.id, -1)}
            moveDown={shift(signature.id, 1)}
            actions={actions}
          />
        </>
      ) : (
        <Badge appearance="tint" color={signature.enabled ? "success" : "subtle"}>
          {signature.enabled ? t("On") : t("Off")}
        </Badge>
      )}
    </li>
  );
}
