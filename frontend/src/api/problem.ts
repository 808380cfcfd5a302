/** What went wrong with a request, in words a person can act on. */
export class RequestFailed extends Error {
  constructor(
    message: string,
    /** The HTTP status, 0 when nothing answered. */
    readonly status: number,
    /** The stable slug, such as /problems/insufficient-balance. */
    readonly type: string | null = null,
  ) {
    super(message);
  }
}

const byStatus: Record<number, string> = {
  401: "You are signed out. Sign in again.",
  404: "The platform does not know this.",
  429: "Too many requests. Try again in a moment.",
  503: "The platform is starting or overloaded. Try again in a moment.",
};

interface Problem {
  type?: string;
  title?: string;
  detail?: string;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && ("title" in body || "detail" in body);
}

/** Turns an error answer into words: its detail, else its title, else what its status means. */
export function problemOf(status: number, body: unknown): RequestFailed {
  const fallback = byStatus[status] ?? `The platform answered with an error (${status}).`;
  if (!isProblem(body)) return new RequestFailed(fallback, status);
  const words = typeof body.detail === "string" && body.detail ? body.detail : body.title;
  return new RequestFailed(words ?? fallback, status, body.type ?? null);
}

export function unreachable(): RequestFailed {
  return new RequestFailed("The platform does not answer. Is it running?", 0);
}
