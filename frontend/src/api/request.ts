import { forgetWallet } from "@/lib/session";
import { problemOf, unreachable } from "./problem";

export type Query = Record<string, string | number | null | undefined>;

interface Options {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

function addressOf(path: string, query: Query = {}): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") words.set(key, String(value));
  }
  const text = words.toString();
  return text ? `${path}?${text}` : path;
}

async function bodyOf(response: Response): Promise<unknown> {
  const isJson = response.headers.get("content-type")?.includes("json");
  return isJson ? response.json() : null;
}

/** Asks the platform. Raises RequestFailed with words; a session that ended leads to the login. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const { method = "GET", query, body, signal } = options;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-Requested-With"] = "fetch";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(addressOf(path, query), {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  const answer = await bodyOf(response);
  if (response.ok) return answer as T;
  if (response.status === 401 && !path.startsWith("/api/auth/")) forgetWallet();
  throw problemOf(response.status, answer);
}
