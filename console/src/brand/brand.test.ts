/** What is wrong with a brand, what is proposed for it, and what a colour is called. */
import { describe, expect, it } from "vitest";
import { faultsOf, freeName } from "./faults";
import { notInBrand, shadeOf, takenOver } from "./proposal";
import { NO_BRAND, type Brand } from "./queries";
import { swapped } from "./same";

const colours = (...names: string[]) => names.map((name) => ({ name, colour: "#000000" }));
const logo = (name: string) => ({ name, image: "logo", alt: "" });

describe("what is wrong", () => {
  it.each<[string, Partial<Brand>, string[]]>([
    ["nothing", { colours: colours("Petrol", "Ink"), logos: [logo("Petrol")] }, []],
    ["no name", { colours: colours("Petrol", " ") }, ["colours/1/name"]],
    ["one name twice", { colours: colours("Ink", "Petrol", "ink ") }, ["colours/2/name"]],
    ["logos too", { logos: [logo("A"), logo("a")] }, ["logos/1/name"]],
  ])("%s", (_, keys, places) => {
    expect(Object.keys(faultsOf({ ...NO_BRAND, ...keys }))).toEqual(places);
  });
});

it.each([
  ["Colour", [], "Colour"],
  ["Colour", ["colour", "Colour 2"], "Colour 3"],
  ["x".repeat(80), [], "x".repeat(56)],
])("a free name for %s beside %j", (wanted, taken, name) => {
  expect(freeName(wanted, colours(...taken))).toBe(name);
});

it("what the brand has is not proposed, whatever its letters", () => {
  const brand = { ...NO_BRAND, colours: [{ name: "Petrol", colour: "#00635D" }], fonts: ["Georgia, serif"] };
  const used = { colours: ["#00635d", "#1a2b3c"], fonts: ["georgia, serif", "Arial"] };
  expect(notInBrand(used, brand)).toEqual({ colours: ["#1a2b3c"], fonts: ["Arial"] });
});

describe("what is taken over", () => {
  it("comes behind what is there, each with a name of its own", () => {
    const brand = { ...NO_BRAND, colours: colours("Grey") };
    const taken = takenOver(brand, { colours: ["#808080", "#909090"], fonts: ["Arial"] }, () => "Grey");
    expect(taken.colours.map(({ name }) => name)).toEqual(["Grey", "Grey 2", "Grey 3"]);
    expect(taken.fonts).toEqual(["Arial"]);
  });

  it("is no more than there is room for", () => {
    const many = Array.from({ length: 30 }, (_, at) => `#0000${(at + 16).toString(16)}`);
    const fonts = Array.from({ length: 20 }, (_, at) => `Font ${at}`);
    const taken = takenOver(NO_BRAND, { colours: many, fonts }, () => "Blue");
    expect([taken.colours.length, taken.fonts.length]).toEqual([24, 12]);
  });
});

it.each([
  ["#ffffff", "white"],
  ["#0a0a0a", "black"],
  ["#808080", "grey"],
  ["#d13438", "red"],
  ["#ff8c00", "orange"],
  ["#ffd700", "yellow"],
  ["#107c10", "green"],
  ["#00635d", "cyan"],
  ["#0f6cbd", "blue"],
  ["#5c2e91", "purple"],
  ["#e3008c", "pink"],
])("%s is called %s", (colour, word) => expect(shadeOf(colour)).toBe(word));

it("one is put a place later, and the last stays", () => {
  expect([swapped([1, 2, 3], 0), swapped([1, 2, 3], 2)]).toEqual([
    [2, 1, 3],
    [1, 2, 3],
  ]);
});
