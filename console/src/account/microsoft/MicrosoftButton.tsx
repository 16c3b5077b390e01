/**
 * The button that leads to Microsoft; nothing where nobody signs in with Microsoft.
 */
import { Button, Divider, makeStyles } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ProblemNotice } from "../../components/ProblemNotice";
import type { Journey } from "./kept";
import { MicrosoftMark } from "./MicrosoftMark";
import { offerQuery, useMicrosoft } from "./useMicrosoft";

const useStyles = makeStyles({ part: { display: "flex", flexDirection: "column", gap: "18px" } });

export function MicrosoftButton({ label, journey }: { label: string; journey: Journey }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const offer = useQuery(offerQuery);
  const go = useMicrosoft("enter", journey);
  if (!offer.data?.microsoft) return null;
  return (
    <div className={styles.part}>
      <Divider>{t("or")}</Divider>
      <ProblemNotice error={go.error} />
      <Button size="large" icon={<MicrosoftMark />} disabledFocusable={go.isPending} onClick={() => go.mutate()}>
        {label}
      </Button>
    </div>
  );
}
