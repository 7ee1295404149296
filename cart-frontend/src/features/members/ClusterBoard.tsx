import type { Board } from '../../cluster';
import { pictureOf } from '../../cluster';
import { MemberCard } from './MemberCard';
import './members.css';
import { RingPicture } from './RingPicture';
import { Summary } from './Summary';

/** A bar of the member with the most slots still leaves room, so that its end can be seen. */
const BAR_ROOM = 1.15;

/** All of a board, as of `nowMillis`. */
export function ClusterBoard({ board, nowMillis }: { readonly board: Board; readonly nowMillis: number }) {
  const picture = pictureOf(board, nowMillis);
  const slots = picture?.members.map((member) => member.slots.all) ?? [];
  const evenShare = slots.reduce((sum, each) => sum + each, 0) / Math.max(1, slots.length);
  return (
    <>
      <Summary picture={picture} trouble={board.trouble} />
      {picture === null ? null : (
        <main className="board" id="members">
          <RingPicture map={picture.map} members={picture.members} />
          <section aria-labelledby="members-title">
            <h2 id="members-title" className="section-title">
              The members
            </h2>
            <ul className="member-grid">
              {picture.members.map((member) => (
                <MemberCard
                  key={member.member.nodeId}
                  picture={member}
                  nowMillis={nowMillis}
                  evenShare={evenShare}
                  fullBar={BAR_ROOM * Math.max(1, evenShare, ...slots)}
                />
              ))}
            </ul>
          </section>
        </main>
      )}
    </>
  );
}
