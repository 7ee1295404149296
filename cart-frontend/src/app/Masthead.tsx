interface Props {
  readonly title: string;
  readonly tagline: string;
  readonly link: { readonly href: string; readonly text: string };
}

/** The head of both pages; the link leads to the other one. */
export function Masthead({ title, tagline, link }: Props) {
  return (
    <header className="masthead">
      <Mark />
      <div className="masthead-words">
        <h1 className="wordmark">{title}</h1>
        <p className="tagline">{tagline}</p>
      </div>
      <a className="button button-quiet masthead-link" href={link.href}>
        {link.text}
      </a>
    </header>
  );
}

function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className="mark-ground" width="32" height="32" rx="9" />
      <path className="mark-wave" d="M6 13c3.3-3 6.7-3 10 0s6.7 3 10 0" />
      <path className="mark-wave mark-wave-far" d="M6 20c3.3-3 6.7-3 10 0s6.7 3 10 0" />
    </svg>
  );
}
