import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a judgement says of one candidate. */
@Entity('judgement_item')
export class JudgementItemEntity {
  @PrimaryColumn({ type: 'uuid' }) judgementId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid' }) promptId!: string;
  @PrimaryColumn({ type: 'uuid' }) candidateId!: string;
  @Column({ type: 'integer' }) positionShown!: number;
  @Column({ type: 'jsonb', default: () => `'{}'` }) scores!: Record<string, number>;
  @Column({ type: 'double precision', nullable: true }) total!: number | null;
  @Column({ type: 'integer' }) rank!: number;
  @Column({ type: 'integer', default: 0 }) tieGroup!: number;
  @Column({ type: 'boolean', default: false }) bad!: boolean;
}
