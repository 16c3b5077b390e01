/**
 * The editor around Puck: what all of its parts share, and which of them is shown.
 */
import { Puck } from "@puckeditor/core";
import "@puckeditor/core/no-external.css";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { useTenant } from "../../api/session";
import { peopleQuery, signaturesQuery } from "../../api/tenant";
import type { Brand } from "../../brand/queries";
import { ActionBar } from "../canvas/ActionBar";
import { makeConfig } from "../canvas/config";
import { SettingContext, type Setting } from "../canvas/setting";
import { fromPuck, toPuck, type PuckData } from "../design/puckData";
import type { PersonEntry } from "../design/types";
import { usedIn } from "../design/used";
import { CustomFactsContext } from "../fields/FactMenu";
import { accentOf, OfferedContext } from "../fields/offered";
import { ActiveText, ActiveTextContext } from "../text/activeText";
import { EditorFrame } from "./EditorFrame";
import { useEditing, type Opened } from "./useEditing";

/** The canvas is part of the page: its colours and its focus are the page's. */
const IFRAME = { enabled: false };
const OVERRIDES = { actionBar: ActionBar };
const LOCKED = { drag: false, duplicate: false, delete: false, edit: false, insert: false };

interface Props {
  site: string;
  brand: Brand;
  opened: Opened;
}

export function Editor({ site, brand, opened }: Props) {
  const { id: tenant, may } = useTenant();
  const mayEdit = may("signatures:write") || may("drafts:write");
  // Who only looks sees what is published, where anything is.
  const begun = mayEdit || opened.published.isNew ? opened : { ...opened, draft: null };
  const editing = useEditing(tenant, begun, may("drafts:write"));
  const { entry, edition, setDesign } = editing;
  const [person, setPerson] = usePreviewPerson(tenant);
  // Puck takes both once; afterwards it tells of every change.
  const [config] = useState(() => makeConfig({ site, accent: accentOf(brand) }));
  const data = useMemo(() => toPuck(entry.design), [edition]);
  const setting = useMemo((): Setting => ({ tenant, site, person }), [tenant, site, person]);
  return (
    <Shared tenant={tenant} setting={setting} brand={brand}>
      <Puck
        key={edition}
        config={config}
        data={data}
        iframe={IFRAME}
        overrides={OVERRIDES}
        permissions={mayEdit ? undefined : LOCKED}
        height="100dvh"
        onChange={(changed) => setDesign(fromPuck(changed as unknown as PuckData))}
      >
        <EditorFrame editing={editing} person={person} onPerson={setPerson} />
      </Puck>
    </Shared>
  );
}

/** For whom it is drawn: somebody at first, whoever is chosen then. */
function usePreviewPerson(tenant: string) {
  const [chosen, choose] = useState<PersonEntry | null>(null);
  const { data } = useQuery(peopleQuery(tenant, ""));
  return [chosen ?? data?.people[0] ?? null, choose] as const;
}

interface SharedProps {
  tenant: string;
  setting: Setting;
  brand: Brand;
  children: ReactNode;
}

function Shared({ tenant, setting, brand, children }: SharedProps) {
  const signatures = useQuery(signaturesQuery(tenant)).data?.signatures;
  const people = useQuery(peopleQuery(tenant, "")).data?.people;
  const used = useMemo(() => usedIn((signatures ?? []).map(({ design }) => design)), [signatures]);
  const offered = useMemo(() => ({ brand, used }), [brand, used]);
  const custom = useMemo(
    () => [...new Set((people ?? []).flatMap((person) => Object.keys(person.custom ?? {})))],
    [people],
  );
  const [active] = useState(() => new ActiveText());
  return (
    <SettingContext value={setting}>
      <OfferedContext value={offered}>
        <CustomFactsContext value={custom}>
          <ActiveTextContext value={active}>{children}</ActiveTextContext>
        </CustomFactsContext>
      </OfferedContext>
    </SettingContext>
  );
}
