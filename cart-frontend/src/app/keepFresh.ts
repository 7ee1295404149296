import type { CartSession } from '../sync';

/** Pages that were opened together should not ask together, so every pause is a little different. */
const PAUSE_MILLIS = { shortest: 3_500, longest: 4_500 } as const;

/** Reads again when the page is looked at, when the network is back, and every few seconds while it is visible. */
export function keepFresh(session: CartSession): void {
  const onReturn = () => {
    if (document.visibilityState === 'visible') session.refresh('focus');
  };
  document.addEventListener('visibilitychange', onReturn);
  window.addEventListener('focus', onReturn);
  window.addEventListener('online', onReturn);

  const tick = () => {
    if (document.visibilityState === 'visible') session.refresh('clock');
    window.setTimeout(tick, pauseMillis());
  };
  window.setTimeout(tick, pauseMillis());
}

function pauseMillis(): number {
  return PAUSE_MILLIS.shortest + Math.random() * (PAUSE_MILLIS.longest - PAUSE_MILLIS.shortest);
}
