import type { ProviderView } from '@qingnang/contracts';
import { expect, it } from 'vitest';
import { bodyOf, choiceOf, emptyForm } from './distil-form';

const provider = (id: string, names: string[]): ProviderView =>
  ({ id, models: names.map((name) => ({ name })) }) as unknown as ProviderView;
const rehearsal = provider('r', ['rehearsal-polish', 'rehearsal-patient', 'rehearsal-doctor', 'rehearsal-instruct']);
const outside = provider('o', ['gpt']);

it('proposes for each role the model that is made for it, and lets two providers be asked', () => {
  const dialogues = { ...emptyForm, settings: { ...emptyForm.settings, kind: 'dialogues' as const } };
  expect(bodyOf(emptyForm, [rehearsal], 'n')!.roles).toEqual([
    { role: 'instruct', providerId: 'r', model: 'rehearsal-instruct' },
    { role: 'answer', providerId: 'r', model: 'rehearsal-doctor' },
  ]);
  const mixed = { ...dialogues, choices: { doctor: { providerId: 'o', model: '' } } };
  expect(bodyOf(mixed, [rehearsal, outside], 'n')!.roles).toEqual([
    { role: 'patient', providerId: 'r', model: 'rehearsal-patient' },
    { role: 'doctor', providerId: 'o', model: 'gpt' },
  ]);
  expect(choiceOf(emptyForm, 'answer', [])).toEqual({ providerId: '', model: '' });
});

it('asks nothing before the number makes sense', () => {
  for (const count of ['', '0', '1.5', '20000', 'x'])
    expect(bodyOf({ ...emptyForm, count }, [outside], 'n')).toBeNull();
  expect(bodyOf({ ...emptyForm, count: '7', budget: '2' }, [outside], 'n')).toMatchObject({
    settings: { count: 7 },
    budgetLimit: 2,
  });
});
