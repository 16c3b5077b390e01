/**
 * The connectors and mail flow rules in Exchange Online: for whom, the script that makes them, and what it makes.
 */
import { Button, Field, Input, makeStyles, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { Loading } from "../components/Loading";
import { useDebounced } from "../components/useDebounced";
import { scriptQuery } from "./queries";
import { ScriptBox } from "./ScriptBox";

const useStyles = makeStyles({
  group: { maxWidth: "440px" },
  quiet: { color: tokens.colorNeutralForeground2 },
  list: { margin: 0, paddingLeft: "20px", display: "flex", flexDirection: "column", gap: "6px" },
  made: { display: "flex", flexDirection: "column", gap: "8px" },
  ran: { alignSelf: "flex-start" },
});

interface Props {
  smartHost: string;
  /** The person has run the script. */
  onRan: () => void;
}

export function ExchangeStep({ smartHost, onRan }: Props) {
  const { t } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const may = tenant.may("tenant:write");
  const [who, setWho] = useState<"everybody" | "group">("everybody");
  const [group, setGroup] = useState("");
  const typed = useDebounced(group.trim(), 400);
  const complete = who === "everybody" || isAddress(typed);
  const script = useQuery({
    ...scriptQuery(tenant.id, who === "group" ? typed : undefined),
    enabled: may && complete,
  });

  return (
    <>
      <div className={styles.made}>
        <Text>{t("A script makes everything in your Exchange Online. Nothing else of yours is touched:")}</Text>
        <ul className={styles.list}>
          <li>
            {t("a Send connector to {{host}}, always encrypted, for mail that a rule sends to Signet", {
              host: smartHost,
            })}
          </li>
          <li>{t("a Receive connector that takes mail back from Signet alone, known by your certificate")}</li>
          <li>
            {t(
              "four mail flow rules at the top: foreign stamps are taken off, automatic replies pass by, outgoing mail goes to Signet, and once it is back its stamp is taken off, so that each message makes the trip once",
            )}
          </li>
        </ul>
      </div>
      {!may && <Text>{t("An owner or an administrator of your team makes and runs the script.")}</Text>}
      {may && (
        <>
          <Field
            label={t("Whose mail goes to Signet")}
            hint={t("What Signet does with it is said by the mode, at the end of this page.")}
          >
            <RadioGroup value={who} onChange={(_, { value }) => setWho(value as typeof who)}>
              <Radio value="everybody" label={t("Everybody’s")} />
              <Radio value="group" label={t("Only that of a pilot group; run the script again later for everybody")} />
            </RadioGroup>
          </Field>
          {who === "group" && (
            <Field
              className={styles.group}
              label={t("Address of the group")}
              hint={t("A mail-enabled security group.")}
              validationMessage={typed && !isAddress(typed) ? t("Enter the whole address of the group.") : undefined}
            >
              <Input
                type="email"
                value={group}
                placeholder="signet-pilot@contoso.com"
                onChange={(_, { value }) => setGroup(value)}
              />
            </Field>
          )}
          {complete && (script.data ? <ScriptBox script={script.data} /> : <Loading query={script} rows={1} />)}
          <Text size={200} className={styles.quiet}>
            {t(
              "Microsoft 365 takes up to an hour to apply it everywhere. Run again, the script changes what is there instead of making it twice.",
            )}
          </Text>
          <Button className={styles.ran} onClick={onRan}>
            {t("I have run it")}
          </Button>
        </>
      )}
    </>
  );
}

const isAddress = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
