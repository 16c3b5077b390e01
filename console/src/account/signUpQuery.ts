/** What this console offers to those who are not signed in: regions, countries, the rules for passwords, support. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../api/client";

export const signUpQuery = queryOptions({
  queryKey: ["sign-up"],
  queryFn: () => answer(api.GET("/api/v1/sign-up")),
  staleTime: Infinity,
});
