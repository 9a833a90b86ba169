import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which of two answers a judge or a doctor preferred, in the order they were shown. Never made into reward pairs. */
@Entity({ name: 'verdict' })
export class VerdictEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'evaluation_id', type: 'uuid' })
  evaluationId!: string;

  @Column({ name: 'pair_id', type: 'uuid' })
  pairId!: string;

  @Column({ name: 'judge_id', type: 'uuid' })
  judgeId!: string;

  /** Whose answer of the pair stood first. */
  @Column({ name: 'shown_first', type: 'text' })
  shownFirst!: 'a' | 'b';

  @Column({ name: 'origin', type: 'text' })
  origin!: 'ai' | 'doctor' | 'lay';

  @Column({ name: 'person_id', type: 'uuid', nullable: true })
  personId!: string | null;

  @Column({ name: 'slot_id', type: 'uuid', nullable: true })
  slotId!: string | null;

  @Column({ name: 'outcome', type: 'text' })
  outcome!: 'first' | 'second' | 'tie' | 'both_bad';

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  /** Taken back by its author; it stays, and counts for nothing. */
  @Column({ name: 'undone', type: 'boolean', default: false })
  undone!: boolean;

  @Column({ name: 'llm_item_id', type: 'uuid', nullable: true })
  llmItemId!: string | null;

  @Column({ name: 'removal_id', type: 'uuid', nullable: true })
  removalId!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
