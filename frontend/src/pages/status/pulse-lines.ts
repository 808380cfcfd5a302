/** The samples of the last half hour as curves for a chart. Pure. */
import type { Sample, Service } from "@/api/status";
import type { Curve } from "@/ui/lines-drawing";

/** A chart wants each second once, rising; a fast clock may give one twice. */
function rising(samples: Sample[]): Sample[] {
  let last = Number.NEGATIVE_INFINITY;
  return samples.filter(({ time }) => {
    const isLater = time > last;
    if (isLater) last = time;
    return isLater;
  });
}

type Read = (sample: Sample) => number | null | undefined;

function curve(id: string, samples: Sample[], read: Read): Curve {
  const points = samples.flatMap((sample) => {
    const value = read(sample);
    return value === null || value === undefined ? [] : [{ time: sample.time, value }];
  });
  return { id, points };
}

export function lagCurves(samples: Sample[]): Curve[] {
  const sound = rising(samples);
  return [
    curve("mean", sound, (it) => it.lag_ms),
    curve("longest", sound, (it) => it.longest_ms),
    curve("loop", sound, (it) => it.loop_lag_ms),
  ];
}

export function rateCurves(samples: Sample[], names: Service["name"][]): Curve[] {
  const sound = rising(samples);
  return names.map((name) => curve(name, sound, (it) => it.answers[name]));
}

export function priceCurves(samples: Sample[]): Curve[] {
  const sound = rising(samples);
  return [
    curve("candles", sound, (it) => it.answers.candles),
    curve("commits", sound, (it) => it.commits),
  ];
}

export const isEnough = (curves: Curve[]) => curves.some((it) => it.points.length > 1);
