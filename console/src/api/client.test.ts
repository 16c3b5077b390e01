import { beforeEach, describe, expect, it, vi } from "vitest";
import { answer, api, at, onRefusal, revised } from "./client";
import { isOutdated, isProblem, ProblemError } from "./problem";

const problem = (word: string, status: number, headers: HeadersInit = {}) =>
  new Response(JSON.stringify({ type: `urn:signet:problem:${word}`, title: word, status, detail: `${word} it is` }), {
    status,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
const json = (value: unknown, headers: HeadersInit = {}) =>
  new Response(JSON.stringify(value), { headers: { "Content-Type": "application/json", ...headers } });

const server = vi.fn<(request: Request) => Promise<Response>>();
const signedOut = vi.fn();
const confirm = vi.fn<() => Promise<boolean>>();
const override = vi.fn<() => Promise<string | null>>();

beforeEach(() => {
  server.mockReset();
  signedOut.mockReset();
  confirm.mockReset();
  override.mockReset();
  vi.stubGlobal("fetch", server);
  onRefusal({ confirm, override, signedOut });
});

const mode = { params: { path: { tenant: "contoso" } } };
const setMode = () =>
  answer(api.PUT("/api/v1/tenants/{tenant}/mode", { ...mode, headers: at('"7"'), body: { mode: "live" } }));

describe("the way to the API", () => {
  it("gives what was answered, with the revision at which it was so", async () => {
    server.mockResolvedValue(json({ mode: "live" }, { ETag: '"7"' }));
    expect(await revised(api.GET("/api/v1/tenants/{tenant}/mode", mode))).toEqual({
      value: { mode: "live" },
      revision: '"7"',
    });
    expect(new URL(server.mock.calls[0]![0].url).pathname).toBe("/api/v1/tenants/contoso/mode");
  });

  it("sends the revision that was seen, and throws what was refused", async () => {
    server.mockResolvedValue(problem("outdated", 412));
    const refused = await setMode().catch((error: unknown) => error);
    expect(isOutdated(refused)).toBe(true);
    expect(server.mock.calls[0]![0].headers.get("If-Match")).toBe('"7"');
  });

  it("repeats a change once the person has confirmed who they are", async () => {
    confirm.mockResolvedValue(true);
    server.mockResolvedValueOnce(problem("reauthenticate", 403)).mockResolvedValueOnce(json({ revision: 8 }));
    expect(await setMode()).toEqual({ revision: 8 });
    expect(server).toHaveBeenCalledTimes(2);
    expect(await server.mock.calls[1]![0].json()).toEqual({ mode: "live" });
  });

  it("leaves it when the person would rather not", async () => {
    confirm.mockResolvedValue(false);
    server.mockResolvedValue(problem("reauthenticate", 403));
    const refused = await setMode().catch((error: unknown) => error);
    expect(isProblem(refused, "reauthenticate")).toBe(true);
    expect(server).toHaveBeenCalledTimes(1);
  });

  it("asks about test cases that would fail, and makes the change with the reason that is given", async () => {
    override.mockResolvedValue("they moved");
    server.mockResolvedValueOnce(problem("cases", 409)).mockResolvedValueOnce(json({ revision: 8 }));
    expect(await setMode()).toEqual({ revision: 8 });
    expect(override).toHaveBeenCalledWith({ tenant: "contoso", cases: [] });
    const again = server.mock.calls[1]![0];
    expect(new URL(again.url).search).toBe("?override_cases=true&reason=they+moved");
    expect([again.method, again.headers.get("If-Match"), await again.json()]).toEqual(["PUT", '"7"', { mode: "live" }]);
    override.mockResolvedValue(null);
    server.mockImplementation(async () => problem("cases", 409));
    expect(isProblem(await setMode().catch((error: unknown) => error), "cases")).toBe(true);
    expect(server).toHaveBeenCalledTimes(3);
  });

  it("tells when the session has ended, but not when it is asked whether there is one", async () => {
    server.mockImplementation(async () => problem("unauthorized", 401));
    await setMode().catch(() => undefined);
    expect(signedOut).toHaveBeenCalledTimes(1);
    await answer(api.GET("/api/v1/session")).catch(() => undefined);
    expect(signedOut).toHaveBeenCalledTimes(1);
  });

  it("does not take a wrong password for the end of a session", async () => {
    server.mockResolvedValue(problem("wrong", 401));
    await answer(api.POST("/api/v1/sign-in", { body: { email: "a", password: "b" } })).catch(() => undefined);
    expect(signedOut).not.toHaveBeenCalled();
  });

  it("knows how long to wait", async () => {
    server.mockResolvedValue(problem("too_many", 429, { "Retry-After": "17" }));
    const refused = (await setMode().catch((error: unknown) => error)) as ProblemError;
    expect(refused.retryAfter).toBe(17);
  });

  it("makes a problem of an answer that is none", async () => {
    server.mockResolvedValue(new Response("<html>bad gateway</html>", { status: 502, statusText: "Bad Gateway" }));
    const refused = (await setMode().catch((error: unknown) => error)) as ProblemError;
    expect(refused).toBeInstanceOf(ProblemError);
    expect([refused.status, refused.message]).toEqual([502, "The server answered 502 Bad Gateway."]);
  });
});
