import fc from 'fast-check';
import type { JsonSchema } from './route-list.js';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '患者头晕两天',
    '\u0000',
    '\ud800',
    '<script>',
    "'; drop table person; --",
    '高血压',
    '𠮷',
    '%',
    '\\',
    '',
  ),
);

/** Values that fit a JSON schema, as far as OpenAPI documents of ours use it. `depth` bounds recursion. */
export function fromSchema(schema: JsonSchema, schemas: Record<string, JsonSchema>, depth = 0): fc.Arbitrary<unknown> {
  const inner = (next: unknown): fc.Arbitrary<unknown> => fromSchema((next ?? {}) as JsonSchema, schemas, depth + 1);
  if (depth > 8) return fc.constant(null);
  const reference = schema.$ref as string | undefined;
  if (reference !== undefined) return inner(schemas[reference.split('/').at(-1)!]);
  if (schema.nullable === true) return fc.oneof(inner({ ...schema, nullable: undefined }), fc.constant(null));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const choices = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (choices) return fc.oneof(...choices.map(inner));
  const parts = schema.allOf as JsonSchema[] | undefined;
  if (parts) {
    return fc.tuple(...parts.map(inner)).map((values) => Object.assign({}, ...(values as object[])) as unknown);
  }
  return ofType(schema, inner);
}

function ofType(schema: JsonSchema, inner: (next: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object':
      return ofObject(schema, inner);
    case 'array': {
      const minLength = Number(schema.minItems ?? 0);
      return fc.array(inner(schema.items), {
        minLength,
        maxLength: Math.max(minLength, Math.min(Number(schema.maxItems ?? 3), 3)),
      });
    }
    case 'string':
      return ofString(schema);
    case 'integer':
      return fc.integer(range(schema, -1_000, 1_000_000));
    case 'number':
      return fc.double({ ...range(schema, -1e6, 1e6), noNaN: true });
    case 'boolean':
      return fc.boolean();
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function range(schema: JsonSchema, least: number, most: number): { min: number; max: number } {
  const min = Math.ceil(Math.max(Number(schema.minimum ?? least), -2_147_483_648));
  const max = Math.floor(Math.min(Number(schema.maximum ?? Math.max(most, min)), Number.MAX_SAFE_INTEGER));
  return { min, max: Math.max(min, max) };
}

function ofObject(schema: JsonSchema, inner: (next: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const shape = Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, inner(value)]));
  const required = (schema.required ?? []) as string[];
  const extra = schema.additionalProperties;
  if (Object.keys(shape).length === 0 && extra && typeof extra === 'object') {
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), inner(extra), { maxKeys: 3 });
  }
  return fc.record(shape, { requiredKeys: required.filter((name) => name in shape) });
}

function ofString(schema: JsonSchema): fc.Arbitrary<string> {
  if (schema.format === 'uuid') return fc.uuid({ version: 7 });
  if (schema.format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString());
  if (schema.format === 'date') return fc.constantFrom('2026-11-23', '1999-02-29', '9999-12-31');
  const minLength = Number(schema.minLength ?? 0);
  const maxLength = Math.min(Number(schema.maxLength ?? 60), Math.max(minLength, 60));
  if (typeof schema.pattern === 'string') return fc.oneof(ofPattern(schema.pattern, text), text);
  return fc.oneof(text, fc.string({ minLength, maxLength }));
}

function ofPattern(pattern: string, otherwise: fc.Arbitrary<string>): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return otherwise;
  }
}

/** Mostly what fits, now and then something else altogether, or one field of it replaced. */
export function nearSchema(schema: JsonSchema, schemas: Record<string, JsonSchema>): fc.Arbitrary<unknown> {
  const fits = fromSchema(schema, schemas);
  const broken = fc.tuple(fits, fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([value, n, other]) => {
    if (value === null || typeof value !== 'object') return other;
    const keys = Object.keys(value);
    return keys.length === 0 ? other : { ...value, [keys[n % keys.length]!]: other };
  });
  return fc.oneof(
    { arbitrary: fits, weight: 3 },
    { arbitrary: broken, weight: 2 },
    { arbitrary: fc.jsonValue(), weight: 1 },
  );
}
