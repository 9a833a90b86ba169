import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A file as it came in. */
@Entity('upload')
export class UploadEntity {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'text' }) fileName!: string;
  @Column({ type: 'bigint' }) bytes!: string;
  @Column({ type: 'text' }) sha256!: string;
  @Column({ type: 'text' }) blobKey!: string;
  @Column({ type: 'uuid', nullable: true }) createdBy!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'uuid', nullable: true }) removalId!: string | null;
}
