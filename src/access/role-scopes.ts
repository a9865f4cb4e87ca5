import type { Scope } from './caller.js';

/**
 * What a person may do at the desk, by role; a role that is not named here may do nothing. Only an admin edits the catalogue:
 * whoever may save team members may give roles.
 */
export const scopesOfRole: Readonly<Partial<Record<string, readonly Scope[]>>> = {
  'account-manager': ['read', 'score', 'feedback', 'consent'],
  'sales-manager': ['read', 'score', 'feedback', 'consent'],
  marketing: ['read', 'score', 'feedback', 'consent'],
  service: ['read', 'score', 'feedback', 'consent'],
  'medical-liaison': ['read', 'score', 'feedback', 'consent'],
  'reimbursement-specialist': ['read', 'score', 'feedback', 'consent'],
  compliance: ['read', 'consent', 'audit'],
  'data-scientist': ['read', 'score', 'train'],
  admin: ['admin'],
};

/** Role of whoever signs in without being a team member: the operator of the installation. */
export const OPERATOR_ROLE = 'admin';
