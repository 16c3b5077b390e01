import { describe, expect, it } from "vitest";
import i18n from "../app/i18n";
import { whoInWords, type Applies, type Words } from "./inWords";

const words: Words = {
  t: i18n.t,
  language: "en-GB",
  names: {
    person: (id) => ({ ada: "Ada Vance", bob: "Bob Ray" })[id] ?? id,
    group: (id) => ({ sales: "Sales", uk: "UK" })[id] ?? id,
  },
};

const table: [Applies, string][] = [
  [{}, "Everybody, in every message."],
  [{ recipients: "any", senders: {}, except: {}, schedule: null }, "Everybody, in every message."],
  [{ recipients: "external" }, "Everybody, to recipients outside the organisation."],
  [{ senders: { groups: ["sales"] } }, "Everybody in Sales, in every message."],
  [{ senders: { people: ["ada"], groups: ["sales"] } }, "Ada Vance and everybody in Sales, in every message."],
  [{ senders: { people: ["gone"] } }, "Gone, in every message."],
  [{ senders: { people: ["ada", "bob", "cy", "di", "ed"] } }, "Ada Vance, Bob Ray and 3 more, in every message."],
  [{ senders: { addresses: ["*@sales.contoso.example"] } }, "*@sales.contoso.example, in every message."],
  [{ senders: { domains: ["contoso.example"] } }, "Everybody at contoso.example, in every message."],
  [{ senders: { kinds: ["shared"] } }, "Shared mailboxes, in every message."],
  [
    { senders: { groups: ["uk"], kinds: ["shared", "room"] } },
    "Everybody in UK if they are shared mailboxes or rooms, in every message.",
  ],
  [
    { senders: { attributes: [{ is: "equals", field: "department", value: "Sales" }] } },
    "Everybody whose department is Sales, in every message.",
  ],
  [
    {
      senders: {
        groups: ["uk"],
        attributes: [
          { is: "starts_with", field: "manager.custom.region", value: "EM" },
          { is: "not_empty", field: "extension3" },
        ],
      },
    },
    "Everybody in UK whose manager’s region begins with EM and whose extension 3 is filled in, in every message.",
  ],
  [
    { senders: { writes_as: ["alias", "send_as"] } },
    "Everybody writing from an alias or as somebody else, in every message.",
  ],
  [
    { recipients: { audience: "external", domains: ["*.fabrikam.example"], people: [] } },
    "Everybody, to anybody at *.fabrikam.example outside the organisation.",
  ],
  [{ recipients: { groups: ["sales"] } }, "Everybody, to anybody in Sales."],
  [
    { recipients: { audience: "internal", judged: "all" } },
    "Everybody, to recipients inside the organisation if all of the recipients are such.",
  ],
  [
    { message: { kinds: ["first"] }, recipients: "external" },
    "Everybody, in new messages, to recipients outside the organisation.",
  ],
  [{ message: { kinds: ["reply", "forward"] } }, "Everybody, in replies or forwards."],
  [
    { message: { subject_contains: ["[fair]"], has_attachment: true, importance: ["high"] } },
    "Everybody, with “[fair]” in the subject, with an attachment, of high importance.",
  ],
  [
    { message: { larger_than_bytes: 1_500_000, smaller_than_bytes: 20_000_000, sensitivity_labels: ["Public"] } },
    "Everybody, larger than 1.5 MB, smaller than 20 MB, labelled Public.",
  ],
  [
    { message: { formats: ["plain"], has_attachment: false } },
    "Everybody, written as plain text, without an attachment.",
  ],
  [{ already_signed: "sign" }, "Everybody, in every message, even if the newest text is signed already."],
  [{ once: "thread" }, "Everybody, in every message, once in a conversation."],
  [
    { already_signed: "sign", once: "recipient" },
    "Everybody, in every message, even if the newest text is signed already, once for each sender and recipient in a conversation.",
  ],
  [{ already_signed: "only" }, "Everybody, in every message, only if the newest text is signed already."],
  [
    {
      except: {
        senders: { people: ["bob"] },
        recipients: { domains: ["partner.example"] },
        message: { subject_contains: ["[nosig]"] },
      },
    },
    "Everybody, in every message; but not from Bob Ray, to anybody at partner.example or with “[nosig]” in the subject.",
  ],
  [
    { recipients: "internal", except: { recipients: { audience: "external", judged: "any" } } },
    "Everybody, to recipients inside the organisation; but not to recipients outside the organisation if one of the recipients is such.",
  ],
  // A section of exceptions that names nobody excepts nothing.
  [{ except: { senders: {}, recipients: "any" } }, "Everybody, in every message."],
];

describe("who gets a signature, in words", () => {
  it.each(table)("%j", (applies, sentence) => {
    expect(whoInWords(applies, words)).toBe(sentence);
  });
});
