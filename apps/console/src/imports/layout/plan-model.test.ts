import type { LayoutDetection, ReadPlan } from '@qingnang/contracts';
import { describe, expect, it } from 'vitest';
import {
  chooseAgain,
  fieldsOf,
  isQuestionsOnly,
  missingInPlan,
  planAgain,
  planOf,
  roleOfColumn,
  viewQuery,
  withColumn,
} from './plan-model';

const detection: LayoutDetection = {
  container: 'csv',
  layout: 'qa_columns',
  encoding: 'gb18030',
  delimiter: ',',
  mapping: { title: 'title', ask: 'ask', answer: 'answer', department: 'department' },
  header: ['department', 'title', 'ask', 'answer'],
  sampleRows: [],
};
const table = planOf(detection) as ReadPlan;

describe('the plan of an import', () => {
  it('starts as detected, without the sample', () => {
    expect(Object.keys(table).sort()).toEqual(['container', 'delimiter', 'encoding', 'layout', 'mapping']);
    expect(planOf({ ...detection, noHeader: true })).toMatchObject({ noHeader: true });
  });

  it('is none while nobody has said how to read the file', () => {
    expect(planOf(null)).toBeNull();
    expect(missingInPlan(null)).toBe('layout');
  });

  it('asks for a column of questions', () => {
    expect(missingInPlan(table)).toBeNull();
    expect(missingInPlan(withColumn(withColumn(table, 'title', ''), 'ask', ''))).toBe('question_column');
  });

  it('refuses one column as question and as answer', () => {
    expect(missingInPlan(withColumn(table, 'answer', 'ask'))).toBe('same_column');
  });

  it('says when every row would be a question only', () => {
    expect(isQuestionsOnly(table)).toBe(false);
    expect(isQuestionsOnly(withColumn(table, 'answer', ''))).toBe(true);
    expect(isQuestionsOnly({ ...table, layout: 'alpaca', mapping: {} })).toBe(false);
  });

  it('keeps columns named by hand where a new look finds them too', () => {
    const named = withColumn(table, 'answer', 'department');
    expect(planAgain(named, { ...detection, encoding: 'utf-8' })?.mapping).toEqual(named.mapping);
    const headless = { ...detection, header: ['column_1', 'column_2'], mapping: { ask: 'column_1' } };
    expect(planAgain(named, headless)?.mapping).toEqual({ ask: 'column_1' });
    expect(planAgain(named, null)).toBeNull();
  });

  it('forgets of a table what makes no sense of JSON', () => {
    const chosen = chooseAgain({ delimiter: ';', noHeader: true, encoding: 'utf-8' }, { container: 'json' });
    expect(viewQuery(chosen)).toEqual({ container: 'json', encoding: 'utf-8' });
    expect(viewQuery({ noHeader: false, delimiter: '\t' })).toEqual({ noHeader: 'false', delimiter: '\t' });
  });

  it('offers the answer of a preference pair beside other layouts', () => {
    expect(fieldsOf('sharegpt', ['conversations', 'chosen', 'rejected'])).toContain('answer');
    expect(fieldsOf('sharegpt', ['conversations'])).not.toContain('answer');
  });

  it('knows what a column is read as', () => {
    expect([roleOfColumn(table, 'ask'), roleOfColumn(table, 'other')]).toEqual(['ask', null]);
  });
});
