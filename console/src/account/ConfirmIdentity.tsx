/**
 * Asks for the password once more where the server wants it for a change, and lets the change go on.
 */
import { lazy, Suspense, useEffect, useState } from "react";
import { onRefusal } from "../api/client";

const ConfirmIdentityDialog = lazy(() => import("./ConfirmIdentityDialog"));

export function ConfirmIdentity() {
  const [settle, setSettle] = useState<((confirmed: boolean) => void) | null>(null);

  useEffect(() => {
    onRefusal({ confirm: () => new Promise((resolve) => setSettle(() => resolve)) });
  }, []);

  if (!settle) return null;
  return (
    <Suspense>
      <ConfirmIdentityDialog
        onEnd={(confirmed) => {
          settle(confirmed);
          setSettle(null);
        }}
      />
    </Suspense>
  );
}
