import { ConfirmController } from './confirm.controller.js';
import { PreferencesController } from './preferences.controller.js';
import { WellKnownController } from './well-known.controller.js';

/** Pages for contacts, by links of ours. */
export const preferenceControllers = [PreferencesController, ConfirmController, WellKnownController];
