import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A judge says what the doctor's reference is worth before it holds candidates against it. Rubrics from before ask for no
 * grade, and judgements by them keep none.
 */
export class GradeReferences20261129114000 implements MigrationInterface {
  readonly name = 'GradeReferences20261129114000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table rubric_version add column grades_reference boolean not null default false;
      alter table judgement
        add column reference_grade text,
        -- What agreement with the reference counted beside the dimensions, by the grade.
        add column reference_weight double precision,
        add column reference_reason text,
        add constraint ck_judgement_reference_grade check (
          reference_grade in ('complete', 'incomplete', 'terse', 'wrong', 'unsafe')),
        add constraint ck_judgement_reference_weight check (
          (reference_grade is null) = (reference_weight is null) and reference_weight between 0 and 1),
        add constraint ck_judgement_graded_reference check (reference_grade is null or reference_id is not null);
      create index ix_judgement_graded_reference on judgement (reference_id, created_at desc)
        where reference_grade is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index ix_judgement_graded_reference;
      alter table judgement drop column reference_reason, drop column reference_weight, drop column reference_grade;
      alter table rubric_version drop column grades_reference;
    `);
  }
}
