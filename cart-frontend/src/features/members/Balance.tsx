import type { MemberPicture } from '../../cluster';
import { hueOf } from './hue';
import { counted } from './words';

const WIDTH = 100;

/** How many slots it has: the first ones full, the others light, and a mark where an even share would end. */
export function Balance({
  picture,
  evenShare,
  fullBar,
}: {
  readonly picture: MemberPicture;
  readonly evenShare: number;
  readonly fullBar: number;
}) {
  const { primaries, all } = picture.slots;
  const width = (slots: number) => (WIDTH * slots) / fullBar;
  return (
    <>
      <svg
        className="balance"
        viewBox={`0 0 ${WIDTH} 10`}
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect className="balance-ground" width={WIDTH} height="10" />
        <rect className={`balance-all ${hueOf(picture.position)}`} width={width(all)} height="10" />
        <rect className={`balance-first ${hueOf(picture.position)}`} width={width(primaries)} height="10" />
        <rect className="balance-share" x={width(evenShare) - 0.4} width="0.8" height="10" />
      </svg>
      <span className="fact-text">
        {counted(all)} in all, {counted(primaries)} of them first; an even share is{' '}
        {counted(Math.round(evenShare))}
      </span>
    </>
  );
}
