import { Injectable } from '@nestjs/common';
import { writeAudit, type AuditActor } from '@qingnang/audit';
import type { CreateProject, ListReply, Me, Project, ProjectQuery } from '@qingnang/contracts';
import { listPage, type Queryable } from '@qingnang/database';
import { DomainError, uuidv7 } from '@qingnang/kernel';
import { randomBytes } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { SignedInPerson } from './sign-in/authenticator.js';

export interface NewProject extends CreateProject {
  isDemo?: boolean;
  /** Becomes admin of it; null leaves the project to the installation's admin. */
  adminId: string | null;
}

const columns = `p.id, p.slug, p.name, p.description, p.is_demo as "isDemo", p.release_allowed as "releaseAllowed",
  coalesce(m.roles, '{}') as roles, p.created_at as "createdAt"`;
const join = 'project p left join membership m on m.project_id = p.id and m.person_id = $1';

/** Makes a project, its first admin and the audit entry. A demo's data may not be released. Throws 409 for a taken slug. */
export async function createProject(
  tx: Queryable,
  actor: Omit<AuditActor, 'projectId'>,
  input: NewProject,
): Promise<string> {
  const id = uuidv7();
  const isDemo = input.isDemo ?? false;
  const [made] = await tx.query<{ id: string }[]>(
    `insert into project (id, slug, name, description, is_demo, release_allowed, split_salt)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (slug) do nothing returning id`,
    [id, input.slug, input.name, input.description, isDemo, !isDemo, randomBytes(16).toString('hex')],
  );
  if (!made) {
    const detail = 'There is a project of this short name: choose another one.';
    throw new DomainError({ code: 'project.slug_taken', status: 409, field: '/slug', detail });
  }
  if (input.adminId !== null) {
    await tx.query(`insert into membership (project_id, person_id, roles) values ($1, $2, '{admin}')`, [
      id,
      input.adminId,
    ]);
  }
  const after = { slug: input.slug, isDemo, admin: input.adminId };
  await writeAudit(
    tx,
    { ...actor, projectId: id },
    { action: 'project.create', subjectType: 'project', subjectId: id, after },
  );
  return id;
}

@Injectable()
export class ProjectService {
  constructor(private readonly dataSource: DataSource) {}

  /** Projects the person belongs to; the installation's admin sees all. */
  list(person: SignedInPerson, query: ProjectQuery): Promise<ListReply<Project>> {
    return listPage<Project & { cursor_value: string }, Project>(this.dataSource, {
      select: columns,
      from: join,
      where: ['m.person_id is not null or $2::boolean'],
      params: [person.personId, person.installationAdmin],
      sortable: {
        createdAt: { sql: 'p.created_at', type: 'timestamptz' },
        name: { sql: 'p.name', type: 'text' },
        slug: { sql: 'p.slug', type: 'text' },
      },
      id: { sql: 'p.id', type: 'uuid' },
      query,
      map: (row) => row,
    });
  }

  /** The person asking, with every project they belong to. */
  async me(person: SignedInPerson): Promise<Me> {
    const [row] = await this.dataSource.query<Me['person'][]>(
      `select id, login, display_name as "displayName", language, installation_admin as "installationAdmin"
       from person where id = $1`,
      [person.personId],
    );
    const projects = await this.dataSource.query<Project[]>(
      `select ${columns} from ${join} where m.person_id is not null or $2 order by p.is_demo, p.created_at, p.id`,
      [person.personId, person.installationAdmin],
    );
    return { person: row!, projects };
  }

  /** `furnish` puts in, in the same transaction, what the libraries beside this one want a project to begin with. */
  create(
    person: SignedInPerson,
    input: CreateProject,
    furnish: (tx: EntityManager, projectId: string) => Promise<void>,
  ): Promise<Project> {
    return this.dataSource.transaction(async (tx) => {
      const actor = { kind: 'person', id: person.personId, requestId: person.requestId } as const;
      const id = await createProject(tx, actor, { ...input, adminId: person.personId });
      await furnish(tx, id);
      const [made] = await tx.query<Project[]>(`select ${columns} from ${join} where p.id = $2`, [person.personId, id]);
      return made!;
    });
  }
}
