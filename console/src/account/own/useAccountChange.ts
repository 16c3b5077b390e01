/**
 * A change of one's own account: says what was done, and asks for everything about the account anew.
 */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { sessionQuery } from "../../api/session";
import { useToasts } from "../../components/toasts";

export function useAccountChange<Input = void, Result = unknown>(
  change: (input: Input) => Promise<Result>,
  said?: string,
  done?: (result: Result) => void,
) {
  const cache = useQueryClient();
  const toast = useToasts();
  return useMutation({
    mutationFn: change,
    onSuccess: async (result) => {
      await Promise.all([
        cache.invalidateQueries({ queryKey: ["account"] }),
        cache.invalidateQueries({ queryKey: sessionQuery.queryKey }),
      ]);
      if (said) toast({ title: said });
      done?.(result);
    },
  });
}
