/**
 * The cache of what the API has answered.
 */
import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "../api/problem";

/** A refusal stays a refusal; only what may pass by itself is asked again. */
const mayPass = (error: unknown) => !isProblem(error) || error.status === 503;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, retry: (failures, error) => failures < 2 && mayPass(error) },
    mutations: { retry: false },
  },
});
