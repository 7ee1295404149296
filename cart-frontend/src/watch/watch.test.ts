import { describe, expect, it } from 'vitest';
import { viewOf } from '../cluster/views.test-kit';
import type { ViewOutcome } from './port';
import { createWatch, WATCH_MILLIS } from './watch';

/** A page with a clock, a timer and a store that are told what to do. */
function page() {
  const questions: ((outcome: ViewOutcome) => void)[] = [];
  const timers: { callback: () => void; afterMillis: number }[] = [];
  const told = { nowMillis: 0, isLookedAt: true };
  const watch = createWatch({
    read: () => new Promise((resolve) => questions.push(resolve)),
    nowMillis: () => told.nowMillis,
    schedule: (callback, afterMillis) => void timers.push({ callback, afterMillis }),
    isLookedAt: () => told.isLookedAt,
  });
  return {
    watch,
    told,
    timers,
    asked: () => questions.length,
    answer: async (outcome: ViewOutcome = { kind: 'answered', view: viewOf({ by: 'a' }) }) => {
      questions.at(-1)?.(outcome);
      await Promise.resolve();
    },
    fire: () => timers.shift()?.callback(),
  };
}

describe('the watch', () => {
  it('asks once a second, from question to question', async () => {
    const { watch, told, timers, asked, answer, fire } = page();
    watch.look();
    told.nowMillis = 300;
    await answer();
    expect(timers.map(({ afterMillis }) => afterMillis)).toEqual([WATCH_MILLIS - 300]);
    told.nowMillis = 1_000;
    fire();
    expect(asked()).toBe(2);
  });

  it('has one question under way, however long it takes', async () => {
    const { watch, told, timers, asked, answer } = page();
    watch.look();
    watch.look();
    told.nowMillis = 5_000;
    expect([asked(), timers.length]).toEqual([1, 0]);
    await answer();
    watch.look();
    expect([asked(), timers.map(({ afterMillis }) => afterMillis)]).toEqual([1, [0]]);
  });

  it('pauses while nobody can see the page, and asks at once when somebody does', async () => {
    const { watch, told, timers, asked, answer, fire } = page();
    watch.look();
    await answer();
    told.isLookedAt = false;
    fire();
    watch.look();
    expect([asked(), timers.length]).toEqual([1, 0]);
    told.isLookedAt = true;
    watch.look();
    expect(asked()).toBe(2);
  });

  it('tells of every answer, and of every question without one', async () => {
    const { watch, told, answer, fire } = page();
    const states: (string | null)[] = [];
    watch.subscribe(() => states.push(watch.state().board.trouble));
    watch.look();
    await answer();
    fire();
    told.nowMillis = 2_000;
    await answer({ kind: 'failed', why: 'no answer came in time' });
    expect(states).toEqual([null, 'no answer came in time']);
    expect(watch.state().board.views.size).toBe(1);
    expect(watch.state().nowMillis).toBe(2_000);
  });
});
