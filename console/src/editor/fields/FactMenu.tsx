/**
 * The searchable list of merge fields, behind a button.
 */
import {
  Button,
  Caption1Strong,
  makeStyles,
  Popover,
  PopoverSurface,
  PopoverTrigger,
  SearchBox,
  tokens,
} from "@fluentui/react-components";
import { createContext, useContext, useState, type ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { everyFact, factName, isCustomName, searchFacts, type FactGroup, type NamedFact } from "../design/facts";
import type { Fact } from "../design/types";

/** Names of the organisation's own fields, as far as they are known. */
export const CustomFactsContext = createContext<string[]>([]);

const GROUPS: { group: FactGroup; title: string }[] = [
  { group: "person", title: "Person" },
  { group: "custom", title: "Your own fields" },
  { group: "manager", title: "Manager" },
  { group: "extension", title: "Extension attributes" },
];

const useStyles = makeStyles({
  surface: { width: "280px", padding: "12px" },
  list: { maxHeight: "300px", overflowY: "auto", marginTop: "8px", display: "flex", flexDirection: "column" },
  title: { color: tokens.colorNeutralForeground3, padding: "10px 8px 4px" },
  fact: { justifyContent: "flex-start", fontWeight: tokens.fontWeightRegular, minHeight: "30px" },
  nothing: { padding: "12px 8px", color: tokens.colorNeutralForeground3 },
});

interface Props {
  onChoose: (fact: Fact) => void;
  /** The button that opens the list. */
  children: ReactElement;
}

export function FactMenu({ onChoose, children }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <Popover open={open} onOpenChange={(_, data) => setOpen(data.open)} trapFocus positioning="below-start">
      <PopoverTrigger disableButtonEnhancement>{children}</PopoverTrigger>
      <Surface
        onChoose={(fact) => {
          setOpen(false);
          onChoose(fact);
        }}
      />
    </Popover>
  );
}

function Surface({ onChoose }: { onChoose: (fact: Fact) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const custom = useContext(CustomFactsContext);
  const [search, setSearch] = useState("");
  const facts = searchFacts(everyFact(custom), search, t);
  const own = search.trim().replace(/^custom\./, "");
  const isNew = isCustomName(own) && !custom.includes(own);
  return (
    <PopoverSurface className={styles.surface} aria-label={t("Merge fields")}>
      <SearchBox
        size="small"
        style={{ width: "100%", maxWidth: "100%" }}
        aria-label={t("Search the merge fields")}
        placeholder={t("Search")}
        value={search}
        onChange={(_, { value }) => setSearch(value)}
        onKeyDown={(event) => event.key === "Enter" && facts[0] && onChoose(facts[0].fact)}
      />
      <div className={styles.list}>
        {GROUPS.map(({ group, title }) => (
          <Group
            key={group}
            title={t(title)}
            facts={facts.filter((fact) => fact.group === group)}
            onChoose={onChoose}
          />
        ))}
        {facts.length === 0 && <div className={styles.nothing}>{t("No field has this name.")}</div>}
        {isNew && (
          <Button appearance="subtle" className={styles.fact} onClick={() => onChoose(`custom.${own}`)}>
            {t("Use your own field “{{name}}”", { name: own })}
          </Button>
        )}
      </div>
    </PopoverSurface>
  );
}

function Group({ title, facts, onChoose }: { title: string; facts: NamedFact[]; onChoose: (fact: Fact) => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (facts.length === 0) return null;
  return (
    <div role="group" aria-label={title}>
      <Caption1Strong block className={styles.title}>
        {title}
      </Caption1Strong>
      {facts.map(({ fact }) => (
        <Button
          key={fact}
          appearance="subtle"
          size="small"
          className={styles.fact}
          style={{ width: "100%" }}
          onClick={() => onChoose(fact)}
        >
          {factName(fact, t)}
        </Button>
      ))}
    </div>
  );
}
