/** The text field shows fields by their names, takes new ones where the cursor is, and follows what changes elsewhere. */
import { act, render, screen } from "@testing-library/react";
import { createRef } from "react";
import { describe, expect, test, vi } from "vitest";
import type { Line } from "../design/types";
import { MergeText, type MergeTextHandle } from "./MergeText";

const names = () => [...document.querySelectorAll(".chip")].map((chip) => chip.textContent);

describe("a text with fields", () => {
  const lines: Line[] = [
    ["T ", { field: "telephoneNumber" }],
    [{ field: "custom.pronouns" }, { field: "manager.city" }],
  ];

  test("names them", () => {
    render(<MergeText lines={lines} onChange={() => undefined} label="Text" />);
    expect(names()).toEqual(["Telephone", "pronouns", "Manager’s city"]);
    expect(screen.getByRole("textbox", { name: "Text" }).getAttribute("aria-multiline")).toBe("true");
  });

  test("takes a field at the cursor", () => {
    const onChange = vi.fn<(lines: Line[]) => void>();
    const handle = createRef<MergeTextHandle>();
    render(<MergeText ref={handle} single lines={[["https://a.example/"]]} onChange={onChange} label="Link" />);
    act(() => handle.current?.insert({ field: "extension1" }));
    expect(onChange).toHaveBeenLastCalledWith([[{ field: "extension1" }, "https://a.example/"]]);
  });

  test("shows what was changed elsewhere, without telling of it", () => {
    const onChange = vi.fn<(lines: Line[]) => void>();
    const { rerender } = render(<MergeText lines={lines} onChange={onChange} label="Text" />);
    rerender(<MergeText lines={[[{ field: "city" }]]} onChange={onChange} label="Text" />);
    expect(names()).toEqual(["City"]);
    expect(onChange).not.toHaveBeenCalled();
  });
});
