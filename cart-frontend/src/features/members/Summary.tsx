import type { Picture } from '../../cluster';
import { agoText, headlineOf, hintsInAll, mapsText } from './words';

/** The whole in one sentence, which a screen reader tells whenever it changes, and what it rests on. */
export function Summary({
  picture,
  trouble,
}: {
  readonly picture: Picture | null;
  readonly trouble: string | null;
}) {
  const { tone, text } = headlineOf(picture, trouble);
  const differing = picture === null ? null : mapsText(picture.maps);
  return (
    <section className="summary" aria-label="Summary">
      <p className={`summary-headline summary-${tone}`} role="status" data-testid="headline" data-tone={tone}>
        <span className="summary-dot" aria-hidden="true" />
        <span>{text}</span>
      </p>
      {picture === null ? null : <Basis picture={picture} />}
      <p className="summary-maps" role="status" data-testid="maps">
        {differing}
      </p>
    </section>
  );
}

function Basis({ picture }: { readonly picture: Picture }) {
  return (
    <ul className="summary-basis">
      <li data-testid="epoch">
        Map: epoch {picture.map.epoch}
        {picture.map.term > 1 ? `, term ${picture.map.term}` : ''}
      </li>
      <li data-testid="hints-in-all">Hints waiting: {hintsInAll(picture.members)}</li>
      <li>
        Answers:{' '}
        {picture.viewers.length === 0
          ? 'none lately'
          : picture.viewers.map(({ name, ageMillis }) => `${name} ${agoText(ageMillis)}`).join(', ')}
      </li>
    </ul>
  );
}
