import { useSyncExternalStore } from 'react';
import { ClusterBoard } from '../features/members';
import type { Watch } from '../watch';
import './app.css';
import { Masthead } from './Masthead';

export function StatusPage({ watch }: { readonly watch: Watch }) {
  const { board, nowMillis } = useSyncExternalStore(watch.subscribe, watch.state);
  return (
    <div className="page">
      <Masthead
        title="Behind the cart"
        tagline="What the nodes of the store say of each other, asked every second."
        link={{ href: '/', text: 'Back to the cart' }}
      />
      <ClusterBoard board={board} nowMillis={nowMillis} />
      <footer className="footer">
        Each answer is one node’s own view. Here are the newest of each, none older than ten seconds.
      </footer>
    </div>
  );
}
