import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An import being taken back, or taken back: `done` counts its rows looked at. */
@Entity('import_undo')
export class ImportUndoEntity {
  @PrimaryColumn({ type: 'uuid' }) importId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @Column({ type: 'uuid', nullable: true }) askedBy!: string | null;
  @Column({ type: 'integer' }) done!: number;
  @Column({ type: 'integer' }) afterRow!: number;
  @Column({ type: 'integer' }) withdrawn!: number;
  @Column({ type: 'integer' }) kept!: number;
  @Column({ type: 'text', nullable: true }) failure!: string | null;
  @Column({ type: 'timestamptz' }) createdAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) endedAt!: Date | null;
}

/** A record that stayed, and why. */
@Entity('import_undo_kept')
export class ImportUndoKeptEntity {
  @PrimaryColumn({ type: 'uuid' }) importId!: string;
  @Column({ type: 'uuid' }) projectId!: string;
  @PrimaryColumn({ type: 'uuid' }) recordId!: string;
  @Column({ type: 'text' }) reason!: string;
}
