import type { SlotWindow } from './windows.js';

const HOURS_OF_WEEK = 168;
/** Weight of the contact's own hours against an even week. */
const OWN_SHARE = 0.5;
/** What a day of delay leaves of a slot's worth: usually, and when the customer waits for an answer. */
export const DAILY_PATIENCE = 0.98;
export const DAILY_PATIENCE_IN_NEED = 0.5;

/**
 * Windows by their worth, the best first. Worth = patience ^ days of delay × mean over the window's hours of the
 * response profile, where the profile is the contact's shares by hour of week, drawn towards an even week:
 *   168 × (w × share + (1 − w) / 168),  w = 0.5.
 * Equals are taken in order of time.
 */
export function rankSlots(
  windows: readonly SlotWindow[],
  shares: Float32Array | undefined,
  patience: number,
): readonly SlotWindow[] {
  if (!shares) return windows;
  const worth = windows.map((window) => patience ** window.day * profile(window, shares));
  return windows
    .map((_, index) => index)
    .sort((a, b) => (worth[b] ?? 0) - (worth[a] ?? 0) || a - b)
    .flatMap((index) => windows[index] ?? []);
}

function profile({ hour, hours }: SlotWindow, shares: Float32Array): number {
  let sum = 0;
  for (let offset = 0; offset < hours; offset += 1) sum += shares[(hour + offset) % HOURS_OF_WEEK] ?? 0;
  return OWN_SHARE * HOURS_OF_WEEK * (sum / hours) + (1 - OWN_SHARE);
}
