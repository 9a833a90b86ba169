import { describe, expect, it } from 'vitest';
import { bodyOf, cleanFilter, usualRoles } from './task-set-model';

describe('a new task set', () => {
  it('leaves out conditions nobody named', () => {
    expect(cleanFilter({ dataSet: [], text: '', polished: false, language: 'zh', state: undefined })).toEqual({
      polished: false,
      language: 'zh',
    });
  });

  it('sends no limit and no deadline where none was given', () => {
    const form = { name: '心内科', kind: 'polish_review' as const, overlap: 2, roles: usualRoles('polish_review') };
    expect(bodyOf({ ...form, departments: [], filter: {}, limit: null, deadline: '' })).toEqual({
      ...form,
      departments: [],
      filter: {},
      deadline: null,
    });
  });

  it('asks annotators to review and doctors to answer', () => {
    expect([usualRoles('polish_review'), usualRoles('ranking')]).toEqual([['annotator'], ['doctor']]);
  });
});
