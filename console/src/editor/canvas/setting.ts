/**
 * What the canvas has to know beside the design: whose pictures it shows, and for whom it is drawn.
 */
import { createContext, useContext } from "react";
import { pictureAddress } from "../../pictures/useImages";
import { BASE, type Look } from "../design/look";
import type { PersonEntry } from "../design/types";

export interface Setting {
  tenant: string;
  /** The organisation's address on the web, for blocks that must have a link. */
  site: string;
  /** For whom the preview is drawn. */
  person: PersonEntry | null;
}

export const SettingContext = createContext<Setting>({ tenant: "", site: "", person: null });

export const useSetting = () => useContext(SettingContext);

/** The style of the whole design, which every block begins with. */
export const LookContext = createContext<Look>(BASE);

/** Where a picture of the organisation is found. */
export function usePictureAddress(): (id: string) => string {
  const { tenant } = useSetting();
  return (id) => pictureAddress(tenant, id);
}
