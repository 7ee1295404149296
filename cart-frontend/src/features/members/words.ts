/** What the picture says in words: everything that is drawn is told too. */
import type { MemberPicture, Party, Picture, Segment, ServedMap, Verdict } from '../../cluster';
import { durationsOf, TIME_LINE_MILLIS } from '../../cluster';

export type Tone = 'good' | 'quiet' | 'warn' | 'bad';

export interface Headline {
  readonly tone: Tone;
  readonly text: string;
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  alive: 'Alive',
  suspect: 'Suspect',
  down: 'Down',
  disputed: 'Disputed',
  unheard: 'Not heard of',
};

export function verdictText(verdict: Verdict): string {
  return VERDICTS[verdict];
}

/** `trouble` is why the last question had no answer. */
export function headlineOf(picture: Picture | null, trouble: string | null): Headline {
  if (trouble !== null) return { tone: 'bad', text: `No answer from the store: ${trouble}. Asking again.` };
  if (picture === null) return { tone: 'quiet', text: 'Asking the store' };
  const troubled = picture.members.filter(({ verdict }) => verdict !== 'alive');
  if (troubled.length === 0) {
    const count = picture.members.length;
    return {
      tone: 'good',
      text: count === 1 ? 'The only member is alive' : `All ${count} members are alive`,
    };
  }
  const tone = troubled.some(({ verdict }) => verdict === 'down') ? 'bad' : 'warn';
  return { tone, text: sentence(troubled) };
}

/** The worst first: "node-3 is down; node-2 is suspect". */
function sentence(members: readonly MemberPicture[]): string {
  const parts = (['down', 'disputed', 'suspect', 'unheard'] as const).flatMap((verdict) => {
    const names = members.filter((each) => each.verdict === verdict).map(({ member }) => member.name);
    if (names.length === 0) return [];
    return [`${listed(names)} ${names.length === 1 ? 'is' : 'are'} ${verdictText(verdict).toLowerCase()}`];
  });
  return parts.join('; ');
}

const NAMES_MAX = 4;

export function listed(names: readonly string[]): string {
  if (names.length > NAMES_MAX) {
    const shown = NAMES_MAX - 1;
    return `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
  }
  const last = names.at(-1) ?? 'nobody';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

export function secondsText(millis: number): string {
  return `${Math.round(millis / 1_000)} s`;
}

export function agoText(millis: number): string {
  return millis < 500 ? 'now' : `${secondsText(millis)} ago`;
}

/** How long it has been so, as far as this page has seen; nothing at first. */
export function sinceText(timeLine: readonly Segment[], verdict: Verdict): string {
  const last = timeLine.at(-1);
  const millis = last?.verdict === verdict ? last.toMillis - last.fromMillis : 0;
  if (millis < 500) return '';
  const duration = millis >= TIME_LINE_MILLIS ? '2 min or more' : secondsText(millis);
  return `${verdictText(verdict).toLowerCase()} for ${duration}`;
}

export function timeLineText(timeLine: readonly Segment[]): string {
  const parts = [...durationsOf(timeLine)].map(
    ([verdict, millis]) => `${verdictText(verdict).toLowerCase()} ${secondsText(millis)}`,
  );
  return parts.length === 0 ? 'Nothing seen yet' : `Seen in the last two minutes: ${parts.join(', ')}`;
}

/** Who says it, and how long ago. */
export function partyText({ viewerNames, youngestMillis, oldestMillis }: Party): string {
  const [young, old] = [agoText(youngestMillis), agoText(oldestMillis)];
  const span = young === old ? old : `${young.replace(' s ago', '')} to ${old}`;
  return `${listed(viewerNames)} (${span})`;
}

/** Who keeps them, and how many each. */
export function hintsText({ hintsWaiting, keepers }: MemberPicture): string {
  if (hintsWaiting === 0) return 'None';
  const writes = hintsWaiting === 1 ? '1 write' : `${counted(hintsWaiting)} writes`;
  const [only] = keepers;
  if (keepers.length === 1 && only !== undefined) return `${writes}, kept by ${only.name}`;
  return `${writes}, kept by ${listed(keepers.map(({ name, hints }) => `${name} (${counted(hints)})`))}`;
}

export function hintsInAll(members: readonly MemberPicture[]): string {
  const sum = members.reduce((all, { hintsWaiting }) => all + hintsWaiting, 0);
  return sum === 0 ? 'none' : counted(sum);
}

const grouped = new Intl.NumberFormat('en-GB');

export function counted(count: number): string {
  return grouped.format(count);
}

/** Two nodes with different maps of one epoch is an alarm: two authors make maps. */
export function mapsText(maps: readonly ServedMap[]): string | null {
  const served = maps.filter(({ viewers }) => viewers.length > 0);
  if (served.length < 2) return null;
  const numbers = new Set(served.map(({ term, epoch }) => `${term}/${epoch}`));
  const parts = served.map((map) => `${listed(map.viewers)}: ${epochOf(map, numbers.size < served.length)}`);
  const opening =
    numbers.size < served.length ? 'Different maps of one epoch' : 'Not all serve the same map yet';
  return `${opening}: ${parts.join('; ')}.`;
}

function epochOf({ term, epoch, hash }: ServedMap, withHash: boolean): string {
  return `epoch ${epoch}${term > 1 ? ` of term ${term}` : ''}${withHash ? ` (${hash.slice(0, 8)})` : ''}`;
}
