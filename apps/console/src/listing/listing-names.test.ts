import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const source = join(import.meta.dirname, '..');

it('a list within a page says what it lists: its address has no name of its own', () => {
  const nameless = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.tsx'))
    .filter((file) =>
      readFileSync(join(source, file), 'utf8')
        .split('<Listing')
        .slice(1)
        .some((use) => /^\s+(inner\s+)?resource=("[^"]*\/|\{`)/.test(use) && !/^[^>]*?\bname=/.test(use)),
    );
  expect(nameless).toEqual([]);
});
