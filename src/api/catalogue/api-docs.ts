import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
  ApiExtraModels,
} from '@nestjs/swagger';

/** Groups the routes of a resource in the OpenAPI document. */
export const Resource = (name: string) => applyDecorators(ApiTags(name), ApiBearerAuth());

export const Saves = (view: Type, summary: string) =>
  applyDecorators(ApiOperation({ summary }), ApiOkResponse({ type: view }));
export const Shows = Saves;

export const Removes = (summary: string) =>
  applyDecorators(ApiOperation({ summary }), ApiNoContentResponse());

/** { items, nextCursor } */
export const Lists = (view: Type, summary: string) =>
  applyDecorators(
    ApiExtraModels(view),
    ApiOperation({ summary }),
    ApiOkResponse({
      schema: {
        type: 'object',
        required: ['items', 'nextCursor'],
        properties: {
          items: { type: 'array', items: { $ref: getSchemaPath(view) } },
          nextCursor: { type: 'string', nullable: true },
        },
      },
    }),
  );
