/**
 * Names for the ids that signatures and modes hold: people and groups are looked up one by one, once.
 */
import { queryOptions, useQueries } from "@tanstack/react-query";
import { isProblem } from "./problem";
import { groupsQuery, personQuery, tenantKey, type PersonEntry } from "./tenant";
import { queryClient } from "../app/queries";

export const nameOfPerson = (person: PersonEntry): string =>
  person.overrides?.displayName || person.attributes?.displayName || person.addresses[0] || person.id;

/** A person or a group that is there no more keeps its id for a name. */
const personName = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "name-of-person", id],
    staleTime: 10 * 60_000,
    queryFn: async () => {
      try {
        return nameOfPerson(await queryClient.fetchQuery(personQuery(tenant, id)));
      } catch (error) {
        if (isProblem(error) && error.status === 404) return id;
        throw error;
      }
    },
  });

const groupName = (tenant: string, id: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), "name-of-group", id],
    staleTime: 10 * 60_000,
    queryFn: async () => {
      const { groups } = await queryClient.fetchQuery(groupsQuery(tenant, id));
      return groups.find((group) => group.id === id)?.name || id;
    },
  });

/** What ids are called; an id whose name is not known yet stands for itself. */
export interface Names {
  person: (id: string) => string;
  group: (id: string) => string;
}

export function useNames(tenant: string, people: string[], groups: string[], enabled = true): Names {
  const combine = (ids: string[]) => (results: { data?: string }[]) =>
    new Map(ids.map((id, index) => [id, results[index]?.data ?? id]));
  const ofPeople = useQueries({
    queries: people.map((id) => ({ ...personName(tenant, id), enabled })),
    combine: combine(people),
  });
  const ofGroups = useQueries({
    queries: groups.map((id) => ({ ...groupName(tenant, id), enabled })),
    combine: combine(groups),
  });
  return { person: (id) => ofPeople.get(id) ?? id, group: (id) => ofGroups.get(id) ?? id };
}
