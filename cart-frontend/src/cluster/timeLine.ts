import type { Verdict } from './verdict';
import type { NodeId } from './view';

/** How far back a time line goes. */
export const TIME_LINE_MILLIS = 120_000;
/** A sample says nothing about what came later than this: the page was not looking. */
export const SAMPLE_HOLDS_MILLIS = 4_000;

export interface Sample {
  readonly atMillis: number;
  readonly verdicts: ReadonlyMap<NodeId, Verdict>;
}

/** A time in which the verdict was the same. Between two of them may be a time in which nobody looked. */
export interface Segment {
  readonly verdict: Verdict;
  readonly fromMillis: number;
  readonly toMillis: number;
}

/** Oldest first. What no time line can show any more is dropped. */
export function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const oldestMillis = sample.atMillis - TIME_LINE_MILLIS - SAMPLE_HOLDS_MILLIS;
  return [...samples.filter(({ atMillis }) => atMillis >= oldestMillis), sample];
}

/** The verdicts on one member in the last two minutes, oldest first. */
export function segmentsOf(
  samples: readonly Sample[],
  nodeId: NodeId,
  nowMillis: number,
): readonly Segment[] {
  const segments: Segment[] = [];
  samples.forEach((sample, index) => {
    const verdict = sample.verdicts.get(nodeId);
    const untilMillis = Math.min(samples[index + 1]?.atMillis ?? nowMillis, nowMillis);
    const fromMillis = Math.max(sample.atMillis, nowMillis - TIME_LINE_MILLIS);
    const toMillis = Math.min(untilMillis, sample.atMillis + SAMPLE_HOLDS_MILLIS);
    if (verdict === undefined || toMillis <= fromMillis) return;
    const last = segments.at(-1);
    if (last?.verdict === verdict && last.toMillis === fromMillis) {
      segments[segments.length - 1] = { ...last, toMillis };
    } else {
      segments.push({ verdict, fromMillis, toMillis });
    }
  });
  return segments;
}

/** How long each verdict lasted, in the order in which they first came. */
export function durationsOf(segments: readonly Segment[]): ReadonlyMap<Verdict, number> {
  const durations = new Map<Verdict, number>();
  for (const { verdict, fromMillis, toMillis } of segments) {
    durations.set(verdict, (durations.get(verdict) ?? 0) + toMillis - fromMillis);
  }
  return durations;
}
