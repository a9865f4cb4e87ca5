import { HttpStatus } from '@nestjs/common';
import type { ResponseRefused, UndoRefused } from '../../suggestions/index.js';
import { invalidFields, Problem } from '../http/problem.js';

/** A conflict that also says how the suggestion stands. */
function conflictWith(detail: string, current: Record<string, unknown>): Problem {
  return new Problem('conflict', HttpStatus.CONFLICT, 'Conflict', detail, [], null, { current });
}

export function refusedResponse(refused: ResponseRefused): Problem {
  switch (refused.code) {
    case 'invalid':
      return invalidFields(refused.problems);
    case 'taken':
      return conflictWith('A colleague has accepted the suggestion.', {
        state: refused.state,
        taken: refused.taken,
      });
    case 'changed':
      return conflictWith(`The suggestion is ${refused.state} by now.`, {
        state: refused.state,
        because: refused.because,
        taken: refused.taken,
      });
    case 'closed':
      return conflictWith(
        `The suggestion is ${refused.state} and takes no response of this kind.${refused.because ? ` ${refused.because}` : ''}`,
        { state: refused.state, because: refused.because },
      );
  }
}

export function refusedUndo({ state, because }: UndoRefused): Problem {
  return conflictWith(`The response stays. ${because}`, { state, because });
}
