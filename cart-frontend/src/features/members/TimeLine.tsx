import type { Segment, Verdict } from '../../cluster';
import { TIME_LINE_MILLIS } from '../../cluster';
import { timeLineText } from './words';

const HEIGHT = 24;
/** The line falls as a member gets worse, so that it can be read without colours. */
const HEIGHTS: Readonly<Record<Verdict, number>> = {
  alive: HEIGHT,
  disputed: 18,
  suspect: 12,
  down: 6,
  unheard: 2,
};
const WIDTH = TIME_LINE_MILLIS / 1_000;

/** The last two minutes, now at the right. Where nothing is drawn this page was not looking. */
export function TimeLine({
  timeLine,
  nowMillis,
}: {
  readonly timeLine: readonly Segment[];
  readonly nowMillis: number;
}) {
  const x = (millis: number) => WIDTH + (millis - nowMillis) / 1_000;
  return (
    <figure className="time-line">
      <svg
        className="time-line-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={timeLineText(timeLine)}
      >
        {timeLine.map(({ verdict, fromMillis, toMillis }) => (
          <rect
            key={fromMillis}
            className={`time-line-${verdict}`}
            x={x(fromMillis)}
            y={HEIGHT - HEIGHTS[verdict]}
            width={x(toMillis) - x(fromMillis)}
            height={HEIGHTS[verdict]}
          />
        ))}
      </svg>
      <figcaption className="time-line-scale" aria-hidden="true">
        <span>2 min ago</span>
        <span>now</span>
      </figcaption>
    </figure>
  );
}
