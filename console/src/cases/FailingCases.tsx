/**
 * Asks what to do where a change would make test cases fail, and lets it go on where somebody answers for it.
 */
import { lazy, Suspense, useEffect, useState } from "react";
import { onRefusal, type FailingAsked } from "../api/client";

const FailingCasesDialog = lazy(() => import("./FailingCasesDialog"));

export function FailingCases() {
  const [asked, setAsked] = useState<(FailingAsked & { settle: (reason: string | null) => void }) | null>(null);

  useEffect(() => {
    onRefusal({ override: (failing) => new Promise((settle) => setAsked({ ...failing, settle })) });
  }, []);

  if (!asked) return null;
  const { settle, ...failing } = asked;
  return (
    <Suspense>
      <FailingCasesDialog
        {...failing}
        onEnd={(reason) => {
          settle(reason);
          setAsked(null);
        }}
      />
    </Suspense>
  );
}
