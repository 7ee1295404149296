import { useRef, useState } from 'react';

/** The link that opens this cart elsewhere. Where a page may not use the clipboard, it is selected for copying. */
export function ShareLink({ cartId, link }: { readonly cartId: string; readonly link: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<'' | 'Copied' | 'Press copy'>('');

  async function copy() {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setSaid('Copied');
    } catch {
      setSaid('Press copy');
    }
  }

  return (
    <div className="share">
      <span className="share-label">
        Cart <a href={link}>{cartId}</a>
      </span>
      <input ref={field} className="share-field" readOnly value={link} tabIndex={-1} aria-hidden="true" />
      <button
        type="button"
        className="button button-quiet"
        onClick={() => void copy()}
        onBlur={() => setSaid('')}
      >
        {said === '' ? 'Copy link' : said}
      </button>
      <span className="visually-hidden" role="status">
        {said === '' ? '' : said === 'Copied' ? 'Link copied' : 'The link is selected, press copy'}
      </span>
    </div>
  );
}
