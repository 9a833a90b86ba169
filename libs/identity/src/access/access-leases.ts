import { Injectable } from '@nestjs/common';
import { type Actor, personBehind } from '@qingnang/contracts';
import { uuidv7 } from '@qingnang/kernel';
import { DataSource } from 'typeorm';

export interface AccessLease {
  id: string;
  projectId: string;
  personId: string;
  apiKeyId: string | null;
}

/** Rows that hold open streams and signed addresses; ending somebody's access takes them away, whichever process they are in. */
@Injectable()
export class AccessLeases {
  constructor(private readonly dataSource: DataSource) {}

  /** Opens one for a person or for a key that a person made; rows that have run out are swept by the way. */
  async open(actor: Actor, kind: 'stream' | 'download', seconds: number): Promise<string> {
    const id = uuidv7();
    await this.dataSource.query(
      `with swept as (
         delete from access_lease where id in (
           select id from access_lease where until < now() order by until limit 50 for update skip locked))
       insert into access_lease (id, project_id, person_id, api_key_id, kind, until)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
      [id, actor.projectId, personBehind(actor), actor.kind === 'api_key' ? actor.id : null, kind, seconds],
    );
    return id;
  }

  /** Holds it for longer, whatever the clock has done meanwhile; false when it was ended. */
  async renew(id: string, seconds: number): Promise<boolean> {
    const [rows] = await this.dataSource.query<[unknown[], number]>(
      'update access_lease set until = now() + make_interval(secs => $2) where id = $1 returning id',
      [id, seconds],
    );
    return rows.length > 0;
  }

  async find(id: string): Promise<AccessLease | null> {
    const [lease] = await this.dataSource.query<AccessLease[]>(
      `select id, project_id as "projectId", person_id as "personId", api_key_id as "apiKeyId" from access_lease
       where id = $1 and until > now()`,
      [id],
    );
    return lease ?? null;
  }

  async close(id: string): Promise<void> {
    await this.dataSource.query('delete from access_lease where id = $1', [id]);
  }
}
