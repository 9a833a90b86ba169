import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AllowedUse, Language } from '@qingnang/contracts';

/** Where texts come from, and what they may be used for. */
@Entity('source')
export class SourceEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) origin!: string;
  @Column({ type: 'text' }) licence!: string;
  @Column({ type: 'text' }) terms!: string;
  @Column({ type: 'text', array: true }) allowedUse!: AllowedUse[];
  @Column({ type: 'boolean' }) deidentified!: boolean;
  @Column({ type: 'text' }) language!: Language;
  @Column({ type: 'boolean' }) synthetic!: boolean;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'integer' }) revision!: number;
}
