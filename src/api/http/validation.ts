import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { FieldProblem } from '../../shared/index.js';
import { invalidFields } from './problem.js';
import { rememberRules } from './remember-rules.js';

/** Every bad field at once, each with a JSON pointer and how to mend it. Unknown properties are refused. */
export function createValidationPipe(): ValidationPipe {
  rememberRules();
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => invalidFields(errors.flatMap((error) => problemsOf(error, ''))),
  });
}

function problemsOf(error: ValidationError, parent: string): FieldProblem[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([constraint, message]) => ({
    pointer,
    detail:
      constraint === 'whitelistValidation'
        ? 'is not a known property here: remove it or correct its name'
        : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, pointer))];
}
