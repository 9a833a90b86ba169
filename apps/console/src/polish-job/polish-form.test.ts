import { describe, expect, it } from 'vitest';
import type { PromptTemplateView, ProviderModel, ProviderView } from '@qingnang/contracts';
import { bodyOf, emptyForm, firstModel, fits, fittingTemplate } from './polish-form';

const model = (name: string, text_only = false) => ({ name, text_only }) as ProviderModel;
const template = (id: string, answer: 'json' | 'text') =>
  ({ id, latest: { id: `${id}-1`, settings: { answer } } }) as PromptTemplateView;
const templates = [template('whole', 'json'), template('turn', 'text')];

describe('the form of a polish job', () => {
  it('begins with a model for polishing and the prompt that fits it', () => {
    const provider = { models: [model('rehearsal-judge'), model('rehearsal-polish')] } as ProviderView;
    expect(firstModel(provider)?.name).toBe('rehearsal-polish');
    expect(fittingTemplate(templates, model('big'))?.id).toBe('whole');
    expect(fittingTemplate(templates, model('small', true))?.id).toBe('turn');
    expect(fits(templates[0], model('small', true))).toBe(false);
  });

  it('asks nothing before it is whole, and leaves out what was left empty', () => {
    expect(bodyOf(emptyForm, templates[0], 'x')).toBeNull();
    const filter = { dataSet: [], department: ['内科'], text: '' };
    const form = { ...emptyForm, providerId: 'p', model: 'm', filter, budget: ' ' };
    expect(bodyOf(form, templates[0], 'unnamed')).toMatchObject({
      name: 'unnamed',
      filter: { department: ['内科'] },
      promptVersionIds: ['whole-1'],
      budgetLimit: null,
    });
    expect(bodyOf({ ...form, budget: '2.5' }, templates[0], 'x')?.budgetLimit).toBe(2.5);
  });
});
