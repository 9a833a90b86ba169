import type { NestExpressApplication } from '@nestjs/platform-express';
import { problem } from '@qingnang/contracts';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

/** The OpenAPI document of everything the application serves. */
export function createDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Qingnang')
    .setDescription('Data curation, annotation, training and evaluation of medical language models.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  document.components ??= {};
  document.components.schemas = { ...document.components.schemas, Problem: problemSchema() };
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) if (item[method]) complete(item[method], path);
  }
  return document;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

function problemSchema(): Record<string, unknown> {
  const { $schema: _, id: __, ...schema } = z.toJSONSchema(problem, { target: 'openapi-3.0' });
  return schema;
}

/** What no handler says: path parameters that only the guard reads, and that every route may answer with a problem. */
function complete(operation: Operation, path: string): void {
  const parameters = (operation.parameters ??= []);
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) {
    if (parameters.some((parameter) => 'name' in parameter && parameter.name === name && parameter.in === 'path'))
      continue;
    const description = name === 'project' ? 'Id or short name (slug) of the project.' : undefined;
    parameters.unshift({
      name: name!,
      in: 'path',
      required: true,
      schema: { type: 'string' },
      ...(description ? { description } : {}),
    });
  }
  operation.responses.default ??= {
    description: 'A refusal, as problem details.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** Readable at /api/docs, as JSON at /api/docs-json. */
export function serveDocument(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => createDocument(app), { jsonDocumentUrl: 'api/docs-json' });
}
