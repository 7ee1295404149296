import type { Liveness, NodeId } from './view';

/** What the others together say of a member. `disputed`: they do not say the same. `unheard`: nobody says anything. */
export type Verdict = Liveness | 'disputed' | 'unheard';

export interface Opinion {
  readonly viewer: NodeId;
  readonly viewerName: string;
  readonly liveness: Liveness;
  readonly ageMillis: number;
}

/** A member that nobody else speaks of is alive if it answered itself: a cluster may have one member. */
export function verdictOf(opinions: readonly Opinion[], answersItself: boolean): Verdict {
  const said = new Set(opinions.map(({ liveness }) => liveness));
  const [first] = said;
  if (first === undefined) return answersItself ? 'alive' : 'unheard';
  return said.size === 1 ? first : 'disputed';
}

/** Those who say the same of a member. */
export interface Party {
  readonly liveness: Liveness;
  readonly viewerNames: readonly string[];
  readonly youngestMillis: number;
  readonly oldestMillis: number;
}

/** In the order in which their first viewers come. */
export function partiesOf(opinions: readonly Opinion[]): readonly Party[] {
  return [...new Set(opinions.map(({ liveness }) => liveness))].map((liveness) => {
    const own = opinions.filter((opinion) => opinion.liveness === liveness);
    const ages = own.map(({ ageMillis }) => ageMillis);
    return {
      liveness,
      viewerNames: own.map(({ viewerName }) => viewerName),
      youngestMillis: Math.min(...ages),
      oldestMillis: Math.max(...ages),
    };
  });
}
