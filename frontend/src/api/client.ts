/** The generated client, set up once: our header, our errors, and the way to the login. */
import { forgetWallet } from "@/lib/session";
import { client } from "./generated/client.gen";
import { problemOf, unreachable } from "./problem";

const SIGNED_OUT = 401;

function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

client.setConfig({ headers: { "X-Requested-With": "fetch" } });

client.interceptors.response.use((response, request) => {
  // At the login itself a 401 means a wrong signature, not an ended session.
  const isLogin = request.url.includes("/api/auth/");
  if (response.status === SIGNED_OUT && !isLogin) forgetWallet();
  return response;
});

client.interceptors.error.use((error, response) => {
  if (isAborted(error)) return error;
  return response === undefined ? unreachable() : problemOf(response.status, error);
});

/** Given to every call: what fails is thrown, as RequestFailed. */
export const thrown = { client, throwOnError: true } as const;
