import { describe, expect, it } from "vitest";
import { previewDocument } from "./previewDocument";

const logo = { id: "logo@signet", type: "image/png", base64: "AAAA" };

describe("the document of a preview", () => {
  it.each([
    [`<img src="cid:logo@signet" alt="">`, `<img src="data:image/png;base64,AAAA" alt="">`],
    [`<img src="cid:logo%40signet">`, `<img src="data:image/png;base64,AAAA">`],
    [`<td style="background:url(cid:logo@signet)">`, `<td style="background:url(data:image/png;base64,AAAA)">`],
    [`<img src="cid:other">`, `<img src="cid:other">`],
    [`<img src="cid:%zz">`, `<img src="cid:%zz">`],
  ])("%s", (html, shown) => {
    expect(previewDocument({ html, images: [logo] })).toContain(`<body>${shown}</body>`);
  });
});
