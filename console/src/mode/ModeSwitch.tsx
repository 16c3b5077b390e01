/**
 * How far Signet is switched on, in plain sight on every page, and the way to change it.
 */
import { Button, makeStyles, mergeClasses, tokens, Tooltip } from "@fluentui/react-components";
import { ChevronDown16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useTenant } from "../api/session";
import { modeQuery } from "../api/tenant";
import { endInWords, modeMeans, modeName, wordOf } from "./modes";

const ModeDialog = lazy(() => import("./ModeDialog"));

const useStyles = makeStyles({
  button: { fontWeight: tokens.fontWeightSemibold, minWidth: "auto", whiteSpace: "nowrap" },
  dot: { width: "10px", height: "10px", borderRadius: "50%" },
  observe: { backgroundColor: tokens.colorPaletteBlueBorderActive },
  pilot: { backgroundColor: tokens.colorStatusWarningBorderActive },
  live: { backgroundColor: tokens.colorStatusSuccessBorderActive },
  bypass: { backgroundColor: tokens.colorStatusDangerBorderActive },
});

export function ModeSwitch() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const tenant = useTenant();
  const { data } = useQuery({ ...modeQuery(tenant.id), enabled: tenant.may("tenant:read") });
  const [changing, setChanging] = useState(false);
  if (!data) return null;

  const word = wordOf(data.value.mode);
  const name = modeName(word, t);
  const means = [modeMeans(word, t), endInWords(data.value.ends, t, i18n.language)].filter(Boolean).join(" ");
  const may = tenant.may("mode:write");
  return (
    <>
      <Tooltip content={means} relationship="description">
        <Button
          shape="circular"
          appearance="outline"
          className={styles.button}
          icon={<span className={mergeClasses(styles.dot, styles[word])} />}
          aria-label={may ? t("Mode: {{name}}. Change it", { name }) : t("Mode: {{name}}", { name })}
          disabledFocusable={!may}
          onClick={() => setChanging(true)}
        >
          {name}
          {may && <ChevronDown16Regular />}
        </Button>
      </Tooltip>
      {changing && (
        <Suspense>
          <ModeDialog now={data} onClose={() => setChanging(false)} />
        </Suspense>
      )}
    </>
  );
}
