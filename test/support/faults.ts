/** `NBA_FAULTS=full` (npm run test:faults) tries the faults as often as they are claimed to be survived; else a few times. */
export const everyFault = process.env['NBA_FAULTS'] === 'full';

/** How often to try: all the times, or few. */
export function times(all: number, few: number): number {
  return everyFault ? all : few;
}
