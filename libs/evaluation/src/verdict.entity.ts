import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which of two answers a judge preferred, in the order it saw them. Never made into reward pairs. */
@Entity({ name: 'verdict' })
export class VerdictEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'evaluation_id', type: 'uuid' })
  evaluationId!: string;

  @Column({ name: 'suite_item_id', type: 'uuid' })
  suiteItemId!: string;

  @Column({ name: 'first_answer_id', type: 'uuid' })
  firstAnswerId!: string;

  @Column({ name: 'second_answer_id', type: 'uuid' })
  secondAnswerId!: string;

  @Column({ name: 'origin', type: 'text' })
  origin!: 'ai' | 'doctor' | 'lay';

  @Column({ name: 'person_id', type: 'uuid', nullable: true })
  personId!: string | null;

  @Column({ name: 'outcome', type: 'text' })
  outcome!: 'first' | 'second' | 'tie';

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'llm_item_id', type: 'uuid', nullable: true })
  llmItemId!: string | null;

  @Column({ name: 'removal_id', type: 'uuid', nullable: true })
  removalId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
