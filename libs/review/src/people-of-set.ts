import type { Queryable } from '@qingnang/database';
import { workCounts } from './slots/slots.js';

export interface PersonAtSet {
  id: string;
  name: string;
  answered: number;
  waiting: number;
}

/** On a screen. */
const MOST_PEOPLE = 100;

/** Who may work on a set or has, with what each has answered and what still waits for them. */
export function peopleOfTaskSet(db: Queryable, projectId: string, taskSetId: string): Promise<PersonAtSet[]> {
  return db.query(
    `select p.id, p.display_name as name,
       counts.done as answered, case when ts.state = 'open' then counts.waiting else 0 end as waiting
     from task_set ts join membership m on m.project_id = ts.project_id join person p on p.id = m.person_id,
       ${workCounts('ts.project_id', 'ts.id', 'p.id')}
     where ts.project_id = $1 and ts.id = $2 and p.state = 'active' and (
       m.roles && ts.roles and (ts.departments = '{}' or m.departments = '{}' or m.departments && ts.departments)
       or counts.done > 0)
     order by answered desc, name, p.id limit ${MOST_PEOPLE}`,
    [projectId, taskSetId],
  );
}
