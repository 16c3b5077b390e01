/**
 * What is offered wherever a colour, a font or a picture is chosen: the brand first, then what the signatures use.
 */
import { createContext, useContext } from "react";
import { NO_BRAND, type Brand } from "../../brand/queries";
import type { Used } from "../design/used";

export interface Offered {
  brand: Brand;
  used: Used;
}

export const OfferedContext = createContext<Offered>({ brand: NO_BRAND, used: { colours: [], fonts: [] } });

export const useOffered = () => useContext(OfferedContext);

/** What a new block is coloured with. */
export const accentOf = ({ colours }: Brand) => colours[0]?.colour ?? "#00635d";
