/**
 * The token behind the `#` of a mailed link. It is taken out of the address at once, so that it stays in no history.
 */
import { useState } from "react";

export function useTokenOfLink(): string {
  const [token] = useState(() => {
    const { hash, pathname, search } = window.location;
    if (hash) window.history.replaceState(window.history.state, "", pathname + search);
    return decodeURIComponent(hash.slice(1));
  });
  return token;
}
