import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultPrompts } from './default-prompts.js';
import { renderTemplate, variablesOf } from './render.js';

it('puts values in as they are, whatever they hold', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(renderTemplate('<{{a}}|{{ b }}>', { a, b })).toBe(`<${a}|${b}>`);
    }),
  );
  expect(renderTemplate('{{a}}', { a: '{{b}} $& $1', b: 'never' })).toBe('{{b}} $& $1');
});

it('refuses a place nobody offers a value for', () => {
  expect(() => renderTemplate('{{nobody}}', { a: '' })).toThrow(/nobody/);
  expect(variablesOf('{{b}} {{a}}', '{{b}}')).toEqual(['b', 'a']);
});

it('comes with templates that use one house style and hold no fence of their own', () => {
  const byKey = new Map(defaultPrompts.map((prompt) => [prompt.key, prompt]));
  expect(variablesOf(byKey.get('polish')!.systemText)).toEqual(['house_style']);
  expect(variablesOf(byKey.get('polish_text')!.userText)).toEqual(['doctor_turn']);
  for (const { systemText, userText } of defaultPrompts) expect(systemText + userText).not.toContain('<材料>');
});
