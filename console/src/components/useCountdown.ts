/**
 * Counts seconds down to nought; it can be wound up again.
 */
import { useEffect, useState } from "react";

export function useCountdown(seconds: number): [left: number, wind: (seconds: number) => void] {
  const [end, setEnd] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);

  useEffect(() => {
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [end]);

  return [left, (again) => setEnd(Date.now() + again * 1000)];
}
