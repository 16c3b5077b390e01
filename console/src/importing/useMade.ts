/**
 * The signature that is made of what was chosen, with its pictures: as it would be put.
 */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { drawable } from "../editor/design/drawable";
import type { Design, PersonEntry } from "../editor/design/types";
import { everyBlock } from "../editor/design/walk";
import { prepare } from "../pictures/prepare";
import { convert } from "./convert/convert";
import type { Loss, PictureShown } from "./convert/reading";
import { factsIn, withFields, type FoundFact } from "./fields/fields";
import type { Chosen } from "./useChosen";
import { whereIs, type Source, type Whereabouts } from "./read/source";

/** A picture of the signature, and where it is. */
export interface Located extends PictureShown {
  where: Whereabouts;
  /** Pixels. */
  width: number;
}

export interface Ready {
  id: string;
  name: string;
  blob: Blob;
}

export interface Made {
  /** Without pictures that nobody has. */
  design: Design;
  facts: FoundFact[];
  pictures: Located[];
  losses: Loss[];
}

export function useMade(
  source: Source,
  { pieces, chosen }: Chosen,
  person: PersonEntry | null,
  isOn: (fact: FoundFact) => boolean,
): Made {
  const converted = useMemo(() => {
    const nodes = pieces.filter((_, at) => chosen.has(at)).map((piece) => piece.nodes);
    return convert(nodes, (src) => {
      const where = whereIs(src, source.held);
      return typeof where === "object" ? where.held.size : undefined;
    });
  }, [pieces, chosen, source.held]);
  return useMemo(() => {
    const { design: plain, losses } = converted;
    const facts = person ? factsIn(plain, person) : [];
    const wanted = new Set(facts.filter(isOn).map(({ key }) => key));
    const design = person ? withFields(plain, person, (key) => wanted.has(key)) : plain;
    const widths = new Map(
      everyBlock(design).flatMap(({ block }) => ("image" in block ? [[block.image, block.width] as const] : [])),
    );
    const pictures = converted.pictures.flatMap((picture): Located[] => {
      const width = widths.get(picture.id);
      return width === undefined ? [] : [{ ...picture, width, where: whereIs(picture.src, source.held) }];
    });
    const lost = new Set(pictures.filter(({ where }) => typeof where === "string").map(({ id }) => id));
    return { design: drawable(without(design, lost)), facts, pictures, losses };
  }, [converted, person, isOn, source.held]);
}

/** The design with no picture where nobody has one. */
function without(design: Design, lost: ReadonlySet<string>): Design {
  const text = JSON.stringify(design, (key, value: unknown) =>
    key === "image" && lost.has(value as string) ? "" : value,
  );
  return JSON.parse(text) as Design;
}

/** The pictures as they would be uploaded. */
export function useReady(pictures: Located[]) {
  const key = pictures.map(({ id, src, width, where }) => [id, src.slice(0, 80), width, typeof where === "object"]);
  return useQuery({
    queryKey: ["import", "pictures", key],
    queryFn: () =>
      Promise.all(
        pictures.flatMap(({ id, alt, width, where }): Promise<Ready>[] => {
          if (typeof where === "string") return [];
          const { blob, names } = where.held;
          const name = alt || (names[0] && names[0].length < 80 ? names[0].replace(/[.@].*$/, "") : "");
          const file = blob instanceof File ? blob : new File([blob], name || id, { type: blob.type });
          return [prepare(file, width).then((made) => ({ id, name, blob: made.blob }))];
        }),
      ),
    gcTime: 0,
    retry: false,
  });
}
