/**
 * Light or dark: as the system says, unless the person at this browser has chosen otherwise.
 */
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";

export type ColourChoice = "system" | "light" | "dark";

interface ColourScheme {
  choice: ColourChoice;
  dark: boolean;
  choose: (choice: ColourChoice) => void;
}

const KEY = "signet.colours";
const prefersDark = () => window.matchMedia("(prefers-color-scheme: dark)");

const ColourSchemeContext = createContext<ColourScheme | null>(null);

export function ColourSchemeProvider({ children }: { children: ReactNode }) {
  const [choice, setChoice] = useState<ColourChoice>(remembered);
  const systemIsDark = useSyncExternalStore(onSystemChange, () => prefersDark().matches);
  const dark = choice === "system" ? systemIsDark : choice === "dark";

  // Scroll bars, form controls and the page behind everything follow.
  useEffect(() => {
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
  }, [dark]);

  const scheme = useMemo<ColourScheme>(
    () => ({
      choice,
      dark,
      choose: (next) => {
        localStorage.setItem(KEY, next);
        setChoice(next);
      },
    }),
    [choice, dark],
  );
  return <ColourSchemeContext.Provider value={scheme}>{children}</ColourSchemeContext.Provider>;
}

export function useColourScheme(): ColourScheme {
  const scheme = useContext(ColourSchemeContext);
  if (!scheme) throw new Error("useColourScheme is used outside of ColourSchemeProvider");
  return scheme;
}

function remembered(): ColourChoice {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "system";
}

function onSystemChange(changed: () => void) {
  const query = prefersDark();
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}
