/**
 * What is said of the signature: by the checks, and by the server when it refused it. Every part of the editor can show
 * what concerns it.
 */
import { createContext, useContext, useMemo } from "react";
import { dataOf, useCanvas } from "../canvas/puck";
import { itemAt } from "../design/places";
import type { Fault } from "../design/types";
import type { Finding } from "./findings";

export interface Judgement {
  findings: Finding[];
  /** Why it was not published. */
  faults: Fault[];
}

export const JudgementContext = createContext<Judgement>({ findings: [], faults: [] });

export const useJudgement = () => useContext(JudgementContext);

/** What is said of one item of the canvas; `null` is the design as a whole. */
export function useJudgementOf(id: string | null): Judgement {
  const { findings, faults } = useJudgement();
  const data = useCanvas(dataOf);
  return useMemo(() => {
    const concerns = ({ place }: { place: string | null }) => place !== null && itemAt(data, place)?.id === id;
    return { findings: findings.filter(concerns), faults: faults.filter(concerns) };
  }, [findings, faults, data, id]);
}

/** How bad the worst of it is. */
export function worstOf({ findings, faults }: Judgement): "error" | "warning" | null {
  if (faults.length > 0 || findings.some(({ severity }) => severity === "error")) return "error";
  return findings.some(({ severity }) => severity === "warning") ? "warning" : null;
}
