import { memo, useMemo } from 'react';
import type { Band, ClusterMap, MemberPicture } from '../../cluster';
import { arcsPath, primaryArcs } from '../../cluster';
import { hueOf } from './hue';
import { counted, verdictText } from './words';

const SIZE = 240;
const BAND: Band = { centre: SIZE / 2, inner: 78, outer: 116 };

/** The ring: each partition in the colour of the member that has its first slot. Those of members that are down are pale. */
export function RingPicture({
  map,
  members,
}: {
  readonly map: ClusterMap;
  readonly members: readonly MemberPicture[];
}) {
  return (
    <section className="panel" aria-labelledby="ring-title">
      <h2 id="ring-title" className="section-title">
        The ring
      </h2>
      <svg className="ring" viewBox={`0 0 ${SIZE} ${SIZE}`} role="img" aria-labelledby="ring-note">
        <Arcs
          map={map}
          away={members
            .filter(({ verdict }) => verdict === 'down')
            .map(({ position }) => position)
            .join()}
        />
        <text className="ring-number" x={SIZE / 2} y={SIZE / 2 + 4}>
          {counted(map.owners.length)}
        </text>
        <text className="ring-unit" x={SIZE / 2} y={SIZE / 2 + 24}>
          partitions
        </text>
      </svg>
      <p id="ring-note" className="panel-note">
        Each of {counted(map.owners.length)} partitions lies on {map.replicationFactor}{' '}
        {map.replicationFactor === 1 ? 'member' : 'members'}. Its colour is that of the first.
      </p>
      <ul className="legend">
        {members.map(({ member, position, slots, verdict }) => (
          <li key={member.nodeId} className={`legend-entry legend-${verdict}`}>
            <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
              <rect className={hueOf(position)} width="10" height="10" rx="3" />
            </svg>
            <span className="legend-name">{member.name}</span>
            <span className="legend-count">
              {verdict === 'down' ? `${verdictText(verdict)}, ` : ''}first in {counted(slots.primaries)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Drawn again only when the map changes or a member goes or comes. */
const Arcs = memo(function Arcs({ map, away }: { readonly map: ClusterMap; readonly away: string }) {
  const paths = useMemo(
    () => [...primaryArcs(map)].map(([nodeId, arcs]) => ({ nodeId, path: arcsPath(arcs, BAND) })),
    [map],
  );
  const positions = new Map(map.members.map(({ nodeId }, position) => [nodeId, position]));
  const down = new Set(
    away
      .split(',')
      .filter((text) => text !== '')
      .map(Number),
  );
  return paths.map(({ nodeId, path }) => {
    const position = positions.get(nodeId) ?? 0;
    const pale = down.has(position) ? ' ring-arc-away' : '';
    return <path key={nodeId} className={`ring-arc ${hueOf(position)}${pale}`} d={path} />;
  });
});
