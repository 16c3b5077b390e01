/**
 * A folder with its signatures, or those that are in none.
 */
import { makeStyles, mergeClasses, Subtitle2, Switch, Text, tokens } from "@fluentui/react-components";
import { FolderRegular } from "@fluentui/react-icons";
import { CollisionPriority } from "@dnd-kit/abstract";
import { useDroppable } from "@dnd-kit/react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Names } from "../api/names";
import type { FolderEntry, SignatureEntry } from "../api/tenant";
import { keyOf } from "./arrangement";
import { FolderMenu } from "./FolderMenu";
import { SignatureRow } from "./SignatureRow";
import type { SignatureActions } from "./useSignatureActions";

const useStyles = makeStyles({
  head: { display: "flex", alignItems: "center", gap: "8px", minHeight: "36px", marginBottom: "8px" },
  icon: { fontSize: "20px", lineHeight: 0, color: tokens.colorNeutralForeground2 },
  name: { marginRight: "auto" },
  off: { color: tokens.colorNeutralForeground2 },
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "flex",
    flexDirection: "column",
    gap: "8px",
    borderRadius: tokens.borderRadiusXLarge,
  },
  target: { outline: `2px solid ${tokens.colorBrandStroke2}`, outlineOffset: "4px" },
  empty: {
    padding: "20px",
    textAlign: "center",
    color: tokens.colorNeutralForeground2,
    borderRadius: tokens.borderRadiusLarge,
    border: `1px dashed ${tokens.colorNeutralStroke2}`,
  },
});

interface Props {
  folder: FolderEntry | null;
  place: number;
  folders: number;
  signatures: SignatureEntry[];
  names: Names;
  person: string | null;
  shift: (id: string, by: -1 | 1) => (() => void) | null;
  actions: SignatureActions;
  mayWrite: boolean;
}

export function FolderSection(props: Props) {
  const { folder, place, folders, signatures, names, person, shift, actions, mayWrite } = props;
  const { t } = useTranslation();
  const styles = useStyles();
  const heading = useId();
  const key = keyOf(folder);
  const { ref, isDropTarget } = useDroppable({
    id: key,
    type: "section",
    accept: "signature",
    collisionPriority: CollisionPriority.Low,
  });
  const off = folder?.enabled === false;
  const name = folder ? folder.name || folder.id : t("In no folder");

  if (!folder && folders > 0 && signatures.length === 0 && !isDropTarget) {
    return <div ref={ref} />;
  }
  const change = (next: Partial<FolderEntry>) =>
    actions.setFolders.mutate((before) => before.map((each) => (each.id === folder?.id ? { ...each, ...next } : each)));

  return (
    <section aria-labelledby={folders > 0 ? heading : undefined} aria-label={folders > 0 ? undefined : t("Signatures")}>
      {folders > 0 && (
        <div className={styles.head}>
          {folder && <FolderRegular className={styles.icon} />}
          <Subtitle2 as="h2" id={heading} className={mergeClasses(styles.name, off && styles.off)}>
            {name}
          </Subtitle2>
          {off && (
            <Text size={200} className={styles.off}>
              {t("Nothing in it is used")}
            </Text>
          )}
          {folder && (
            <>
              <Switch
                checked={!off}
                disabled={!mayWrite}
                aria-label={t("Use the folder {{name}}", { name })}
                onChange={(_, { checked }) => change({ enabled: checked })}
              />
              {mayWrite && (
                <FolderMenu
                  folder={folder}
                  place={place}
                  folders={folders}
                  isEmpty={signatures.length === 0}
                  actions={actions}
                  onRename={(renamed) => change({ name: renamed })}
                />
              )}
            </>
          )}
        </div>
      )}
      <ul ref={ref} className={mergeClasses(styles.list, isDropTarget && styles.target)}>
        {signatures.map((signature, index) => (
          <SignatureRow
            key={signature.id}
            signature={signature}
            index={index}
            section={key}
            unused={off}
            names={names}
            person={person}
            shift={shift}
            actions={actions}
            mayWrite={mayWrite}
          />
        ))}
        {signatures.length === 0 && (
          <li className={styles.empty}>{mayWrite ? t("Empty. Drag a signature here.") : t("Empty.")}</li>
        )}
      </ul>
    </section>
  );
}
