import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { fakeServer, problem } from "../testing/fakeServer";
import { showPage } from "../testing/page";
import { sessionWith } from "../testing/session";

it("the dialog of the mode stays open and says so when somebody else was faster", async () => {
  fakeServer({
    "GET /session": sessionWith("tenant:read", "mode:write"),
    "GET /tenants/contoso/mode": { body: { mode: "observe" }, headers: { ETag: '"7"' } },
    "PUT /tenants/contoso/mode": problem("outdated", 412, "It was changed meanwhile."),
  });
  showPage("/t/contoso");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Mode: Observe. Change it" }));
  await user.click(await screen.findByRole("radio", { name: /^Live/ }));
  await user.click(screen.getByRole("button", { name: "Switch to Live" }));
  expect(await screen.findByText("Somebody else changed this organisation meanwhile")).toBeTruthy();
});
