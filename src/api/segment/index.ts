export { registerSegmentHooks } from './hooks.js';
export { SegmentController } from './segment.controller.js';
