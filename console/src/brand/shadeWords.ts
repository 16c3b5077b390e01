/**
 * What a colour is called until somebody gives it a better name.
 */
import type { TFunction } from "i18next";
import { shadeOf } from "./proposal";

export function shadeInWords(colour: string, t: TFunction): string {
  return {
    white: t("White"),
    black: t("Black"),
    grey: t("Grey"),
    red: t("Red"),
    orange: t("Orange"),
    yellow: t("Yellow"),
    green: t("Green"),
    cyan: t("Cyan"),
    blue: t("Blue"),
    purple: t("Purple"),
    pink: t("Pink"),
  }[shadeOf(colour)];
}
