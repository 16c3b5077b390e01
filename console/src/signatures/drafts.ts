/** The drafts there are, for the rows of the list. */
import { createContext, useContext } from "react";
import type { DraftSummary } from "../api/tenant";

export const DraftsContext = createContext<DraftSummary[]>([]);

export const useDraftOf = (signature: string): DraftSummary | undefined =>
  useContext(DraftsContext).find((draft) => draft.signature === signature);
