import { describe, expect, it } from 'vitest';
import { missingInPlan, planOf, roleOfColumn, withColumn, withLayout } from './plan-model';

const table = planOf({
  container: 'csv',
  layout: 'qa_columns',
  encoding: 'gb18030',
  delimiter: ',',
  mapping: { title: 'title', ask: 'ask', answer: 'answer', department: 'department' },
  header: ['department', 'title', 'ask', 'answer'],
  sampleRows: [],
});

describe('the plan of an import', () => {
  it('starts as detected, without the sample', () => {
    expect(Object.keys(table).sort()).toEqual(['container', 'delimiter', 'encoding', 'layout', 'mapping']);
  });

  it('asks for a column of questions', () => {
    expect(missingInPlan(table)).toBeNull();
    expect(missingInPlan(withColumn(withColumn(table, 'title', ''), 'ask', ''))).toBe('question_column');
  });

  it('refuses one column as question and as answer', () => {
    expect(missingInPlan(withColumn(table, 'answer', 'ask'))).toBe('same_column');
  });

  it('drops columns that another layout has no use for', () => {
    expect(withLayout(table, 'alpaca').mapping).toEqual({ department: 'department' });
    expect(missingInPlan(withLayout(table, 'alpaca'))).toBeNull();
  });

  it('knows what a column is read as', () => {
    expect([roleOfColumn(table, 'ask'), roleOfColumn(table, 'other')]).toEqual(['ask', null]);
  });
});
