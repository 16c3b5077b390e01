/**
 * The signature as it will be sent, for any person: on a desktop, on a phone, in the dark, and as plain text.
 */
import { Body1, Caption1, makeStyles, mergeClasses, Spinner, Tab, TabList, tokens } from "@fluentui/react-components";
import {
  DarkThemeRegular,
  DesktopRegular,
  PhoneRegular,
  TextDescriptionRegular,
  type FluentIcon,
} from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../api/problem";
import { nameOfPerson } from "../../api/names";
import { PersonPicker } from "../../components/PersonPicker";
import type { PersonEntry, Rendered } from "../design/types";
import { previewPage } from "./previewPage";

type View = "desktop" | "phone" | "dark" | "plain";

const VIEWS: { view: View; name: string; icon: FluentIcon }[] = [
  { view: "desktop", name: "Desktop", icon: DesktopRegular },
  { view: "phone", name: "Phone", icon: PhoneRegular },
  { view: "dark", name: "Dark", icon: DarkThemeRegular },
  { view: "plain", name: "Plain text", icon: TextDescriptionRegular },
];

const useStyles = makeStyles({
  root: { display: "flex", flexDirection: "column", height: "100%", minHeight: 0 },
  head: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: "4px 16px",
    padding: "4px 16px",
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  person: {
    "& .fui-Field": { display: "flex", alignItems: "center", gap: "8px" },
    "& .fui-Combobox": { minWidth: "200px" },
  },
  stage: {
    flexGrow: 1,
    minHeight: "200px",
    overflow: "auto",
    position: "relative",
    backgroundColor: tokens.colorNeutralBackground3,
    display: "flex",
    justifyContent: "center",
  },
  frame: { border: 0, width: "100%", height: "100%", minHeight: "200px", display: "block", flexShrink: 0 },
  phone: {
    width: "390px",
    margin: "12px 0",
    height: "calc(100% - 24px)",
    borderRadius: "20px",
    boxShadow: `0 0 0 6px ${tokens.colorNeutralStroke1}`,
  },
  plain: {
    margin: 0,
    padding: "20px",
    width: "100%",
    boxSizing: "border-box",
    whiteSpace: "pre-wrap",
    overflowWrap: "anywhere",
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "13px",
    backgroundColor: tokens.colorNeutralBackground1,
  },
  note: {
    padding: "32px 24px",
    maxWidth: "420px",
    textAlign: "center",
    alignSelf: "center",
    color: tokens.colorNeutralForeground2,
  },
  waiting: { position: "absolute", top: "12px", right: "12px" },
  hint: {
    padding: "4px 16px 8px",
    color: tokens.colorNeutralForeground3,
    backgroundColor: tokens.colorNeutralBackground3,
  },
});

interface Props {
  person: PersonEntry | null;
  onPerson: (person: PersonEntry) => void;
  rendered: Rendered | undefined;
  error: unknown;
  isFetching: boolean;
}

export function LivePreview({ person, onPerson, rendered, error, isFetching }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [view, setView] = useState<View>("desktop");
  return (
    <section className={styles.root} aria-label={t("Preview")}>
      <div className={styles.head}>
        <TabList
          size="small"
          selectedValue={view}
          onTabSelect={(_, { value }) => setView(value as View)}
          aria-label={t("Preview as")}
        >
          {VIEWS.map(({ view: value, name, icon: Icon }) => (
            <Tab key={value} value={value} icon={<Icon />}>
              {t(name)}
            </Tab>
          ))}
        </TabList>
        <div className={styles.person}>
          <PersonPicker label={t("As sent by")} value={person} onChange={onPerson} />
        </div>
      </div>
      <div className={styles.stage}>
        <Stage view={view} person={person} rendered={rendered} error={error} />
        {isFetching && <Spinner className={styles.waiting} size="tiny" aria-label={t("Drawing")} />}
      </div>
      {view === "dark" && (
        <Caption1 className={styles.hint}>
          {t("About as Outlook turns colours in dark mode. Other programs turn fewer, or none.")}
        </Caption1>
      )}
    </section>
  );
}

interface StageProps {
  view: View;
  person: PersonEntry | null;
  rendered: Rendered | undefined;
  error: unknown;
}

function Stage({ view, person, rendered, error }: StageProps) {
  const { t } = useTranslation();
  const styles = useStyles();
  const note = noteOf({ view, person, rendered, error }, t);
  const page = useMemo(
    () => (rendered ? previewPage(rendered, view === "dark" ? "dark" : "light") : ""),
    [rendered, view],
  );
  if (note) return <Body1 className={styles.note}>{note}</Body1>;
  if (view === "plain") {
    return (
      <pre className={styles.plain} tabIndex={0} aria-label={t("As plain text")}>
        {rendered?.plain}
      </pre>
    );
  }
  return (
    <iframe
      title={t("Preview of the signature")}
      sandbox=""
      srcDoc={page}
      className={mergeClasses(styles.frame, view === "phone" && styles.phone)}
    />
  );
}

/** What is said instead of a preview. */
function noteOf(
  { view, person, rendered, error }: StageProps,
  t: (text: string, values?: Record<string, unknown>) => string,
): string | null {
  if (!person) return t("Choose a person, and see the signature as it will be sent.");
  if (error) {
    const why = isProblem(error) ? (error.faults[0]?.detail ?? error.message) : t("the server cannot be reached");
    return t("It cannot be drawn at the moment: {{why}}.", { why });
  }
  if (!rendered) return t("Drawing …");
  if (rendered.empty) {
    return t(
      "Nothing is left of it for {{person}}: every field it shows is empty. The next signature that applies would be used.",
      {
        person: nameOfPerson(person),
      },
    );
  }
  if (view === "plain" && rendered.plain === "")
    return t("It has no words: a message that is plain text alone goes without it.");
  return null;
}
