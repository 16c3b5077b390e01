/**
 * A chart, and behind it the table of its numbers: for whoever reads by ear, or wants to know exactly.
 */
import { Button, makeStyles, mergeClasses, tokens, type Theme } from "@fluentui/react-components";
import { TableRegular } from "@fluentui/react-icons";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useColourScheme } from "../app/colourScheme";
import { darkTheme, lightTheme } from "../app/theme";
import { init } from "./echarts";
import { optionOf, type Drawn } from "./options";

const useStyles = makeStyles({
  chart: { width: "100%", height: "280px" },
  table: { maxHeight: "320px", overflow: "auto", borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  grid: { width: "100%", borderCollapse: "collapse", fontVariantNumeric: "tabular-nums" },
  cell: { padding: "6px 8px", textAlign: "end", borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  first: { textAlign: "start", fontWeight: tokens.fontWeightRegular },
  more: { alignSelf: "start" },
});

export function Chart({ drawn }: { drawn: Drawn }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { dark } = useColourScheme();
  const [open, setOpen] = useState(false);
  const table = useId();
  return (
    <>
      <Picture drawn={drawn} theme={dark ? darkTheme : lightTheme} />
      <Button
        className={styles.more}
        appearance="subtle"
        size="small"
        icon={<TableRegular />}
        aria-expanded={open}
        aria-controls={table}
        onClick={() => setOpen(!open)}
      >
        {open ? t("Hide the numbers") : t("Show the numbers")}
      </Button>
      <div id={table}>{open && <Numbers drawn={drawn} />}</div>
    </>
  );
}

function Picture({ drawn, theme }: { drawn: Drawn; theme: Theme }) {
  const styles = useStyles();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(null);
  useEffect(() => {
    if (!element.current) return;
    const made = init(element.current, null, { renderer: "svg" });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => chart.current?.setOption(optionOf(drawn, theme)), [drawn, theme]);
  return <div ref={element} className={styles.chart} role="img" aria-label={drawn.description} />;
}

/** Steps in which nothing came are left out. */
function Numbers({ drawn: { steps, series, told, description } }: { drawn: Drawn }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rows = steps
    .map((step, at) => ({ step, at, values: series.map(({ values }) => values[at] ?? null) }))
    .filter(({ values }) => values.some((value) => value));
  return (
    <div className={styles.table} tabIndex={0} role="region" aria-label={description}>
      <table className={styles.grid}>
        <thead>
          <tr>
            <th scope="col" className={mergeClasses(styles.cell, styles.first)}>
              {t("Time")}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className={styles.cell}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, at, values }) => (
            <tr key={at}>
              <th scope="row" className={mergeClasses(styles.cell, styles.first)}>
                {step}
              </th>
              {values.map((value, column) => (
                <td key={series[column]!.name} className={styles.cell}>
                  {value === null ? "–" : told(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
