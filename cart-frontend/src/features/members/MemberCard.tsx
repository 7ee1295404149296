import type { MemberPicture } from '../../cluster';
import { partiesOf } from '../../cluster';
import { Balance } from './Balance';
import { hueOf } from './hue';
import { TimeLine } from './TimeLine';
import { VerdictBadge } from './VerdictBadge';
import { agoText, hintsText, partyText, sinceText } from './words';

interface Props {
  readonly picture: MemberPicture;
  readonly nowMillis: number;
  readonly evenShare: number;
  /** The slots that a bar of full width stands for. */
  readonly fullBar: number;
}

export function MemberCard({ picture, nowMillis, evenShare, fullBar }: Props) {
  const { member, position, verdict, timeLine } = picture;
  return (
    <li
      className={`member member-${verdict}`}
      data-testid="member"
      data-name={member.name}
      data-verdict={verdict}
    >
      <header className="member-head">
        <h3 className="member-name">
          <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
            <rect className={hueOf(position)} width="10" height="10" rx="3" />
          </svg>
          {member.name}
        </h3>
        <VerdictBadge verdict={verdict} />
      </header>
      <p className="member-place">
        zone {member.zone}
        <span>{sinceText(timeLine, verdict)}</span>
      </p>
      <TimeLine timeLine={timeLine} nowMillis={nowMillis} />
      <dl className="facts">
        <Said picture={picture} />
        <div className="fact">
          <dt>Hints waiting for it</dt>
          <dd className={picture.hintsWaiting > 0 ? 'fact-hints' : undefined} data-testid="hints">
            {hintsText(picture)}
          </dd>
        </div>
        <div className="fact">
          <dt>Slots</dt>
          <dd>
            <Balance picture={picture} evenShare={evenShare} fullBar={fullBar} />
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** Who says what of it, and how old that is; an answer of its own proves that it lives, whatever the others say. */
function Said({ picture }: { readonly picture: MemberPicture }) {
  const { opinions, answerAgeMillis } = picture;
  return (
    <div className="fact">
      <dt>What the others say</dt>
      <dd>
        {opinions.length === 0 ? (
          'Nobody else was heard'
        ) : (
          <ul>
            {partiesOf(opinions).map((party) => (
              <li key={party.liveness} className="party">
                <span className={`party-word verdict-${party.liveness}`}>{party.liveness}</span>{' '}
                {partyText(party)}
              </li>
            ))}
          </ul>
        )}
        <span className="fact-text">
          {answerAgeMillis === null
            ? 'No recent answer of its own'
            : `It answered itself ${answerAgeMillis < 500 ? 'just now' : agoText(answerAgeMillis)}`}
        </span>
      </dd>
    </div>
  );
}
