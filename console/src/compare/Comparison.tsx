/**
 * Two states of a signature beside each other, drawn by the server for a person; on a narrow page one at a time.
 */
import { makeStyles, mergeClasses, Tab, TabList, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { peopleQuery, type PersonEntry, type SignatureEntry } from "../api/tenant";
import { PersonPicker } from "../components/PersonPicker";
import { usePreview } from "../editor/preview/usePreview";
import { lines, marked } from "./changedParts";
import { byPart, type Difference } from "./differencesInWords";
import { Drawing, type View } from "./Drawing";

const NARROW = "@media (max-width: 800px)";

const useStyles = makeStyles({
  parts: { display: "flex", flexDirection: "column", gap: "16px" },
  tools: { display: "flex", flexWrap: "wrap", alignItems: "end", justifyContent: "space-between", gap: "8px 16px" },
  person: { minWidth: "220px", [NARROW]: { width: "100%" } },
  switch: { display: "none", [NARROW]: { display: "flex" } },
  sides: { display: "grid", gridTemplateColumns: "repeat(2, minmax(0, 1fr))", gap: "16px", [NARROW]: { display: "block" } },
  aside: { [NARROW]: { display: "none" } },
  caption: { display: "block", marginBottom: "6px", fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2 },
  words: { display: "flex", flexDirection: "column", gap: "12px" },
  list: { margin: "4px 0 0", paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "4px" },
});

export interface Side {
  title: string;
  /** Null: there was none, or it was removed. */
  entry: SignatureEntry | null;
}

interface Props {
  before: Side;
  after: Side;
  /** In words; absent where nobody can tell. */
  differences?: Difference[];
}

export function Comparison({ before, after, differences }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { id: tenant, may } = useTenant();
  const someone = useQuery({ ...peopleQuery(tenant, "", 1), enabled: may("people:read") });
  const [chosen, choose] = useState<PersonEntry | null>(null);
  const [view, setView] = useState<View>("desktop");
  const [shown, show] = useState<"before" | "after">("after");
  const person = chosen ?? someone.data?.people[0] ?? null;
  const [old, now] = [useDrawn(before.entry, person), useDrawn(after.entry, person)];
  const html = useMemo(
    () => marked(old.rendered?.html ?? "", now.rendered?.html ?? ""),
    [old.rendered?.html, now.rendered?.html],
  );
  const text = useMemo(
    () => lines(old.rendered?.plain ?? "", now.rendered?.plain ?? ""),
    [old.rendered?.plain, now.rendered?.plain],
  );
  const sides = [
    { side: "before", title: before.title, drawn: old },
    { side: "after", title: after.title, drawn: now },
  ] as const;
  return (
    <div className={styles.parts}>
      <div className={styles.tools}>
        <TabList
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => setView(value as View)}
          aria-label={t("Preview as")}
        >
          <Tab value="desktop">{t("Desktop")}</Tab>
          <Tab value="dark">{t("Dark")}</Tab>
          <Tab value="plain">{t("Plain text")}</Tab>
        </TabList>
        <div className={styles.person}>
          <PersonPicker label={t("As sent by")} value={person} onChange={choose} />
        </div>
      </div>
      <TabList
        className={styles.switch}
        selectedValue={shown}
        onTabSelect={(_, { value }) => show(value as typeof shown)}
        aria-label={t("Which of the two")}
      >
        <Tab value="before">{t("Before")}</Tab>
        <Tab value="after">{t("After")}</Tab>
      </TabList>
      <div className={styles.sides}>
        {sides.map(({ side, title, drawn }) => (
          <section key={side} className={mergeClasses(shown !== side && styles.aside)} aria-label={title}>
            <Text className={styles.caption}>{title}</Text>
            <Drawing
              title={title}
              side={side}
              view={view}
              rendered={drawn.rendered}
              error={drawn.error}
              html={html[side]}
              lines={text[side]}
            />
          </section>
        ))}
      </div>
      <Text size={200} className={styles.quiet}>
        {t("Marked with a dashed red line: only before. With a green line: only after.")}
      </Text>
      {differences && <Words differences={differences} />}
    </div>
  );
}

function Words({ differences }: { differences: Difference[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (differences.length === 0) return <Text>{t("Nothing differs.")}</Text>;
  return (
    <div className={styles.words}>
      {byPart(differences).map(({ title, sentences }) => (
        <section key={title} aria-label={t(title)}>
          <Text weight="semibold">{t(title)}</Text>
          <ul className={styles.list}>
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

const NOTHING: SignatureEntry = { id: "none", design: { version: 1, blocks: [] } };

/** As the server draws it; null where there is nothing to be drawn. */
function useDrawn(entry: SignatureEntry | null, person: PersonEntry | null) {
  const { id: tenant } = useTenant();
  const { data, error } = usePreview(tenant, entry ?? NOTHING, person?.id, "embedded", entry !== null);
  return { rendered: entry === null ? null : data, error };
}
