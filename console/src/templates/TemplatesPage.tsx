/**
 * The finished designs to begin with, each drawn for a person of the organisation.
 */
import { Button, makeStyles, SearchBox, TabList, Tab, tokens } from "@fluentui/react-components";
import { DocumentAddRegular, DocumentArrowUpRegular, SearchRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { peopleQuery, templatesQuery, type PersonEntry } from "../api/tenant";
import { EmptyState } from "../components/EmptyState";
import { ButtonTo } from "../components/links";
import { Loading } from "../components/Loading";
import { PageHeader } from "../components/PageHeader";
import { PersonPicker } from "../components/PersonPicker";
import { filtered, tagsOf } from "./filter";
import { TemplateCard } from "./TemplateCard";
import { useNewSignature } from "./useNewSignature";

const ALL = "";

const useStyles = makeStyles({
  tools: { display: "flex", flexWrap: "wrap", alignItems: "end", gap: "16px", marginBottom: "16px" },
  search: { flexGrow: 1, minWidth: "220px", maxWidth: "360px" },
  person: { minWidth: "220px", marginLeft: "auto", "@media (max-width: 640px)": { marginLeft: 0, width: "100%" } },
  tags: { overflowX: "auto", marginBottom: "16px" },
  grid: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(300px, 100%), 1fr))",
    gap: tokens.spacingHorizontalL,
    listStyleType: "none",
    margin: 0,
    padding: 0,
  },
});

export default function TemplatesPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const templates = useQuery(templatesQuery(tenant.id));
  const mayReadPeople = tenant.may("people:read");
  const someone = useQuery({ ...peopleQuery(tenant.id, "", 1), enabled: mayReadPeople });
  const [search, setSearch] = useState("");
  const [tag, setTag] = useState(ALL);
  const [chosen, setChosen] = useState<PersonEntry | null>(null);
  const make = useNewSignature();
  const person = chosen ?? someone.data?.people[0] ?? null;
  const nobody = !mayReadPeople || someone.data?.people.length === 0;

  const all = templates.data?.templates ?? [];
  const shown = filtered(all, search, tag);
  return (
    <>
      <PageHeader
        title={t("Choose a design")}
        trail={[{ label: t("Signatures"), to: "/t/$tenant/signatures" }]}
        lead={t("Each can be changed in every part. What you choose stays switched off until you switch it on.")}
        actions={
          <>
            {tenant.may("signatures:write") && (
              <ButtonTo icon={<DocumentArrowUpRegular />} to="/t/$tenant/import" params={{ tenant: tenant.id }}>
                {t("Import one you have")}
              </ButtonTo>
            )}
            <Button icon={<DocumentAddRegular />} disabledFocusable={make.isPending} onClick={() => make.mutate(null)}>
              {t("Begin with an empty one")}
            </Button>
          </>
        }
      />
      {!templates.data && <Loading query={templates} />}
      {templates.data && (
        <>
          <div className={styles.tools}>
            <SearchBox
              className={styles.search}
              placeholder={t("Search designs")}
              aria-label={t("Search designs")}
              value={search}
              onChange={(_, { value }) => setSearch(value)}
            />
            {!nobody && (
              <div className={styles.person}>
                <PersonPicker label={t("Drawn for")} value={person} onChange={setChosen} />
              </div>
            )}
          </div>
          <TabList
            className={styles.tags}
            size="small"
            selectedValue={tag}
            onTabSelect={(_, { value }) => setTag(String(value))}
            aria-label={t("Kinds of designs")}
          >
            <Tab value={ALL}>{t("All")}</Tab>
            {tagsOf(all).map((each) => (
              <Tab key={each} value={each}>
                {each}
              </Tab>
            ))}
          </TabList>
          {shown.length === 0 && (
            <EmptyState
              icon={<SearchRegular />}
              title={t("No design like that")}
              text={t("Try another word, or begin with an empty signature.")}
            />
          )}
          <ul className={styles.grid}>
            {shown.map((template) => (
              <TemplateCard
                key={template.id}
                template={template}
                person={person}
                nobody={nobody}
                busy={make.isPending}
                onChoose={() => make.mutate(template.id)}
              />
            ))}
          </ul>
        </>
      )}
    </>
  );
}
