import { expect, it } from "vitest";
import i18n from "../app/i18n";
import { actInWords } from "./actInWords";

it.each([
  [{ action: "member.join", object: "ac_1", object_name: "Ada Vance <ada@contoso.example>" }, "Ada Vance <ada@contoso.example> joined the team"],
  [{ action: "member.leave", object: "ac_1" }, "Somebody left the team"],
  [{ action: "signature.remove", object: "old" }, "The signature old was deleted"],
  [{ action: "draft.return", object: "standard" }, "The draft of standard was sent back"],
  [{ action: "override.set", object: "ada" }, "A fact of ada was put right by hand"],
  [{ action: "case.override", object: "" }, "Signatures were changed although test cases fail"],
  [{ action: "brand.set", object: "" }, "The brand was changed"],
  [{ action: "moon.paint", object: "full" }, "moon.paint: full"],
  [{ action: "moon.paint", object: "" }, "moon.paint"],
])("%j reads %s", (act, words) => {
  expect(actInWords(act, i18n.t)).toBe(words);
});
