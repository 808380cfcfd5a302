/** A field at fault: a JSON pointer (RFC 6901) into the body, and what was expected. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** What went wrong with a request, in words a person can act on. */
export class RequestFailed extends Error {
  constructor(
    message: string,
    /** The HTTP status, 0 when nothing answered. */
    readonly status: number,
    /** The stable slug, such as /problems/insufficient-balance. */
    readonly type: string | null = null,
    /** The fields at fault, where the platform names them. */
    readonly faults: Fault[] = [],
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
  errors?: unknown;
}

function isFault(value: unknown): value is Fault {
  if (typeof value !== "object" || value === null) return false;
  return "pointer" in value && typeof value.pointer === "string" && "detail" in value;
}

function faultsOf({ errors }: Problem): Fault[] {
  return Array.isArray(errors) ? errors.filter(isFault) : [];
}

/** The fields at fault of any error; none where it names none. */
export function faultsIn(error: unknown): Fault[] {
  return error instanceof RequestFailed ? error.faults : [];
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && ("title" in body || "detail" in body);
}

/** Turns an error answer into words: its detail, else its title, else what its status means. */
export function problemOf(status: number, body: unknown): RequestFailed {
  const fallback = byStatus[status] ?? `The platform answered with an error (${status}).`;
  if (!isProblem(body)) return new RequestFailed(fallback, status);
  const words = typeof body.detail === "string" && body.detail ? body.detail : body.title;
  return new RequestFailed(words ?? fallback, status, body.type ?? null, faultsOf(body));
}

export function unreachable(): RequestFailed {
  return new RequestFailed("The platform does not answer. Is it running?", 0);
}
