import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every answer has a type, said once by the gate; reasoning is kept apart from what was said. Answers from before keep none:
 * where one of them is used again, it is typed then.
 */
export class TypeAnswers20261129106000 implements MigrationInterface {
  readonly name = 'TypeAnswers20261129106000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table llm_call
        add column finish text,
        add column answer_type text,
        add constraint ck_llm_call_finish check (finish in ('stop', 'length', 'filter', 'refusal', 'tool')),
        add constraint ck_llm_call_answer_type check (
          answer_type in ('complete', 'truncated', 'filtered', 'refused', 'empty', 'unparsable'));
      alter table llm_payload add column reasoning text;
      -- The cap a cut answer is bought again with; null where the purpose's own holds.
      alter table llm_item add column output_cap integer;
      alter table model_answer
        add column answer_type text,
        add constraint ck_model_answer_answer_type check (
          answer_type in ('complete', 'truncated', 'filtered', 'refused', 'empty', 'unparsable'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table model_answer drop column answer_type;
      alter table llm_item drop column output_cap;
      alter table llm_payload drop column reasoning;
      alter table llm_call drop column answer_type, drop column finish;
    `);
  }
}
