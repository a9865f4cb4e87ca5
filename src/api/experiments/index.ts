import { DecisionExportController } from './decision-export.controller.js';
import { HoldoutController } from './holdout.controller.js';

export const experimentControllers = [HoldoutController, DecisionExportController];
