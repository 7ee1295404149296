import type { ReactElement } from 'react';
import './art.css';
import type { ArtName } from './products';

/** Drawn with classes, not colours, so that the pictures follow the page into the dark. */
export function ProductArt({ art }: { readonly art: ArtName }) {
  return (
    <svg className={`art art-${art}`} viewBox="0 0 200 150" aria-hidden="true" focusable="false">
      <ellipse className="art-shadow" cx="100" cy="127" rx="62" ry="7" />
      {DRAWINGS[art]}
    </svg>
  );
}

const DRAWINGS: Readonly<Record<ArtName, ReactElement>> = {
  mug: (
    <>
      <path className="art-stroke-2" d="M131 70c26-6 29 36-3 34" strokeWidth="9" />
      <path className="art-1" d="M66 56h68v50c0 12-8 20-20 20H86c-12 0-20-8-20-20z" />
      <path className="art-2" d="M66 56h68v20H66z" />
      <ellipse className="art-3" cx="100" cy="56" rx="34" ry="7" />
      <path className="art-line" d="M90 40c-5-7 5-10 0-18M108 40c-5-7 5-10 0-18" />
    </>
  ),
  tote: (
    <>
      <path className="art-line-strong" d="M80 62V44c0-26 40-26 40 0v18" />
      <path className="art-1" d="M58 58h84l8 62c0 4-3 7-7 7H57c-4 0-7-3-7-7z" />
      <path className="art-2" d="M58 58h84l2 14H56z" />
      <path className="art-line" d="M86 100c5-5 9-5 14 0s9 5 14 0M86 110c5-5 9-5 14 0s9 5 14 0" />
    </>
  ),
  tray: (
    <>
      <ellipse className="art-2" cx="100" cy="104" rx="76" ry="25" />
      <ellipse className="art-1" cx="100" cy="98" rx="76" ry="25" />
      <ellipse className="art-2" cx="100" cy="98" rx="64" ry="19" />
      <path className="art-line" d="M48 96c28-10 70-10 104 0M58 105c28-7 60-7 84 0" />
      <path className="art-3" d="M82 62h32v24c0 14-32 14-32 0z" />
      <ellipse className="art-4" cx="98" cy="62" rx="16" ry="5" />
    </>
  ),
  carafe: (
    <>
      <path className="art-3" d="M91 16h18v16H91z" />
      <path
        className="art-1"
        d="M88 30h24v24c0 8 26 22 26 48 0 16-8 24-22 24H84c-14 0-22-8-22-24 0-26 26-40 26-48z"
      />
      <path
        className="art-2"
        d="M67 84c20-6 44 6 66 0 3 6 5 12 5 18 0 16-8 24-22 24H84c-14 0-22-8-22-24 0-6 2-12 5-18z"
      />
      <path className="art-line" d="M76 104c0 8 3 12 8 13" />
    </>
  ),
  candle: (
    <>
      <path className="art-4" d="M100 22c10 13 12 18 12 24a12 12 0 0 1-24 0c0-6 2-11 12-24z" />
      <path className="art-line-strong" d="M100 50v14" />
      <path className="art-1" d="M64 66h72v50c0 6-4 10-10 10H74c-6 0-10-4-10-10z" />
      <ellipse className="art-3" cx="100" cy="66" rx="36" ry="8" />
      <path className="art-2" d="M76 88h48v20H76z" />
      <path className="art-line" d="M86 98h28" />
    </>
  ),
  notebook: (
    <>
      <path className="art-3" d="M66 32h76v94H66z" />
      <rect className="art-1" x="60" y="26" width="80" height="98" rx="6" />
      <path className="art-2" d="M66 26h10v98H66c-4 0-6-3-6-6V32c0-4 2-6 6-6z" />
      <path className="art-line-strong" d="M126 26v98" />
      <path className="art-line" d="M88 52h26M88 62h18" />
    </>
  ),
  blanket: (
    <>
      <path className="art-2" d="M46 92h104c8 0 8 34 0 34H46c-8 0-8-34 0-34z" />
      <path className="art-1" d="M48 64h100c8 0 8 32 0 32H48c-8 0-8-32 0-32z" />
      <path className="art-3" d="M52 40h92c8 0 8 28 0 28H52c-8 0-8-28 0-28z" />
      <path className="art-4" d="M112 40h16v28h-16zM112 68h16v28h-16zM112 96h16v30h-16z" />
      <path className="art-line" d="M60 54h40M56 81h44M54 110h46" />
    </>
  ),
  lamp: (
    <>
      <path className="art-glow" d="M66 62h68l26 62H40z" />
      <path className="art-line-strong" d="M100 58v62" />
      <path className="art-1" d="M82 22h36l20 42H62z" />
      <path className="art-2" d="M66 56h68l4 8H62z" />
      <path className="art-3" d="M76 120c0-8 48-8 48 0v6H76z" />
    </>
  ),
  plant: (
    <>
      <path className="art-2" d="M100 90C88 58 62 52 50 58c6 20 26 32 50 32z" />
      <path className="art-2" d="M100 90c12-32 38-38 50-32-6 20-26 32-50 32z" />
      <path className="art-1" d="M100 92C82 64 84 34 100 18c16 16 18 46 0 74z" />
      <path className="art-line" d="M100 34v56M66 66c12 4 24 12 32 22M134 66c-12 4-24 12-32 22" />
      <path className="art-3" d="M70 86h60l-7 36c-1 3-3 4-5 4H82c-2 0-4-1-5-4z" />
      <path className="art-4" d="M66 82h68v12H66z" />
    </>
  ),
};
