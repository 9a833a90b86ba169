import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { RecordFilter, RuleEvidence, RuleState } from '@qingnang/contracts';

/** Which texts are approved without being read one by one, and on what evidence. */
@Entity('approval_rule')
export class ApprovalRuleEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) state!: RuleState;
  @Column({ type: 'jsonb' }) filter!: RecordFilter;
  @Column({ type: 'boolean' }) unpolished!: boolean;
  @Column({ type: 'double precision' }) bar!: number;
  @Column({ type: 'integer' }) seed!: number;
  @Column({ type: 'integer' }) size!: number;
  @Column({ type: 'integer' }) checkSize!: number;
  @Column({ type: 'uuid' }) sampleTaskSetId!: string;
  @Column({ type: 'timestamptz', nullable: true }) drawnAt!: Date | null;
  @Column({ type: 'integer', nullable: true }) population!: number | null;
  @Column({ type: 'integer', nullable: true }) drawn!: number | null;
  @Column({ type: 'uuid', nullable: true }) bulkJobId!: string | null;
  @Column({ type: 'jsonb', nullable: true }) evidence!: RuleEvidence | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'uuid', nullable: true }) approvedBy!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) approvedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) stoppedWhy!: 'spot_checks' | 'person' | null;
  @Column({ type: 'uuid', nullable: true }) stoppedBy!: string | null;
  @Column({ type: 'text', nullable: true }) stopReason!: string | null;
  @Column({ type: 'timestamptz', nullable: true }) stoppedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) checkedAt!: Date | null;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}

/** A task set over texts that a rule has let in. */
@Entity('approval_check')
export class ApprovalCheckEntity {
  @PrimaryColumn({ type: 'uuid' }) taskSetId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) ruleId!: string;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
}
