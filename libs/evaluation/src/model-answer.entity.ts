import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AnswerTurn, AnswerType } from '@qingnang/contracts';

/** What an entrant answered to a question of an evaluation. */
@Entity({ name: 'model_answer' })
export class ModelAnswerEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'evaluation_id', type: 'uuid' })
  evaluationId!: string;

  @Column({ name: 'suite_item_id', type: 'uuid' })
  suiteItemId!: string;

  @Column({ name: 'entrant_id', type: 'uuid' })
  entrantId!: string;

  /** One turn for an answer to a single question, several for a dialogue. */
  @Column({ name: 'turns', type: 'jsonb', nullable: true })
  turns!: AnswerTurn[] | null;

  /** What kind of answer it is, and is scored as; null for those from before answers had types, and for uploaded ones. */
  @Column({ name: 'answer_type', type: 'text', nullable: true })
  answerType!: AnswerType | null;

  @Column({ name: 'llm_item_id', type: 'uuid', nullable: true })
  llmItemId!: string | null;

  @Column({ name: 'rehearsal', type: 'boolean', default: false })
  rehearsal!: boolean;

  @Column({ name: 'removal_id', type: 'uuid', nullable: true })
  removalId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
