import type { WeekProfiles } from './week-profiles.js';

/** The usual hours of the week as they were found last. */
export abstract class HourProfiles {
  /** Null: never found. */
  abstract current(): Promise<WeekProfiles | null>;
  /** Replaces what was found before; decisions see it from their next look at what is in force. */
  abstract save(profiles: WeekProfiles): Promise<void>;
}
