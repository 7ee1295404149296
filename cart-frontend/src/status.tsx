import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { StatusPage } from './app/StatusPage';
import { createWatch, readCluster } from './watch';

const watch = createWatch({
  read: readCluster,
  nowMillis: () => performance.now(),
  schedule: (callback, afterMillis) => void window.setTimeout(callback, afterMillis),
  isLookedAt: () => document.visibilityState === 'visible',
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root');
createRoot(root).render(
  <StrictMode>
    <StatusPage watch={watch} />
  </StrictMode>,
);

document.addEventListener('visibilitychange', watch.look);
watch.look();
