import type { SyncStatus } from '../../sync';
import { ShareLink } from './ShareLink';
import './status.css';

interface Props {
  readonly cartId: string;
  readonly link: string;
  readonly status: SyncStatus;
  readonly hasUnsaved: boolean;
  readonly lastSyncedAtMillis: number | null;
  readonly onRefresh: () => void;
  readonly onNewCart: () => void;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function StatusStrip(props: Props) {
  const { cartId, link, status, hasUnsaved, lastSyncedAtMillis, onRefresh, onNewCart } = props;
  return (
    <section className="status" aria-label="Status of the cart">
      <p className={`status-state status-${status}`} data-testid="status" data-status={status}>
        <span className="status-dot" aria-hidden="true" />
        <span>{textOf(status, hasUnsaved)}</span>
      </p>
      <p className="status-synced">
        {lastSyncedAtMillis === null ? (
          'Not synced yet'
        ) : (
          <>
            Synced{' '}
            <time dateTime={new Date(lastSyncedAtMillis).toISOString()}>
              {clock.format(lastSyncedAtMillis)}
            </time>
          </>
        )}
        <button type="button" className="button button-quiet" onClick={onRefresh}>
          Sync now
        </button>
      </p>
      <div className="status-cart">
        <ShareLink key={cartId} cartId={cartId} link={link} />
        <button type="button" className="button button-quiet" onClick={onNewCart}>
          New cart
        </button>
      </div>
    </section>
  );
}

function textOf(status: SyncStatus, hasUnsaved: boolean): string {
  switch (status) {
    case 'loading':
      return 'Loading the cart';
    case 'saved':
      return 'Saved';
    case 'saving':
      return 'Saving';
    case 'offline':
      return hasUnsaved ? 'Offline: your changes are kept here' : 'Offline: trying again';
    case 'refused':
      return hasUnsaved ? 'Not saved yet: trying again' : 'Store unavailable: trying again';
    case 'unknown':
      return 'Outcome unknown: asking the store';
    case 'rejected':
      return 'Not saved: the store turned it down';
    case 'unreadable':
      return 'Read-only: not understood';
  }
}
