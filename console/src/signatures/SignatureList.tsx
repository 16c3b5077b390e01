/**
 * The list in which signatures are dragged, by mouse, finger or keyboard, within their folder and into others.
 */
import { makeStyles } from "@fluentui/react-components";
import { DragDropProvider } from "@dnd-kit/react";
import { move } from "@dnd-kit/helpers";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTenant } from "../api/session";
import { peopleQuery } from "../api/tenant";
import { arrangementOf, keyOf, shifted, type Arrangement, type Section } from "./arrangement";
import { FolderSection } from "./FolderSection";
import { useNamesOf } from "./useNamesOf";
import type { SignatureActions } from "./useSignatureActions";

const useStyles = makeStyles({ sections: { display: "flex", flexDirection: "column", gap: "28px" } });

interface Props {
  sections: Section[];
  actions: SignatureActions;
  mayWrite: boolean;
}

export function SignatureList({ sections, actions, mayWrite }: Props) {
  const styles = useStyles();
  const settled = arrangementOf(sections);
  /** While something is dragged: as it would be if it were let go. */
  const [dragged, setDragged] = useState<Arrangement | null>(null);
  const shown = dragged ?? settled;
  const signatures = sections.flatMap((section) => section.signatures);
  const byId = new Map(signatures.map((each) => [each.id, each]));
  const names = useNamesOf(signatures);
  const tenant = useTenant();
  const { data: someone } = useQuery({ ...peopleQuery(tenant.id, "", 1), enabled: tenant.may("people:read") });

  const shift = (id: string, by: -1 | 1) => {
    const to = shifted(sections, settled, id, by);
    return to && (() => actions.arrange.mutate({ id, to }));
  };

  return (
    <DragDropProvider
      onDragStart={() => setDragged(settled)}
      onDragOver={(event) => setDragged((before) => move(before ?? settled, event))}
      onDragEnd={({ canceled, operation }) => {
        const id = operation.source?.id;
        if (!canceled && dragged && typeof id === "string" && JSON.stringify(dragged) !== JSON.stringify(settled)) {
          actions.arrange.mutate({ id, to: dragged });
        }
        setDragged(null);
      }}
    >
      <div className={styles.sections}>
        {sections.map(({ folder }, index) => (
          <FolderSection
            key={keyOf(folder)}
            folder={folder}
            place={index}
            folders={sections.length - 1}
            signatures={(shown[keyOf(folder)] ?? []).flatMap((id) => byId.get(id) ?? [])}
            names={names}
            person={someone?.people[0]?.id ?? null}
            shift={shift}
            actions={actions}
            mayWrite={mayWrite}
          />
        ))}
      </div>
    </DragDropProvider>
  );
}
