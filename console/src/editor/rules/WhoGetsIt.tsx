/**
 * Who gets the signature, as a form in plain language; above it the sentence that it makes, as one types.
 */
import { Accordion, Body1, Field, makeStyles, Subtitle1, Switch, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { whoInWords } from "../../signatures/inWords";
import { scheduleInWords } from "../../signatures/scheduleInWords";
import { useNamesOf } from "../../signatures/useNamesOf";
import type { Applies, Fault, SignatureEntry } from "../design/types";
import { listed, orNothing, recipientsOf } from "./applies";
import { ExceptForm } from "./ExceptForm";
import { ownUndo } from "../page/ownUndo";
import { MessageForm } from "./MessageForm";
import { PlacementForm } from "./PlacementForm";
import { RecipientsForm } from "./RecipientsForm";
import { RuleSection } from "./RuleSection";
import { ScheduleForm } from "./ScheduleForm";
import { SendersForm } from "./SendersForm";
import { TrialForm } from "./TrialForm";

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, overflowY: "auto", backgroundColor: tokens.colorNeutralBackground3 },
  column: {
    maxWidth: "760px",
    margin: "0 auto",
    padding: "32px 20px 64px",
    display: "flex",
    flexDirection: "column",
    gap: "20px",
  },
  sentence: {
    padding: "20px 24px",
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorNeutralForeground1,
    display: "flex",
    flexDirection: "column",
    gap: "6px",
  },
  sections: {
    backgroundColor: tokens.colorNeutralBackground1,
    borderRadius: tokens.borderRadiusLarge,
    boxShadow: tokens.shadow2,
  },
  fieldset: { border: 0, margin: 0, padding: 0, minWidth: 0 },
});

interface Props {
  entry: SignatureEntry;
  onChange: (keys: Partial<SignatureEntry>) => void;
  faults: Fault[];
  mayWrite: boolean;
}

export function WhoGetsIt({ entry, onChange, faults, mayWrite }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { applies = {} } = entry;
  const set = (keys: Partial<Applies>) => onChange({ applies: { ...applies, ...keys } });
  const of = (place: string) => faults.filter((fault) => fault.place === place || fault.place.startsWith(`${place}/`));
  return (
    <div className={styles.page} onKeyDown={ownUndo}>
      <div className={styles.column}>
        <Sentence entry={entry} />
        <fieldset disabled={!mayWrite} className={styles.fieldset} aria-label={t("Who gets it")}>
          <Accordion multiple collapsible className={styles.sections} defaultOpenItems={["senders"]}>
            <RuleSection value="senders" title={t("Senders")} about={t("Who writes")} faults={of("/applies/senders")}>
              <SendersForm value={applies.senders ?? {}} onChange={(senders) => set({ senders })} />
            </RuleSection>
            <RuleSection
              value="recipients"
              title={t("Recipients")}
              about={t("To whom")}
              faults={of("/applies/recipients")}
            >
              <RecipientsForm
                value={listed(applies.recipients)}
                onChange={(recipients) => set({ recipients: recipientsOf(recipients) })}
              />
            </RuleSection>
            <RuleSection
              value="message"
              title={t("Messages")}
              about={t("New or reply, subject, attachments, labels")}
              faults={[...of("/applies/message"), ...of("/remove_keyword")]}
            >
              <MessageForm value={applies.message ?? {}} onChange={(message) => set({ message: orNothing(message) })} />
              <RemoveKeyword entry={entry} onChange={onChange} />
            </RuleSection>
            <RuleSection
              value="schedule"
              title={t("Times")}
              about={t("From when to when")}
              faults={of("/applies/schedule")}
            >
              <ScheduleForm value={applies.schedule ?? null} onChange={(schedule) => set({ schedule })} />
            </RuleSection>
            <RuleSection
              value="except"
              title={t("Exceptions")}
              about={t("Who does not get it, whatever else holds")}
              faults={of("/applies/except")}
            >
              <ExceptForm value={applies.except ?? {}} onChange={(except) => set({ except })} />
            </RuleSection>
            <RuleSection
              value="placement"
              title={t("Place")}
              about={t("What it is, and where it stands")}
              faults={of("/folder")}
            >
              <PlacementForm entry={entry} onChange={onChange} />
            </RuleSection>
            <RuleSection
              value="trial"
              title={t("Try it out")}
              about={t("For a few, before everybody gets it")}
              faults={of("/trial")}
            >
              <TrialForm value={entry.trial ?? null} onChange={(trial) => onChange({ trial: trial ?? undefined })} />
            </RuleSection>
          </Accordion>
        </fieldset>
      </div>
    </div>
  );
}

function Sentence({ entry }: { entry: SignatureEntry }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const names = useNamesOf([entry]);
  const { language } = i18n;
  const { applies = {} } = entry;
  const when = scheduleInWords(applies.schedule, t, language);
  return (
    <section className={styles.sentence} aria-label={t("In words")} aria-live="polite">
      <Subtitle1 as="p" block style={{ margin: 0 }}>
        {whoInWords(applies, { t, language, names })}
      </Subtitle1>
      {when && <Body1>{t("Only {{when}}.", { when })}</Body1>}
      {entry.trial && <Body1>{t("Tried out: for the chosen few alone.")}</Body1>}
      {!entry.enabled && <Body1>{t("It is switched off: nobody gets it until you switch it on.")}</Body1>}
    </section>
  );
}

/** Only where there is a keyword that could be removed; the server refuses it otherwise. */
function RemoveKeyword({ entry, onChange }: Pick<Props, "entry" | "onChange">) {
  const { t } = useTranslation();
  const keywords = entry.applies?.message?.subject_contains ?? [];
  if (keywords.length === 0 && !entry.remove_keyword) return null;
  return (
    <Field hint={t("The recipients read the subject without it.")}>
      <Switch
        label={t("Take the keyword out of the subject")}
        checked={entry.remove_keyword === true}
        onChange={(_, { checked }) => onChange({ remove_keyword: checked || undefined })}
      />
    </Field>
  );
}
