/** How the platform is: asked again and again while somebody looks. */
import { queryOptions } from "@tanstack/react-query";
import { thrown } from "./client";
import { getPulse, getStatus } from "./generated/sdk.gen";
import type {
  HostOut,
  LastAuditOut,
  PulseOut,
  SampleOut,
  ServiceOut,
  StatusOut,
  TaskOut,
} from "./generated/types.gen";
import { data } from "./queries";

export type Status = StatusOut;
export type Audit = LastAuditOut;
export type Service = ServiceOut;
export type Host = HostOut;
export type Task = TaskOut;
export type Pulse = PulseOut;
export type Sample = SampleOut;

const STATUS_EVERY = 3_000;
const PULSE_EVERY = 10_000;
const LONGEST_WAIT = 5_000;

/** A platform that hangs is as good as one that is gone. */
function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT)]);
}

// Asked anew so soon that another try in between would only hide that something is wrong.
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => data(getStatus({ signal: inTime(signal), ...thrown })),
  refetchInterval: STATUS_EVERY,
  staleTime: 0,
  retry: false,
});

export const pulseQuery = queryOptions({
  queryKey: ["status", "pulse"],
  queryFn: ({ signal }) => data(getPulse({ signal: inTime(signal), ...thrown })),
  refetchInterval: PULSE_EVERY,
  staleTime: 0,
  retry: false,
});
