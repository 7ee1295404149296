import type { Version } from '../sync/port';
import { isRecord } from './problem';

/** More siblings than this are an answer that makes no sense: the store refuses writes long before. */
const VERSIONS_MAX = 256;

/** The siblings of a 300 answer, or null when it is none. One unreadable version does not hide the others. */
export function readVersions(bytes: Uint8Array): readonly Version[] | null {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  const versions = isRecord(document) ? document['versions'] : undefined;
  if (!Array.isArray(versions) || versions.length === 0 || versions.length > VERSIONS_MAX) return null;
  return versions.map(readSibling);
}

export function readVersion(bytes: Uint8Array): Version {
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'garbled', reason: 'it is not text' };
  }
}

function readSibling(sibling: unknown): Version {
  const value = isRecord(sibling) ? sibling['value'] : undefined;
  if (typeof value !== 'string') return { kind: 'garbled', reason: 'it has no value' };
  try {
    return readVersion(Uint8Array.from(atob(value), (character) => character.charCodeAt(0)));
  } catch {
    return { kind: 'garbled', reason: 'its value is not base64' };
  }
}
