/**
 * What one recipient would get: in a sentence, drawn, and rule by rule.
 */
import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { ChevronDown16Regular, ChevronRight16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { previewQuery } from "../api/tenant";
import { Panel } from "../components/Panel";
import { Thumbnail } from "../preview/Thumbnail";
import { shownTo, type Explanation } from "./explanation";
import { explainedInWords } from "./explainedInWords";
import { RuleTrails } from "./RuleTrails";

const useStyles = makeStyles({
  drawn: {
    border: `1px solid ${tokens.colorNeutralStroke3}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: "hidden",
  },
  toggle: { alignSelf: "flex-start", marginLeft: "-8px" },
  caption: { display: "block", color: tokens.colorNeutralForeground2, marginBottom: "4px" },
});

interface Props {
  explanation: Explanation;
  names: Map<string, string>;
}

export function RecipientResult({ explanation, names }: Props) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const { recipient, person, rules, taken_out: takenOut = [] } = explanation;
  return (
    <Panel title={recipient} lead={explainedInWords(explanation, names, t, i18n.language)}>
      {takenOut.length > 0 && <Text>{t("Taken out of the subject: {{words}}", { words: takenOut.join(", ") })}</Text>}
      {person &&
        shownTo(explanation).map((id) => (
          <div key={id}>
            <Text size={200} className={styles.caption}>
              {names.get(id) ?? id}
            </Text>
            <div className={styles.drawn}>
              <Drawn signature={id} person={person} name={names.get(id) ?? id} />
            </div>
          </div>
        ))}
      {rules.length > 0 && (
        <>
          <Button
            className={styles.toggle}
            size="small"
            appearance="subtle"
            icon={open ? <ChevronDown16Regular /> : <ChevronRight16Regular />}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {t("Why, rule by rule")}
          </Button>
          {open && <RuleTrails rules={rules} />}
        </>
      )}
    </Panel>
  );
}

function Drawn({ signature, person, name }: { signature: string; person: string; name: string }) {
  const { t } = useTranslation();
  const { id: tenant } = useTenant();
  const { data, error } = useQuery(previewQuery(tenant, signature, person));
  return (
    <Thumbnail
      rendered={data}
      failed={Boolean(error)}
      title={t("Preview of {{name}}", { name })}
      height={200}
      scale={0.8}
    />
  );
}
