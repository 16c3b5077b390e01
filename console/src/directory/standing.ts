/**
 * How the reading of a directory stands, in one word.
 */
import type { Schemas } from "../api/client";

export type DirectoryNow = Schemas["DirectoryNow"];

export type Standing = "off" | "no_consent" | "not_authorised" | "running" | "failing" | "first" | "fine";

export function standingOf({ settings, status }: DirectoryNow): Standing {
  if (!settings) return "off";
  if (!status) return "first";
  if (status.running) return "running";
  if (status.result?.ended === "not_authorised") return "not_authorised";
  if (status.granted_ms == null && !status.result) return "no_consent";
  if (status.failures > 0) return "failing";
  return status.result ? "fine" : "first";
}
