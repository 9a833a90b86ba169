import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from './numeric.js';

/** A call's share of a budget: its estimate while it is out, its price afterwards. */
@Entity({ name: 'reservation' })
export class ReservationEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'call_id', type: 'uuid' })
  callId!: string;

  @Column({ name: 'budget_id', type: 'uuid' })
  budgetId!: string;

  @Column({ name: 'amount', type: 'numeric', precision: 14, scale: 6, transformer: numeric })
  amount!: number;

  @Column({ name: 'settled', type: 'numeric', precision: 14, scale: 6, nullable: true, transformer: numeric })
  settled!: number | null;

  @Column({ name: 'state', type: 'text', default: 'held' })
  state!: 'held' | 'settled' | 'released';

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
