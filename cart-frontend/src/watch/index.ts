/** Keeps the board up to date by asking the store, one HTTP call in a file of its own. */
export { readCluster } from './readCluster';
export type { Watch } from './watch';
export { createWatch } from './watch';
