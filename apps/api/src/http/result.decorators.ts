import { applyDecorators, HttpCode, Param, SerializeOptions } from '@nestjs/common';
import { ApiNoContentResponse, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/**
 * What the route answers. Fields that are not in the schema are dropped before sending, dates become ISO strings, a
 * numeric `revision` becomes the ETag.
 */
export function ApiResult(schema: z.ZodType, status = 200, description = ''): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    SerializeOptions({ schema }),
    ApiResponse({ status, description, standardSchema: schema }),
  );
}

/** The route answers 204. */
export function NoContent(): MethodDecorator {
  return applyDecorators(HttpCode(204), ApiNoContentResponse());
}

const uuid = z.uuid();

/** A UUID of the path; anything else is a 404. */
export const IdParam = (name = 'id'): ParameterDecorator => Param(name, { schema: uuid });
