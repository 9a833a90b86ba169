import type { AccessRule } from '../../apps/api/src/http/access.decorators.js';
import { createDocument } from '../../apps/api/src/openapi.js';
import type { TestApi } from './api.js';

export type JsonSchema = { [key: string]: unknown };

export interface Route {
  /** `GET /api/v1/projects/{project}/records` */
  name: string;
  method: string;
  path: string;
  rule: AccessRule;
  /** Why it writes no audit entry, where it is exempt. */
  notAudited: string | undefined;
  body: { type: string; schema: JsonSchema } | undefined;
  parameters: { name: string; in: string; required: boolean; schema: JsonSchema }[];
  isStream: boolean;
  /** A request repeated with its key runs again. */
  repeatable: boolean;
  /** What it answers has an id, or there is nothing. */
  answersId: boolean;
  statuses: number[];
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema?: JsonSchema }[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
  'x-access': AccessRule;
  'x-not-audited'?: string;
  'x-safe-to-repeat'?: boolean;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every route of the OpenAPI document, and the named schemas it refers to. */
export function listRoutes(api: TestApi): { routes: Route[]; schemas: Record<string, JsonSchema> } {
  const document = createDocument(api.app);
  const schemas = (document.components?.schemas ?? {}) as Record<string, JsonSchema>;
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as Operation | undefined;
      return operation ? [describeRoute(method.toUpperCase(), path, operation, schemas)] : [];
    }),
  );
  return { routes, schemas };
}

function answersId(operation: Operation, schemas: Record<string, JsonSchema>): boolean {
  if ('204' in operation.responses) return true;
  const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
  const content = Object.values(success?.content ?? {})[0] as { schema?: JsonSchema } | undefined;
  const reference = content?.schema?.$ref as string | undefined;
  const schema = reference === undefined ? content?.schema : schemas[reference.split('/').at(-1)!];
  return 'id' in ((schema?.properties ?? {}) as object);
}

function describeRoute(method: string, path: string, operation: Operation, schemas: Record<string, JsonSchema>): Route {
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  return {
    name: `${method} ${path}`,
    method,
    path,
    rule: operation['x-access'],
    notAudited: operation['x-not-audited'],
    body: type === undefined || content === undefined ? undefined : { type, schema: content.schema },
    parameters: (operation.parameters ?? []).map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required ?? false,
      schema: parameter.schema ?? {},
    })),
    repeatable: operation['x-safe-to-repeat'] ?? false,
    answersId: answersId(operation, schemas),
    isStream: Object.values(operation.responses).some((response) => 'text/event-stream' in (response.content ?? {})),
    statuses: Object.keys(operation.responses).map(Number).filter(Number.isFinite),
  };
}
