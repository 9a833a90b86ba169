import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A draft is based on a version that exists, and a verdict compares two answers to one question of one evaluation. */
export class CompleteReviewKeys20261129107100 implements MigrationInterface {
  readonly name = 'CompleteReviewKeys20261129107100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The words stay; only what they were based on was never known here.
      update draft set base_version_id = null where base_version_id is not null
        and not exists (select from version v where v.project_id = draft.project_id and v.id = draft.base_version_id);
      alter table draft add constraint fk_draft_base_version foreign key (project_id, base_version_id)
        references version (project_id, id);

      alter table model_answer add constraint uq_model_answer_question
        unique (project_id, evaluation_id, suite_item_id, id);
      alter table verdict
        drop constraint fk_verdict_first,
        drop constraint fk_verdict_second,
        add constraint fk_verdict_first foreign key (project_id, evaluation_id, suite_item_id, first_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, id),
        add constraint fk_verdict_second foreign key (project_id, evaluation_id, suite_item_id, second_answer_id)
          references model_answer (project_id, evaluation_id, suite_item_id, id),
        add constraint ck_verdict_two_answers check (first_answer_id <> second_answer_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table verdict
        drop constraint ck_verdict_two_answers,
        drop constraint fk_verdict_second,
        drop constraint fk_verdict_first,
        add constraint fk_verdict_first foreign key (project_id, first_answer_id)
          references model_answer (project_id, id),
        add constraint fk_verdict_second foreign key (project_id, second_answer_id)
          references model_answer (project_id, id);
      alter table model_answer drop constraint uq_model_answer_question;
      alter table draft drop constraint fk_draft_base_version;
    `);
  }
}
