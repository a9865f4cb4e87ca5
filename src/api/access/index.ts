import { AuditController } from './audit.controller.js';
import { AuditVerificationController } from './audit-verification.controller.js';
import { SessionController } from './session.controller.js';
import { SignInController } from './sign-in.controller.js';

export const accessControllers = [
  AuditController,
  AuditVerificationController,
  SessionController,
  SignInController,
];
