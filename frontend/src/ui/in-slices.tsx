import { type ReactNode, useDeferredValue } from "react";

interface InSlicesProps {
  children: ReactNode;
  meanwhile?: ReactNode;
}

/**
 * Makes what is inside a moment later and in slices, so that a slow phone stays free to answer.
 * What hangs on a store would else be made in one go, however much it is.
 */
export function InSlices({ children, meanwhile = null }: InSlicesProps) {
  return useDeferredValue(true, false) ? children : meanwhile;
}
