import type { Verdict } from '../../cluster';
import { verdictText } from './words';

/** A word and a figure of its own for each verdict: the colour only helps. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }) {
  return (
    <span className={`verdict verdict-${verdict}`} data-testid="verdict">
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={ICONS[verdict]} />
      </svg>
      {verdictText(verdict)}
    </span>
  );
}

const ICONS: Readonly<Record<Verdict, string>> = {
  alive: 'm3.5 8.5 3 3 6-7',
  suspect: 'M8 3.5v5.5m0 3.4v.1',
  down: 'm4.5 4.5 7 7m0-7-7 7',
  disputed: 'M2.5 5.5h11m-3-3 3 3M13.5 10.5h-11m3 3-3-3',
  unheard: 'M4 8h.1M8 8h.1M12 8h.1',
};
