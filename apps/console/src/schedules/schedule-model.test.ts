import { createSchedule, type ScheduleView } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import { formOf, howOften, newForm, scheduleBody } from './schedule-model';

const filled = { ...newForm('Asia/Shanghai'), name: '每晚', data: 'sft@latest' };

describe('the form of a schedule', () => {
  it('asks for nothing before name, snapshot and time are there', () => {
    expect(scheduleBody(newForm('UTC'))).toBeNull();
    expect(scheduleBody({ ...filled, name: ' ' })).toBeNull();
    expect(scheduleBody({ ...filled, cron: '' })).toBeNull();
    expect(scheduleBody({ ...filled, method: 'ppo', policy: 'sft@latest' })).toBeNull();
  });

  it('makes what the API takes', () => {
    const body = scheduleBody({ ...filled, numbers: { steps: '20' }, cron: ' 0 4 * * 0 ' });
    expect(createSchedule.safeParse(body).success).toBe(true);
    expect(body).toMatchObject({
      cron: '0 4 * * 0',
      template: { config: { steps: 20 }, inputs: { data: 'sft@latest' } },
    });
  });

  it('keeps what it does not show, and gives back what it was filled with', () => {
    const template = {
      method: 'sft',
      preset: 'demo-cpu',
      seed: 3,
      config: { steps: 20, sft: { dropout: 0.1 }, optimiser: { learning_rate: 0.01, beta1: 0.8 } },
      inputs: { data: 'sft@2' },
    } satisfies ScheduleView['template'];
    const view = { name: 'a', cron: '0 1 * * *', timeZone: 'UTC', template } as ScheduleView;
    const form = formOf(view);
    const numbers = { seed: '3', steps: '20', 'optimiser.learning_rate': '0.01' };
    expect(form).toMatchObject({ numbers, data: 'sft@2' });
    const changed = scheduleBody({ ...form, numbers: { ...numbers, steps: '' } }, template)!;
    const { steps: _, ...others } = template.config;
    expect(changed.template.config).toEqual(others);
  });

  it('knows the usual times from others', () => {
    expect([howOften('30 2 * * *'), howOften('30 2 * * 1'), howOften('5 5 5 5 *')]).toEqual(['daily', 'weekly', 'own']);
  });
});
