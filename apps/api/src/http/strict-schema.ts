import { z } from 'zod';

type Schema = z.core.$ZodType;
type Def = z.core.$ZodTypeDef & Record<string, unknown>;

const made = new WeakMap<Schema, Schema>();

/**
 * The same schema, refusing keys it does not name, in every object at every depth: a key in the wrong place would
 * otherwise be dropped, and what its sender asked for ignored. Objects that say they take any key still do.
 */
export function strictly<S extends Schema>(schema: S): S {
  const known = made.get(schema);
  if (known) return known as S;
  const strict = z.core.clone(schema, strictDef(schema._zod.def as unknown as Def) as never);
  made.set(schema, strict);
  return strict;
}

const all = (schemas: unknown) => (schemas as Schema[]).map(strictly);
const one = (schema: unknown) => (schema instanceof Object ? strictly(schema as Schema) : schema);

function strictDef(def: Def): Def {
  switch (def.type) {
    case 'object': {
      const shape = Object.fromEntries(Object.entries(def.shape as object).map(([key, inner]) => [key, one(inner)]));
      return { ...def, shape, catchall: def.catchall ?? z.never() };
    }
    case 'array':
      return { ...def, element: one(def.element) };
    case 'union':
      return { ...def, options: all(def.options) };
    case 'record':
    case 'map':
      return { ...def, valueType: one(def.valueType) };
    case 'tuple':
      return { ...def, items: all(def.items), rest: one(def.rest) };
    case 'pipe':
      return { ...def, in: one(def.in), out: one(def.out) };
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'catch':
    case 'readonly':
      return { ...def, innerType: one(def.innerType) };
    case 'lazy':
      return { ...def, getter: () => strictly((def.getter as () => Schema)()) };
    case 'intersection':
      // Each half would refuse the other's keys.
      throw new TypeError('a body is no intersection of schemas: extend one by the other’s shape');
    default:
      return { ...def };
  }
}
