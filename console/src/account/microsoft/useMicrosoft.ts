/**
 * Leads the browser to Microsoft, and remembers what for.
 */
import { queryOptions, useMutation } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { leaveFor } from "../../connect/leave";
import { setOut, type Journey } from "./kept";

/** Whether one can sign in with Microsoft here. */
export const offerQuery = queryOptions({
  queryKey: ["sign-in"],
  queryFn: () => answer(api.GET("/api/v1/sign-in")),
  staleTime: Infinity,
  retry: false,
});

export function useMicrosoft(purpose: "enter" | "link" | "confirm", journey: Journey) {
  return useMutation({
    mutationFn: async () => {
      const { link } = await answer(api.POST("/api/v1/sign-in/microsoft", { body: { purpose } }));
      setOut(journey);
      return link;
    },
    onSuccess: leaveFor,
  });
}
