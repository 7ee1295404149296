/** Telling a person what happened: the words, the pile, the cards. */
export { ToastRegion } from './ToastRegion';
export type { Message } from './toasts';
export type { ToastStore } from './toastStore';
export { createToastStore } from './toastStore';
export { messageOf } from './wording';
