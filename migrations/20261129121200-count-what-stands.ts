import type { MigrationInterface, QueryRunner } from 'typeorm';
import { count, COUNTED, countedFunction, functionOf } from './20261129111000-keep-tallies.js';

const STANDS = 'not x.undone';

/** What a doctor took back counts for nothing; records are counted by the set of their sources, too. */
const CHANGED: typeof COUNTED = {
  record: [...COUNTED.record!, count('record.sources', { scope: 'x.source_set_id' })],
  reference: [count('reference', { hour: 'x.created_at', where: STANDS })],
  judgement: [
    count('judgement', {
      key: `jsonb_build_object('withReference', x.reference_id is not null)`,
      hour: 'x.created_at',
      where: STANDS,
    }),
  ],
};
const TOPICS = ['record.sources', 'reference', 'judgement'].map((topic) => `'${topic}'`).join(', ');

const replaced = (counted: typeof COUNTED): string =>
  [...Object.keys(CHANGED).map((table) => functionOf(table, counted)), countedFunction(counted)]
    .map((sql) => sql.replace('create function', 'create or replace function'))
    .join('\n');

const recount = `
  delete from tally where topic in (${TOPICS});
  delete from tally_delta where topic in (${TOPICS});
  insert into tally select * from tally_counted() where n <> 0 and topic in (${TOPICS});`;

/** The counts of today's references and judgements, and how many records a source has, without counting them at each look. */
export class CountWhatStands20261129121200 implements MigrationInterface {
  readonly name = 'CountWhatStands20261129121200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${replaced({ ...COUNTED, ...CHANGED })} ${recount}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${replaced(COUNTED)} ${recount}`);
  }
}
