/** How one language says what stands in a timeline. */
export interface TimelineWords {
  language: string;
  /** Names of events as a person says them; others are said as they are called. */
  events: Readonly<Record<string, string>>;
  /** A touch that no event tells of. */
  touch: string;
  /** States of touches, suggestions and tasks, and reasons of dismissals. */
  states: Readonly<Record<string, string>>;
  consent: Readonly<Record<string, (what: string) => string>>;
  everything: string;
  purposes: Readonly<Record<string, string>>;
  suggestion: (what: string) => string;
  response: Readonly<Record<string, (what: string) => string>>;
  outcome: (what: string) => string;
  tasks: Readonly<Record<string, string>>;
  taskEnded: Readonly<Record<string, string>>;
  alert: (what: string) => string;
}
