import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';

export const webhookControllers = [WebhookEndpointsController, WebhookDeliveriesController];
