/**
 * What the charts show, in the colours of the console.
 */
import type { Theme } from "@fluentui/react-components";
import type { EChartsCoreOption } from "echarts/core";

/** One line or one layer of bars. */
export interface Series {
  name: string;
  /** A value for each step; null where there is none. */
  values: (number | null)[];
  colour: keyof typeof COLOURS;
}

export interface Drawn {
  kind: "bar" | "line";
  /** What stands under each step. */
  steps: string[];
  series: Series[];
  /** A number as it is told. */
  told: (value: number) => string;
  /** What the chart shows, for those who do not see it. */
  description: string;
}

const COLOURS = {
  signed: "colorBrandForeground1",
  left: "colorPaletteMarigoldBorderActive",
  quiet: "colorNeutralStroke1Hover",
  alarm: "colorPaletteRedBorderActive",
  slow: "colorPaletteBerryBorderActive",
} as const satisfies Record<string, keyof Theme>;

export function optionOf({ kind, steps, series, told, description }: Drawn, theme: Theme): EChartsCoreOption {
  const text = { color: theme.colorNeutralForeground2, fontFamily: theme.fontFamilyBase };
  return {
    animationDuration: 200,
    textStyle: text,
    aria: { enabled: true, label: { description } },
    // The labels of the axes lie within it.
    grid: { left: 8, right: 20, top: 40, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: {
      // One line, whatever the width.
      type: "scroll",
      pageIconColor: theme.colorNeutralForeground2,
      pageTextStyle: text,
      top: 0,
      left: 0,
      icon: "roundRect",
      itemWidth: 12,
      itemHeight: 12,
      itemGap: 20,
      textStyle: text,
      inactiveColor: theme.colorNeutralForegroundDisabled,
    },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: theme.colorNeutralBackground1,
      borderColor: theme.colorNeutralStroke2,
      textStyle: { ...text, color: theme.colorNeutralForeground1 },
      valueFormatter: (value: unknown) => (typeof value === "number" ? told(value) : "–"),
    },
    xAxis: {
      type: "category",
      data: steps,
      boundaryGap: kind === "bar",
      axisLine: { lineStyle: { color: theme.colorNeutralStroke2 } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: kind === "bar" ? 1 : undefined,
      splitLine: { lineStyle: { color: theme.colorNeutralStroke3 } },
      axisLabel: { ...text, formatter: told },
    },
    series: series.map(({ name, values, colour }) => {
      const color = theme[COLOURS[colour]];
      return kind === "bar"
        ? { type: "bar", stack: "all", name, data: values, barMaxWidth: 28, itemStyle: { color } }
        : {
            type: "line",
            name,
            data: values,
            connectNulls: true,
            showSymbol: values.filter((value) => value !== null).length < 3,
            symbolSize: 6,
            lineStyle: { color, width: 2 },
            itemStyle: { color },
          };
    }),
  };
}
