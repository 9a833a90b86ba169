import { expect, test } from 'vitest';
import { stackPlaces } from './stack-places.js';

test('places are kept, and nothing of a message of several lines', () => {
  const places = stackPlaces(new SyntaxError('Unexpected token in "患者张三\n    at 十床\n血压一百五十"'));
  expect(places.length).toBeGreaterThan(0);
  expect(places.join('\n')).toContain('stack-places.test');
  expect(places.join('\n')).not.toMatch(/患者|十床|血压/);
  expect(stackPlaces('not an error')).toEqual([]);
});
