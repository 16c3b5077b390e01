/**
 * What was found, and what becomes of it: beside each other, and every guess of ours to be corrected.
 */
import { Button, Caption1, Field, Input, makeStyles, Select, tokens } from "@fluentui/react-components";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { nameOfPerson } from "../api/names";
import { useTenant } from "../api/session";
import { peopleQuery, tenantKey } from "../api/tenant";
import { Panel } from "../components/Panel";
import { ProblemNotice } from "../components/ProblemNotice";
import { useTenantChange } from "../components/useTenantChange";
import type { PersonEntry } from "../editor/design/types";
import { SignatureFrame } from "../preview/SignatureFrame";
import { FactSwitches } from "./FactSwitches";
import type { FoundFact } from "./fields/fields";
import { put } from "./finish";
import { Frame } from "./Frame";
import { LOSS_WORDS } from "./lossWords";
import { PictureList } from "./PictureList";
import { PieceList } from "./PieceList";
import { originalPage } from "./read/original";
import type { Source } from "./read/source";
import { useChosen } from "./useChosen";
import { useMade, useReady } from "./useMade";
import { base64Of } from "./base64";

const useStyles = makeStyles({
  sides: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 5fr) minmax(0, 6fr)",
    gap: "24px",
    alignItems: "start",
    "@media (max-width: 960px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  side: { display: "flex", flexDirection: "column", gap: "24px" },
  seen: { position: "sticky", top: "16px", "@media (max-width: 960px)": { position: "static" } },
  list: { margin: 0, paddingLeft: "20px", lineHeight: "22px", color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexWrap: "wrap", gap: "8px" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

interface Props {
  sources: Source[];
  chosen: number;
  onChoose: (at: number) => void;
  onGive: (src: string, file: File) => void;
  onAgain: () => void;
}

export function Check({ sources, chosen, onChoose, onGive, onAgain }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const router = useRouter();
  const { id: tenant, may } = useTenant();
  const source = sources[chosen]!;
  const [named, setNamed] = useState<PersonEntry | null>(null);
  const [switches, setSwitches] = useState<Record<string, boolean>>({});
  const [title, setTitle] = useState<string | null>(null);

  const mayRead = may("people:read");
  const address = source.from ?? addressIn(source);
  const author = useQuery({ ...peopleQuery(tenant, address ?? "", 1), enabled: mayRead && address !== null });
  const anybody = useQuery({ ...peopleQuery(tenant, "", 1), enabled: mayRead });
  const person = named ?? author.data?.people[0] ?? null;
  const drawnFor = person ?? anybody.data?.people[0] ?? null;

  // Further messages tell what is the same in all; files that are signatures tell nothing.
  const others = useMemo(() => sources.filter((one, at) => at !== chosen && !one.whole), [sources, chosen]);
  const part = useChosen(source, others, person ? [nameOfPerson(person)] : []);
  const isOn = useCallback((fact: FoundFact) => switches[fact.key] ?? !fact.candidate.doubtful, [switches]);
  const made = useMade(source, part, person, isOn);
  const ready = useReady(made.pictures);
  const name = title ?? (person ? t("Signature of {{name}}", { name: nameOfPerson(person) }) : t("Imported signature"));

  const drawn = useQuery({
    queryKey: [...tenantKey(tenant), "import-preview", drawnFor?.id, made.design, ready.dataUpdatedAt],
    queryFn: async () =>
      answer(
        api.POST("/api/v1/tenants/{tenant}/preview", {
          params: { path: { tenant } },
          body: {
            person: drawnFor!.id,
            signature: { id: "imported", name, design: made.design },
            images: await Promise.all(
              ready.data!.map(async ({ id, blob }) => ({
                id,
                type: blob.type as "image/png",
                base64: await base64Of(blob),
              })),
            ),
          },
        }),
      ),
    enabled: Boolean(drawnFor && ready.data),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const take = useTenantChange(
    () => put(tenant, name, made.design, ready.data ?? []),
    (id) => void router.navigate({ to: "/t/$tenant/signatures/$signature", params: { tenant, signature: id } }),
  );
  const nothing = made.design.blocks.length === 0;
  const lost = made.pictures.filter(({ where }) => typeof where === "string").length;

  return (
    <div className={styles.sides}>
      <div className={styles.side}>
        <Panel
          title={t("Which part is the signature")}
          actions={<Button onClick={onAgain}>{t("Take another")}</Button>}
        >
          {sources.length > 1 && (
            <Field label={t("Taken from")}>
              <Select value={chosen} onChange={(_, { value }) => onChoose(Number(value))}>
                {sources.map((one, at) => (
                  <option key={at} value={at}>
                    {one.name}
                  </option>
                ))}
              </Select>
            </Field>
          )}
          <PieceList {...part} />
        </Panel>
        {mayRead && (
          <Panel title={t("What follows the sender")} lead={t("Everybody who gets this signature shows their own.")}>
            <FactSwitches
              person={person}
              onPerson={setNamed}
              facts={made.facts}
              isOn={isOn}
              onSwitch={({ key }, on) => setSwitches((before) => ({ ...before, [key]: on }))}
            />
          </Panel>
        )}
        {made.pictures.length > 0 && (
          <Panel title={t("Pictures")} lead={t("They are kept with the pictures of your organisation.")}>
            <PictureList pictures={made.pictures} onGive={onGive} />
          </Panel>
        )}
        {(made.losses.length > 0 || source.leftOut > 0) && (
          <Panel title={t("What could not be kept")}>
            <ul className={styles.list}>
              {made.losses.map((loss) => (
                <li key={loss}>{t(LOSS_WORDS[loss])}</li>
              ))}
              {source.leftOut > 0 && (
                <li>
                  {t("Of the pictures inside, {{count}} cannot be shown by every mail program or are too large.", {
                    count: source.leftOut,
                  })}
                </li>
              )}
            </ul>
          </Panel>
        )}
      </div>
      <div className={`${styles.side} ${styles.seen}`}>
        <Panel
          title={t("As it will be")}
          lead={drawnFor ? t("Drawn for {{name}}", { name: nameOfPerson(drawnFor) }) : undefined}
        >
          <ProblemNotice error={drawn.error ?? ready.error} title={t("It cannot be drawn like this")} />
          {nothing && (
            <Caption1 className={styles.quiet}>
              {t("Nothing is chosen yet. Take in the lines of the signature.")}
            </Caption1>
          )}
          {!nothing && !drawnFor && (
            <Caption1 className={styles.quiet}>{t("It is drawn here once the directory has been read.")}</Caption1>
          )}
          {!nothing && drawn.data && (
            <Frame>
              <SignatureFrame rendered={drawn.data} title={t("The signature as it will be")} />
            </Frame>
          )}
          <Field label={t("Name of the signature")}>
            <Input value={name} onChange={(_, { value }) => setTitle(value)} />
          </Field>
          {lost > 0 && (
            <Caption1 className={styles.quiet}>
              {t("{{count}} pictures are not there and would be left out.", { count: lost })}
            </Caption1>
          )}
          <div className={styles.actions}>
            <Button
              appearance="primary"
              disabledFocusable={nothing || take.isPending || author.isLoading || !ready.data || name.trim() === ""}
              onClick={() => take.mutate()}
            >
              {take.isPending ? t("Making it …") : t("Make the signature")}
            </Button>
          </div>
          <Caption1 className={styles.quiet}>
            {t("It opens in the editor, and stays switched off until you switch it on.")}
          </Caption1>
        </Panel>
        <Panel title={t("As it came")}>
          <Frame>
            <iframe
              title={t("The signature as it came")}
              sandbox=""
              srcDoc={originalPage(source, part.pieces, part.chosen)}
            />
          </Frame>
        </Panel>
      </div>
    </div>
  );
}

/** The first address that the signature leads to. */
function addressIn({ document }: Source): string | null {
  const link = document.querySelector("a[href^='mailto:' i]")?.getAttribute("href");
  return link ? link.slice("mailto:".length).split("?")[0]! : null;
}
