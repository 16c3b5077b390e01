/**
 * What the API answers when it refuses (RFC 9457), as an error that can be thrown and asked.
 */
import type { components } from "./schema";

export type Problem = components["schemas"]["Problem"];
export type Fault = components["schemas"]["Fault"];

const PREFIX = "urn:signet:problem:";

export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds after which the same may be tried again, where the answer told. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail || problem.title);
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** The word of the problem, which stays the same whatever its sentences say: `wrong`, `gone`, `reauthenticate`. */
  get word(): string {
    return this.problem.type.startsWith(PREFIX) ? this.problem.type.slice(PREFIX.length) : this.problem.type;
  }

  get status(): number {
    return this.problem.status;
  }

  /** Everything that is wrong, each with its place. */
  get faults(): Fault[] {
    const { problems, place, detail } = this.problem;
    return problems?.length ? problems : [{ place: place ?? "", detail }];
  }
}

export const isProblem = (error: unknown, word?: string): error is ProblemError =>
  error instanceof ProblemError && (word === undefined || error.word === word);

/** Somebody else changed it meanwhile. */
export const isOutdated = (error: unknown): error is ProblemError => isProblem(error) && error.status === 412;

/** Reads a refusal; an answer that is no problem document, such as that of a proxy between, becomes one. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get("Retry-After"));
  const retryAfter = Number.isFinite(seconds) && seconds > 0 ? seconds : null;
  if (response.headers.get("Content-Type")?.startsWith("application/problem+json")) {
    return new ProblemError((await response.json()) as Problem, retryAfter);
  }
  return new ProblemError(
    {
      type: "about:blank",
      title: response.statusText,
      status: response.status,
      detail: `The server answered ${response.status} ${response.statusText}.`.replace(" .", "."),
    },
    retryAfter,
  );
}
