import { useSyncExternalStore } from 'react';
import type { Toast, Tone } from './toasts';
import type { ToastStore } from './toastStore';
import './toasts.css';

/** Two live regions, there from the start: failures interrupt a screen reader, the rest waits its turn. */
export function ToastRegion({ store }: { readonly store: ToastStore }) {
  const { shown } = useSyncExternalStore(store.subscribe, store.toasts);
  const bad = shown.filter((toast) => toast.tone === 'bad');
  const others = shown.filter((toast) => toast.tone !== 'bad');
  return (
    <section
      className="toasts"
      aria-label="Notifications"
      onMouseEnter={store.hold}
      onMouseLeave={store.release}
      onFocus={store.hold}
      onBlur={store.release}
    >
      <div className="toast-pile" role="alert" aria-atomic="false">
        {bad.map((toast) => (
          <ToastCard key={toast.key} toast={toast} onDismiss={() => store.dismiss(toast.id)} />
        ))}
      </div>
      <div className="toast-pile" role="status" aria-atomic="false">
        {others.map((toast) => (
          <ToastCard key={toast.key} toast={toast} onDismiss={() => store.dismiss(toast.id)} />
        ))}
      </div>
    </section>
  );
}

function ToastCard({ toast, onDismiss }: { readonly toast: Toast; readonly onDismiss: () => void }) {
  return (
    <div className={`toast toast-${toast.tone}`} data-tone={toast.tone}>
      <svg className="icon toast-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <path d={ICONS[toast.tone]} />
      </svg>
      <div className="toast-text">
        <p className="toast-title">
          {toast.title}
          {toast.count > 1 ? (
            <span className="toast-count" aria-label={`${toast.count} times`}>
              ×{toast.count}
            </span>
          ) : null}
        </p>
        {toast.detail === null ? null : <p className="toast-detail">{toast.detail}</p>}
        {toast.reference === null ? null : <p className="toast-reference">Request {toast.reference}</p>}
      </div>
      <button
        type="button"
        className="toast-close"
        aria-label={`Dismiss: ${toast.title}`}
        onClick={onDismiss}
      >
        <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
          <path d="m4.5 4.5 7 7m0-7-7 7" />
        </svg>
      </button>
    </div>
  );
}

const ICONS: Readonly<Record<Tone, string>> = {
  good: 'm3.5 8.5 3 3 6-7',
  info: 'M8 7.5v4M8 4.4v.2',
  merge: 'M4 2.5v3c0 2 4 2.5 4 5v3M12 2.5v3c0 2-4 2.5-4 5',
  bad: 'M8 3.5v5.5M8 12v.2',
};
