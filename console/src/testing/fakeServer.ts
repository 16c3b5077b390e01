/**
 * A server for tests of components: it answers by method and path, and remembers what it was asked.
 */
import { vi } from "vitest";

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Answers = Record<string, Answer | ((request: Asked) => Answer | Promise<Answer>)>;

export interface Asked {
  what: string;
  /** What stands behind the `?`. */
  query: string;
  body: unknown;
  headers: Headers;
}

/** `answers` are by `METHOD /path` below `/api/v1`; what is not among them is 404. */
export function fakeServer(answers: Answers): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const what = `${request.method} ${pathname.replace("/api/v1", "")}`;
    const text = await request.text();
    const body = text ? (JSON.parse(text) as unknown) : undefined;
    const one: Asked = { what, query: searchParams.toString(), body, headers: request.headers };
    asked.push(one);
    const known = answers[what] ?? problem("not_found", 404, "There is no such thing.");
    const { status = 200, body: said, headers } = typeof known === "function" ? await known(one) : known;
    const type = status >= 400 ? "application/problem+json" : "application/json";
    return new Response(said === undefined ? null : JSON.stringify(said), {
      status,
      headers: { "Content-Type": type, ...headers },
    });
  });
  return asked;
}

export const problem = (word: string, status: number, detail: string): Answer => ({
  status,
  body: { type: `urn:signet:problem:${word}`, title: word, status, detail },
});
